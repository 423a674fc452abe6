"""The Catalogi API: types of cases and all that belongs to them.

In: requests. Out: documents of the catalogue. Always holds: who may read cases or documents may read their types
(ztc-014); writing asks for a scope of this API.
"""

from functools import partial
from uuid import UUID

from django.http import HttpResponse
from django.urls import URLPattern, path

from raadhuis.catalogue.ztc import actions, queries
from raadhuis.catalogue.ztc.resources import RESOURCES, Resource
from raadhuis.kernel.documents import localised
from raadhuis.kernel.shapes import Attribute, read
from raadhuis.zgw import expand
from raadhuis.zgw.door import Api, Asked, Operation, created, doors, page, page_number, resource

API = Api(prefix="catalogi/api/v1", component="ztc", version="1.3.3")
_READ = ("catalogi.lezen", "zaken.lezen", "documenten.lezen", "besluiten.lezen")
_READERS = ("ztc", "zrc", "drc", "brc")
_WRITE = ("catalogi.schrijven", "catalogi.geforceerd-schrijven")
_DELETE = ("catalogi.schrijven", "catalogi.geforceerd-verwijderen")


def _scopes(asked: Asked) -> frozenset[str]:
    """The scopes of this API that the client has."""
    if asked.client.everything:
        return frozenset({"catalogi.schrijven", "catalogi.geforceerd-schrijven", "catalogi.geforceerd-verwijderen"})
    return frozenset(scope for right in asked.client.rights if right.component == "ztc" for scope in right.scopes)


def _list(name: str, asked: Asked) -> HttpResponse:
    parameters = asked.parameters(*queries.FILTERS[name], "page", "expand")
    number = page_number(parameters)
    wanted = expand.wanted(parameters)
    local = {key: str(localised(value, asked.host)) for key, value in parameters.items()}
    count, bodies = queries.listed(name, local, number)
    shown = expand.expanded(asked, name, bodies, wanted, day=queries.day_of(local))
    return page(asked, count, shown, number=number)


def _show(name: str, asked: Asked, id: UUID) -> HttpResponse:
    own = ("datumGeldigheid",) if name == "zaaktypen" else ()
    parameters = asked.parameters("expand", *own)
    wanted, day = expand.wanted(parameters), queries.day_of(parameters)
    body = queries.document(name, id, day)
    return resource(asked, expand.expanded(asked, name, [body], wanted, day=day)[0])


def _sent(asked: Asked, attributes: tuple[Attribute, ...], *, partly: bool = False) -> dict[str, object]:
    """What was sent, with our own addresses without their server."""
    values = read(attributes, asked.body(), partial=partly)
    return {name: localised(value, asked.host) for name, value in values.items()}


def _create(name: str, asked: Asked) -> HttpResponse:
    asked.parameters()
    sent = _sent(asked, RESOURCES[name].sent)
    return created(asked, actions.create(name, sent, asked.client.actor(), _scopes(asked)))


def _change(name: str, partly: bool, asked: Asked, id: UUID) -> HttpResponse:
    asked.parameters()
    sent = _sent(asked, RESOURCES[name].sent, partly=partly)
    return resource(asked, actions.change(name, id, sent, asked.client.actor(), _scopes(asked), partial=partly))


def _remove(name: str, asked: Asked, id: UUID) -> HttpResponse:
    asked.parameters()
    actions.remove(name, id, asked.client.actor(), _scopes(asked))
    return HttpResponse(status=204)


def _publish(name: str, asked: Asked, id: UUID) -> HttpResponse:
    asked.parameters()
    return resource(asked, actions.publish(name, id, asked.client.actor()))


def _doors(one: Resource) -> list[URLPattern]:
    name, place = one.name, one.name
    listing = Operation(partial(_list, name), _READ, _READERS)
    making = Operation(partial(_create, name), _WRITE if one.child else ("catalogi.schrijven",))
    at_one = {
        "get": Operation(partial(_show, name), _READ, _READERS),
        "put": Operation(act=partial(_change, name, False), scopes=_WRITE),
        "patch": Operation(act=partial(_change, name, True), scopes=_WRITE),
        **({} if name == "catalogussen" else {"delete": Operation(act=partial(_remove, name), scopes=_DELETE)}),
    }
    found = [
        path(place, doors(API, get=listing, post=making), name=f"zgw_{name}"),
        path(f"{place}/<uuid:id>", doors(API, **at_one), name=f"zgw_{name}_one"),
    ]
    if one.published:
        publishing = doors(API, post=Operation(act=partial(_publish, name), scopes=("catalogi.schrijven",)))
        found.append(path(f"{place}/<uuid:id>/publish", publishing, name=f"zgw_{name}_publish"))
    return found


urlpatterns = [pattern for one in RESOURCES.values() for pattern in _doors(one)]
