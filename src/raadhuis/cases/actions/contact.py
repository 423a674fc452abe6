"""Between town hall and applicant: questions, answers, messages, extra documents, withdrawal.

Always holds: a form that is sent twice makes one message (its key); a question that stops the term says so.
"""

from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext

from raadhuis.cases import access
from raadhuis.cases.actions import closing, flow, opening, tasks, terms
from raadhuis.cases.actions.common import (
    definition_of,
    lock_for_handler,
    lock_task,
    lock_zaak,
    mail_applicant,
    tell,
    waits_for_signature,
)
from raadhuis.cases.models import MESSAGE_TASK, Message, Zaak
from raadhuis.cases.schema import KeptFile
from raadhuis.cases.sealed import MESSAGE, case_data
from raadhuis.kernel import clock, privacy
from raadhuis.kernel.actor import Actor
from raadhuis.kernel.clock import Term
from raadhuis.kernel.db import durable
from raadhuis.kernel.problems import Absent, Invalid, NotNow
from raadhuis.kernel.texts import Text

MOST_CHARACTERS = 5000
READ_WITHIN = Term(working_days=2)
READ_IT = Text("Bericht van de aanvrager lezen", "Read the message from the applicant")
# Every service has this resultaattype; `check` refuses one without it.
WITHDRAWN = "ingetrokken"
ASKED = (
    Text("Wij hebben een vraag over {zaaknummer}", "We have a question about {zaaknummer}"),
    Text(
        "Beste {naam},\n\nOm verder te gaan met {zaaknummer} hebben wij iets van u nodig. U leest en beantwoordt onze "
        "vraag hier:\n{link}\n\nMet vriendelijke groet,\n{gemeente}",
        "Dear {naam},\n\nTo go on with {zaaknummer} we need something from you. You can read and answer our question "
        "here:\n{link}\n\nKind regards,\n{gemeente}",
    ),
)
WROTE = (
    Text("Er is een bericht over {zaaknummer}", "There is a message about {zaaknummer}"),
    Text(
        "Beste {naam},\n\nEr staat een bericht voor u klaar over {zaaknummer}:\n{link}\n\n"
        "Met vriendelijke groet,\n{gemeente}",
        "Dear {naam},\n\nThere is a message for you about {zaaknummer}:\n{link}\n\nKind regards,\n{gemeente}",
    ),
)


def _text(text: str) -> str:
    text = text.strip()
    if not text:
        raise Invalid({"text": gettext("Schrijf eerst uw bericht.")})
    if len(text) > MOST_CHARACTERS:
        raise Invalid({"text": gettext("Maak uw bericht korter: er passen %(n)s tekens in.") % {"n": MOST_CHARACTERS}})
    return text


def put(
    zaak: Zaak, direction: str, author: str, text: str, key: str, *, asks: bool = False, documents: bool = False
) -> Message | None:
    """The new message, or None when a message with this key is there already."""
    try:
        with transaction.atomic():
            return Message.objects.create(
                zaak=zaak,
                direction=direction,
                author=author[:200],
                sealed=privacy.encrypt(MESSAGE, text.encode()),
                sent=clock.now(),
                asks=asks,
                asks_documents=documents,
                key=key[:64],
            )
    except IntegrityError:
        return None


def ask_applicant(
    task_id: UUID, actor: Actor, *, text: str, documents: bool, suspend: bool, key: str, revision: int | None = None
) -> None:
    """Asks the applicant something; your task waits for the answer, and the term too when `suspend` (Awb 4:15)."""
    text = _text(text)
    with durable():
        task, zaak = lock_task(task_id, actor)
        if Message.objects.filter(zaak=zaak, key=key).exists():
            return
        tasks.require_mine(task, actor)
        if revision is not None and task.revision != revision:
            raise NotNow(gettext("Deze taak is intussen veranderd. Uw vraag is niet verstuurd; probeer het opnieuw."))
        put(zaak, "to_applicant", actor.name, text, key, asks=True, documents=documents)
        tell("resident.asked", zaak, actor, activity=task.key, task=task.id)
        tasks.pause_row(zaak, task, actor, "resident")
        if suspend and not zaak.suspended_since:
            terms.suspend_row(zaak, actor, "resident-asked", "Wij wachten op uw antwoord.")
        mail_applicant(zaak, case_data(zaak), *ASKED)
        zaak.save()


def write_to_applicant(zaak_id: UUID, actor: Actor, *, text: str, key: str) -> None:
    """Sends the applicant a message that asks nothing."""
    text = _text(text)
    with durable():
        zaak = lock_for_handler(zaak_id, actor)
        if put(zaak, "to_applicant", actor.name, text, key):
            tell("message.sent", zaak, actor)
            mail_applicant(zaak, case_data(zaak), *WROTE)


def write_note(zaak_id: UUID, actor: Actor, *, text: str, key: str) -> None:
    """Keeps a note among staff with the case."""
    text = _text(text)
    with durable():
        zaak = lock_for_handler(zaak_id, actor)
        put(zaak, "internal", actor.name, text, key)


def own(zaak_id: UUID, lookup: str, opened: UUID | None) -> Zaak:
    """The case, locked, for who applied. Raises Absent."""
    zaak = lock_zaak(zaak_id)
    if not access.is_applicant(zaak, lookup=lookup, opened=opened):
        raise Absent
    return zaak


def write_to_town_hall(
    zaak_id: UUID,
    actor: Actor,
    *,
    text: str,
    key: str,
    files: list[KeptFile],
    lookup: str = "",
    opened: UUID | None = None,
) -> None:
    """A message from the applicant, with documents; it answers the questions that are open.

    `lookup` is the applicant's keyed hash, `opened` the case that was opened with number and code.
    """
    if not text.strip() and files:
        text = "Document toegevoegd."
    text = _text(text)
    with durable():
        zaak = own(zaak_id, lookup, opened)
        author = str(case_data(zaak).get("applicant", {}).get("name", ""))
        if put(zaak, "from_applicant", author, text, key) is None:
            return
        published = definition_of(zaak)
        for file in files:
            opening.add_file(zaak, published, file, actor)
        asked = Message.objects.filter(zaak=zaak, asks=True, answered=None).update(answered=clock.now())
        if asked:
            tell("resident.answered", zaak, actor)
            tasks.resume_waiting_for(zaak, "resident", actor)
            if zaak.suspended_since and not waits_for_signature(zaak):
                terms.resume_row(zaak, actor)
            zaak.save()
        else:
            tell("message.sent", zaak, actor)
            _have_it_read(zaak, published.definition.owner, actor)


def _have_it_read(zaak: Zaak, owner: str, actor: Actor) -> None:
    """Nobody works on this case (any more): somebody must read what came in, above all an objection.

    Who does work on it, sees the message on the page of the task. The team that was last at work gets it, else the
    owner of the service.
    """
    if zaak.tasks.filter(open=True).exists():
        return
    team = zaak.tasks.order_by("-offered").values_list("team", flat=True).first() or owner
    due = READ_WITHIN.end(clock.today())
    flow.make_task(zaak, actor, key=MESSAGE_TASK, kind="assess", title=READ_IT, team=team, role="handler", due=due)


def mark_read(zaak_id: UUID, *, lookup: str = "", opened: UUID | None = None) -> None:
    """Remembers that the applicant saw the messages."""
    unread = Message.objects.filter(zaak=zaak_id, direction="to_applicant", read=None)
    if not unread.exists():
        return
    with durable():
        own(zaak_id, lookup, opened)
        unread.update(read=clock.now())


def withdraw(zaak_id: UUID, actor: Actor, *, lookup: str = "", opened: UUID | None = None) -> None:
    """The applicant takes the application back; doing it twice is no fault. Raises NotNow when it is decided."""
    with durable():
        zaak = own(zaak_id, lookup, opened)
        if zaak.result_key == WITHDRAWN:
            return
        if zaak.einddatum is not None:
            raise NotNow(gettext("Deze zaak is al afgesloten."))
        tell("case.withdrawn", zaak, actor)
        closing.close(zaak, definition_of(zaak), WITHDRAWN, actor)
        zaak.save()


def add_document(zaak_id: UUID, actor: Actor, file: KeptFile, *, shared: bool) -> None:
    """Staff add a document to the case; `shared` shows it to the applicant."""
    with durable():
        zaak = lock_for_handler(zaak_id, actor)
        opening.add_file(zaak, definition_of(zaak), file, actor, direction="intern", shared=shared)
