"""What the desk's views share: the member of staff, forms that come back with what was typed, redirects that say so.

Always holds: who is not logged in as staff goes to the log-in; a POST ends in a 303, or in the same page with what was
typed still in it and a sentence (422 when something must be filled in, 409 when a colleague was first).
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from raadhuis.kernel.actor import Actor
from raadhuis.kernel.problems import Invalid, NotNow

Rest = ParamSpec("Rest")
View = Callable[Concatenate[HttpRequest, Rest], HttpResponseBase]


def staff_view(*methods: str) -> Callable[[View[Rest]], View[Rest]]:
    """A view for staff only, for these methods (GET when none is named)."""

    def wrap(view: View[Rest]) -> View[Rest]:
        @wraps(view)
        def inner(request: HttpRequest, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponseBase:
            if getattr(request, "actor", None) is None:
                then = request.get_full_path() if request.method == "GET" else reverse("desk_queue")
                return HttpResponseRedirect(f"{reverse('login', args=['staff'])}?{urlencode({'verder': then})}")
            return view(request, *args, **kwargs)

        allowed = list(methods or ("GET",))
        allowed += ["HEAD"] if "GET" in allowed else []
        return cast(View[Rest], require_http_methods(allowed)(inner))

    return wrap


def actor_of(request: HttpRequest) -> Actor:
    """The member of staff."""
    return cast(Actor, request.actor)  # type: ignore[attr-defined]


def text_of(request: HttpRequest, name: str) -> str:
    """One value of a submitted form, without NUL."""
    return str(request.POST.get(name, "")).replace("\x00", "")


def revision_of(request: HttpRequest) -> int | None:
    """Which revision the page showed."""
    text = text_of(request, "revision")
    return int(text) if text.isdecimal() and len(text) < 9 else None


def see_other(name: str, *args: object, done: str = "") -> HttpResponse:
    """303 to a named page; `done` is a key of DONE, whose sentence that page shows."""
    query = f"?{urlencode({'gedaan': done})}" if done else ""
    response = HttpResponseRedirect(reverse(name, args=args) + query)
    response.status_code = 303
    return response


def attempt(
    action: Callable[[], object], done: Callable[[], HttpResponse], again: Callable[[dict[str, Any], int], HttpResponse]
) -> HttpResponse:
    """Does `action`; then `done`, or `again` with the problems by field ("" for the whole page) and the status."""
    try:
        action()
    except Invalid as error:
        return again(dict(error.fields), error.status)
    except NotNow as error:
        return again({"": error.detail}, error.status)
    return done()
