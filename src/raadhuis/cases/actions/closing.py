"""How a case ends: result, decision, last status, archive date, letter, mail.

Always holds: a closed case has a result, an end date and no open tasks.
Source of the archive date: ZGW Catalogi, brondatumArchiefprocedure; selectielijst 2020.
"""

from datetime import date, timedelta

from dateutil.relativedelta import relativedelta
from django.utils.translation import gettext

from raadhuis.cases import announcing
from raadhuis.cases.actions import flow
from raadhuis.cases.actions.common import mail_applicant, set_status, tell
from raadhuis.cases.models import Besluit, CoSignature, DecisionRecord, Resultaat, Zaak
from raadhuis.cases.papers import authority
from raadhuis.cases.sealed import case_data
from raadhuis.catalogue.queries import Published
from raadhuis.catalogue.schema import ResultOutcome
from raadhuis.journal.actions import send
from raadhuis.kernel import clock
from raadhuis.kernel.actor import Actor
from raadhuis.kernel.ids import read_aloud_code
from raadhuis.kernel.problems import NotNow
from raadhuis.kernel.statements import Given, Statement, insert, update
from raadhuis.kernel.texts import Text

MOST_BESLUITEN = 1000
DECIDED = (
    Text("Er is een besluit over uw aanvraag {zaaknummer}", "There is a decision on your application {zaaknummer}"),
    Text(
        "Beste {naam},\n\nEr is een besluit genomen over uw aanvraag {zaaknummer}. U leest het hier:\n{link}\n\n"
        "Met vriendelijke groet,\n{gemeente}",
        "Dear {naam},\n\nA decision has been taken on your application {zaaknummer}. You can read it here:\n{link}\n\n"
        "Kind regards,\n{gemeente}",
    ),
)
HANDLED = (
    Text("Wij zijn klaar met {zaaknummer}", "We have finished {zaaknummer}"),
    Text(
        "Beste {naam},\n\nWij zijn klaar met {zaaknummer}. Wat wij hebben gedaan, leest u hier:\n{link}\n\n"
        "Met vriendelijke groet,\n{gemeente}",
        "Dear {naam},\n\nWe have finished {zaaknummer}. You can read what we have done here:\n{link}\n\n"
        "Kind regards,\n{gemeente}",
    ),
)


def outcome_of(published: Published, result: str) -> ResultOutcome:
    """What the definition says that "grant" or "refuse" leads to. Raises NotNow when it decides nothing."""
    use = published.definition.decision
    if use is None or result not in {"grant", "refuse"}:
        raise NotNow(gettext("Deze dienst kent geen besluit."))
    return use.grant if result == "grant" else use.refuse


def close_with_decision(zaak: Zaak, published: Published, record: DecisionRecord, actor: Actor) -> None:
    """Makes the Besluit and closes the case; the letter goes when the record is released.

    A record that is not in the database yet gets its Besluit, and is the caller's to insert.
    """
    outcome = outcome_of(published, record.result)
    use = published.definition.decision
    today = clock.today()
    released = record.released or clock.now()
    wait = max(released - clock.now(), timedelta())
    answers = case_data(zaak).get("answers", {})
    first, until = use.validity(record.result, answers, today) if use else (today, None)
    if outcome.besluittype:
        sent = clock.local(released).date()
        record.besluit = Besluit(
            identificatie=f"B{today.year}-{read_aloud_code(9)}",
            verantwoordelijke_organisatie=zaak.verantwoordelijke_organisatie,
            besluittype=published.besluittypen[outcome.besluittype],
            zaak=zaak,
            datum=today,
            ingangsdatum=first,
            vervaldatum=until,
            verzenddatum=sent,
            uiterlijke_reactiedatum=use.last_day_to_object(sent) if use else None,
            bestuursorgaan=authority()[:50],
        )
        insert(record.besluit)
        if not record._state.adding:
            update(record, "besluit")
        announcing.besluit_changed(record.besluit, "create")
    close(zaak, published, outcome.resultaattype, actor)
    key = release_key(record)
    if outcome.letter:
        send(
            "letter",
            {"zaak": str(zaak.id), "record": str(record.id), "letter": outcome.letter},
            key=key,
            zaak=zaak.id,
            wait=wait,
        )
    texts = published.definition.notifications.decided
    mail_applicant(zaak, case_data(zaak), DECIDED[0], texts or DECIDED[1], wait=wait, key=key)


def release_key(record: DecisionRecord) -> str:
    """The key under which the outbox holds what a decision sends."""
    return f"besluit:{record.id}"


def close(zaak: Zaak, published: Published, result_key: str, actor: Actor) -> None:
    """Sets result, last status, end date and archive date; cancels what is open. The caller saves the case."""
    types = {r.key: r for r in published.definition.zaaktype.resultaattypen}
    if result_key not in types:
        raise NotNow(gettext("Dit resultaat hoort niet bij deze dienst."))
    if zaak.einddatum is not None:
        raise NotNow(gettext("Deze zaak is al afgesloten."))
    resultaat = Resultaat(zaak=zaak, resultaattype=published.resultaattypen[result_key], key=result_key)
    insert(resultaat)
    zaak.result_key = result_key
    announcing.part_of_zaak(zaak, "resultaat", "resultaten", resultaat.id)
    tell("case.result_set", zaak, actor, data={"result": result_key})
    set_status(zaak, published, published.definition.zaaktype.statustypen[-1].key, actor)
    zaak.einddatum = clock.today()
    zaak.opschorting_eerdere = zaak.opschorting_eerdere or zaak.opschorting_indicatie
    zaak.suspended_since, zaak.opschorting_indicatie = None, False
    _archive(zaak, published, result_key)
    flow.cancel_open_tasks(zaak, actor)
    if published.definition.cosign:
        CoSignature.objects.filter(zaak=zaak, state="asked").update(state="cancelled", due=None)
    tell("case.closed", zaak, actor, data={"result": result_key})


def _archive(zaak: Zaak, published: Published, result_key: str) -> None:
    kind = next(r for r in published.definition.zaaktype.resultaattypen if r.key == result_key)
    zaak.archiefnominatie = kind.archiefnominatie
    zaak.selectielijstklasse = kind.selectielijstklasse
    start = _archive_start(zaak, kind.afleidingswijze)
    zaak.startdatum_bewaartermijn = start
    term = kind.archiefactietermijn
    if start and term:
        zaak.archiefactiedatum = start + relativedelta(months=term.months) + timedelta(weeks=term.weeks, days=term.days)


_BESLUITEN = Statement(
    lambda: Besluit.objects.filter(zaak=Given("zaak")).values_list("ingangsdatum", "vervaldatum")[:MOST_BESLUITEN]
)


def _archive_start(zaak: Zaak, derivation: str) -> date | None:
    """The brondatum for the ways of deriving it that the case itself can tell; None leaves it to a person."""
    if derivation == "afgehandeld":
        return zaak.einddatum
    if derivation == "hoofdzaak":
        return zaak.hoofdzaak.einddatum if zaak.hoofdzaak else None
    if derivation == "ingangsdatum_besluit":
        return max((first for first, _ in _BESLUITEN.all(zaak=zaak.id)), default=None)
    if derivation == "vervaldatum_besluit":
        return max((last for _, last in _BESLUITEN.all(zaak=zaak.id) if last), default=None)
    return None


def handled(zaak: Zaak, published: Published, result_key: str, actor: Actor) -> None:
    """Closes a case that ends without a decision, and tells the applicant."""
    close(zaak, published, result_key, actor)
    mail_applicant(zaak, case_data(zaak), HANDLED[0], published.definition.notifications.handled or HANDLED[1])
