"""What every write of another application on a case shares: who may, the locked row, the trail, the journal.

Always holds: a case is locked before anything about it changes; what a client may not see is not there for it; a closed
case changes only by force (zrc-007).
"""

import re
from uuid import UUID

from raadhuis.cases.models import Zaak
from raadhuis.cases.trail import Action, Change, note
from raadhuis.cases.zrc import access
from raadhuis.cases.zrc.resolving import zaak_id_at
from raadhuis.catalogue import queries as catalogue
from raadhuis.catalogue.queries import Published
from raadhuis.clients.schema import Asker
from raadhuis.journal.actions import append
from raadhuis.kernel.documents import address
from raadhuis.kernel.problems import Absent, NotAllowed
from raadhuis.kernel.shapes import Fault, Refused
from raadhuis.kernel.statements import Given, Statement

ZAKEN, TYPES = "zaken/api/v1/", "catalogi/api/v1/"
READ, CREATE, UPDATE = "zaken.lezen", "zaken.aanmaken", "zaken.bijwerken"
FORCED, DELETE = "zaken.geforceerd-bijwerken", "zaken.verwijderen"
SET_STATUS, REOPEN = "zaken.statussen.toevoegen", "zaken.heropenen"


_LOCKED = Statement(lambda: Zaak.objects.select_for_update().filter(pk=Given("id")))


class NotPermitted(NotAllowed):
    """The application lacks the right for this case."""

    code = "permission_denied"
    title = "Je hebt geen toestemming om deze actie uit te voeren."


def locked(id: UUID, by: Asker, *scopes: str, open_only: bool = True) -> Zaak:
    """The case, locked, for a client with one of the scopes for it.

    Raises Absent for what it may not see; NotPermitted for what it may see but not do.
    """
    zaak = _LOCKED.first(id=id)
    if zaak is None or not access.allows(by.client, zaak, READ, *scopes):
        raise Absent
    if not access.allows(by.client, zaak, *scopes):
        raise NotPermitted
    if open_only and zaak.einddatum is not None and not access.allows(by.client, zaak, FORCED):
        raise NotPermitted("Deze zaak is afgesloten; daarvoor is `zaken.geforceerd-bijwerken` nodig.")
    return zaak


def locked_at(text: str, by: Asker, *scopes: str, open_only: bool = True, whose: str = "zaak") -> Zaak:
    """The same for the address in a body, in the attribute `whose`.

    Raises Refused for what is not there; NotPermitted.
    """
    id = zaak_id_at(whose, text)
    try:
        return locked(id, by, *scopes, open_only=open_only)
    except Absent:
        raise Refused(Fault(whose, "does_not_exist", "Deze zaak bestaat niet.")) from None


def published_of(zaak: Zaak) -> Published | None:
    """The definition of the service that the case belongs to; None for a case of another application."""
    return catalogue.by_version_id(zaak.version) if zaak.version is not None else None


def place(name: str, id: UUID) -> str:
    """The address of a resource of this API, without its server."""
    return address(f"{ZAKEN}{name}", id)


def type_place(name: str, id: UUID) -> str:
    """The address of a type, without its server."""
    return address(f"{TYPES}{name}", id)


def features(zaak: Zaak) -> dict[str, str]:
    """The kenmerken of the channel zaken."""
    return {
        "bronorganisatie": zaak.bronorganisatie,
        "zaaktype": type_place("zaaktypen", zaak.zaaktype),
        "vertrouwelijkheidaanduiding": zaak.vertrouwelijkheidaanduiding,
    }


def written(
    zaak: Zaak,
    by: Asker,
    action: Action,
    *,
    resource: str,
    where: str,
    shown: str,
    old: bytes | None = None,
    new: bytes | None = None,
    quiet: bool = False,
) -> None:
    """Notes a change on a case in its trail and tells who listens."""
    change = Change(
        source="zrc",
        main=place("zaken", zaak.pk),
        main_id=zaak.pk,
        resource=resource,
        address=where,
        shown=shown,
        action=action,
        old=old,
        new=new,
        features=features(zaak),
        quiet=quiet,
    )
    note(change, by)


def told(kind: str, zaak: Zaak, by: Asker, *, data: dict[str, object] | None = None) -> None:
    """Appends an event about a case to the journal."""
    append(
        kind,
        by.actor(),
        subjects={"zaak": zaak.pk},
        service=zaak.service,
        service_version=zaak.service_version,
        data=data,
    )


def changed(zaak: Zaak, by: Asker, resource: str, action: Action) -> None:
    """Appends that something on a case was written, for what has no kind of its own."""
    told("case.changed", zaak, by, data={"resource": resource, "action": action})


def code_of(words: str) -> str:
    """Words of a type as a code for the journal."""
    return re.sub(r"[^A-Za-z0-9]+", "-", words).strip("-")[:80] or "none"
