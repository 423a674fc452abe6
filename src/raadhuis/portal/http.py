"""What the portal's views share: the person, the language, HTMX.

Always holds: the site's middleware put a Person on the request; a view that needs a pseudonym asks for it here.
"""

from typing import Protocol, cast
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from raadhuis.intake.state import Person


class Sessions(Protocol):
    """What the portal needs of the site's sessions; set once, by the site (`portal.http.sessions`)."""

    def for_anonymous(self, request: HttpRequest) -> Person: ...
    def remember_application(self, request: HttpRequest, application: UUID) -> None: ...
    def remember_opened(self, request: HttpRequest, zaak: UUID) -> None: ...
    def opened(self, request: HttpRequest) -> UUID | None: ...
    def remember_code(self, request: HttpRequest, zaak: UUID, code: str) -> None: ...
    def code_for(self, request: HttpRequest, zaak: UUID) -> str: ...
    def client_address(self, request: HttpRequest) -> str: ...


class _Holder:
    sessions: Sessions | None = None


_holder = _Holder()


def use_sessions(sessions: Sessions) -> None:
    """The site says, at start, how sessions are kept; the portal stands on a lower floor and cannot import it."""
    _holder.sessions = sessions


def sessions() -> Sessions:
    """The site's sessions."""
    if _holder.sessions is None:
        raise RuntimeError("the site has not said how sessions are kept")
    return _holder.sessions


def person_of(request: HttpRequest) -> Person:
    """Who is asking."""
    return cast(Person, request.person)  # type: ignore[attr-defined]


def typed(request: HttpRequest, name: str) -> str:
    """One value of a submitted form, without NUL, which PostgreSQL refuses."""
    return str(request.POST.get(name, "")).replace("\x00", "")


def see_other(name: str, *args: object) -> HttpResponse:
    """303 to a named page: after a POST, so that going back or reloading sends nothing twice."""
    response = HttpResponseRedirect(reverse(name, args=args))
    response.status_code = 303
    return response


def to_login(request: HttpRequest, realm: str, level: str = "", then: str = "") -> HttpResponse:
    """To the log-in of `realm`, and back to this page (or to `then`)."""
    query = {"verder": then or request.get_full_path()} | ({"niveau": level} if level else {})
    return HttpResponseRedirect(f"{reverse('login', args=[realm])}?{urlencode(query)}")
