"""Addresses of the national case APIs."""

from django.urls import path

from raadhuis.zgw import autorisaties, besluiten, catalogi, documenten, notificaties, referentielijsten, zaken
from raadhuis.zgw.door import Api, nowhere

APIS = (
    catalogi.API,
    autorisaties.API,
    zaken.API,
    documenten.API,
    notificaties.API,
    besluiten.API,
    referentielijsten.API,
)
urlpatterns = [
    *catalogi.urlpatterns,
    *autorisaties.urlpatterns,
    *zaken.urlpatterns,
    *documenten.urlpatterns,
    *notificaties.urlpatterns,
    *besluiten.urlpatterns,
    *referentielijsten.urlpatterns,
    *(
        path(f"{api.prefix}/<path:rest>", nowhere(api), name=f"zgw_nowhere_{api.prefix.partition('/')[0]}")
        for api in APIS
    ),
]


def api_at(path: str) -> Api | None:
    """The API that a path falls under."""
    return next((api for api in APIS if path.startswith(f"/{api.prefix}/")), None)
