"""Who plays which part in a case (Rol): the applicant at submission, staff as they take work up, advise and decide.

Always holds: one role of a kind for each person; who it is rests encrypted, found by keyed hash; a service whose
ZaakType does not know the part gets no role.
"""

from typing import Any

from raadhuis.cases import announcing
from raadhuis.cases.models import Rol, Zaak
from raadhuis.cases.schema import Applicant, Signer
from raadhuis.catalogue.queries import Published
from raadhuis.kernel import clock, privacy
from raadhuis.kernel.actor import Actor
from raadhuis.kernel.statements import Given, Statement, insert

ROL = "rol"


def note_applicant(zaak: Zaak, published: Published, person: Applicant) -> None:
    """The initiator, as they logged in, or nameless."""
    kinds: dict[str, tuple[str, dict[str, str]]] = {
        "resident": ("natuurlijk_persoon", {"inpBsn": person.bsn}),
        "business": ("niet_natuurlijk_persoon", {"kvkNummer": person.kvk, "statutaireNaam": person.name}),
        "anonymous": ("natuurlijk_persoon", {}),
    }
    kind, identification = kinds[person.kind]
    contact = {"naam": person.name, "email": person.email, "tel": person.phone}
    _note(zaak, published, "initiator", kind, identification, contact, zaak.applicant, first=True)


def note_cosigner(zaak: Zaak, published: Published, signer: Signer) -> None:
    """Who signed along, as they logged in, or by the address that opened the application."""
    kind, identification = "natuurlijk_persoon", {"inpBsn": signer.bsn} if signer.bsn else {}
    if signer.kvk:
        kind, identification = "niet_natuurlijk_persoon", {"kvkNummer": signer.kvk, "statutaireNaam": signer.name}
    contact = {"naam": signer.name, "email": signer.email, "tel": ""}
    lookup = signer.lookup or privacy.keyed_hash(ROL, signer.email)
    _note(zaak, published, "mede_initiator", kind, identification, contact, lookup)


def note_staff(zaak: Zaak, published: Published, part: str, actor: Actor) -> None:
    """A member of staff as `part`: "behandelaar", "adviseur" or "beslisser"."""
    identification = {"identificatie": actor.pseudonym[:24], "achternaam": actor.name}
    lookup = privacy.keyed_hash(ROL, actor.pseudonym)
    _note(zaak, published, part, "medewerker", identification, {"naam": actor.name}, lookup)


_THERE = Statement(
    lambda: Rol.objects.filter(
        zaak=Given("zaak"), omschrijving_generiek=Given("part"), lookup=Given("lookup")
    ).values_list("id", flat=True)[:1]
)


def _note(
    zaak: Zaak,
    published: Published,
    part: str,
    kind: str,
    identification: dict[str, Any],
    contact: dict[str, str],
    lookup: str,
    *,
    first: bool = False,
) -> None:
    """Makes the role, unless it is there; the `first` role of a case cannot be."""
    role = next((r for r in published.definition.roltypen() if r.generiek == part), None)
    if role is None or not (first or _THERE.first(zaak=zaak.id, part=part, lookup=lookup) is None):
        return
    rol = Rol(
        zaak=zaak,
        roltype=published.roltypen[role.key],
        omschrijving=role.omschrijving,
        omschrijving_generiek=part,
        betrokkene_type=kind,
        registratiedatum=clock.now(),
        identification=privacy.encrypt_json(ROL, identification),
        contact=privacy.encrypt_json(ROL, contact),
        lookup=lookup,
    )
    insert(rol)
    announcing.part_of_zaak(zaak, "rol", "rollen", rol.id)
