"""Condenses the OpenAPI files of the national case APIs to what the program needs of them: the shapes of resources.

    python tools/contracts.py ../shared/data/zgw/openapi

In: the folder with the OpenAPI files (VNG Realisatie, EUPL-1.2). Out: a `contract.json` in each room that owns such
resources: by the name of a schema its attributes in the form of `kernel.shapes.Attribute`, one schema a line.
Always holds: nothing is made up here; what the file does not say (rules, relations) is written by hand in the rooms.
"""

import json
import sys
from pathlib import Path
from typing import Any

import yaml

ROOMS = Path(__file__).resolve().parents[1] / "src" / "raadhuis"
CONTRACTS = {
    "catalogue/ztc/contract.json": (
        "catalogi-1.3.3.yaml",
        (
            *("Catalogus", "CatalogusUpdate", "ZaakType", "ZaakTypeCreate", "StatusType", "ResultaatType"),
            *("ResultaatTypeCreate", "RolType", "Eigenschap", "InformatieObjectType", "BesluitType"),
            *("BesluitTypeCreate", "ZaakObjectType", "ZaakTypeInformatieObjectType"),
        ),
    ),
    "cases/zrc/contract.json": (
        "zaken-1.7.0.yaml",
        (
            *("Zaak", "StatusRequestbody", "Resultaat", "Rol", "ZaakObject", "ZaakInformatieObject", "ZaakEigenschap"),
            *("KlantContact", "ZaakContactMoment", "ZaakVerzoek", "ZaakNotitieRequest", "ZaakBesluit", "ZaakZoek"),
            "ReserveZaakIdentificatieRequest",
            *("RolNatuurlijkPersoon", "RolNietNatuurlijkPersoon", "RolVestiging", "RolOrganisatorischeEenheid"),
            "RolMedewerker",
            *("ObjectAdres", "ObjectBuurt", "ObjectGemeente", "ObjectGemeentelijkeOpenbareRuimte"),
            *("ObjectHuishouden", "ObjectInrichtingselement", "ObjectKadastraleOnroerendeZaak"),
            *("ObjectKunstwerkdeel", "ObjectMaatschappelijkeActiviteit", "ObjectOpenbareRuimte", "ObjectOverige"),
            *("ObjectPand", "ObjectSpoorbaandeel", "ObjectTerreinGebouwdObject", "ObjectTerreindeel"),
            *("ObjectWaterdeel", "ObjectWegdeel", "ObjectWijk", "ObjectWoonplaats", "ObjectWozDeelobject"),
            *("ObjectWozObject", "ObjectWozWaarde", "ObjectZakelijkRecht"),
        ),
    ),
    "cases/drc/contract.json": (
        "documenten-1.7.0.yaml",
        (
            *("EnkelvoudigInformatieObjectCreateLockRequest", "EnkelvoudigInformatieObjectWithLockRequest"),
            *("BestandsDeelRequest", "EIOZoekRequest", "UnlockEnkelvoudigInformatieObjectRequest"),
            *("GebruiksrechtenRequest", "ObjectInformatieObjectRequest", "VerzendingRequest"),
        ),
    ),
    "clients/contract.json": ("autorisaties-1.1.0.yaml", ("Applicatie",)),
    "cases/brc/contract.json": ("besluiten-1.1.0.yaml", ("Besluit", "BesluitInformatieObject")),
    "notices/contract.json": ("notificaties-1.0.1.yaml", ("Abonnement", "Kanaal", "Message")),
}
FORMATS = {"uri": "uri", "date": "date", "date-time": "datetime", "duration": "duration", "email": "email"}
TYPES = {"integer": "integer", "number": "number", "boolean": "boolean"}


def condensed(schema: dict[str, Any], schemas: dict[str, Any], name: str = "") -> dict[str, Any]:
    """A schema as an Attribute."""
    found = _resolved(schema, schemas)
    kept: dict[str, Any] = {"name": name} if name else {}
    if "enum" in found:
        kept |= {"kind": "choice", "options": [one for one in found["enum"] if one is not None]}
    elif "properties" in found:
        required = set(found.get("required", ()))
        parts = [
            condensed(part, schemas, key) | ({"required": True} if key in required else {})
            for key, part in found["properties"].items()
        ]
        kept |= {"kind": "object", "parts": parts}
    elif found.get("type") == "array":
        of = condensed(found.get("items", {}), schemas)
        kept |= {"kind": "list", "of": of} | ({"readOnly": True} if of.get("readOnly") else {})
    elif found.get("type") == "string":
        kept["kind"] = FORMATS.get(found.get("format", ""), "text")
    else:
        kept["kind"] = TYPES.get(found.get("type", ""), "any")
    for theirs, ours in (("maxLength", "most"), ("minLength", "least"), ("maximum", "atMost"), ("minimum", "atLeast")):
        if theirs in found:
            kept[ours] = found[theirs]
    return kept | {key: True for key in ("readOnly", "nullable") if found.get(key)}


def _resolved(schema: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    """A schema with its references followed; one of several enumerations is one with all their values."""
    if "$ref" in schema:
        return _resolved(schemas[schema["$ref"].rpartition("/")[2]], schemas)
    rest = {key: value for key, value in schema.items() if key not in {"allOf", "oneOf", "anyOf"}}
    several = [_resolved(one, schemas) for key in ("allOf", "oneOf", "anyOf") for one in schema.get(key, ())]
    if len(several) > 1 and all("enum" in one for one in several):
        return {"type": "string", "enum": [value for one in several for value in one["enum"]], **rest}
    for one in several:
        rest = {**one, **rest}
    return rest


def contract(file: Path, names: tuple[str, ...]) -> str:
    """The content of a `contract.json`."""
    schemas = yaml.load(file.read_text("utf-8"), Loader=yaml.CSafeLoader)["components"]["schemas"]
    lines = (f"{json.dumps(name)}: {json.dumps(condensed(schemas[name], schemas)['parts'])}" for name in names)
    return "{\n" + ",\n".join(lines) + "\n}\n"


def main() -> int:
    """Writes them all."""
    folder = Path(sys.argv[1])
    for place, (file, names) in CONTRACTS.items():
        (ROOMS / place).write_text(contract(folder / file, names), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
