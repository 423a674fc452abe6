"""A second person signs along: asked, answered, and what follows.

In: a submission whose service asks it; later what the second person says, or nothing. Out: the case goes on as if it
had just been submitted, or comes before a person. Always holds: until the signature is there no rule decides and no
task of the service is offered; the applicant cannot sign in their place; the term stands still while the case waits.
Source: Awb 4:2 (an application is signed), 4:5 (whoever left something out gets a time to mend it) and 4:15, first
paragraph, under a (until it is mended, or that time is over, the term stands still).
"""

from typing import Any
from uuid import UUID

import msgspec
from django.utils.translation import gettext

from raadhuis.adapters.identity.levels import RANK
from raadhuis.cases import access
from raadhuis.cases.actions import automatic, contact, flow, roles, terms
from raadhuis.cases.actions.asking import ask, ask_anew, content_of, mail_cosigner, names_of
from raadhuis.cases.actions.common import definition_of, lock_for_handler, lock_zaak, mail_applicant, tell
from raadhuis.cases.actions.cosign_texts import NOT_SIGNED, SIGNED, TASKS, THANKS, TOO_LATE
from raadhuis.cases.models import CaseData, CoSignature, Zaak
from raadhuis.cases.queries.resident import earlier_granted
from raadhuis.cases.schema import NewZaak, Signer
from raadhuis.cases.sealed import CASE, COSIGN, case_data
from raadhuis.catalogue import facts
from raadhuis.catalogue.queries import Published
from raadhuis.kernel import clock, privacy
from raadhuis.kernel.actor import SYSTEM, Actor
from raadhuis.kernel.clock import Term
from raadhuis.kernel.db import durable
from raadhuis.kernel.expressions import parse
from raadhuis.kernel.ids import uuid7
from raadhuis.kernel.problems import Absent, Invalid, NotAllowed, NotNow
from raadhuis.rules import queries as rules
from raadhuis.rules.schema import Decision

ASSESS_WITHIN = Term(working_days=5)
# A mail to an address that somebody else typed: not to flood one.
MOST_TIMES = 10
MOST_REASON = 2000


def needs_signature(published: Published, new: NewZaak) -> bool:
    """Whether somebody must sign along. What cannot be determined is taken to hold, as for tasks."""
    use = published.definition.cosign
    if use is None:
        return False
    return not use.when or parse(use.when).truth({**new.registers, **new.answers, **new.facts}) is not False


def wait_for_signature(zaak: Zaak, published: Published, new: NewZaak, actor: Actor) -> str:
    """Asks the second person and lets the case wait, in the caller's transaction; who is asked, "" for nobody."""
    use = published.definition.cosign
    email = str(new.answers.get(use.email) or "") if use else ""
    if use is None or not email or _same(email, new.applicant.email):
        return ""
    name = str(new.answers.get(use.name) or "") if use.name else ""
    ask(zaak, published, actor, email=email, name=name, language=new.applicant.language)
    _suspend(zaak, actor)
    return name or email


def _same(one: str, other: str) -> bool:
    return one.strip().casefold() == other.strip().casefold()


def _suspend(zaak: Zaak, actor: Actor) -> None:
    if not zaak.suspended_since:
        terms.suspend_row(zaak, actor, "cosigner", "Wij wachten op de handtekening van een tweede persoon.")


def _answering(zaak_id: UUID, signer: Signer, code: str) -> tuple[Zaak, CoSignature]:
    """The case and its signature, both locked, for who may answer. Raises Absent, NotAllowed."""
    zaak = lock_zaak(zaak_id)
    row = CoSignature.objects.select_for_update().filter(zaak=zaak).first()
    if row is None or not access.may_cosign(row, code=code, lookup=signer.lookup):
        raise Absent
    if signer.lookup and signer.lookup == zaak.applicant:
        raise NotAllowed(gettext("U vroeg dit zelf aan. Een ander moet mee ondertekenen."))
    if row.level and (not signer.lookup or RANK[signer.level] < RANK[row.level]):
        raise NotAllowed(gettext("Log eerst in. Daarna kunt u ondertekenen."))
    return zaak, row


def _require_asked(row: CoSignature) -> None:
    if row.state == "given":
        raise NotNow(gettext("U hebt al ondertekend."))
    if row.state == "refused":
        raise NotNow(gettext("U liet al weten dat u niet ondertekent."))
    if row.state == "expired":
        raise NotNow(gettext("De tijd om te ondertekenen is voorbij. De aanvrager kan u opnieuw vragen."))
    if row.state != "asked":
        raise NotNow(gettext("U hoeft niet meer te ondertekenen: deze zaak is afgesloten."))


def _answer(row: CoSignature, signer: Signer, state: str) -> tuple[dict[str, Any], Signer]:
    """Keeps who answered; the content, and the signer with what was known of them before."""
    content = content_of(row)
    known = msgspec.structs.replace(signer, email=content["email"], name=signer.name or content["name"])
    row.state, row.answered, row.due, row.signer = state, clock.now(), None, signer.lookup
    row.sealed = privacy.encrypt_json(COSIGN, content | {"signed_as": known.name})
    row.save()
    return content, known


def sign(zaak_id: UUID, actor: Actor, signer: Signer, *, code: str = "") -> None:
    """The second signature: the case goes on as if it had just been submitted. Twice is once.

    `code` is the keyed hash of the code that opened the application. Raises Absent, NotAllowed, NotNow.
    """
    with durable():
        zaak, row = _answering(zaak_id, signer, code)
        if row.state == "given":
            return
        _require_asked(row)
        _, known = _answer(row, signer, "given")
        published = definition_of(zaak)
        roles.note_cosigner(zaak, published, known)
        tell("cosign.given", zaak, actor, data={"level": _level(signer)})
        terms.resume_row(zaak, actor)
        data = case_data(zaak)
        mail_applicant(zaak, data, *SIGNED, names_of(row))
        mail_cosigner(zaak, published, row, *THANKS)
        if not automatic.weigh(zaak, published, _decide_now(zaak, published, data)):
            flow.offer_due_tasks(zaak, published, actor)
        zaak.save()


def _level(signer: Signer) -> str:
    return (signer.level or "low") if signer.lookup else "none"


def _decide_now(zaak: Zaak, published: Published, data: dict[str, Any]) -> Decision | None:
    """What the table says today, on facts of today: a decision looks at how things stand when it is taken."""
    definition = published.definition
    env = {**data.get("registers", {}), **data.get("answers", {})}
    env["earlier_granted"] = earlier_granted(zaak.service, zaak.same_case)
    found = facts.compute_facts(definition, env)
    data["facts"] = found
    CaseData.objects.filter(zaak=zaak).update(sealed=privacy.encrypt_json(CASE, data))
    use = definition.decision
    if use is None or not use.table:
        return None
    return rules.decide(next(t for t in definition.tables if t.id == use.table), found)


def refuse(zaak_id: UUID, actor: Actor, signer: Signer, *, reason: str, code: str = "") -> None:
    """The second person does not sign, and says why: the case comes before a person. Twice is once.

    Raises Absent, NotAllowed, NotNow; Invalid without a reason.
    """
    reason = reason.strip()[:MOST_REASON]
    with durable():
        zaak, row = _answering(zaak_id, signer, code)
        if row.state == "refused":
            return
        _require_asked(row)
        if not reason:
            raise Invalid({"reason": gettext("Schrijf op waarom u niet ondertekent.")})
        _, known = _answer(row, signer, "refused")
        tell("cosign.refused", zaak, actor, data={"level": _level(signer)})
        author = known.name or gettext("Mede-ondertekenaar")
        contact.put(zaak, "internal", author, reason, uuid7().hex)
        _to_a_person(zaak, "cosign-refused", actor)
        mail_applicant(zaak, case_data(zaak), *NOT_SIGNED, names_of(row))
        zaak.save()


def _to_a_person(zaak: Zaak, key: str, actor: Actor) -> None:
    """The time to sign is over, used or not: the term runs again, and somebody looks at the case."""
    terms.resume_row(zaak, actor)
    team = str(case_data(zaak).get("team", "")) or definition_of(zaak).definition.owner
    due = ASSESS_WITHIN.end(clock.today())
    flow.make_task(zaak, actor, key=key, kind="assess", title=TASKS[key], team=team, role="handler", due=due)


def ask_cosigner_again(
    zaak_id: UUID, actor: Actor, *, email: str = "", lookup: str = "", opened: UUID | None = None
) -> None:
    """Sends the mail again; to `email`, when the applicant corrects the address: the earlier code is no use any more.

    Staff ask by their team, the applicant by keyed hash or by the case they opened. Pressed twice in a minute is once.
    Raises Absent, NotAllowed, NotNow, Invalid.
    """
    with durable():
        zaak = lock_for_handler(zaak_id, actor) if actor.kind == "staff" else contact.own(zaak_id, lookup, opened)
        row = CoSignature.objects.select_for_update().filter(zaak=zaak).first()
        if row is None or not access.may_ask_again(zaak, row):
            raise NotNow(gettext("Bij deze zaak hoeft niemand (meer) te ondertekenen."))
        held = content_of(row)["email"]
        email = email.strip() or held
        if _same(email, str(case_data(zaak).get("applicant", {}).get("email", ""))):
            raise Invalid({"email": gettext("Dit is uw eigen adres. Geef het adres van wie mee ondertekent.")})
        pressed_twice = (clock.now() - row.sent).total_seconds() < 60 and row.times > 1
        if row.state == "asked" and _same(email, held) and pressed_twice:
            return
        if row.times >= MOST_TIMES:
            raise NotNow(gettext("Wij hebben deze e-mail al vaak verstuurd. Bel of schrijf ons."))
        for task in zaak.tasks.select_for_update().filter(key__in=TASKS, open=True):
            flow.cancel(zaak, task, actor)
        ask_anew(zaak, definition_of(zaak), row, actor, email=email)
        _suspend(zaak, actor)
        zaak.save()


def tend_signatures(limit: int = 50) -> int:
    """Reminds who was asked half the time ago, and brings before a person what was not signed in time; how many.

    Index: cosignature_due.
    """
    rows = CoSignature.objects.filter(state="asked", due__lte=clock.now()).order_by("due")
    found = list(rows.values_list("zaak_id", flat=True)[:limit])
    for zaak_id in found:
        with durable():
            _tend(zaak_id)
    return len(found)


def _tend(zaak_id: UUID) -> None:
    zaak = lock_zaak(zaak_id)
    row = CoSignature.objects.select_for_update().filter(zaak=zaak, state="asked", due__lte=clock.now()).first()
    if row is None:  # Answered, or tended by another runner, since it was found.
        return
    published = definition_of(zaak)
    if not row.reminded:
        ask_anew(zaak, published, row, SYSTEM, reminder=True)
        return
    row.state, row.due = "expired", None
    row.save()
    tell("cosign.expired", zaak, SYSTEM)
    _to_a_person(zaak, "cosign-expired", SYSTEM)
    mail_applicant(zaak, case_data(zaak), *TOO_LATE, names_of(row))
    zaak.save()
