"""Logging in and out through the identity provider, for residents, businesses and staff.

Always holds: the same code path in the demo and in production; where to go afterwards is a path on this site;
staff without a second factor do not get in; attempts are throttled.
"""

import logging
import time

import msgspec
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from raadhuis.adapters.identity import LoginFailed, LoginRequest, begin, finish, logout_url
from raadhuis.adapters.identity.levels import RANK
from raadhuis.intake.registers import adapters
from raadhuis.journal.actions import append
from raadhuis.kernel import throttle
from raadhuis.kernel.actor import SYSTEM
from raadhuis.kernel.db import durable
from raadhuis.kernel.problems import Absent, NotAllowed
from raadhuis.site import identity

log = logging.getLogger(__name__)
PENDING = "login"
LIFE_SECONDS = 600
ATTEMPTS, WINDOW = 10, 300


def safe_next(target: str, fallback: str = "/") -> str:
    """`target` when it is a path on this site, else `fallback`."""
    fine = target.startswith("/") and url_has_allowed_host_and_scheme(target, allowed_hosts=None)
    return target if fine and len(target) < 500 else fallback


def _callback() -> str:
    return str(settings.RAADHUIS_URL) + reverse("login_done")


def client_address(request: HttpRequest) -> str:
    """The address that attempts are counted by; behind a proxy, the last one that it added."""
    if settings.SECURE_PROXY_SSL_HEADER:
        forwarded = request.headers.get("X-Forwarded-For", "").split(",")
        if forwarded[-1].strip():
            return forwarded[-1].strip()
    return str(request.META.get("REMOTE_ADDR", ""))


@require_http_methods(["GET", "HEAD", "POST"])
def login(request: HttpRequest, realm: str) -> HttpResponse:
    """Sends the browser to the provider of `realm` ("resident", "business", "staff")."""
    provider, level = adapters().identity.get(realm), request.GET.get("niveau", "")
    if provider is None or level not in RANK:
        raise Absent
    if realm == "staff":
        throttle.count_attempt("staff-login", client_address(request), limit=ATTEMPTS, seconds=WINDOW)
    started = begin(provider, _callback(), required_level=level)
    request.session[PENDING] = {
        "realm": realm,
        "request": msgspec.to_builtins(started),
        "at": int(time.time()),
        "next": safe_next(request.GET.get("verder", ""), "/werk/" if realm == "staff" else "/mijn/zaken/"),
    }
    return HttpResponseRedirect(started.url)


@require_safe
def login_done(request: HttpRequest) -> HttpResponse:
    """Where the provider sends the browser back to."""
    pending = request.session.pop(PENDING, None)
    if not pending or int(time.time()) - pending["at"] > LIFE_SECONDS:
        return _refused(request, "expired", pending["realm"] if pending else "resident")
    realm = pending["realm"]
    try:
        found = finish(
            adapters().identity[realm],
            msgspec.convert(pending["request"], LoginRequest),
            request.GET.dict(),
            _callback(),
        )
    except LoginFailed as error:
        return _refused(request, error.reason, realm, pending["request"].get("required_level", ""))
    if realm == "staff" and not found.second_factor:
        return _refused(request, "no-second-factor", realm)
    if realm == "staff":
        throttle.reset("staff-login", client_address(request))
    identity.log_in(request, found, int(time.time()))
    return HttpResponseRedirect(safe_next(pending["next"]))


def _refused(request: HttpRequest, reason: str, realm: str, level: str = "") -> HttpResponse:
    with durable():
        append("identity.refused", SYSTEM, data={"realm": realm, "reason": reason})
    if reason == "no-second-factor":
        raise NotAllowed(
            gettext("U logde in zonder tweede stap. Gebruik ook uw code of sleutel en probeer het opnieuw.")
        )
    context = {"realm": realm, "reason": reason, "level": level}
    return render(request, "login_failed.html", context, status=403)


@require_http_methods(["POST"])
def logout(request: HttpRequest) -> HttpResponse:
    """Ends the session here and at the provider."""
    who = identity.who_asks(request)
    if who is not None:
        with durable():
            append("identity.logged_out", who, data={"realm": "staff" if who.kind == "staff" else who.kind})
    realm, token = identity.log_out(request)
    provider = adapters().identity.get(realm)
    target = logout_url(provider, token, settings.RAADHUIS_URL + "/") if provider and token else ""
    return HttpResponseRedirect(target or "/")
