"""The documents of roles.

In: rows. Out: JSON bytes, with who it is opened. Always holds: what is encrypted is nowhere kept open.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from raadhuis.cases.actions.roles import ROL
from raadhuis.cases.models import Rol, Status
from raadhuis.cases.zrc.rendering.common import TYPES, at, head, moment
from raadhuis.kernel import privacy
from raadhuis.kernel.documents import address, written

_PLACE = {"verblijfsadres": None, "subVerblijfBuitenland": None}
# Clients read every attribute of who it is, also the ones that are empty.
PEOPLE: dict[str, dict[str, Any]] = {
    "natuurlijk_persoon": {
        **dict.fromkeys(("inpBsn", "anpIdentificatie", "inpA_nummer", "geslachtsnaam", "voorvoegselGeslachtsnaam"), ""),
        **dict.fromkeys(("voorletters", "voornamen", "geslachtsaanduiding", "geboortedatum"), ""),
        **_PLACE,
    },
    "niet_natuurlijk_persoon": {
        **dict.fromkeys(("innNnpId", "annIdentificatie", "statutaireNaam", "innRechtsvorm", "bezoekadres"), ""),
        "subVerblijfBuitenland": None,
    },
    "vestiging": {"vestigingsNummer": "", "handelsnaam": [], "kvkNummer": "", **_PLACE},
    "organisatorische_eenheid": {"identificatie": "", "naam": "", "isGehuisvestIn": ""},
    "medewerker": {"identificatie": "", "achternaam": "", "voorletters": "", "voorvoegselAchternaam": ""},
}


def rollen(rows: Sequence[Rol]) -> list[bytes]:
    """The documents of roles, with who it is, and the statuses that they set."""
    set_by: dict[UUID | None, list[UUID]] = defaultdict(list)
    found = Status.objects.filter(zaak__in={row.zaak_id for row in rows}).exclude(gezetdoor=None)
    for id, whose in found.order_by("datum_status_gezet").values_list("pk", "gezetdoor"):
        set_by[whose].append(id)
    return [written(_rol(row, set_by[row.id])) for row in rows]


def role(row: Rol) -> bytes:
    """The document of a role that set no status yet."""
    return written(_rol(row, ()))


def _rol(row: Rol, statuses: Sequence[UUID]) -> dict[str, Any]:
    contact = privacy.decrypt_json(ROL, row.contact) if row.contact else {}
    known = privacy.decrypt_json(ROL, row.identification) if row.identification else {}
    if row.betrokkene_type == "niet_natuurlijk_persoon" and known.get("kvkNummer"):
        known = {"annIdentificatie": known["kvkNummer"], **known}  # The standard has no other place for it.
    shape = PEOPLE[row.betrokkene_type]
    return {
        **head("rollen", row.id),
        "zaak": at("zaken", row.zaak_id),
        "betrokkene": row.betrokkene,
        "betrokkeneType": row.betrokkene_type,
        "afwijkendeNaamBetrokkene": row.afwijkende_naam_betrokkene,
        "roltype": address(f"{TYPES}roltypen", row.roltype),
        "omschrijving": row.omschrijving,
        "omschrijvingGeneriek": row.omschrijving_generiek,
        "roltoelichting": row.roltoelichting or row.omschrijving,
        "registratiedatum": moment(row.registratiedatum),
        "indicatieMachtiging": row.indicatie_machtiging,
        "contactpersoonRol": _contact(contact) if any(contact.values()) else None,
        "statussen": [at("statussen", id) for id in statuses],
        "betrokkeneIdentificatie": {name: known.get(name) or empty for name, empty in shape.items()},
    }


def _contact(contact: dict[str, str]) -> dict[str, str]:
    return {
        "emailadres": contact.get("email") or contact.get("emailadres", ""),
        "functie": contact.get("functie", ""),
        "telefoonnummer": (contact.get("tel") or contact.get("telefoonnummer", ""))[:20],
        "naam": contact.get("naam", "")[:40],
    }
