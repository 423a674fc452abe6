"""The Documenten API: documents in all their versions, their bytes, and what hangs on them.

In: requests. Out: documents of documents, and files. Always holds: what a client may read or write is decided in one
place (`cases.drc.access`); a file goes in and out as a stream, but for what comes as base64.
"""

from functools import partial
from typing import NoReturn
from uuid import UUID

import orjson
from django.conf import settings
from django.http import FileResponse, HttpResponse
from django.urls import URLPattern, path

from raadhuis.cases.drc import actions, content, filters, hanging, queries, writing
from raadhuis.cases.drc.finding import READ
from raadhuis.cases.drc.queries import Which
from raadhuis.kernel.documents import localised
from raadhuis.kernel.shapes import fault
from raadhuis.zgw import expand
from raadhuis.zgw.door import JSON, Api, Asked, Operation, created, doors, page, page_number, plain, resource
from raadhuis.zgw.uploads import PIECE, read_part

API = Api(prefix="documenten/api/v1", component="drc", version="1.4.3")
EIO = "enkelvoudiginformatieobjecten"
_READ, _ADD, _REMOVE = (READ,), (actions.ADD,), (actions.REMOVE,)
_LISTED = {"gebruiksrechten": filters.TERMS, "verzendingen": filters.SENDINGS}
_SCHEMAS = {"gebruiksrechten": "GebruiksrechtenRequest", "verzendingen": "VerzendingRequest"}


class _File(FileResponse):
    """A file as it is on disk, in pieces of a decent size."""

    block_size = PIECE


def _local(asked: Asked, parameters: dict[str, str]) -> dict[str, str]:
    """The filters, with our own addresses, also several with commas, without their server."""
    filters = {name: text.split(",") for name, text in parameters.items() if name not in {"page", "expand"}}
    return {name: ",".join(localised(texts, asked.host)) for name, texts in filters.items()}


def _list(asked: Asked) -> HttpResponse:
    parameters = asked.parameters(*filters.DOCUMENTS, "page", "expand")
    wanted, number = expand.wanted(parameters), page_number(parameters)
    count, bodies = queries.listed(_local(asked, parameters), asked.client, number)
    return page(asked, count, expand.expanded(asked, EIO, bodies, wanted), number=number)


def _seek(asked: Asked) -> HttpResponse:
    number = page_number(asked.parameters("page"))
    sent = writing.shaped("EIOZoekRequest", asked.body(), asked.host)
    wanted = expand.wanted({"expand": sent.get("expand", "")})
    about = {name: str(sent[name]) for name in sent if name in {"identificatie", "bronorganisatie"}}
    count, bodies = queries.listed(about, asked.client, number, _ids(sent["uuid__in"]))
    return page(asked, count, expand.expanded(asked, EIO, bodies, wanted), number=number)


def _ids(texts: list[str]) -> list[UUID]:
    try:
        return [UUID(text) for text in texts]
    except ValueError:
        raise fault("uuid__in", "invalid", "Hier horen UUID's te staan.") from None


def _which(parameters: dict[str, str]) -> Which:
    return Which(parameters.get("versie", ""), parameters.get("registratieOp", ""))


def _show(asked: Asked, id: UUID) -> HttpResponse:
    parameters = asked.parameters("versie", "registratieOp", "expand")
    wanted = expand.wanted(parameters)
    body = queries.document(id, asked.client, _which(parameters))
    return resource(asked, expand.expanded(asked, EIO, [body], wanted)[0])


def _download(asked: Asked, id: UUID) -> FileResponse:
    found = queries.content(id, asked.client, _which(asked.parameters("versie", "registratieOp")))
    file = content.store().open(found.key)
    return _File(file, as_attachment=True, filename=found.name, content_type="application/octet-stream")


def _body(asked: Asked, *, new: bool, partly: bool = False) -> dict[str, object]:
    asked.parameters()
    body = asked.body(settings.RAADHUIS_MAX_BASE64_BYTES)
    return writing.document_sent(body, asked.host, new=new, partial=partly)


def _create(asked: Asked) -> HttpResponse:
    return created(asked, actions.create(_body(asked, new=True), asked.asker))


def _change(partly: bool, asked: Asked, id: UUID) -> HttpResponse:
    sent = _body(asked, new=False, partly=partly)
    return resource(asked, actions.change(id, sent, asked.asker, partial=partly, still=asked.require_still))


def _remove(asked: Asked, id: UUID) -> HttpResponse:
    asked.parameters()
    actions.remove(id, asked.asker)
    return HttpResponse(status=204)


def _lock(asked: Asked, id: UUID) -> HttpResponse:
    asked.parameters()
    return HttpResponse(orjson.dumps({"lock": actions.lock(id, asked.asker)}), content_type=JSON)


def _unlock(asked: Asked, id: UUID) -> HttpResponse:
    asked.parameters()
    sent = writing.shaped("UnlockEnkelvoudigInformatieObjectRequest", asked.body(), asked.host)
    actions.unlock(id, sent.get("lock", ""), asked.asker)
    return HttpResponse(status=204)


def _put_part(asked: Asked, id: UUID) -> HttpResponse:
    asked.parameters()
    size = actions.part_expected(id, asked.asker)
    with content.incoming(size) as file:
        lock = read_part(asked, file, size)
        return resource(asked, actions.keep_part(id, file, lock, asked.asker))


def _trail(asked: Asked, id: UUID) -> HttpResponse:
    asked.parameters()
    return plain(asked, queries.trail_of(id, asked.client))


def _trail_line(asked: Asked, id: UUID, line: UUID) -> HttpResponse:
    asked.parameters()
    return resource(asked, queries.trail_of(id, asked.client, line)[0])


# What hangs on a document


def _list_hanging(name: str, asked: Asked) -> HttpResponse:
    paged = name == "verzendingen"
    parameters = asked.parameters(*_LISTED[name], "expand", *(("page",) if paged else ()))
    wanted, about = expand.wanted(parameters), _local(asked, parameters)
    if not paged:
        return plain(asked, expand.expanded(asked, name, queries.all_hanging(name, about, asked.client), wanted))
    number = page_number(parameters)
    count, bodies = queries.page_of_hanging(name, about, asked.client, number)
    return page(asked, count, expand.expanded(asked, name, bodies, wanted), number=number)


def _show_hanging(name: str, asked: Asked, id: UUID) -> HttpResponse:
    wanted = expand.wanted(asked.parameters("expand"))
    return resource(asked, expand.expanded(asked, name, [queries.one_hanging(name, id, asked.client)], wanted)[0])


def _create_hanging(name: str, asked: Asked) -> HttpResponse:
    asked.parameters()
    sent = writing.shaped(_SCHEMAS[name], asked.body(), asked.host)
    return created(asked, hanging.create(name, sent, asked.asker))


def _change_hanging(name: str, partly: bool, asked: Asked, id: UUID) -> HttpResponse:
    asked.parameters()
    sent = writing.shaped(_SCHEMAS[name], asked.body(), asked.host, partial=partly)
    return resource(asked, hanging.change(name, id, sent, asked.asker, partial=partly, still=asked.require_still))


def _remove_hanging(name: str, asked: Asked, id: UUID) -> HttpResponse:
    asked.parameters()
    hanging.remove(name, id, asked.asker)
    return HttpResponse(status=204)


# What a document belongs to: cases and decisions keep it, and it is shown from its own side


def _list_relations(asked: Asked) -> HttpResponse:
    parameters = asked.parameters(*filters.RELATIONS, "expand")
    bodies = queries.relations(_local(asked, parameters), asked.client)
    return plain(asked, expand.expanded(asked, "objectinformatieobjecten", bodies, expand.wanted(parameters)))


def _show_relation(asked: Asked, id: UUID) -> HttpResponse:
    wanted = expand.wanted(asked.parameters("expand"))
    body = queries.one_relation(id, asked.client)
    return resource(asked, expand.expanded(asked, "objectinformatieobjecten", [body], wanted)[0])


def _create_relation(asked: Asked) -> NoReturn:
    asked.parameters()
    hanging.refuse_new_relation(writing.shaped("ObjectInformatieObjectRequest", asked.body(), asked.host), asked.asker)


def _remove_relation(asked: Asked, id: UUID) -> NoReturn:
    asked.parameters()
    hanging.refuse_to_drop_relation(id, asked.asker)


def _at_document() -> list[URLPattern]:
    place, name = EIO, f"zgw_{EIO}"
    one, change = f"{place}/<uuid:id>", actions.CHANGE
    at_one = {
        "get": Operation(_show, _READ),
        "put": Operation(partial(_change, False), change),
        "patch": Operation(partial(_change, True), change),
        "delete": Operation(_remove, _REMOVE),
    }
    trail, parts = (queries.TRAIL,), "bestandsdelen/<uuid:id>"
    unlock = Operation(_unlock, (actions.LOCK, actions.FORCE))
    return [
        path(place, doors(API, get=Operation(_list, _READ), post=Operation(_create, _ADD)), name=name),
        path(f"{place}/_zoek", doors(API, post=Operation(_seek, _READ)), name=f"{name}_zoek"),
        path(one, doors(API, **at_one), name=f"{name}_one"),
        path(f"{one}/download", doors(API, get=Operation(_download, _READ)), name=f"{name}_download"),
        path(f"{one}/lock", doors(API, post=Operation(_lock, (actions.LOCK,))), name=f"{name}_lock"),
        path(f"{one}/unlock", doors(API, post=unlock), name=f"{name}_unlock"),
        path(f"{one}/audittrail", doors(API, get=Operation(_trail, trail)), name=f"{name}_trail"),
        path(f"{one}/audittrail/<uuid:line>", doors(API, get=Operation(_trail_line, trail)), name=f"{name}_line"),
        path(parts, doors(API, put=Operation(_put_part, change)), name="zgw_bestandsdelen_one"),
    ]


def _at_hanging(name: str) -> list[URLPattern]:
    place, change = name, (hanging.CHANGE,)
    at_one = {
        "get": Operation(partial(_show_hanging, name), _READ),
        "put": Operation(partial(_change_hanging, name, False), change),
        "patch": Operation(partial(_change_hanging, name, True), change),
        "delete": Operation(partial(_remove_hanging, name), _REMOVE),
    }
    listing, making = Operation(partial(_list_hanging, name), _READ), Operation(partial(_create_hanging, name), _ADD)
    return [
        path(place, doors(API, get=listing, post=making), name=f"zgw_{name}"),
        path(f"{place}/<uuid:id>", doors(API, **at_one), name=f"zgw_{name}_one"),
    ]


def _at_relations() -> list[URLPattern]:
    name = "objectinformatieobjecten"
    place = name
    at_all = {"get": Operation(_list_relations, _READ), "post": Operation(_create_relation, _ADD)}
    at_one = {"get": Operation(_show_relation, _READ), "delete": Operation(_remove_relation, _REMOVE)}
    return [
        path(place, doors(API, **at_all), name=f"zgw_{name}"),
        path(f"{place}/<uuid:id>", doors(API, **at_one), name=f"zgw_{name}_one"),
    ]


urlpatterns = [*_at_document(), *(one for name in _LISTED for one in _at_hanging(name)), *_at_relations()]
