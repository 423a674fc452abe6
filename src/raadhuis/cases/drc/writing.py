"""From what was sent to the columns of a document, and what an earlier version held.

In: decoded JSON. Out: values by attribute or by column. Always holds: base64 is not looked at as a text (it may be
a hundred megabytes); what was left out of a whole new version gets what it is by default, but for its number and what
other resources say of it.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec
import orjson

from raadhuis.cases.models import EnkelvoudigInformatieObject, InformatieObjectVersie
from raadhuis.kernel import clock
from raadhuis.kernel.documents import localised
from raadhuis.kernel.ids import read_aloud_code
from raadhuis.kernel.shapes import REASONS, Attribute, Fault, Refused, column_of, moment_of, read

CONTRACT = Path(__file__).with_name("contract.json")
NEW, CHANGED = "EnkelvoudigInformatieObjectCreateLockRequest", "EnkelvoudigInformatieObjectWithLockRequest"
# Addresses may be as long as addresses are: the contract leaves room for a name only.
_LONG = {"informatieobjecttype", "informatieobject"}
_SPECIAL = {"ondertekening", "integriteit", "informatieobjecttype", "inhoud", "bestandsomvang", "lock"}
# An earlier version of a document shares these with its newest one.
_SHARED = {"id", "locked", "event"}
MOST_WORD = 200


@lru_cache(maxsize=1)
def contract() -> dict[str, tuple[Attribute, ...]]:
    """The standard's schemas of what is sent, by name."""
    found = msgspec.json.decode(CONTRACT.read_bytes(), type=dict[str, tuple[Attribute, ...]])
    return {
        name: tuple(msgspec.structs.replace(one, most=0) if one.name in _LONG else one for one in attributes)
        for name, attributes in found.items()
    }


@lru_cache(maxsize=2)
def without_content(name: str) -> tuple[Attribute, ...]:
    """What may be sent of a document, but for its bytes; by the name of a schema."""
    return tuple(one for one in contract()[name] if one.name != "inhoud")


def document_sent(body: Mapping[str, Any], host: str, *, new: bool, partial: bool = False) -> dict[str, Any]:
    """What was sent of a document; `inhoud` is as it came. Raises Refused."""
    values = shaped_by(without_content(NEW if new else CHANGED), body, host, partial=partial)
    faults = [
        Fault(f"trefwoorden.{n}", "max_length", REASONS["max_length"].format(most=MOST_WORD))
        for n, word in enumerate(values.get("trefwoorden", ()))
        if word is not None and len(word) > MOST_WORD
    ]
    if faults:
        raise Refused(*faults)
    return values | ({"inhoud": body["inhoud"]} if "inhoud" in body else {})


def shaped(name: str, body: Mapping[str, Any], host: str, *, partial: bool = False) -> dict[str, Any]:
    """What was sent, in the shape of a schema, with our own addresses without their server. Raises Refused."""
    return shaped_by(contract()[name], body, host, partial=partial)


def shaped_by(
    attributes: tuple[Attribute, ...], body: Mapping[str, Any], host: str, *, partial: bool
) -> dict[str, Any]:
    """The same, by attributes."""
    return {name: localised(value, host) for name, value in read(attributes, body, partial=partial).items()}


def columns(sent: Mapping[str, Any], row: EnkelvoudigInformatieObject | None, *, partial: bool) -> dict[str, Any]:
    """The columns that are written: those of what was sent and, unless only a part was, of what was left out."""
    found: dict[str, Any] = {}
    for attribute in without_content(NEW):
        name = attribute.name
        if name in _SPECIAL:
            continue
        if name in sent:
            found[column_of(name)] = sent[name]
        elif not partial and not (row is not None and name in {"identificatie", "indicatieGebruiksrecht"}):
            found[column_of(name)] = _by_default(attribute)
    if not found.get("identificatie", "-"):
        found["identificatie"] = row.identificatie if row is not None else new_number()
    if "ondertekening" in sent or not partial:
        signed = sent.get("ondertekening") or {}
        found["ondertekening_soort"] = signed.get("soort", "")
        found["ondertekening_datum"] = signed.get("datum")
    return found


def _by_default(attribute: Attribute) -> Any:
    if attribute.nullable:
        return None
    return {"boolean": False, "list": []}.get(attribute.kind, "")


def checksum(sent: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of a checksum that was sent; no columns when none was (the standard has nobody check it)."""
    told = sent.get("integriteit")
    if not told:
        return {}
    return {f"integriteit_{name}": told[name] for name in ("algoritme", "waarde", "datum")}


def own_checksum(sha256: str) -> dict[str, Any]:
    """The columns of the checksum that we made; with "" those of none."""
    day = clock.today() if sha256 else None
    return {"integriteit_algoritme": "sha_256", "integriteit_waarde": sha256, "integriteit_datum": day}


def new_number() -> str:
    """An identificatie for a document that came without."""
    return f"D{clock.today().year}-{read_aloud_code(9)}"


def as_version(row: EnkelvoudigInformatieObject) -> InformatieObjectVersie:
    """What a document is now, to be kept as an earlier version; not saved."""
    held = {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields if f.attname not in _SHARED}
    return InformatieObjectVersie(
        informatieobject=row,
        versie=row.versie,
        begin_registratie=row.begin_registratie,
        file_key=row.file_key,
        held=orjson.dumps(held),
    )


def as_it_was(row: EnkelvoudigInformatieObject, version: InformatieObjectVersie) -> EnkelvoudigInformatieObject:
    """A document as an earlier version held it; never to be saved."""
    fields = {field.attname: field for field in row._meta.concrete_fields}
    held = orjson.loads(bytes(version.held))
    values = {name: fields[name].to_python(value) for name, value in held.items() if name in fields}
    return EnkelvoudigInformatieObject(**{**values, "id": row.pk, "locked": row.locked})


def moment_asked(text: str) -> datetime:
    """A moment from a query, where a plus sign may have become a space. Raises ValueError."""
    return moment_of(text.strip().replace(" ", "+"), clock.AMSTERDAM)
