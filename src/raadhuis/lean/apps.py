from django.apps import AppConfig


class LeanConfig(AppConfig):
    name = "raadhuis.lean"
    label = "lean"
    default_auto_field = "django.db.models.BigAutoField"
