"""The door of the APIs: every request comes in here, and every answer leaves from here.

In: a request for an operation. Out: JSON with the headers that clients rely on. Always holds: every answer, errors too,
has `API-version`; every error is problem+json; nothing is read or written before the token and its scopes are
known; an unknown parameter is refused rather than passed over.
"""

import hashlib
import logging
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from uuid import UUID, uuid4

import msgspec
import orjson
from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt

from raadhuis.clients.schema import Asker, Client
from raadhuis.kernel.db import is_passing_failure
from raadhuis.kernel.documents import served
from raadhuis.kernel.problems import Absent, Problem, TooMany, Unavailable
from raadhuis.kernel.shapes import Fault, Refused
from raadhuis.zgw.bodies import decoded
from raadhuis.zgw.token import Forbidden, client_of

log = logging.getLogger(__name__)
MOST_BODY_BYTES = 10 * 1024 * 1024
JSON = "application/json"
_CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")


class Asked(msgspec.Struct):
    """A request that came through the door."""

    request: HttpRequest
    client: Client
    claims: dict[str, Any]
    api: "Api"

    @property
    def host(self) -> str:
        """This server's own address, as the client calls it."""
        return f"{self.request.scheme}://{self.request.get_host()}/"

    @property
    def path(self) -> str:
        """The path, below this server's own address."""
        return self.request.path.removeprefix("/")

    @property
    def asker(self) -> Asker:
        """Who asks, and for whom."""

        def said(name: str) -> str:
            value = self.claims.get(name)
            return _CONTROL.sub("", value)[:255] if isinstance(value, str) else ""

        remark = _CONTROL.sub("", self.request.headers.get("X-Audit-Toelichting", ""))[:1000]
        return Asker(client=self.client, user=said("user_id"), user_name=said("user_representation"), remark=remark)

    def require_still(self, body: bytes) -> None:
        """Raises Changed when the client says which document it means (If-Match), and this is not it."""
        meant = self.request.headers.get("If-Match", "")
        if meant and meant.strip() != "*" and etag_of(served(body, self.host)) not in _etags(meant):
            raise Changed("Dit is intussen veranderd. Haal het opnieuw op en probeer het nog eens.")

    @property
    def stream(self) -> Any:
        """What was sent, for whoever reads no more of it than there may be.

        Also when its length was not told (`Transfer-Encoding: chunked`, as several libraries send JSON), which Django
        takes for nothing at all; the server must say that it ends such a body itself.
        """
        told = self.request.META
        if "chunked" in told.get("HTTP_TRANSFER_ENCODING", "").lower() and told.get("wsgi.input_terminated"):
            return told["wsgi.input"]
        return self.request

    def body(self, most: int = MOST_BODY_BYTES) -> dict[str, Any]:
        """The JSON object that was sent, of at most so many bytes. Raises Refused."""
        # Read here: Django's own limit is that of a form, and it would keep what it read.
        raw: bytes = self.stream.read(most + 1)
        if not raw:
            return {}
        if self.request.content_type not in {JSON, "application/merge-patch+json"}:
            raise Unsupported(f"Stuur JSON: {JSON}.")
        if len(raw) > most:
            raise Refused(Fault("nonFieldErrors", "too-large", "Dit bericht is te groot."))
        return decoded(raw)

    def parameters(self, *known: str) -> dict[str, str]:
        """The query by name; a name that comes twice counts as its values with commas. Raises Refused."""
        query = self.request.GET
        strange = sorted(set(query) - set(known))
        if strange:
            words = f"Onbekende query parameters: {', '.join(strange)[:300]}"
            raise Refused(Fault("nonFieldErrors", "unknown-parameters", words))
        return {name: ",".join(query.getlist(name)) for name in query}


class Changed(Problem):
    """The client means a document that is no longer there."""

    status, code, title = 412, "precondition_failed", "Precondition failed."


class Unsupported(Problem):
    """A body of another kind."""

    status, code, title = 415, "unsupported_media_type", "Unsupported media type."


class NoSuchMethod(Problem):
    """This address exists, but not with this method."""

    status, code, title = 405, "method_not_allowed", "Method not allowed."


class Api(msgspec.Struct, frozen=True):
    """One of the six. `prefix` is where it lives; `component` is its name in authorisations."""

    prefix: str
    component: str
    version: str

    def problem(self, problem: Problem) -> HttpResponse:
        """A problem as an answer of this API."""
        response = problem_answer(problem)
        response.headers["API-version"] = self.version
        return response


class Operation(msgspec.Struct, frozen=True):
    """What a method on an address does, and the scopes of which one is needed (none: any known client)."""

    act: Callable[..., HttpResponseBase]
    scopes: tuple[str, ...] = ()
    components: tuple[str, ...] = ()
    """Where the scopes may come from; the API's own component when left out."""
    public: bool = False
    """Whether anybody may ask, without a token."""


NOBODY = Client(
    applicatie=UUID(int=0), client_id="", label="", secret="", everything=False, only_published=True, rights=(), stamp=0
)
"""Who asks without a token, where that may be."""


def doors(api: Api, **operations: Operation) -> Callable[..., HttpResponseBase]:
    """The view of one address: an operation for each method (GET answers HEAD too)."""

    @csrf_exempt
    def view(request: HttpRequest, **places: Any) -> HttpResponseBase:
        try:
            response = _through(api, operations, request, places)
        except Problem as problem:
            return api.problem(problem)
        except Exception as error:
            if not is_passing_failure(error):
                raise
            log.warning("passing failure: %s", type(error).__name__)
            return api.problem(Unavailable())
        response.headers["API-version"] = api.version
        return response

    return view


def nowhere(api: Api) -> Callable[..., HttpResponse]:
    """The view of addresses of an API where there is nothing."""

    @csrf_exempt
    def view(request: HttpRequest, rest: str) -> HttpResponse:
        return api.problem(Absent())

    return view


def _through(
    api: Api, operations: Mapping[str, Operation], request: HttpRequest, places: Mapping[str, Any]
) -> HttpResponseBase:
    method = "GET" if request.method == "HEAD" else request.method or ""
    operation = operations.get(method.lower())
    if operation is None:
        raise NoSuchMethod(f"{method[:20]} kan hier niet.")
    client, claims = (NOBODY, {}) if operation.public else client_of(request.headers.get("Authorization", ""))
    scopes = {scope for one in operation.components or (api.component,) for scope in _has(client, one)}
    if operation.scopes and not client.everything and scopes.isdisjoint(operation.scopes):
        raise Forbidden
    response = operation.act(Asked(request, client, claims, api), **places)
    return _without_content(response) if request.method == "HEAD" else response


def _without_content(response: HttpResponseBase) -> HttpResponse:
    """The answer to HEAD: that to GET, without what it holds."""
    if isinstance(response, HttpResponse):
        response.headers.setdefault("Content-Length", str(len(response.content)))
        response.content = b""
        return response
    if isinstance(response, FileResponse) and response.file_to_stream is not None:
        # Not the answer itself: that would tell Django that the request is over, and the connection would be closed.
        response.file_to_stream.close()
    found = HttpResponse(status=response.status_code)
    for name, value in response.headers.items():
        found.headers[name] = value
    return found


def _has(client: Client, component: str) -> Iterable[str]:
    return (scope for right in client.rights if right.component == component for scope in right.scopes)


def resource(asked: Asked, body: bytes, *, status: int = 200) -> HttpResponse:
    """A stored document as an answer; 304 when the client has it already."""
    content = served(body, asked.host)
    etag = etag_of(content)
    held = _etags(asked.request.headers.get("If-None-Match", ""))
    if status == 200 and not held.isdisjoint({"*", etag}):
        response = HttpResponse(status=304)
    else:
        response = HttpResponse(content, status=status, content_type=JSON)
    response.headers["ETag"] = etag
    return response


def etag_of(content: bytes) -> str:
    """By which a client knows whether what it holds is what is here."""
    return f'"{hashlib.blake2b(content, digest_size=16).hexdigest()}"'


def _etags(header: str) -> set[str]:
    return {one.strip().removeprefix("W/") for one in header.split(",")}


def created(asked: Asked, body: bytes) -> HttpResponse:
    """A document that was made just now, with its address."""
    response = resource(asked, body, status=201)
    response.headers["Location"] = orjson.loads(response.content)["url"]
    return response


def page(asked: Asked, count: int, bodies: Iterable[bytes], *, number: int, size: int = 100) -> HttpResponse:
    """A page of stored documents. Raises Absent for a page that is not there."""
    joined = b",".join(bodies)
    if number > 1 and not joined:
        raise Absent("Ongeldige pagina.")

    def address(wanted: int) -> bytes:
        query = asked.request.GET.copy()
        query["page"] = str(wanted)
        return orjson.dumps(f"{asked.host}{asked.path}?{query.urlencode()}")

    following = address(number + 1) if number * size < count else b"null"
    before = address(number - 1) if number > 1 else b"null"
    content = b'{"count":%d,"next":%s,"previous":%s,"results":[%s]}' % (count, following, before, joined)
    return HttpResponse(served(content, asked.host), content_type=JSON)


def plain(asked: Asked, bodies: Iterable[bytes]) -> HttpResponse:
    """A list that has no pages."""
    return HttpResponse(served(b"[%s]" % b",".join(bodies), asked.host), content_type=JSON)


def page_number(parameters: Mapping[str, str]) -> int:
    """Which page is asked for. Raises Absent for what is none."""
    asked = parameters.get("page", "1")
    if not (asked.isascii() and asked.isdigit() and int(asked[:9]) > 0 and len(asked) < 9):
        raise Absent("Ongeldige pagina.")
    return int(asked)


def problem_answer(problem: Problem) -> HttpResponse:
    """A problem as these APIs say it."""
    code = {"absent": "not_found", "not-allowed": "permission_denied", "not-now": "conflict"}.get(
        problem.code, problem.code
    )
    title = {"absent": "Niet gevonden."}.get(problem.code, gettext(problem.title))
    told: dict[str, Any] = {
        "type": f"{settings.RAADHUIS_URL}/ref/fouten/{type(problem).__name__}/",
        "code": code,
        "title": title,
        "status": problem.status,
        "detail": problem.detail,
        "instance": f"urn:uuid:{uuid4()}",
    }
    if isinstance(problem, Refused):
        told["invalidParams"] = [msgspec.to_builtins(fault) for fault in problem.faults]
    response = HttpResponse(orjson.dumps(told), status=problem.status, content_type="application/problem+json")
    if isinstance(problem, TooMany | Unavailable):
        response.headers["Retry-After"] = str(problem.retry_after)
    return response
