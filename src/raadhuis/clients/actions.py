"""Every change to the applications that speak with us.

Always holds: a client id belongs to one application (rule ac-001); an application has rights of its own or all rights,
never both and never neither (ac-002); each change raises the number by which what is kept in memory is thrown away.
"""

from uuid import UUID

from django.db.models import F

from raadhuis.clients.models import Applicatie, Autorisatie, ClientId, Stamp
from raadhuis.clients.queries import SECRET
from raadhuis.clients.schema import TYPE_OF, NewApplicatie
from raadhuis.journal.actions import append
from raadhuis.kernel import privacy
from raadhuis.kernel.actor import Actor
from raadhuis.kernel.db import durable
from raadhuis.kernel.documents import address
from raadhuis.kernel.ids import uuid7
from raadhuis.kernel.problems import Absent
from raadhuis.kernel.shapes import Fault, Refused
from raadhuis.notices.actions import tell, unsubscribe_all
from raadhuis.notices.schema import Notice


def add_applicatie(new: NewApplicatie, actor: Actor) -> UUID:
    """Makes an application. Raises Refused (ac-001, ac-002, ac-003)."""
    with durable():
        _require_sound(new, None)
        row = Applicatie(id=uuid7())
        _write(row, new)
        _changed("client.added", row.id, actor)
        _announce(row.id, "create")
    return row.id


def change_applicatie(id: UUID, new: NewApplicatie, actor: Actor) -> None:
    """Writes an application anew; a client id that stays keeps its secret. Raises Absent, Refused."""
    with durable():
        row = _locked(id)
        _require_sound(new, id)
        _write(row, new)
        _changed("client.changed", id, actor)
        _announce(id, "update")


def remove_applicatie(id: UUID, actor: Actor) -> None:
    """Takes an application away; its tokens no longer work, and its subscriptions end. Raises Absent."""
    with durable():
        _locked(id).delete()
        _changed("client.removed", id, actor)
        unsubscribe_all(id, actor)
        _announce(id, "destroy")


def set_secret(client_id: str, secret: str, actor: Actor) -> None:
    """Gives a client id a (new) secret. Raises Absent."""
    with durable():
        row = ClientId.objects.select_for_update().filter(client_id=client_id).first()
        if row is None:
            raise Absent
        row.secret = privacy.encrypt(SECRET, secret.encode())
        row.save()
        _changed("client.changed", row.applicatie_id, actor)


def _locked(id: UUID) -> Applicatie:
    row = Applicatie.objects.select_for_update().filter(id=id).first()
    if row is None:
        raise Absent
    return row


def _require_sound(new: NewApplicatie, own: UUID | None) -> None:
    faults = []
    taken = ClientId.objects.filter(client_id__in=new.client_ids).exclude(applicatie=own)
    if taken.exists() or len(set(new.client_ids)) != len(new.client_ids):
        faults.append(Fault("clientIds", "clientId-exists", "Deze client-id hoort al bij een applicatie."))
    if new.everything and new.rights:
        words = "Geef autorisaties of alle autorisaties, niet allebei."
        faults.append(Fault("nonFieldErrors", "ambiguous-authorizations-specified", words))
    if not new.everything and not new.rights:
        words = "Geef minstens één autorisatie, of alle autorisaties."
        faults.append(Fault("nonFieldErrors", "missing-authorizations", words))
    for number, right in enumerate(new.rights):
        named = TYPE_OF.get(right.component)
        missing = [] if named is None else [*([] if right.type else [named])]
        if right.component in {"zrc", "drc"} and not right.level:
            missing.append("maxVertrouwelijkheidaanduiding")
        faults += [Fault(f"autorisaties.{number}.{name}", "required", "Dit veld is vereist.") for name in missing]
    if faults:
        raise Refused(*faults)


def _write(row: Applicatie, new: NewApplicatie) -> None:
    row.label, row.heeft_alle_autorisaties = new.label, new.everything
    row.alleen_is_gereed_voor_publicatie = new.only_published
    row.save()
    row.client_ids.exclude(client_id__in=new.client_ids).delete()
    kept = {one.client_id: one for one in row.client_ids.all()}
    for place, client_id in enumerate(new.client_ids):
        one = kept.get(client_id) or ClientId(client_id=client_id, applicatie=row)
        one.place = place
        if client_id in new.secrets:
            one.secret = privacy.encrypt(SECRET, new.secrets[client_id].encode())
        one.save()
    row.autorisaties.all().delete()
    Autorisatie.objects.bulk_create(
        Autorisatie(
            applicatie=row,
            component=right.component,
            scopes=list(right.scopes),
            type=right.type,
            max_vertrouwelijkheidaanduiding=right.level,
            one_version=right.one_version,
        )
        for right in new.rights
    )


def types_changed() -> None:
    """A type got another version, in the running transaction: what rights come down to is worked out anew."""
    Stamp.objects.get_or_create(id=1)
    Stamp.objects.filter(id=1).update(number=F("number") + 1)


def _changed(kind: str, id: UUID, actor: Actor) -> None:
    types_changed()
    append(kind, actor, subjects={"client": id})


def _announce(id: UUID, action: str) -> None:
    place = address("autorisaties/api/v1/applicaties", id)
    tell(Notice(channel="autorisaties", main=place, resource="applicatie", address=place, action=action))
