"""Another register of cases, asked through its national APIs (ZGW): to take over what it holds.

Comes in: where its APIs are, a client id and a secret. Goes out: decoded JSON, page by page, and files piece by piece.
Always holds: several threads may ask; what fails in passing (429, 5xx, a broken connection, a late answer) is asked
again, ever later, and not before the register said (Retry-After), until the waits are used up; only the bases that were
given are asked, whatever address an answer names: of a link to the next page only its query counts.
"""

import base64
import hashlib
import hmac
import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, TypeVar
from urllib.parse import parse_qs, urlsplit

import msgspec
import orjson

from raadhuis.adapters.errors import AdapterUnavailable
from raadhuis.adapters.http import HttpClient
from raadhuis.kernel import clock
from raadhuis.kernel.problems import Problem

T = TypeVar("T")
Params = Mapping[str, str]
APIS: Final = ("catalogi", "documenten", "zaken", "besluiten")
LISTS: Final = {
    "catalogi": "catalogussen",
    "documenten": "enkelvoudiginformatieobjecten",
    "zaken": "zaken",
    "besluiten": "besluiten",
}
"""By API a list that every register has, to see whether the API is there."""
# Registers in the field take seconds for a page.
SECONDS: Final = 60.0
MAX_ANSWER: Final = 64 * 1024 * 1024
WAITS: Final = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0, 30.0, 30.0)
"""How long to wait before each next try, in seconds: two minutes in all, in which a register is started again."""
_TOKEN_SECONDS: Final = 120.0
MOST_WAIT: Final = 300.0
"""No longer, whatever the register asks for (Retry-After), before each next try."""


class RegisterRefuses(Problem):
    """The other register answers, but not what was asked: no right, no such API, or nothing that can be read."""

    status = 502
    code = "register-refuses"


class Page(msgspec.Struct, frozen=True):
    """A page of a list: its number, its rows, how many there are in all (None: not told), whether there is a next."""

    number: int
    rows: list[dict[str, Any]]
    count: int | None
    more: bool


class Register:
    """A register with these bases by API (`https://town.example/zaken/api/v1`)."""

    def __init__(
        self,
        bases: Mapping[str, str],
        client_id: str,
        secret: str,
        *,
        waits: Sequence[float] = WAITS,
        timeout: float = SECONDS,
    ) -> None:
        self.bases = {api: base.rstrip("/") for api, base in bases.items()}
        self._client_id, self._secret, self._waits = client_id, secret, tuple(waits)
        self._http = {
            api: HttpClient("register", base, timeout=timeout, max_bytes=MAX_ANSWER) for api, base in self.bases.items()
        }
        self._token, self._signed = "", -_TOKEN_SECONDS

    def first_pages(self) -> dict[str, Page]:
        """The first page of a list of each API. Raises RegisterRefuses for an API that is not there, or not for us."""
        found = {}
        for api in APIS:
            name = LISTS[api]
            page = next(self.pages(api, name), None)
            if page is None:
                raise RegisterRefuses(
                    f"There is no API “{api}” at {self.bases[api]}: it has no {name} (404). Is that the right address?"
                )
            found[api] = page
        return found

    def get(self, api: str, path: str, params: Params | None = None) -> Any:
        """The JSON at a path below an API; None for a 404. Raises RegisterRefuses, AdapterUnavailable."""

        def ask() -> tuple[int, bytes]:
            return self._http[api].request(
                "GET", f"/{path}", params=dict(params or {}) or None, headers=self._headers()
            )

        status, body = self._patiently(ask)
        if status == 404:
            return None
        if status != 200:
            raise self._refusal(api, path, status, body)
        try:
            return orjson.loads(body)
        except orjson.JSONDecodeError:
            raise RegisterRefuses(f"{self.bases[api]}/{path} gives an answer that is no JSON.") from None

    def pages(self, api: str, path: str, params: Params | None = None, first: int = 1) -> Iterator[Page]:
        """A list from a page on. One without pages is one page; one that is not there has none."""
        number = first
        while True:
            found = self.get(api, path, {**(params or {}), **({"page": str(number)} if number > 1 else {})})
            if found is None:
                return
            page = self._page(api, path, number, found)
            yield page
            if not page.more:
                return
            number += 1

    def listed(self, api: str, path: str, params: Params | None = None) -> list[dict[str, Any]]:
        """A short list as a whole, with or without pages."""
        return [row for page in self.pages(api, path, params) for row in page.rows]

    def download(self, api: str, path: str, params: Params, begin: Callable[[], Callable[[bytes], object]]) -> bool:
        """A file; False when it is not there. `begin` is called at each try and gives what takes the pieces."""

        def ask() -> int:
            write = begin()
            return self._http[api].download(
                f"/{path}", write, params=dict(params) or None, headers={**self._headers(), "Accept": "*/*"}
            )

        status = self._patiently(ask)
        if status not in {200, 404}:
            raise self._refusal(api, path, status, b"")
        return status == 200

    def _page(self, api: str, path: str, number: int, found: Any) -> Page:
        rows = found.get("results") if isinstance(found, dict) else found
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise RegisterRefuses(f"{self.bases[api]}/{path} gives something else than a list.")
        if not isinstance(found, dict):
            return Page(number, rows, len(rows), more=False)
        count, following = found.get("count"), found.get("next")
        if following and _page_in(str(following)) != number + 1:
            raise RegisterRefuses(f"{self.bases[api]}/{path} names a next page that is not page {number + 1}.")
        return Page(number, rows, count if isinstance(count, int) else None, more=bool(following) and bool(rows))

    def _patiently(self, ask: Callable[[], T]) -> T:
        for wait in self._waits:
            try:
                return ask()
            except AdapterUnavailable as problem:
                if problem.system != "register":  # Our own file store, say.
                    raise
                own = wait * random.uniform(0.8, 1.2)  # noqa: S311 - nothing secret
                time.sleep(max(own, min(problem.asked_to_wait, MOST_WAIT)))
        return ask()

    def _refusal(self, api: str, path: str, status: int, body: bytes) -> RegisterRefuses:
        """Quotes the code of the problem at most: its words could be about a person."""
        try:
            told = orjson.loads(body)
        except orjson.JSONDecodeError:
            told = None
        code = told.get("code") if isinstance(told, dict) else None
        words = f"{self.bases[api]}/{path} answers {status}"
        hints = {401: "Are client id and secret right?", 403: "Has this client id the right to read everything?"}
        if 300 <= status < 400:
            hints[status] = "It redirects; give the address where it leads."
        return RegisterRefuses(f"{words}{f' ({code[:60]})' if isinstance(code, str) else ''}. {hints.get(status, '')}")

    def _headers(self) -> dict[str, str]:
        if time.monotonic() - self._signed > _TOKEN_SECONDS:
            self._token, self._signed = token(self._client_id, self._secret), time.monotonic()
        return {"Authorization": f"Bearer {self._token}", "Accept-Crs": "EPSG:4326"}


def _page_in(url: str) -> int:
    try:
        return int(parse_qs(urlsplit(url).query).get("page", ["0"])[0])
    except ValueError:
        return 0


def token(client_id: str, secret: str) -> str:
    """A token as registers ask it (JWT, HS256)."""
    claims = {
        "iss": client_id,
        "client_id": client_id,
        "iat": int(clock.now().timestamp()),
        "user_id": "raadhuis",
        "user_representation": "Raadhuis",
    }
    signed = b".".join(_encoded(orjson.dumps(part)) for part in ({"alg": "HS256", "typ": "JWT"}, claims))
    return b".".join([signed, _encoded(hmac.digest(secret.encode(), signed, hashlib.sha256))]).decode()


def _encoded(part: bytes) -> bytes:
    return base64.urlsafe_b64encode(part).rstrip(b"=")
