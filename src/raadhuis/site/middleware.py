"""What happens around every request: headers, problems as pages, language, identity.

Always holds: no answer leaves without the security headers; whatever goes wrong gets a sentence and the right status;
a session that was idle too long is empty.
"""

import logging
import time
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers

from raadhuis.kernel.db import is_passing_failure
from raadhuis.kernel.problems import Problem, Unavailable
from raadhuis.site import identity
from raadhuis.site.errors import bad_request, problem_response, too_large

log = logging.getLogger(__name__)
Next = Callable[[HttpRequest], HttpResponseBase]

LANGUAGE_COOKIE = "taal"


def content_security_policy() -> str:
    """No inline script or style anywhere; the map's tiles are the only thing from elsewhere."""
    tiles = settings.RAADHUIS_MAP_TILES
    origin = "/".join(tiles.split("/")[:3]) if tiles.startswith("https://") else ""
    return "; ".join(
        [
            "default-src 'self'",
            "script-src 'self'",
            "style-src 'self'",
            "font-src 'self'",
            f"img-src 'self' data: blob: {origin}".strip(),
            f"connect-src 'self' {origin}".strip(),
            "worker-src 'self'",
            "object-src 'none'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
            f"form-action 'self' {_issuers()}".strip(),
        ]
    )


def _issuers() -> str:
    # A form that posts "log in" is redirected to the identity provider; browsers hold redirects to form-action too.
    urls = (settings.RAADHUIS_ADAPTERS[f"{realm}_issuer"] for realm in ("resident", "business", "staff"))
    return " ".join(sorted({"/".join(url.split("/")[:3]) for url in urls if url}))


def remember_language(response: HttpResponseBase, language: str) -> None:
    """Keeps the visitor's choice for a year."""
    response.set_cookie(
        LANGUAGE_COOKIE, language, max_age=365 * 86400, httponly=True, samesite="Lax", secure=settings.HTTPS
    )


def _is_ours(request: HttpRequest) -> bool:
    """Whether the request names a host of ours (RAADHUIS_HOSTS); a health check comes by number."""
    if request.path == "/gezond/":
        return True
    try:
        request.get_host()
    except DisallowedHost:
        return False
    return True


class Headers:
    """Security headers on every answer; refuses a body that is too large before it is read."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response
        self.fixed = {
            "Content-Security-Policy": content_security_policy(),
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "DENY",
            "Referrer-Policy": "same-origin",
            "Permissions-Policy": "camera=(), microphone=(), payment=(), usb=(), geolocation=(self)",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Cross-Origin-Resource-Policy": "same-origin",
        }
        if settings.HTTPS:
            self.fixed["Strict-Transport-Security"] = f"max-age={settings.SECURE_HSTS_SECONDS}; includeSubDomains"

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not (length.isdecimal() and len(length) < 20) or int(length) > settings.RAADHUIS_MAX_BODY_BYTES:
            response: HttpResponseBase = too_large(request)
        elif not _is_ours(request):
            response = bad_request(request)
        else:
            response = self.get_response(request)
        for name, value in self.fixed.items():
            response.headers.setdefault(name, value)
        if not request.path.startswith(settings.STATIC_URL):
            response.headers.setdefault("Cache-Control", "no-store")
        return response


class Problems:
    """Turns what a view raised into a page (or RFC 9457 JSON) with the right status."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        # No text holds a NUL, and PostgreSQL cannot even look for one.
        if "%00" in request.META.get("QUERY_STRING", ""):
            return bad_request(request)
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Django calls this for what a view raised; None lets Django answer (404, 403 and 400 of its own)."""
        if isinstance(error, Problem):
            return problem_response(request, error)
        if is_passing_failure(error):
            log.warning("passing failure: %s", type(error).__name__)
            return problem_response(request, Unavailable())
        return None


class Language:
    """Dutch unless the visitor chose English (a cookie); never guessed from headers, so that a link reads the same."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        asked = request.GET.get(LANGUAGE_COOKIE, "") if request.method == "GET" else ""
        chosen = asked or request.COOKIES.get(LANGUAGE_COOKIE, "nl")
        language = chosen if chosen in {"nl", "en"} else "nl"
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        if asked == language:
            remember_language(response, language)
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ("Cookie",))
        return response


class Identity:
    """Puts `request.person` (resident side) and `request.actor` (staff, or None) on every request."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        identity.attach(request, int(time.time()))
        return self.get_response(request)
