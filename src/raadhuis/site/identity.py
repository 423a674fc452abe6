"""Who is asking: the session, read into a Person (resident side) and an Actor (staff).

In: a Django session. Out: `request.person`, `request.actor`. Always holds: identifying numbers in a session are
encrypted; a session that was idle too long, or is older than 12 hours, is emptied before anybody looks at it.
"""

import base64
from typing import Any, Literal, cast
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase, UpdateError
from django.db import DatabaseError
from django.http import HttpRequest

from raadhuis.adapters.identity import Identity
from raadhuis.cases.actions import applicant_hash, register_staff
from raadhuis.intake.state import Person
from raadhuis.journal.actions import append
from raadhuis.kernel import privacy
from raadhuis.kernel.actor import Actor, Role
from raadhuis.kernel.db import durable, is_passing_failure, patience

KEY = "identity"
_HINT = "id-token"
APPLICATIONS = "applications"
OPENED = "opened"
SIGNING = "signing"
ANONYMOUS = "anonymous"
MOST_APPLICATIONS = 20
# The session's "last seen" is written at most once a minute: a write a request would cost more than the request.
SEEN_STEP = 60


def attach(request: Any, now: int) -> None:
    """Reads the session; sets `request.person` and `request.actor`."""
    request.person = Person(kind="anonymous", pseudonym="")
    request.actor = None
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return
    session = request.session
    held = session.get(KEY)
    if held and _too_old(held, now):
        session.flush()
        request.session_ended = True
        return
    applications = frozenset(UUID(text) for text in session.get(APPLICATIONS, []))
    if held:
        if now - held["seen"] >= SEEN_STEP:
            _note_seen(session, held | {"seen": now})
        _restore(request, held, applications)
    else:
        request.person = Person(
            kind="anonymous",
            pseudonym=session.get(ANONYMOUS, ""),
            applications=applications,
            language=getattr(request, "LANGUAGE_CODE", "nl"),
        )


def _note_seen(session: SessionBase, held: dict[str, object]) -> None:
    """Writes when somebody was last seen. A database that cannot write now is no reason to refuse a page."""
    changed = session.modified
    session[KEY] = held
    try:
        with patience(0.25):
            session.save()
    except UpdateError:  # Logged out elsewhere while this request came in.
        return
    except DatabaseError as error:
        if not is_passing_failure(error):
            raise
    session.modified = changed


def _too_old(held: dict[str, object], now: int) -> bool:
    idle = settings.RAADHUIS_STAFF_IDLE_SECONDS if held["realm"] == "staff" else settings.RAADHUIS_RESIDENT_IDLE_SECONDS
    return now - int(str(held["seen"])) > idle or now - int(str(held["since"])) > settings.SESSION_COOKIE_AGE


def _restore(request: Any, held: dict[str, object], applications: frozenset[UUID]) -> None:
    who = privacy.decrypt_json("session", base64.b64decode(str(held["sealed"])))
    if held["realm"] == "staff":
        request.actor = Actor(
            kind="staff",
            pseudonym=who["pseudonym"],
            channel="desk",
            name=who["name"],
            roles=frozenset(Role(r) for r in who["roles"]),
            teams=frozenset(who["teams"]),
        )
        return
    request.person = Person(
        kind=who["kind"],
        pseudonym=who["pseudonym"],
        owner=who["owner"],
        bsn=who["bsn"],
        kvk=who["kvk"],
        name=who["name"],
        email=who["email"],
        level=who["level"],
        applications=applications,
        language=getattr(request, "LANGUAGE_CODE", "nl"),
    )


def log_in(request: HttpRequest, found: Identity, now: int) -> None:
    """Starts a session for who the provider says this is; the session key changes (against fixation)."""
    kept, signing = request.session.get(APPLICATIONS, []), request.session.get(SIGNING)
    request.session.flush()
    if found.realm == "staff":
        pseudonym = privacy.pseudonym_for("staff", found.subject)
        roles = [r for r in found.roles if r in set(Role)]
        who: dict[str, object] = {
            "pseudonym": pseudonym,
            "name": found.name,
            "roles": roles,
            "teams": list(found.teams),
        }
        register_staff(
            Actor(
                kind="staff",
                pseudonym=pseudonym,
                channel="desk",
                name=found.name,
                roles=frozenset(Role(r) for r in roles),
                teams=frozenset(found.teams),
            ),
            found.email or "",
        )
    else:
        who = _resident(found)
        request.session[APPLICATIONS] = kept
        if signing:  # Number and code came first; logging in is the second step.
            request.session[SIGNING] = signing
    sealed = base64.b64encode(privacy.encrypt_json("session", who)).decode()
    request.session[KEY] = {
        "realm": found.realm,
        "sealed": sealed,
        "since": now,
        "seen": now,
        # It names who logged in, number and all (a broker of DigiD puts the BSN in it).
        "id_token": base64.b64encode(privacy.encrypt(_HINT, found.id_token.encode())).decode(),
    }


def _resident(found: Identity) -> dict[str, object]:
    kind: Literal["business", "resident"] = "business" if found.kvk else "resident"
    number = found.kvk or found.bsn or ""
    pseudonym = privacy.pseudonym_for("kvk" if found.kvk else "bsn", number)
    with durable():
        append(
            "identity.logged_in",
            Actor(kind=kind, pseudonym=pseudonym),
            data={"realm": found.realm, "level": found.level or "low"},
        )
    return {
        "kind": kind,
        "pseudonym": pseudonym,
        "owner": applicant_hash(found.bsn or "", found.kvk or ""),
        "bsn": found.bsn or "",
        "kvk": found.kvk or "",
        "name": found.name or "",
        "email": found.email or "",
        "level": found.level or "low",
    }


def who_asks(request: Any) -> Actor | None:
    """Who is logged in, as the journal knows them; None for nobody."""
    if request.actor is not None:
        return cast(Actor, request.actor)
    person: Person = request.person
    if not person.owner:
        return None
    kind: Literal["business", "resident"] = "business" if person.kvk else "resident"
    return Actor(kind=kind, pseudonym=person.pseudonym)


def log_out(request: HttpRequest) -> tuple[str, str]:
    """Ends the session; (realm, id token) for the provider's own log-out."""
    held = request.session.get(KEY) or {}
    request.session.flush()
    try:
        token = privacy.decrypt(_HINT, base64.b64decode(str(held.get("id_token", "")))).decode()
    except (privacy.Unreadable, ValueError):  # Nobody was logged in, or the session is of before a change of secret.
        token = ""
    return str(held.get("realm", "")), token


def for_anonymous(request: Any) -> Person:
    """The person of this browser, with a pseudonym of its own when there was none yet."""
    person: Person = request.person
    if person.pseudonym:
        return person
    pseudonym: str = request.session.get(ANONYMOUS) or uuid4().hex
    request.session[ANONYMOUS] = pseudonym
    person = Person(kind="anonymous", pseudonym=pseudonym, applications=person.applications, language=person.language)
    request.person = person
    return person


def remember_application(request: HttpRequest, application: UUID) -> None:
    """This browser may go on with this application."""
    held = [text for text in request.session.get(APPLICATIONS, []) if text != str(application)]
    request.session[APPLICATIONS] = [*held, str(application)][-MOST_APPLICATIONS:]


def remember_opened(request: HttpRequest, zaak: UUID) -> None:
    """This browser opened this case with number and code."""
    request.session[OPENED] = str(zaak)


def opened(request: HttpRequest) -> UUID | None:
    """The case that this browser opened with number and code."""
    found = request.session.get(OPENED) if settings.SESSION_COOKIE_NAME in request.COOKIES else None
    return UUID(found) if found else None


def remember_code(request: HttpRequest, zaak: UUID, code: str) -> None:
    """This browser opened this case to sign it, with this code (as keyed hash)."""
    request.session[SIGNING] = [str(zaak), code]


def code_for(request: HttpRequest, zaak: UUID) -> str:
    """The code (as keyed hash) with which this browser opened this case; "" when it did not."""
    held = request.session.get(SIGNING) if settings.SESSION_COOKIE_NAME in request.COOKIES else None
    return str(held[1]) if held and held[0] == str(zaak) else ""
