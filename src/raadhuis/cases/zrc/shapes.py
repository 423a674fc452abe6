"""What may be sent to the Zaken API: the shape of each resource, from the contract of the standard.

In: a body. Out: its values by attribute, or every fault at once. Always holds: who it is (a role) and what it is (an
object) have the shape of the kind that the body itself names.
"""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec

from raadhuis.kernel.shapes import Attribute, Fault, Refused, read

CONTRACT = Path(__file__).with_name("contract.json")
SENT = {
    "zaken": "Zaak",
    "statussen": "StatusRequestbody",
    "resultaten": "Resultaat",
    "rollen": "Rol",
    "zaakobjecten": "ZaakObject",
    "zaakinformatieobjecten": "ZaakInformatieObject",
    "zaakeigenschappen": "ZaakEigenschap",
    "besluiten": "ZaakBesluit",
    "klantcontacten": "KlantContact",
    "zaakcontactmomenten": "ZaakContactMoment",
    "zaakverzoeken": "ZaakVerzoek",
    "zaaknotities": "ZaakNotitieRequest",
    "nummers": "ReserveZaakIdentificatieRequest",
    "zoek": "ZaakZoek",
}
PEOPLE = {
    "natuurlijk_persoon": "RolNatuurlijkPersoon",
    "niet_natuurlijk_persoon": "RolNietNatuurlijkPersoon",
    "vestiging": "RolVestiging",
    "organisatorische_eenheid": "RolOrganisatorischeEenheid",
    "medewerker": "RolMedewerker",
}
# Kinds of objects that have a shape of their own; the others are known by their address.
OBJECTS = {
    **PEOPLE,
    "adres": "ObjectAdres",
    "buurt": "ObjectBuurt",
    "gemeente": "ObjectGemeente",
    "gemeentelijke_openbare_ruimte": "ObjectGemeentelijkeOpenbareRuimte",
    "huishouden": "ObjectHuishouden",
    "inrichtingselement": "ObjectInrichtingselement",
    "kadastrale_onroerende_zaak": "ObjectKadastraleOnroerendeZaak",
    "kunstwerkdeel": "ObjectKunstwerkdeel",
    "maatschappelijke_activiteit": "ObjectMaatschappelijkeActiviteit",
    "openbare_ruimte": "ObjectOpenbareRuimte",
    "overige": "ObjectOverige",
    "pand": "ObjectPand",
    "spoorbaandeel": "ObjectSpoorbaandeel",
    "terrein_gebouwd_object": "ObjectTerreinGebouwdObject",
    "terreindeel": "ObjectTerreindeel",
    "waterdeel": "ObjectWaterdeel",
    "wegdeel": "ObjectWegdeel",
    "wijk": "ObjectWijk",
    "woonplaats": "ObjectWoonplaats",
    "woz_deelobject": "ObjectWozDeelobject",
    "woz_object": "ObjectWozObject",
    "woz_waarde": "ObjectWozWaarde",
    "zakelijk_recht": "ObjectZakelijkRecht",
}
# Where the contract asks for words, but an answer of ours has none: what we send must be accepted back.
_MAY_BE_BLANK = {"roltoelichting", "reden", "waarde"}


@lru_cache(maxsize=1)
def contract() -> dict[str, tuple[Attribute, ...]]:
    """The standard's schemas by name."""
    return msgspec.json.decode(CONTRACT.read_bytes(), type=dict[str, tuple[Attribute, ...]])


@lru_cache(maxsize=64)
def attributes(schema: str) -> tuple[Attribute, ...]:
    """What may be sent by the name of a schema."""
    return tuple(_ours(one) for one in contract()[schema])


def _ours(one: Attribute) -> Attribute:
    parts = tuple(_ours(part) for part in one.parts)
    found = msgspec.structs.replace(one, parts=parts) if parts else one
    if one.name == "zaakgeometrie":
        return msgspec.structs.replace(found, kind="any", parts=())
    if one.name == "gezetdoor":
        return msgspec.structs.replace(found, most=1000)
    if one.kind == "text" and one.required and one.name in _MAY_BE_BLANK:
        return msgspec.structs.replace(found, may_be_blank=True)
    return found


def sent(name: str, body: Mapping[str, Any], *, partial: bool = False, kind: str = "") -> dict[str, Any]:
    """The values of a body. Raises Refused. With `partial` (PATCH) `kind` is that of the row as it is."""
    values = read(attributes(SENT[name]), body, partial=partial)
    if name == "rollen":
        _read_part(values, body, "betrokkeneIdentificatie", PEOPLE.get(values.get("betrokkeneType", "")))
    if name == "zaakobjecten":
        _read_part(values, body, "objectIdentificatie", OBJECTS.get(values.get("objectType") or kind))
    return values


def _read_part(values: dict[str, Any], body: Mapping[str, Any], name: str, schema: str | None) -> None:
    given = body.get(name)
    if name not in body or given is None or given == {}:
        if name in body:
            values[name] = None
        return
    if schema is None:
        raise Refused(Fault(name, "invalid", "Dit soort heeft geen identificatie; geef een adres (URL)."))
    values[name] = read(attributes(schema), given, within=name)
