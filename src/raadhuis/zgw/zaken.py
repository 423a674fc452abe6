"""The Zaken API: cases and what hangs on them.

In: requests. Out: documents of cases. Always holds: what a client may read or write is decided in one place
(`cases.zrc.access`); a client says in which coordinate system it wants places, and gets no answer without.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any
from uuid import UUID

import orjson
from django.http import HttpResponse
from django.urls import URLPattern, path

from raadhuis.cases.zrc import actions, queries, shapes
from raadhuis.cases.zrc.actions.children import KINDS
from raadhuis.kernel.documents import address, localised, served
from raadhuis.kernel.problems import Problem
from raadhuis.kernel.shapes import MOST_ITEMS, REASONS, Fault, Refused
from raadhuis.kernel.shapes import within as named_within
from raadhuis.zgw import expand
from raadhuis.zgw.door import JSON, Api, Asked, Operation, created, doors, page, page_number, plain, resource

API = Api(prefix="zaken/api/v1", component="zrc", version="1.5.1")
READ = (queries.READ,)
WRITE = ("zaken.bijwerken", "zaken.geforceerd-bijwerken")
_AUDIT = ("audittrails.lezen",)
SYSTEM = "EPSG:4326"
_BELOW = ("zaakeigenschappen", "besluiten")
MOST_NUMBERS = 500


class WhichSystem(Problem):
    """A place is meaningless without its coordinate system."""

    status, code, title = 412, "precondition_failed", "Precondition failed."


class OtherSystem(Problem):
    """Coordinates that we do not have."""

    status, code, title = 406, "not_acceptable", "Not acceptable."


def _require_system(asked: Asked, header: str = "Accept-Crs") -> None:
    wanted = asked.request.headers.get(header, "")
    if not wanted:
        raise WhichSystem(f"De header `{header}` ontbreekt.")
    if wanted != SYSTEM:
        raise OtherSystem(f"Dit coördinatenstelsel is er niet; `{header}: {SYSTEM}` wel.")


def _with_system(response: HttpResponse) -> HttpResponse:
    response.headers["Content-Crs"] = SYSTEM
    return response


def _warned(response: HttpResponse, warning: str) -> HttpResponse:
    if warning:
        response.headers["X-Warning"] = warning.encode("ascii", "replace").decode()
    return response


def _local(asked: Asked, values: dict[str, Any]) -> dict[str, Any]:
    return {name: localised(value, asked.host) for name, value in values.items()}


def _sent(name: str, asked: Asked, *, partly: bool = False, kind: str = "") -> dict[str, Any]:
    """What was sent, with our own addresses without their server. Raises Refused."""
    asked.parameters()
    return _local(asked, shapes.sent(name, asked.body(), partial=partly, kind=kind))


# Reading


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


def _search(asked: Asked) -> HttpResponse:
    """POST _zoek: the filters of the list and more, in a body (zrc-029)."""
    _require_system(asked)
    number = page_number(asked.parameters("page"))
    body = asked.body()
    values = _local(asked, shapes.sent("zoek", body))
    strange = sorted(set(body) - {one.name for one in shapes.attributes("ZaakZoek")})
    if strange:
        words = f"Onbekende attributen: {', '.join(strange)[:300]}"
        raise Refused(Fault("nonFieldErrors", "unknown-parameters", words))
    if "fields" in values and values.get("expand"):
        words = "Gebruik `fields` of `expand`, niet allebei."
        raise Refused(Fault("nonFieldErrors", "fields-and-expand", words))
    wanted, chosen = expand.wanted({"expand": values.pop("expand", "") or ""}), values.pop("fields", None)
    count, bodies = queries.searched(values, asked.client, number)
    if chosen is not None:
        shown = expand.chosen(asked, "zaken", bodies, chosen)
    else:
        shown = expand.expanded(asked, "zaken", bodies, wanted)
    return _with_system(page(asked, count, shown, number=number))


def _trail(asked: Asked, zaak: UUID) -> HttpResponse:
    asked.parameters()
    return plain(asked, queries.trail_of(zaak, asked.client))


def _trail_line(asked: Asked, zaak: UUID, id: UUID) -> HttpResponse:
    asked.parameters()
    return resource(asked, queries.trail_of(zaak, asked.client, id)[0])


# Writing


def _create_zaak(asked: Asked) -> HttpResponse:
    _require_system(asked)
    sent = _sent("zaken", asked)
    if sent.get("zaakgeometrie") is not None:
        _require_system(asked, "Content-Crs")
    return _with_system(created(asked, actions.create_zaak(sent, asked.asker)))


def _change_zaak(partly: bool, asked: Asked, id: UUID) -> HttpResponse:
    _require_system(asked)
    sent = _sent("zaken", asked, partly=partly)
    if sent.get("zaakgeometrie") is not None:
        _require_system(asked, "Content-Crs")
    body = actions.change_zaak(id, sent, asked.asker, partial=partly, still=asked.require_still)
    return _with_system(resource(asked, body))


def _remove_zaak(asked: Asked, id: UUID) -> HttpResponse:
    asked.parameters()
    actions.remove_zaak(id, asked.asker)
    return HttpResponse(status=204)


def _create_status(asked: Asked) -> HttpResponse:
    return created(asked, actions.set_status(_sent("statussen", asked), asked.asker))


def _create(name: str, asked: Asked, zaak: UUID | None = None) -> HttpResponse:
    body, warning = actions.create(name, _sent(name, asked), asked.asker, zaak)
    return _warned(created(asked, body), warning)


def _change(name: str, partly: bool, asked: Asked, id: UUID, zaak: UUID | None = None) -> HttpResponse:
    kind = queries.object_type(id, asked.client) if name == "zaakobjecten" else ""
    sent = _sent(name, asked, partly=partly, kind=kind)
    body, warning = actions.change(name, id, sent, asked.asker, partial=partly, zaak=zaak, still=asked.require_still)
    return _warned(resource(asked, body), warning)


def _remove(name: str, asked: Asked, id: UUID, zaak: UUID | None = None) -> HttpResponse:
    asked.parameters()
    actions.remove(name, id, asked.asker, zaak)
    return HttpResponse(status=204)


def _mirror_decision(asked: Asked, zaak: UUID) -> HttpResponse:
    """The relation of a case and a decision is one row, the decision's: it is there already, or it is not (brc-006)."""
    named = _sent("besluiten", asked)["besluit"]
    queries.require_writable(zaak, asked.client, "zaken.bijwerken")
    return created(asked, queries.relation_with_decision(zaak, named))


def _unmirror_decision(asked: Asked, zaak: UUID, id: UUID) -> HttpResponse:
    asked.parameters()
    queries.require_writable(zaak, asked.client, "zaken.bijwerken")
    queries.require_decision(zaak, id)
    words = "Het besluit hoort nog bij deze zaak; verwijder het in de Besluiten API."
    raise Refused(Fault("nonFieldErrors", "inconsistent-relation", words))


def _reserve(asked: Asked) -> HttpResponse:
    sent = _sent("nummers", asked)
    number = sent.get("aantal", 1)
    if not 1 <= number <= MOST_NUMBERS:
        raise Refused(Fault("aantal", "invalid", f"Vraag 1 tot en met {MOST_NUMBERS} nummers."))
    made = [{"zaaknummer": one} for one in actions.reserve_numbers(sent["bronorganisatie"], number, asked.asker)]
    answer = made[0] if sent.get("aantal", 1) == 1 else made
    return HttpResponse(orjson.dumps(answer), status=201, content_type=JSON)


def _part(asked: Asked, body: dict[str, Any], name: str, *, within: str, partly: bool = False) -> dict[str, Any]:
    """A part of a body that has the shape of a resource; its faults are named within it. Raises Refused."""
    given = body.get(within)
    if not isinstance(given, dict):
        raise Refused(Fault(within, "required" if given is None else "invalid", "Hier hoort een JSON-object te staan."))
    with named_within(within):
        return _local(asked, shapes.sent(name, given, partial=partly))


def _together(*reads: Callable[[], dict[str, Any]]) -> list[dict[str, Any]]:
    """What several parts of a body hold. Raises Refused with the faults of all of them."""
    found, faults = [], list[Fault]()
    for one in reads:
        try:
            found.append(one())
        except Refused as refused:
            faults += refused.faults
    if faults:
        raise Refused(*faults)
    return found


def _close(asked: Asked, id: UUID) -> HttpResponse:
    """zaak_afsluiten: a change, a result and the last status at once."""
    _require_system(asked)
    asked.parameters()
    body, own = asked.body(), address(f"{API.prefix}/zaken", id)
    here = {"zaak": f"{asked.host}{API.prefix}/zaken/{id}"}
    parts = {one: _in_case(here, body.get(one)) for one in ("status", "resultaat")}
    zaak, status, result = _together(
        partial(_part, asked, {"zaak": {}, **body}, "zaken", within="zaak", partly=True),
        partial(_part, asked, parts, "statussen", within="status"),
        partial(_part, asked, parts, "resultaten", within="resultaat"),
    )
    _require_same(own, status=status, resultaat=result)
    return _several(asked, actions.close_zaak(id, zaak, status, result, asked.asker))


def _change_along(asked: Asked, id: UUID) -> HttpResponse:
    """zaak_bijwerken: a change, a status and other roles at once."""
    _require_system(asked)
    asked.parameters()
    body, own = asked.body(), address(f"{API.prefix}/zaken", id)
    here = {"zaak": f"{asked.host}{API.prefix}/zaken/{id}"}
    parts: dict[str, Any] = {"zaak": body.get("zaak", {})}
    if body.get("status") is not None:
        parts["status"] = _in_case(here, body["status"])
    if body.get("rollen") is not None:
        listed = body["rollen"] if isinstance(body["rollen"], list) else [body["rollen"]]
        if len(listed) > MOST_ITEMS:
            raise Refused(Fault("rollen", "too-many", REASONS["too-many"]))
        parts |= {f"rollen.{n}": _in_case(here, one) for n, one in enumerate(listed)}
    names = {name: {"zaak": "zaken", "status": "statussen"}.get(name, "rollen") for name in parts}
    reads = [partial(_part, asked, parts, names[one], within=one, partly=one == "zaak") for one in parts]
    read = dict(zip(parts, _together(*reads), strict=True))
    zaak, status = read.pop("zaak"), read.get("status")
    _require_same(own, **read)
    rollen: list[Mapping[str, Any]] | None = None
    if body.get("rollen") is not None:
        rollen = [one for name, one in read.items() if name != "status"]
    return _several(asked, actions.change_along(id, zaak, status, rollen, asked.asker))


def _in_case(here: Mapping[str, str], given: Any) -> Any:
    """A part of a body, which need not say of which case it is."""
    return {**here, **given} if isinstance(given, dict) else given


def _require_same(own: str, **parts: Mapping[str, Any]) -> None:
    faults = [
        Fault(f"{n}.zaak", "invalid", "Dit is een andere zaak.") for n, one in parts.items() if one["zaak"] != own
    ]
    if faults:
        raise Refused(*faults)


def _several(asked: Asked, documents: dict[str, Any]) -> HttpResponse:
    parts = [
        b'"%s":%s' % (name.encode(), b"[%s]" % b",".join(one) if isinstance(one, list) else one)
        for name, one in documents.items()
    ]
    return _with_system(HttpResponse(served(b"{%s}" % b",".join(parts), asked.host), content_type=JSON))


def _writing(name: str) -> tuple[dict[str, Operation], dict[str, Operation]]:
    """The operations that write: on the list, and on one."""
    if name == "zaken":
        return {"post": Operation(_create_zaak, ("zaken.aanmaken",))}, {
            "put": Operation(partial(_change_zaak, False), WRITE),
            "patch": Operation(partial(_change_zaak, True), WRITE),
            "delete": Operation(_remove_zaak, ("zaken.verwijderen",)),
        }
    if name == "statussen":
        scopes = ("zaken.aanmaken", "zaken.statussen.toevoegen", "zaken.heropenen", "zaken.geforceerd-bijwerken")
        return {"post": Operation(_create_status, scopes)}, {}
    if name == "besluiten":
        only = ("zaken.bijwerken",)
        return {"post": Operation(_mirror_decision, only)}, {"delete": Operation(_unmirror_decision, only)}
    kind = KINDS[name]
    at_one = {"delete": Operation(partial(_remove, name), kind.remove)} if name != "klantcontacten" else {}
    if kind.put is not None:
        at_one["put"] = Operation(partial(_change, name, False), kind.change)
        at_one["patch"] = Operation(partial(_change, name, True), kind.change)
    return {"post": Operation(partial(_create, name), kind.create)}, at_one


def _patterns() -> list[URLPattern]:
    found = []
    for name in queries.RESOURCES:
        on_list, on_one = _writing(name)
        listing: Callable[..., HttpResponse]
        showing: Callable[..., HttpResponse]
        if name in _BELOW:
            place = f"zaken/<uuid:zaak>/{name}"
            listing, showing = partial(_list_below, name), partial(_show_below, name)
        else:
            place, listing, showing = name, partial(_list, name), partial(_show, name)
        at_list = doors(API, get=Operation(listing, READ), **on_list)
        at_one = doors(API, get=Operation(showing, READ), **on_one)
        found.append(path(place, at_list, name=f"zgw_zaken_{name}"))
        found.append(path(f"{place}/<uuid:id>", at_one, name=f"zgw_zaken_{name}_one"))
    return found


_ZAKEN = "zaken"
_BOTH = ("zaken.bijwerken", "zaken.geforceerd-bijwerken")
urlpatterns = [
    path(f"{_ZAKEN}/_zoek", doors(API, post=Operation(_search, READ)), name="zgw_zaken_zoek"),
    path(f"{_ZAKEN}/<uuid:zaak>/audittrail", doors(API, get=Operation(_trail, _AUDIT)), name="zgw_zaken_trail"),
    path(
        f"{_ZAKEN}/<uuid:zaak>/audittrail/<uuid:id>",
        doors(API, get=Operation(_trail_line, _AUDIT)),
        name="zgw_zaken_trail_one",
    ),
    path(
        "zaaknummer_reserveren",
        doors(API, post=Operation(_reserve, ("zaken.aanmaken",))),
        name="zgw_zaken_reserve",
    ),
    path("zaak_afsluiten/<uuid:id>", doors(API, post=Operation(_close, _BOTH)), name="zgw_zaken_close"),
    path(
        "zaak_bijwerken/<uuid:id>",
        doors(API, post=Operation(_change_along, _BOTH)),
        name="zgw_zaken_change_along",
    ),
    *_patterns(),
]
