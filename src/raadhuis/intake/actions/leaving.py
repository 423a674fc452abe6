"""Leaving an application and coming back to it, or giving it up.

Always holds: the link of the mail and the code of the screen are both needed; what is given up keeps no answers and no
references to files; giving up twice is no fault.
"""

import secrets
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext

from raadhuis.cases.answers import long_date
from raadhuis.intake.actions.common import lock, tell
from raadhuis.intake.models import Application
from raadhuis.intake.schema import ResumeLink
from raadhuis.intake.state import Person, reseal, unseal
from raadhuis.journal.actions import append, send
from raadhuis.kernel import clock, ids, privacy, throttle
from raadhuis.kernel.actor import SYSTEM
from raadhuis.kernel.db import durable
from raadhuis.kernel.problems import Absent, Invalid, NotNow
from raadhuis.kernel.texts import Text, fill


def discard(application: UUID, person: Person) -> None:
    """Throws an application away, with its files' references; doing it twice is no fault."""
    with durable():
        row = lock(application, person, must_be_open=False)
        if row.state == "abandoned":
            return
        if row.state != "open":
            raise NotNow(gettext("Deze aanvraag is al ingediend. Er is niets veranderd."))
        _abandon(row, person)


def _abandon(row: Application, person: Person) -> None:
    tell("application.abandoned", row, person, {"page": row.last_page or "none"})
    row.uploads.all().delete()
    row.state, row.sealed, row.resume = "abandoned", b"", ""
    row.save()


LINK = (
    Text("Verder met uw aanvraag", "Go on with your application"),
    Text(
        "U bewaarde een aanvraag bij {gemeente}. Ga verder met deze link:\n{link}\n\nDaar vult u de code in die u "
        "op het scherm zag. Wij bewaren de aanvraag tot en met {datum}.",
        "You saved an application with {gemeente}. Go on with this link:\n{link}\n\nYou also need the code that you "
        "saw on the screen. We keep the application until {datum}.",
    ),
)


def save_for_later(application: UUID, email: str, person: Person, language: str = "nl") -> tuple[ResumeLink, str]:
    """Mails a link to go on with, and returns the code that must be typed there (shown once, never mailed)."""
    secret, code = secrets.token_urlsafe(24), ids.read_aloud_code(6)
    with durable():
        row = lock(application, person)
        state = unseal(row)
        state.identity = state.identity | {"resume_code": privacy.keyed_hash("resume-code", code)}
        reseal(row, state)
        row.resume = privacy.keyed_hash("resume", secret)
        row.changed = clock.now()
        row.save()
        tell("application.saved", row, person)
        until = clock.local(row.changed + timedelta(days=settings.RAADHUIS_DRAFT_DAYS)).date()
        places = {
            "gemeente": settings.RAADHUIS_MUNICIPALITY["name"],
            "datum": long_date(until.isoformat(), language),
            "link": f"{settings.RAADHUIS_URL}/verder/{secret}/",
        }
        send(
            "mail",
            {"to": email, "subject": fill(LINK[0].in_(language), places), "text": fill(LINK[1].in_(language), places)},
            key=f"application:{row.id}",
        )
    return ResumeLink(row.id, email, until), code


def resume(secret: str, code: str, person: Person) -> UUID:
    """The application behind a resume link, for who also has the code. Raises Absent, Invalid, TooMany."""
    throttle.count_attempt("resume", secret, limit=5, seconds=900)
    hashed = privacy.keyed_hash("resume", secret)
    row = Application.objects.filter(resume=hashed, state="open").first() if secret else None
    if row is None or (row.owner and row.owner != person.owner):
        raise Absent
    expected = unseal(row).identity.get("resume_code", "")
    if privacy.keyed_hash("resume-code", ids.normalise_code(code)) != expected:
        raise Invalid({"code": gettext("Deze code hoort niet bij deze link. Kijk de code na.")})
    throttle.reset("resume", secret)
    with durable():
        tell("application.resumed", row, person)
    return row.id


def expire_drafts(limit: int = 200) -> int:
    """Throws away applications that nobody came back to; how many. Their files' references go too."""
    before = clock.now() - timedelta(days=settings.RAADHUIS_DRAFT_DAYS)
    stale = Application.objects.filter(state="open", changed__lt=before).order_by("changed")
    if not stale.exists():
        return 0
    with durable():
        rows = list(stale[:limit])
        for row in rows:
            append(
                "application.abandoned",
                SYSTEM,
                subjects={"application": row.id},
                service=row.service,
                service_version=row.service_version,
                data={"page": row.last_page or "none"},
            )
            row.uploads.all().delete()
            row.state, row.sealed, row.resume = "abandoned", b"", ""
            row.save()
    return len(rows)
