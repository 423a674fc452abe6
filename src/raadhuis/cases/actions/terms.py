"""The legal term of a case: suspend, resume, extend.

Always holds: a suspended term moves its last day by the days it stood still; it is extended at most once. What moves is
the day that the term runs to; only what comes out is put off to a working day, so that no weekend counts twice.
Source: Algemene wet bestuursrecht, articles 4:14 (extend) and 4:15 (suspend); Algemene termijnenwet, article 1.
"""

from datetime import date, timedelta
from uuid import UUID

from django.utils.translation import gettext

from raadhuis.cases.actions.common import definition_of, lock_for_handler, mail_applicant, tell
from raadhuis.cases.answers import long_date
from raadhuis.cases.models import Zaak
from raadhuis.cases.sealed import case_data
from raadhuis.kernel import clock
from raadhuis.kernel.actor import Actor
from raadhuis.kernel.db import durable
from raadhuis.kernel.problems import Invalid, NotNow
from raadhuis.kernel.texts import Text

LATER = (
    Text("Wij hebben meer tijd nodig voor {zaaknummer}", "We need more time for {zaaknummer}"),
    Text(
        "Beste {naam},\n\nWij hebben meer tijd nodig voor {zaaknummer}. U krijgt uiterlijk {datum} antwoord. Waarom, "
        "leest u hier:\n{link}\n\nMet vriendelijke groet,\n{gemeente}",
        "Dear {naam},\n\nWe need more time for {zaaknummer}. You will get an answer by {datum}. You can read why "
        "here:\n{link}\n\nKind regards,\n{gemeente}",
    ),
)


def _open_case(zaak_id: UUID, actor: Actor) -> Zaak:
    zaak = lock_for_handler(zaak_id, actor)
    if zaak.einddatum is not None:
        raise NotNow(gettext("Deze zaak is al afgesloten."))
    return zaak


def suspend_term(zaak_id: UUID, actor: Actor, *, reason: str) -> None:
    """The term stands still from today (Awb 4:15). `reason` is shown to the applicant."""
    if not reason.strip():
        raise Invalid({"reason": gettext("Schrijf op waarom de termijn stilstaat.")})
    with durable():
        zaak = _open_case(zaak_id, actor)
        if zaak.suspended_since:
            raise NotNow(gettext("De termijn staat al stil."))
        suspend_row(zaak, actor, "by-staff", reason)
        zaak.save()


def suspend_row(zaak: Zaak, actor: Actor, code: str, reason: str) -> None:
    """Suspends the term of a locked case (the caller saves it)."""
    zaak.suspended_since = clock.today()
    zaak.opschorting_indicatie, zaak.opschorting_reden = True, reason[:200]
    tell("case.term_suspended", zaak, actor, data={"reason": code})


def resume_term(zaak_id: UUID, actor: Actor) -> None:
    """The term runs again from today."""
    with durable():
        zaak = _open_case(zaak_id, actor)
        if not zaak.suspended_since:
            raise NotNow(gettext("De termijn staat niet stil."))
        resume_row(zaak, actor)
        zaak.save()


def resume_row(zaak: Zaak, actor: Actor) -> None:
    """Lets the term of a locked case run again, with its last days moved (the caller saves it)."""
    if not zaak.suspended_since:
        return
    days = (clock.today() - zaak.suspended_since).days
    moved = timedelta(days=days)
    if zaak.uiterlijke_einddatum_afdoening:
        zaak.term_runs_to = (zaak.term_runs_to or zaak.uiterlijke_einddatum_afdoening) + moved
        zaak.uiterlijke_einddatum_afdoening = _lawful_end(zaak, zaak.term_runs_to)
    if zaak.einddatum_gepland:
        zaak.einddatum_gepland = clock.next_working_day(zaak.einddatum_gepland + moved)
    zaak.suspended_since, zaak.opschorting_indicatie, zaak.opschorting_eerdere = None, False, True
    for task in zaak.tasks.select_for_update().filter(open=True).exclude(due=None):
        task.due = clock.next_working_day(task.due + moved) if task.due else None
        task.sort_due = task.due or task.sort_due
        task.save()
    tell("case.term_resumed", zaak, actor, data={"reason": "resumed", "days": days})


def _lawful_end(zaak: Zaak, day: date) -> date:
    if zaak.version is None:
        return clock.next_working_day(day)
    return definition_of(zaak).definition.zaaktype.doorlooptijd.lawful_end(day)


def extend_term(zaak_id: UUID, actor: Actor, *, reason: str) -> None:
    """Extends the term once, by what the definition allows (Awb 4:14), and tells the applicant."""
    if not reason.strip():
        raise Invalid({"reason": gettext("Schrijf op waarom u meer tijd nodig hebt. De aanvrager leest dit.")})
    with durable():
        zaak = _open_case(zaak_id, actor)
        extension = definition_of(zaak).definition.zaaktype.extension
        if extension is None:
            raise NotNow(gettext("Deze termijn kan niet worden verlengd."))
        if zaak.verlenging_reden:
            raise NotNow(gettext("De termijn is al een keer verlengd."))
        before = zaak.uiterlijke_einddatum_afdoening or clock.today()
        zaak.term_runs_to = extension.runs_to(zaak.term_runs_to or before)
        zaak.uiterlijke_einddatum_afdoening = _lawful_end(zaak, zaak.term_runs_to)
        zaak.einddatum_gepland = zaak.uiterlijke_einddatum_afdoening
        zaak.verlenging_reden, zaak.verlenging_duur = reason[:200], extension.iso()
        days = (zaak.uiterlijke_einddatum_afdoening - before).days
        tell("case.term_extended", zaak, actor, data={"reason": "by-staff", "days": days})
        data = case_data(zaak)
        until = long_date(zaak.uiterlijke_einddatum_afdoening.isoformat(), data["applicant"].get("language", "nl"))
        mail_applicant(zaak, data, *LATER, {"datum": until})
        zaak.save()
