"""Addresses of the national case APIs. Each API lies below its prefix, so that the others cost it no time."""

from django.urls import include, path

from raadhuis.zgw import autorisaties, besluiten, catalogi, documenten, notificaties, referentielijsten, zaken
from raadhuis.zgw.door import Api, nowhere

_MODULES = (catalogi, autorisaties, zaken, documenten, notificaties, besluiten, referentielijsten)
APIS = tuple(module.API for module in _MODULES)
urlpatterns = [
    path(
        f"{module.API.prefix}/",
        include(
            [
                *module.urlpatterns,
                path("<path:rest>", nowhere(module.API), name=f"zgw_nowhere_{module.API.prefix.partition('/')[0]}"),
            ]
        ),
    )
    for module in _MODULES
]


def api_at(path: str) -> Api | None:
    """The API that a path falls under."""
    return next((api for api in APIS if path.startswith(f"/{api.prefix}/")), None)
