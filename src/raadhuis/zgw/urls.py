"""Addresses of the national case APIs."""

from django.urls import path

from raadhuis.zgw import autorisaties, catalogi
from raadhuis.zgw.door import nowhere

urlpatterns = [
    *catalogi.urlpatterns,
    *autorisaties.urlpatterns,
    *(
        path(f"{api.prefix}/<path:rest>", nowhere(api), name=f"zgw_nowhere_{api.component}")
        for api in (catalogi.API, autorisaties.API)
    ),
]
