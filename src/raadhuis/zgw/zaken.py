"""The Zaken API, for reading: cases and what hangs on them. Writing is not there yet.

In: requests. Out: documents of cases. Always holds: what a client may read is decided in one place
(`cases.zrc.access`); a client says in which coordinate system it wants places, and gets no answer without.
"""

from functools import partial
from uuid import UUID

from django.http import HttpResponse
from django.urls import URLPattern, path

from raadhuis.cases.zrc import queries
from raadhuis.kernel.documents import localised
from raadhuis.kernel.problems import Problem
from raadhuis.zgw import expand
from raadhuis.zgw.door import Api, Asked, Operation, doors, page, page_number, plain, resource

API = Api(prefix="zaken/api/v1", component="zrc", version="1.5.1")
READ = (queries.READ,)
SYSTEM = "EPSG:4326"
_BELOW = ("zaakeigenschappen", "besluiten")


class WhichSystem(Problem):
    """A place is meaningless without its coordinate system."""

    status, code, title = 412, "precondition_failed", "Precondition failed."


class OtherSystem(Problem):
    """Coordinates that we do not have."""

    status, code, title = 406, "not_acceptable", "Not acceptable."


def _require_system(asked: Asked) -> None:
    wanted = asked.request.headers.get("Accept-Crs", "")
    if not wanted:
        raise WhichSystem("De header `Accept-Crs` ontbreekt.")
    if wanted != SYSTEM:
        raise OtherSystem(f"Dit coördinatenstelsel is er niet; `Accept-Crs: {SYSTEM}` wel.")


def _with_system(response: HttpResponse) -> HttpResponse:
    response.headers["Content-Crs"] = SYSTEM
    return response


def _list(name: str, asked: Asked) -> HttpResponse:
    one = queries.RESOURCES[name]
    if name == "zaken":
        _require_system(asked)
    parameters = asked.parameters(*one.filters, "expand", *(("page",) if one.paged else ()))
    wanted = expand.wanted(parameters)
    local = {key: localised(value, asked.host) for key, value in parameters.items() if key not in {"page", "expand"}}
    if not one.paged:
        return plain(asked, expand.expanded(asked, name, queries.all_of(name, local, asked.client), wanted))
    number = page_number(parameters)
    count, bodies = queries.listed(name, local, asked.client, number)
    response = page(asked, count, expand.expanded(asked, name, bodies, wanted), number=number)
    return _with_system(response) if name == "zaken" else response


def _show(name: str, asked: Asked, id: UUID) -> HttpResponse:
    if name == "zaken":
        _require_system(asked)
    wanted = expand.wanted(asked.parameters("expand"))
    body = queries.document(name, id, asked.client)
    response = resource(asked, expand.expanded(asked, name, [body], wanted)[0])
    return _with_system(response) if name == "zaken" else response


def _list_below(name: str, asked: Asked, zaak: UUID) -> HttpResponse:
    asked.parameters()
    return plain(asked, queries.all_of(name, {}, asked.client, zaak))


def _show_below(name: str, asked: Asked, zaak: UUID, id: UUID) -> HttpResponse:
    asked.parameters()
    return resource(asked, queries.document(name, id, asked.client, zaak))


def _patterns() -> list[URLPattern]:
    found = []
    for name in queries.RESOURCES:
        if name in _BELOW:
            place = f"{API.prefix}/zaken/<uuid:zaak>/{name}"
            listing, showing = partial(_list_below, name), partial(_show_below, name)
        else:
            place, listing, showing = f"{API.prefix}/{name}", partial(_list, name), partial(_show, name)
        found.append(path(place, doors(API, get=Operation(listing, READ)), name=f"zgw_zaken_{name}"))
        found.append(path(f"{place}/<uuid:id>", doors(API, get=Operation(showing, READ)), name=f"zgw_zaken_{name}_one"))
    return found


urlpatterns = _patterns()
