"""Errors as pages for people and as RFC 9457 JSON for machines.

Always holds: rendering an error never fails (a page that cannot be made becomes plain text), and never shows a
traceback, a secret or personal data.
"""

import logging
import sys

import orjson
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext, gettext_noop

from raadhuis.kernel.db import is_passing_failure
from raadhuis.kernel.problems import Absent, NotAllowed, Problem, TooMany, Unavailable
from raadhuis.zgw.urls import api_at

log = logging.getLogger(__name__)


class TooLarge(Problem):
    """More was sent than we take in at once; nothing was kept."""

    status = 413
    code = "too-large"
    title = gettext_noop("Dit is te groot")


class Expired(Problem):
    """The form was shown too long ago, or from another site."""

    status = 403
    code = "expired-form"
    title = gettext_noop("Dit formulier is verlopen")


class Broken(Problem):
    """A fault in our program."""

    status = 500
    code = "broken"
    title = gettext_noop("Er ging iets mis bij ons")


def problem_response(request: HttpRequest, problem: Problem) -> HttpResponse:
    """The page, or JSON when the client asks for it, with Retry-After where trying again helps."""
    if api := api_at(request.path):
        return api.problem(problem)
    if "application/json" in request.headers.get("Accept", ""):
        response = HttpResponse(
            orjson.dumps(problem.as_json()), status=problem.status, content_type="application/problem+json"
        )
    else:
        response = _page(request, problem)
    if isinstance(problem, Unavailable | TooMany):
        response.headers["Retry-After"] = str(problem.retry_after)
    return response


def _page(request: HttpRequest, problem: Problem) -> HttpResponse:
    try:
        return render(request, "error.html", {"problem": problem}, status=problem.status)
    except Exception:
        log.exception("the error page itself failed")
        text = f"{gettext(problem.title)}. {problem.detail}\n"
        return HttpResponse(text, status=problem.status, content_type="text/plain; charset=utf-8")


def too_large(request: HttpRequest) -> HttpResponse:
    """413, before the body is read and before anybody's language is known: in both."""
    if api := api_at(request.path):
        return api.problem(TooLarge("Dit bericht is te groot. Er is niets bewaard."))
    text = (
        "Dit is te groot om te versturen. Er is niets bewaard. Ga terug en kies een kleiner bestand.\n"
        "This is too large to send. Nothing was kept. Go back and choose a smaller file.\n"
    )
    return HttpResponse(text, status=413, content_type="text/plain; charset=utf-8")


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent):
        return problem_response(
            request,
            TooLarge("Er is niets bewaard. Ga terug, en verstuur minder tekst of minder bestanden tegelijk."),
        )
    return problem_response(
        request, Problem(gettext("Wij begrijpen deze vraag niet. Ga terug en probeer het opnieuw."))
    )


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return problem_response(request, NotAllowed())


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return problem_response(
        request,
        Expired(
            gettext(
                "Ga terug, laad de pagina opnieuw en verstuur het formulier nog een keer. "
                "Uw eerdere antwoorden zijn bewaard."
            )
        ),
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return problem_response(request, Absent(gettext("Deze pagina bestaat niet, of is niet van u.")))


def server_error(request: HttpRequest) -> HttpResponse:
    """What no view caught: 503 when database or disk cannot serve now, else 500."""
    error = sys.exc_info()[1]
    if error is not None and is_passing_failure(error):
        return problem_response(request, Unavailable())
    return problem_response(
        request, Broken(gettext("Wij hebben het gezien en kijken ernaar. Uw eerdere antwoorden zijn bewaard."))
    )
