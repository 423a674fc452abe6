"""What every action on a case shares: the locked row, its definition, the event.

Always holds: a case is locked before anything about it is changed; who may not read it gets Absent.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext

from raadhuis.cases import access, announcing
from raadhuis.cases.models import CoSignature, Status, Task, Zaak, ZaakTeam
from raadhuis.catalogue import queries as catalogue
from raadhuis.catalogue.queries import Published
from raadhuis.journal.actions import append, send
from raadhuis.kernel import clock
from raadhuis.kernel.actor import Actor
from raadhuis.kernel.problems import Absent, NotAllowed, NotNow
from raadhuis.kernel.statements import Given, Statement, insert
from raadhuis.kernel.texts import Text, fill

# Events that change the case itself, and what subscribers are told of it.
CHANGES_ZAAK = {
    "case.created": "create",
    "case.closed": "update",
    "case.reopened": "update",
    "case.term_suspended": "partial_update",
    "case.term_resumed": "partial_update",
    "case.term_extended": "partial_update",
}
TOLD_OUTSIDE = {"case.created", "case.status_set", "case.closed", "case.reopened", "decision.taken", "decision.undone"}


_LOCKED = Statement(lambda: Zaak.objects.select_for_update().filter(id=Given("zaak")))


def lock_zaak(zaak_id: UUID) -> Zaak:
    """The case, locked for this transaction. Raises Absent."""
    zaak = _LOCKED.first(zaak=zaak_id)
    if zaak is None:
        raise Absent
    return zaak


def lock_for_staff(zaak_id: UUID, actor: Actor) -> Zaak:
    """The case, locked, if this member of staff may read it. Raises Absent."""
    zaak = lock_zaak(zaak_id)
    if not access.may_read_zaak(actor, zaak):
        raise Absent
    return zaak


def lock_for_handler(zaak_id: UUID, actor: Actor) -> Zaak:
    """The case, locked, for who may write on it. Raises Absent; NotAllowed for who only reads."""
    zaak = lock_for_staff(zaak_id, actor)
    if not access.may_handle(actor):
        raise NotAllowed(gettext("U mag deze zaak lezen, maar er niets in veranderen."))
    return zaak


def lock_task(task_id: UUID, actor: Actor, revision: int | None = None) -> tuple[Task, Zaak]:
    """The task and its case, both locked. Raises Absent, or NotNow when the page was older than the task."""
    found = Task.objects.filter(id=task_id).values_list("zaak_id", flat=True).first()
    if found is None:
        raise Absent
    zaak = lock_for_staff(found, actor)
    task = Task.objects.select_for_update().get(id=task_id)
    if revision is not None and task.revision != revision:
        raise NotNow(gettext("Deze taak is intussen veranderd. Kijk hoe zij er nu voor staat en probeer het opnieuw."))
    return task, zaak


def definition_of(zaak: Zaak) -> Published:
    """The published version that this case is pinned to. Raises NotNow for a case of another application."""
    if zaak.version is None:
        raise NotNow(gettext("Deze zaak hoort niet bij een dienst van het Raadhuis."))
    return catalogue.by_version_id(zaak.version)


def tell(
    kind: str, zaak: Zaak, actor: Actor, *, data: Mapping[str, object] | None = None, activity: str = "", **more: UUID
) -> None:
    """Appends an event about a case, and tells who follows along of the ones that matter: webhook and subscribers."""
    if kind in CHANGES_ZAAK:
        announcing.zaak_changed(zaak, CHANGES_ZAAK[kind])
    if settings.RAADHUIS_WEBHOOK_URL and kind in TOLD_OUTSIDE:
        told = {"kind": kind, "zaak": str(zaak.id), "service": zaak.service, "time": clock.now().isoformat()}
        send("webhook", told, key=f"webhook:{zaak.id}", zaak=zaak.id)
    append(
        kind,
        actor,
        subjects={"zaak": zaak.id, **more},
        service=zaak.service,
        service_version=zaak.service_version,
        activity=activity,
        data=data,
    )


_NEWEST_STATUS = Statement(
    lambda: (
        Status.objects.filter(zaak=Given("zaak"))
        .order_by("-datum_status_gezet")
        .values_list("datum_status_gezet", flat=True)[:1]
    )
)


def set_status(zaak: Zaak, published: Published, key: str, actor: Actor) -> None:
    """Sets the status `key` of the definition; nothing happens when it is the current one."""
    if not key or zaak.status_key == key:
        return
    newest = _NEWEST_STATUS.first(zaak=zaak.id) if zaak.status_key else None
    moment = clock.now()
    if newest is not None and moment <= newest:  # Two statuses in one moment have no order (rule zrc-…: unique).
        moment = newest + timedelta(microseconds=1)
    status = Status(zaak=zaak, statustype=published.statustypen[key], key=key, datum_status_gezet=moment)
    insert(status)
    zaak.status_key = key
    tell("case.status_set", zaak, actor, data={"status": key})
    announcing.part_of_zaak(zaak, "status", "statussen", status.id)


def waits_for_signature(zaak: Zaak) -> bool:
    """Whether a second person still has to sign along."""
    return CoSignature.objects.filter(zaak=zaak, state="asked").exists()


def involve(zaak: Zaak, team: str) -> None:
    """From now on this team may read the case."""
    insert(ZaakTeam(zaak=zaak, team=team), unless_there=True)


def touch(task: Task, **changes: object) -> None:
    """Changes a task and raises its revision."""
    for field, value in changes.items():
        setattr(task, field, value)
    task.revision += 1
    task.open = task.state not in {"done", "cancelled"}
    task.save()


def case_url(zaak: Zaak) -> str:
    """Where the applicant reads the case: the list for who logs in, the follow page for who has a code."""
    path = f"/mijn/zaken/{zaak.id}/" if zaak.applicant else "/volgen/"
    return f"{settings.RAADHUIS_URL}{path}"


def mail_applicant(
    zaak: Zaak,
    data: Mapping[str, Any],
    subject: Text,
    body: Text,
    values: Mapping[str, str] | None = None,
    *,
    wait: timedelta | None = None,
    key: str = "",
) -> None:
    """Puts a mail to the applicant in the outbox, when there is an address. It tells no more than needed."""
    applicant = data.get("applicant", {})
    if not applicant.get("email"):
        return
    language = applicant.get("language", "nl")
    places = {
        "naam": applicant.get("name") or {"nl": "aanvrager", "en": "applicant"}[language],
        "zaaknummer": zaak.identificatie,
        "link": case_url(zaak),
        "gemeente": settings.RAADHUIS_MUNICIPALITY["name"],
        **(values or {}),
    }
    send(
        "mail",
        {
            "to": applicant["email"],
            "subject": fill(subject.in_(language), places),
            "text": fill(body.in_(language), places),
        },
        key=key or f"zaak:{zaak.id}",
        zaak=zaak.id,
        wait=wait,
    )
