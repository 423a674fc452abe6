"""People who apply, over HTTP, without scripts, and who press again when no answer comes.

In: the address of a server that may die at any moment. Out: what was acknowledged to them, in full, in a list.
Always holds: a step is sent again until it is answered; an application counts as acknowledged from the moment that its
303 to the receipt came in, and its number is read from the receipt afterwards.
"""

import http.client
import itertools
import random
import re
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02\x00\x00\x00\x90wS\xde"
    b"\x00\x00\x00\x0cIDATx\x9cc\xf8\xcf\xc0\x00\x00\x03\x01\x01\x00\xc9\xfe\x92\xef\x00\x00\x00\x00IEND\xaeB`\x82"
)
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
_NUMBER = re.compile(r'rh-receipt__number">([^<]+)<')
_numbers = itertools.count(1)


class Lost(Exception):
    """No answer came: nobody knows whether the server took it in."""


class Fault(Exception):
    """An answer that should never come."""


@dataclass
class Answer:
    """What came back."""

    status: int
    location: str
    text: str
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Tally:
    """What all clients saw. `acknowledged` maps an intent's mark (an e-mail address) to (application, number)."""

    acknowledged: dict[str, tuple[str, str]] = field(default_factory=dict)
    sent_again: int = 0
    refused: int = 0
    """Answers 503: nothing was taken in, the client was told when to come back."""
    faults: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)


class Browser:
    """One connection, its cookies, and one form token."""

    def __init__(self, port: int) -> None:
        self._port, self._cookies = port, dict[str, str]()
        self._connection: http.client.HTTPConnection | None = None
        self.token, self.patience = "", 20.0
        self.move()

    def move(self) -> None:
        """To another address: one client stands for many people, and the limits are per address."""
        self.address = f"10.{random.randrange(256)}.{random.randrange(256)}.{random.randrange(256)}"

    def ask(
        self, method: str, path: str, form: Mapping[str, str] | None = None, files: Mapping[str, bytes] | None = None
    ) -> Answer:
        """One request. Raises Lost."""
        headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in self._cookies.items()), "X-Forwarded-For": self.address}
        body: bytes | None = None
        if form is not None:
            headers["Content-Type"], body = _encode({**form, "csrfmiddlewaretoken": self.token}, files or {})
        try:
            if self._connection is None:
                self._connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=self.patience)
            self._connection.request(method, path, body, headers)
            response = self._connection.getresponse()
            text = response.read().decode("utf-8", "replace")
        except (OSError, http.client.HTTPException) as error:
            self.close()
            raise Lost from error
        for cookie in response.headers.get_all("Set-Cookie") or []:
            self._cookies |= {name: morsel.value for name, morsel in SimpleCookie(cookie).items()}
        if found := _TOKEN.search(text):
            self.token = found[1]
        return Answer(
            response.status,
            response.headers.get("Location", ""),
            text,
            {k.lower(): v for k, v in response.headers.items()},
        )

    def close(self) -> None:
        """Drops the connection."""
        if self._connection is not None:
            self._connection.close()
        self._connection = None


def _encode(form: Mapping[str, str], files: Mapping[str, bytes]) -> tuple[str, bytes]:
    if not files:
        return "application/x-www-form-urlencoded", urlencode(form).encode()
    boundary = uuid4().hex
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n'.encode() for k, v in form.items()
    ]
    for name, content in files.items():
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"; filename="foto.png"\r\n'
        parts.append(f"{head}Content-Type: image/png\r\n\r\n".encode() + content + b"\r\n")
    return f"multipart/form-data; boundary={boundary}", b"".join(parts) + f"--{boundary}--\r\n".encode()


class Applicant(threading.Thread):
    """Applies again and again until `stop` is set; finishes what it began. With `resident`, logged in, for a permit."""

    def __init__(self, port: int, tally: Tally, stop: threading.Event, resident: str = "") -> None:
        super().__init__(daemon=True)
        self._port, self._tally, self._ended, self._resident = port, tally, stop, resident
        self._browser = Browser(port)

    def run(self) -> None:
        """Until told to stop."""
        while not self._ended.is_set():
            mark = f"crash-{next(_numbers)}@voorbeeld.example"
            try:
                if self._resident:
                    self._permit(mark)
                else:
                    self._report(mark)
            except Fault as fault:
                with self._tally.lock:
                    self._tally.faults.append(f"{mark}: {fault}")
            except Exception as error:  # A fault in a client must be seen, not end in a silent thread.
                with self._tally.lock:
                    self._tally.faults.append(f"{mark}: {type(error).__name__}: {error}")
        self._browser.close()

    def _insist(self, step: Callable[[], Answer], *expected: int) -> Answer:
        """Sends a step until it is answered with an expected status. Raises Fault for any other answer."""
        for _ in range(2000):
            try:
                answer = step()
            except Lost:
                with self._tally.lock:
                    self._tally.sent_again += 1
                time.sleep(random.uniform(0.02, 0.1))
                continue
            if answer.status == 503:
                with self._tally.lock:
                    self._tally.refused += 1
                time.sleep(random.uniform(0.1, 0.3))
                continue
            if answer.status not in expected:
                raise Fault(f"status {answer.status} {answer.location}: {_words(answer.text)}")
            return answer
        raise Fault("no answer in 2,000 attempts")

    def _get(self, path: str, *expected: int) -> Answer:
        return self._insist(lambda: self._browser.ask("GET", path), *(expected or (200,)))

    def _post(self, path: str, form: Mapping[str, str], files: Mapping[str, bytes] | None = None) -> Answer:
        return self._insist(lambda: self._browser.ask("POST", path, form, files), 303)

    def _report(self, mark: str) -> None:
        if not self._browser.token or random.random() < 0.1:  # Now and then a new person comes along.
            self._browser.close()
            self._browser = Browser(self._port)
            self._get("/diensten/melding-openbare-ruimte/")
        self._browser.move()
        place = self._post("/diensten/melding-openbare-ruimte/begin/", {}).location
        photo = {"foto": PNG} if random.random() < 0.25 else {}
        self._post(f"{place}vraag/wat/", {"categorie": "weg"})
        self._post(f"{place}vraag/waar/", {"plek.lat": "52.1017", "plek.lon": "5.099", "plek.description": "Op straat"})
        if photo:  # Adding a file shows the page again.
            words = {"gevaar": "no", "omschrijving": "Er ligt een tegel los.", "upload:foto": "1"}
            self._insist(lambda: self._browser.ask("POST", f"{place}vraag/hoe/", words, photo), 200)
        self._post(f"{place}vraag/hoe/", {"gevaar": "no", "omschrijving": "Er ligt een tegel los."})
        self._post(f"{place}vraag/contact/", {"email": mark})
        self._submit(place, mark)

    def _permit(self, mark: str) -> None:
        if not self._browser.token:
            self._log_in()
        self._browser.move()
        begun = self._insist(lambda: self._browser.ask("POST", "/diensten/parkeervergunning/begin/", {}), 303, 302)
        if begun.location.startswith("/inloggen/"):
            self._browser.token = ""
            return
        place, start = begun.location, date.today() + timedelta(days=7)
        number = next(_numbers)
        plate = f"{'BDFGHJKLNP'[number // 900 % 10]}-{number % 900 + 100}-RT"
        self._post(f"{place}vraag/auto/", {"kenteken": plate})
        self._post(f"{place}vraag/eigenaar/", {"eigenaar": "eigen"})
        day = {"day": str(start.day), "month": str(start.month), "year": str(start.year)}
        self._post(f"{place}vraag/start/", {f"ingangsdatum.{k}": v for k, v in day.items()})
        self._post(f"{place}vraag/contact/", {"email": mark})
        self._submit(place, mark)

    def _submit(self, place: str, mark: str) -> None:
        acknowledged = self._post(f"{place}overzicht/", {})
        if not acknowledged.location.endswith("/klaar/"):
            raise Fault(f"submission leads to {acknowledged.location}")
        application = place.split("/")[2]
        with self._tally.lock:
            self._tally.acknowledged[mark] = (application, "")
        if random.random() < 0.2:  # Pressed twice.
            self._post(f"{place}overzicht/", {})
        number = _NUMBER.search(self._get(f"{place}klaar/").text)
        if not number:
            raise Fault("a receipt without a number")
        with self._tally.lock:
            self._tally.acknowledged[mark] = (application, number[1])

    def _log_in(self) -> None:
        """Through the provider, as a browser does; again from the start when the server dies in between."""
        while not self._ended.is_set():
            self._browser = Browser(self._port)
            away = self._get("/inloggen/resident/?niveau=substantial&verder=/", 302).location
            target = urlsplit(away)
            provider = http.client.HTTPConnection(target.netloc, timeout=20)
            provider.request("GET", f"{target.path}?{target.query}&login_hint={self._resident}")
            back = urlsplit(provider.getresponse().headers["Location"])
            provider.close()
            try:
                answer = self._browser.ask("GET", f"{back.path}?{back.query}")
            except Lost:
                continue
            if answer.status == 302:
                self._get("/diensten/parkeervergunning/")
                return
            time.sleep(0.2)


def _words(text: str) -> str:
    start = text.find("data-error-summary")
    return re.sub(r"<[^>]*>|\s+", " ", text[max(start, 0) :])[:400]
