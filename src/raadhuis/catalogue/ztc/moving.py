"""A catalogue that moves: in and out of the ZIP that registers exchange.

In: a ZIP of JSON lists with snake_case names (`ZaakType.json`, …), or what is in our own catalogue. Out: rows here, or
a ZIP. Always holds: what comes in keeps its id, its dates and whether it is a concept; what is there already is left as
it is; an account names every row, and calls imported only what is.
"""

import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal
from uuid import UUID

import msgspec
import orjson
from django.db import IntegrityError, transaction

from raadhuis.catalogue.models import Catalogus
from raadhuis.catalogue.ztc import queries, rules
from raadhuis.catalogue.ztc.announcing import announce
from raadhuis.catalogue.ztc.rendering import refresh
from raadhuis.catalogue.ztc.resources import RESOURCES, ROOT, Resource
from raadhuis.catalogue.ztc.writing import completed, found_at, resolved, write
from raadhuis.clients.actions import types_changed
from raadhuis.journal.actions import append
from raadhuis.kernel.actor import Actor
from raadhuis.kernel.db import durable
from raadhuis.kernel.documents import MARK, address
from raadhuis.kernel.documents import read as document
from raadhuis.kernel.packed import BadPackage, json_files, rows
from raadhuis.kernel.problems import Invalid
from raadhuis.kernel.shapes import Attribute, Fault, Refused, column_of, read

# What others need comes first. The name of each is that of its file.
FILES = {
    "Catalogus": "catalogussen",
    "InformatieObjectType": "informatieobjecttypen",
    "BesluitType": "besluittypen",
    "ZaakType": "zaaktypen",
    "StatusType": "statustypen",
    "Eigenschap": "eigenschappen",
    "ResultaatType": "resultaattypen",
    "RolType": "roltypen",
    "ZaakObjectType": "zaakobjecttypen",
    "ZaakTypeInformatieObjectType": "zaaktype-informatieobjecttypen",
}
ROOM, MOST_PACKED, MOST_FILES, MOST_ROWS = 100_000_000, 20_000_000, 50, 20_000
_ADDRESS = re.compile(r"https?://[^\s\"]+/catalogi/api/v1/([a-z-]+)/([0-9a-fA-F-]{36})/?")
_OTHER_TYPES = {"deelzaaktypen": "zaaktypen", "gerelateerdeZaaktypen": "zaaktypen"}
# What the standard asks for since 1.2 or 1.3: registers of before know nothing of it.
_LATER = {"verantwoordelijke", "informatieobjectcategorie"}
DERIVED = {"url", "beginObject", "eindeObject", "concept"}
State = Literal["imported", "there", "differs", "refused"]


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one row: imported; there already; there, but not the same; refused. `why` lists the reasons, and
    for a row that was imported what a person should look at.
    """

    resource: str
    id: str
    name: str
    state: State
    why: list[str] = []


class Account(msgspec.Struct, kw_only=True):
    """All rows of an import, and the files in the ZIP that say nothing about a catalogue."""

    lines: list[Line] = []
    ignored: list[str] = []

    def count(self, state: State) -> int:
        """How many rows ended so."""
        return sum(line.state == state for line in self.lines)


def import_catalogue(packed: bytes, catalogus: tuple[str, str] | None, actor: Actor) -> Account:
    """Takes over the types of a ZIP; in the catalogue (domein, rsin), or in the one that the ZIP holds itself.

    One transaction: all rows that can come, come together. Raises Invalid for a file that is no catalogue.
    """
    lists, ignored = unpacked(packed)
    account = Account(ignored=ignored)
    named = {
        str(row.get("url", "")).rpartition("/")[2]: str(row.get("identificatie", ""))
        for row in lists.get("ZaakType", ())
    }
    with durable():
        own = _catalogue(catalogus) if catalogus else None
        if own is None and not lists.get("Catalogus"):
            raise Invalid({"catalogus": "Zeg in welke catalogus dit komt: een domein en een RSIN."})
        for name, resource in FILES.items():
            if own is not None and name == "Catalogus":
                continue
            for row in lists.get(name, ()):
                body = by_identificatie(localised(camel(row), own), named)
                account.lines.append(_take(RESOURCES[resource], body))
        if account.count("imported"):
            types_changed()
            append("type.added", actor, data={"resource": "catalogussen"})
    return account


def take_rows(name: str, bodies: Sequence[dict[str, Any]], named: Mapping[str, str], actor: Actor) -> list[Line]:
    """Takes over rows of one resource, in the running transaction. Addresses in them are ours already; nobody is told.

    `named`: the identificatie of zaaktypen by the id (as text) that they have in the other register.
    """
    lines = [_take(RESOURCES[name], by_identificatie(body, named), quiet=True) for body in bodies]
    for line in lines:
        if line.state == "imported":
            append("type.added", actor, subjects={"type": line.id}, data={"resource": name})
    if any(line.state == "imported" for line in lines) and RESOURCES[name].published:
        types_changed()
    return lines


def unpacked(packed: bytes) -> tuple[dict[str, list[dict[str, Any]]], list[str]]:
    """(the lists of a ZIP by the name of their file, the names of other files). Raises Invalid."""
    try:
        found, ignored = json_files(packed, FILES, room=ROOM, most_packed=MOST_PACKED, most_files=MOST_FILES)
        lists = {name: rows(value, f"{name}.json") for name, value in found.items()}
    except BadPackage as error:
        raise Invalid({"file": str(error)}) from error
    if not any(lists.values()):
        raise Invalid({"file": "In dit ZIP-bestand staat geen catalogus: er is geen ZaakType.json of iets dergelijks."})
    if sum(len(one) for one in lists.values()) > MOST_ROWS:
        raise Invalid({"file": f"In dit ZIP-bestand staan meer dan {MOST_ROWS:,} typen. Dat is te veel."})
    return lists, ignored


def _catalogue(wanted: tuple[str, str]) -> Catalogus:
    domein, rsin = wanted
    row = Catalogus.objects.filter(domein=domein, rsin=rsin).first()
    if row is None:
        resource = RESOURCES["catalogussen"]
        sent = {"domein": domein, "rsin": rsin, "contactpersoonBeheerNaam": domein}
        values = completed(resource, read(resource.sent, sent))
        rules.require_sound(resource, values, None)
        row = Catalogus()
        write(resource, row, values)
        refresh(row)
    return row


def by_identificatie(body: dict[str, Any], named: Mapping[str, str]) -> dict[str, Any]:
    """Other zaaktypen by their identificatie: they may come later in the same ZIP. What a statustype says of its
    eigenschappen they say themselves.
    """

    def name(text: Any) -> Any:
        return named.get(str(text).rpartition("/")[2], text)

    parts = {"deelzaaktypen": [name(one) for one in body.get("deelzaaktypen") or ()]}
    related = {
        "gerelateerdeZaaktypen": [
            {key: value for key, value in one.items() if key != "zaaktypeIdentificatie"}
            | {"zaaktype": name(one.get("zaaktype"))}
            for one in body.get("gerelateerdeZaaktypen") or ()
        ]
    }
    kept = {key: value for key, value in body.items() if not (key == "eigenschappen" and "volgnummer" in body)}
    return kept | {key: value for key, value in (parts | related).items() if key in body}


def _take(resource: Resource, body: dict[str, Any], *, quiet: bool = False) -> Line:
    """One row, in a savepoint of its own: what cannot come leaves nothing behind."""
    id, name = _id_of(body), name_of(resource, body)

    def line(state: State, why: list[str]) -> Line:
        return Line(resource=resource.name, id=str(id or ""), name=name, state=state, why=why)

    if id is None:
        return line("refused", ["heeft geen adres met een UUID"])
    there = queries.as_related(resource.name, [str(id)]).get(str(id))
    if there is not None:
        other = sorted(unlike(resource, body, document(there)))
        return line("differs" if other else "there", [f"`{one}` is hier anders" for one in other])
    try:
        with transaction.atomic():
            against, row = _written(resource, id, body)
            if not quiet:
                announce(resource.name, row, "create")
            return line("imported", against)
    except Refused as refused:
        return line("refused", [_said(fault) for fault in refused.faults])
    except IntegrityError:
        return line("refused", ["botst met wat hier al is"])


def _written(resource: Resource, id: UUID, body: dict[str, Any]) -> tuple[list[str], Any]:
    """Writes a row as it is: (what the rules of this catalogue say against it, the row). Raises Refused."""
    body, loose = _without_loose_ends(resource, body)
    sent = {one.name: body[one.name] for one in resource.sent if one.name in body and not one.read_only}
    values = completed(resource, resolved(resource, _read(resource, sent), None))
    row: Any = resource.model(id=id)
    if resource.published:
        row.concept = body.get("concept") is not False
    if resource.name == "resultaattypen":
        row.omschrijving_generiek = str(body.get("omschrijvingGeneriek") or "")[:40]
    try:
        rules.require_sound(resource, values, None)
        against = []
    except Refused as refused:
        against = [_said(fault) for fault in refused.faults]
    against += loose
    against += [f"{one}: hier is niets over verteld" for one in sorted(_LATER & values.keys()) if not values[one]]
    if resource.name == "zaaktypen" and values.get("versiedatum") is None:
        values["versiedatum"] = values["beginGeldigheid"]
    if resource.name == "zaakobjecttypen" and values.get("beginGeldigheid") is None:
        values["beginGeldigheid"] = values["zaaktype"].begin_geldigheid
    write(resource, row, values)
    refresh(row)
    return against, row


def _without_loose_ends(resource: Resource, body: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """The row without what it says of types that are neither in the ZIP nor here; and what that was."""
    found, loose = dict(body), []
    for name, target in {**resource.to_many, **_OTHER_TYPES}.items():
        kept = [one for one in body.get(name) or () if not _is_loose(one, target)]
        if name in body and len(kept) < len(body[name] or ()):
            gone = len(body[name]) - len(kept)
            loose.append(f"{name}: {gone} keer iets dat niet in dit bestand zit en hier niet is: weggelaten")
            found[name] = kept
    return found, loose


def _is_loose(one: Any, target: str) -> bool:
    text = one.get("zaaktype") if isinstance(one, Mapping) else one
    return isinstance(text, str) and text.startswith(MARK) and found_at(text, target) is None


def _read(resource: Resource, sent: dict[str, Any]) -> dict[str, Any]:
    """The values of what an export holds: addresses are ours by now, and nothing is often written as null."""
    shapes = {one.name: one for one in resource.sent}
    given = {name: "" if _may_be_blank(shapes[name]) and value is None else value for name, value in sent.items()}
    given = {name: value for name, value in given.items() if value is not None or shapes[name].nullable}
    related = {*resource.to_one, *resource.to_many, *_OTHER_TYPES}
    faults = [
        Fault(name, "required", "Dit veld is vereist.")
        for name in resource.to_one
        if shapes[name].required and not given.get(name)
    ]
    if faults:
        raise Refused(*faults)
    # What a child says of its catalogue is passed over: it is the zaaktype that has one.
    others = [
        msgspec.structs.replace(one, required=False) if one.name in _LATER and not given.get(one.name) else one
        for one in resource.sent
        if one.name not in {*related, "catalogus"}
    ]
    return read(others, given) | {name: given[name] for name in given if name in related}


def _may_be_blank(attribute: Attribute) -> bool:
    return attribute.kind in {"text", "uri"} and not attribute.nullable


def _said(fault: Fault) -> str:
    return f"{fault.name}: {fault.reason}"


def localised(value: Any, own: Catalogus | None) -> Any:
    """Addresses of the other register as ours: ids stay the same. Everything goes into `own`, when there is one."""
    if isinstance(value, str):
        match = _ADDRESS.fullmatch(value)
        if match is None:
            return value
        if own is not None and match[1] == "catalogussen":
            return address(f"{ROOT}catalogussen", own.pk)
        return address(f"{ROOT}{match[1]}", match[2].lower())
    if isinstance(value, list):
        return [localised(one, own) for one in value]
    return {key: localised(one, own) for key, one in value.items()} if isinstance(value, dict) else value


def camel(value: Any) -> Any:
    """A value with the names of the API: `begin_geldigheid` is `beginGeldigheid`."""
    if isinstance(value, list):
        return [camel(one) for one in value]
    if not isinstance(value, Mapping):
        return value
    return {re.sub(r"_([a-z])", lambda found: found[1].upper(), key): camel(one) for key, one in value.items()}


def _snake(value: Any) -> Any:
    if isinstance(value, list):
        return [_snake(one) for one in value]
    return {column_of(key): _snake(one) for key, one in value.items()} if isinstance(value, Mapping) else value


def _id_of(body: Mapping[str, Any]) -> UUID | None:
    try:
        return UUID(str(body.get("url", "")).rpartition("/")[2])
    except ValueError:
        return None


def name_of(resource: Resource, body: Mapping[str, Any]) -> str:
    """What people call a row."""
    for name in ("identificatie", "omschrijving", "naam", "domein", "relatieOmschrijving", "volgnummer"):
        if body.get(name):
            return str(body[name])[:80]
    return resource.name


def unlike(resource: Resource, body: Mapping[str, Any], here: Mapping[str, Any]) -> Iterator[str]:
    """Attributes that a person writes and that differ."""
    named = {str(here.get("url")): ""}
    named |= dict(zip(here.get("deelzaaktypen") or (), here.get("deelzaaktypeIdentificaties") or (), strict=False))
    named |= {one["zaaktype"]: one["zaaktypeIdentificatie"] for one in here.get("gerelateerdeZaaktypen") or ()}
    here = by_identificatie(dict(here), {url.rpartition("/")[2]: name for url, name in named.items() if name})
    for one in resource.sent:
        held = body.get(one.name)
        if one.read_only or one.name in DERIVED or one.name not in body:
            continue
        if bare(one, held) != bare(one, here.get(one.name)):
            yield one.name


def bare(attribute: Attribute, value: Any) -> Any:
    """A value without what says nothing: null and empty are the same, and so is the order of addresses."""
    if isinstance(value, list):
        return sorted(orjson.dumps(bare(attribute, one)).decode() for one in value)
    if isinstance(value, Mapping):
        return {key: bare(attribute, one) for key, one in value.items() if one not in (None, "", [], False)}
    return None if value in ("", [], False) else value


# Out


def export_catalogue(catalogus: UUID, host: str, zaaktype: UUID | None = None) -> bytes:
    """The ZIP of a catalogue, or of one zaaktype with all that it needs. `host` is this server's address."""
    lists = {name: [_snake(one) for one in found] for name, found in documents(catalogus, zaaktype).items()}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, found in lists.items():
            text = orjson.dumps(found).replace(orjson.dumps(MARK).strip(b'"'), host.encode())
            archive.writestr(zipfile.ZipInfo(f"{name}.json", (1980, 1, 1, 0, 0, 0)), text)
    return out.getvalue()


def documents(catalogus: UUID, zaaktype: UUID | None) -> dict[str, list[dict[str, Any]]]:
    """Our own documents in the same lists; those of one zaaktype and what it needs, when one is named."""
    found: dict[str, list[dict[str, Any]]] = {}
    for name, place in FILES.items():
        ids = _ids(RESOURCES[place], catalogus, zaaktype)
        held = queries.as_related(place, [str(id) for id in ids])
        if ids:
            found[name] = [document(held[str(id)]) for id in ids]
    return found


def _ids(resource: Resource, catalogus: UUID, zaaktype: UUID | None) -> list[UUID]:
    if resource.name == "catalogussen":
        chosen = resource.rows.filter(pk=catalogus) if zaaktype is None else resource.rows.none()
    elif resource.child:
        chosen = resource.rows.filter(zaaktype__catalogus=catalogus)
        chosen = chosen.filter(zaaktype=zaaktype) if zaaktype else chosen
    elif resource.name == "zaaktypen":
        chosen = resource.rows.filter(catalogus=catalogus, **({"pk": zaaktype} if zaaktype else {}))
    else:
        chosen = resource.rows.filter(catalogus=catalogus)
        chosen = chosen.filter(zaaktypen__zaaktype=zaaktype) if zaaktype else chosen
    return list(chosen.order_by("pk").distinct().values_list("pk", flat=True)[:MOST_ROWS])
