from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "raadhuis.site"
    label = "site"
