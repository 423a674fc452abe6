"""`expand`: what a document points at, put next to its addresses under `_expand`.

In: documents, paths (`zaaktype.statustypen`). Out: the documents with what was asked for in them. Always holds: each
level is one look-up however many documents there are; nothing is shown that the client could not read by itself; a path
that leads nowhere is refused.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import msgspec

from raadhuis.cases.brc import queries as decisions
from raadhuis.cases.drc import queries as documents_
from raadhuis.cases.zrc import queries as cases
from raadhuis.catalogue.ztc import queries as catalogue
from raadhuis.catalogue.ztc.resources import RESOURCES
from raadhuis.kernel.documents import MARK, read, some_of, written
from raadhuis.kernel.shapes import Fault, Refused

if TYPE_CHECKING:
    from raadhuis.zgw.door import Asked

Tree = dict[str, "Tree"]
MOST_PATHS, MOST_DEPTH = 50, 8

# By resource: which attributes point at which resource.
POINTS: dict[str, dict[str, str]] = {
    "catalogussen": {name: name for name in ("zaaktypen", "besluittypen", "informatieobjecttypen")},
    "zaaktypen": {
        "catalogus": "catalogussen",
        "deelzaaktypen": "zaaktypen",
        **{
            name: name
            for name in (
                *("statustypen", "resultaattypen", "eigenschappen", "informatieobjecttypen"),
                *("roltypen", "besluittypen", "zaakobjecttypen"),
            )
        },
    },
    "statustypen": {"zaaktype": "zaaktypen", "catalogus": "catalogussen", "eigenschappen": "eigenschappen"},
    "resultaattypen": {
        "zaaktype": "zaaktypen",
        "catalogus": "catalogussen",
        "besluittypen": "besluittypen",
        "informatieobjecttypen": "informatieobjecttypen",
    },
    "roltypen": {"zaaktype": "zaaktypen", "catalogus": "catalogussen"},
    "eigenschappen": {"zaaktype": "zaaktypen", "statustype": "statustypen", "catalogus": "catalogussen"},
    "informatieobjecttypen": {
        "catalogus": "catalogussen",
        "zaaktypen": "zaaktypen",
        "besluittypen": "besluittypen",
    },
    "besluittypen": {
        "catalogus": "catalogussen",
        **{name: name for name in ("zaaktypen", "informatieobjecttypen", "resultaattypen")},
    },
    "zaakobjecttypen": {
        "zaaktype": "zaaktypen",
        "catalogus": "catalogussen",
        **{name: name for name in ("resultaattypen", "statustypen")},
    },
    "zaaktype-informatieobjecttypen": {
        "zaaktype": "zaaktypen",
        "catalogus": "catalogussen",
        "informatieobjecttype": "informatieobjecttypen",
        "statustype": "statustypen",
    },
    "zaken": {
        "zaaktype": "zaaktypen",
        "hoofdzaak": "zaken",
        "deelzaken": "zaken",
        "eigenschappen": "zaakeigenschappen",
        "status": "statussen",
        "resultaat": "resultaten",
        **{name: name for name in ("rollen", "zaakinformatieobjecten", "zaakobjecten")},
    },
    "statussen": {
        "zaak": "zaken",
        "statustype": "statustypen",
        "gezetdoor": "rollen",
        "zaakinformatieobjecten": "zaakinformatieobjecten",
    },
    "resultaten": {"zaak": "zaken", "resultaattype": "resultaattypen"},
    "rollen": {"zaak": "zaken", "roltype": "roltypen", "statussen": "statussen"},
    "zaakobjecten": {"zaak": "zaken", "zaakobjecttype": "zaakobjecttypen"},
    "zaakinformatieobjecten": {
        "zaak": "zaken",
        "status": "statussen",
        "informatieobject": "enkelvoudiginformatieobjecten",
    },
    "zaakeigenschappen": {"zaak": "zaken", "eigenschap": "eigenschappen"},
    "besluiten": {"besluittype": "besluittypen", "zaak": "zaken"},
    "besluitinformatieobjecten": {
        "besluit": "besluiten",
        "informatieobject": "enkelvoudiginformatieobjecten",
    },
    "enkelvoudiginformatieobjecten": {"informatieobjecttype": "informatieobjecttypen"},
    "gebruiksrechten": {"informatieobject": "enkelvoudiginformatieobjecten"},
    "verzendingen": {"informatieobject": "enkelvoudiginformatieobjecten"},
    "objectinformatieobjecten": {"informatieobject": "enkelvoudiginformatieobjecten"},
}

_POINTING: dict[str, msgspec.json.Decoder[Any]] = {
    name: msgspec.json.Decoder(msgspec.defstruct(f"Pointing{place}", [(step, Any, None) for step in steps]))
    for place, (name, steps) in enumerate(POINTS.items())
}


def wanted(parameters: Mapping[str, str]) -> Tree:
    """The paths of `expand` as a tree. Raises Refused when there are too many or they go too deep."""
    tree: Tree = {}
    paths = [one.strip() for one in parameters.get("expand", "").split(",") if one.strip()]
    if len(paths) > MOST_PATHS or any(one.count(".") >= MOST_DEPTH for one in paths):
        raise Refused(Fault("expand", "too-many", "Dit is te veel of te diep om er bij te zetten."))
    for one in paths:
        place = tree
        for step in one.split("."):
            place = place.setdefault(step, {})
    return tree


def expanded(asked: "Asked", name: str, bodies: list[bytes], tree: Tree, *, day: date | None = None) -> list[bytes]:
    """The documents, each with `_expand`; types as they are on that day. Raises Refused for a path that is not there
    (zrc-027).
    """
    if not tree:
        return bodies
    _require_known(name, tree, "")
    return _put(asked, name, bodies, tree, day)


def chosen(asked: "Asked", name: str, bodies: list[bytes], fields: Sequence[Any]) -> list[bytes]:
    """The documents with just these attributes (zrc-029). Raises Refused for one that leads nowhere.

    `fields`: names, "*" for all, and {attribute: fields} for what it points at.
    """
    tree = _tree(fields, MOST_DEPTH)
    _require_known(name, tree, "")
    whole = _put(asked, name, bodies, tree) if tree else bodies
    return [written(_only(read(body), fields)) for body in whole]


def _tree(fields: Any, deeper: int) -> Tree:
    """What must be put in for these fields."""
    if not isinstance(fields, list) or len(fields) > MOST_PATHS or not deeper:
        raise Refused(Fault("fields", "invalid", "Geef een lijst van namen, of {naam: [namen]} voor wat er aan hangt."))
    tree: Tree = {}
    for one in fields:
        if isinstance(one, dict):
            tree |= {step: _tree(below, deeper - 1) for step, below in one.items()}
        elif not isinstance(one, str):
            raise Refused(Fault("fields", "invalid", "Geef een lijst van namen."))
    return tree


def _only(document: dict[str, Any], fields: Sequence[Any]) -> dict[str, Any]:
    names = {one for one in fields if isinstance(one, str)}
    kept = {key: value for key, value in document.items() if key in names or ("*" in names and key != "_expand")}
    held, below = document.get("_expand", {}), {k: v for one in fields if isinstance(one, dict) for k, v in one.items()}
    put = {
        step: [_only(one, wanted) for one in held[step]] if isinstance(held[step], list) else _only(held[step], wanted)
        for step, wanted in below.items()
        if step in held
    }
    return {**kept, "_expand": put} if put else kept


def _require_known(name: str, tree: Tree, within: str) -> None:
    for step, rest in tree.items():
        target = POINTS.get(name, {}).get(step)
        if target is None:
            raise Refused(Fault("expand", "unknown-expand", f"Dit kan er niet bij worden gezet: {within}{step[:60]}"))
        _require_known(target, rest, f"{within}{step[:60]}.")


def _put(asked: "Asked", name: str, bodies: list[bytes], tree: Tree, day: date | None = None) -> list[bytes]:
    """The documents with what the tree asks put in, as bytes: what was stored is not written anew."""
    pointing = [some_of(body, _POINTING[name]) for body in bodies]
    parts: list[list[bytes]] = [[] for _ in bodies]
    for step, rest in tree.items():
        values = [getattr(one, step) for one in pointing]
        found = _found(asked, name, step, values, rest, day=day)
        for value, put in zip(values, parts, strict=True):
            if isinstance(value, list):
                put.append(b'"%s":[%s]' % (step.encode(), b",".join([found[one] for one in value if one in found])))
            elif value in found:
                put.append(b'"%s":%s' % (step.encode(), found[value]))
    return [
        b'%s,"_expand":{%s}}' % (body[:-1], b",".join(put)) if put else body
        for body, put in zip(bodies, parts, strict=True)
    ]


def _found(
    asked: "Asked", name: str, step: str, values: list[Any], rest: Tree, *, day: date | None
) -> dict[str, bytes]:
    """By address: the documents that these attributes point at, with what the rest of the tree asks of them."""
    texts = {one for value in values for one in (value if isinstance(value, list) else [value])}
    addresses = {text[-36:]: text for text in texts if isinstance(text, str) and text.startswith(MARK)}
    target = POINTS[name][step]
    if name == "zaken" and step in {"status", "rollen"}:
        bodies: Mapping[str, bytes] = cases.documents_within(target, list(addresses), asked.client)
    else:
        bodies = _fetch(asked, target, list(addresses), day)
    whole = _put(asked, target, list(bodies.values()), rest, day) if rest else bodies.values()
    return {addresses[id]: body for id, body in zip(bodies, whole, strict=True)}


def _fetch(asked: "Asked", target: str, ids: list[str], day: date | None) -> Mapping[str, bytes]:
    if target in RESOURCES:
        return catalogue.documents(target, ids, day)
    if target == "besluiten":
        return decisions.documents(target, ids, asked.client)
    if target == "enkelvoudiginformatieobjecten":
        return documents_.documents(ids, asked.client)
    return cases.documents(target, ids, asked.client)
