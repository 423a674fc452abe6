"""Asking the second person to sign: the code, the mail, when to remind, when it ends.

Always holds: of the code the database has a keyed hash to look it up by, and else only ciphertext; the mail says what
it is about and nothing of the applicant; a corrected address gets a new code, and the old one opens nothing.
"""

from datetime import datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django.conf import settings

from raadhuis.cases.actions.common import tell
from raadhuis.cases.actions.cosign_texts import ASKED, HELLO, REMINDED
from raadhuis.cases.answers import long_date
from raadhuis.cases.models import CoSignature, Zaak
from raadhuis.cases.sealed import COSIGN, content_of_signature
from raadhuis.catalogue.queries import Published
from raadhuis.journal.actions import recall, send
from raadhuis.kernel import clock, privacy
from raadhuis.kernel.actor import Actor
from raadhuis.kernel.ids import read_aloud_code
from raadhuis.kernel.texts import Text, fill

CODE_LENGTH = 10
content_of = content_of_signature


def cosign_hash(code: str) -> str:
    """The keyed hash of a code, as it is stored."""
    return privacy.keyed_hash("cosign", code)


def ask(zaak: Zaak, published: Published, actor: Actor, *, email: str, name: str, language: str) -> None:
    """Makes the row and sends the mail, in the caller's transaction."""
    use = published.definition.cosign
    assert use is not None  # The caller asks only where the definition does.
    code, moment = read_aloud_code(CODE_LENGTH), clock.now()
    row = CoSignature(zaak=zaak, level=use.level, code=cosign_hash(code), asked=moment, sent=moment)
    content = {"email": email, "name": name, "code": code, "language": language}
    row.sealed = privacy.encrypt_json(COSIGN, content)
    _set_times(row, use.days)
    row.save(force_insert=True)
    _tell_asked(zaak, row, actor)
    mail_cosigner(zaak, published, row, *ASKED)


def ask_anew(
    zaak: Zaak, published: Published, row: CoSignature, actor: Actor, *, email: str = "", reminder: bool = False
) -> None:
    """The same mail once more; to another address with another code, and the time begins anew.

    A reminder changes neither code nor time.
    """
    content, use = content_of(row), published.definition.cosign
    if reminder:
        row.reminded, row.due = True, _end_of(row)
        tell("cosign.reminded", zaak, actor)
    else:
        recall(_key(row))  # A mail that is still waiting is the old one.
        if email.casefold() != content["email"].casefold():
            content |= {"email": email, "name": "", "code": read_aloud_code(CODE_LENGTH)}
        row.code, row.sealed = cosign_hash(content["code"]), privacy.encrypt_json(COSIGN, content)
        row.state, row.times, row.sent, row.reminded = "asked", row.times + 1, clock.now(), False
        row.answered, row.signer = None, ""
        _set_times(row, use.days if use else 14)
        _tell_asked(zaak, row, actor)
    row.save()
    mail_cosigner(zaak, published, row, *(REMINDED if reminder else ASKED))


def _set_times(row: CoSignature, days: int) -> None:
    """A reminder halfway, and an end that no weekend shortens."""
    row.until = clock.next_working_day(clock.today() + timedelta(days=days))
    row.due = clock.now() + timedelta(days=days) / 2


def _end_of(row: CoSignature) -> datetime:
    return datetime.combine(row.until + timedelta(days=1), time(0), clock.AMSTERDAM)


def _tell_asked(zaak: Zaak, row: CoSignature, actor: Actor) -> None:
    told = {"waits_for": "cosigner", "level": row.level or "none", "times": row.times}
    tell("cosign.asked", zaak, actor, data=told)


def _key(row: CoSignature) -> str:
    return f"cosign:{row.zaak_id}:{row.times}"


def names_of(row: CoSignature) -> dict[str, str]:
    """The place `{wie}`: the name, or else the address, of who signs."""
    content = content_of(row)
    return {"wie": content["name"] or content["email"]}


def mail_cosigner(zaak: Zaak, published: Published, row: CoSignature, subject: Text, body: Text) -> None:
    """Puts a mail to the second person in the outbox. Not who asks: the address may be mistyped."""
    content: dict[str, Any] = content_of(row)
    language = content["language"]
    query = urlencode({"nummer": zaak.identificatie, "code": content["code"]})
    places = {
        "groet": fill(HELLO.in_(language), {"naam": content["name"]}) if content["name"] else "",
        "dienst": published.definition.title.in_(language),
        "zaaknummer": zaak.identificatie,
        "code": content["code"],
        "datum": long_date(row.until.isoformat(), language),
        "link": f"{settings.RAADHUIS_URL}/ondertekenen/?{query}",
        "gemeente": settings.RAADHUIS_MUNICIPALITY["name"],
    }
    payload = {
        "to": content["email"],
        "subject": fill(subject.in_(language), places),
        "text": fill(body.in_(language), places),
    }
    send("mail", payload, key=_key(row), zaak=zaak.id)
