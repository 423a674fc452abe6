"""Addresses of other registers in a body: zrc-010 and zrc-011, against a server on loopback."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import orjson
import pytest

from raadhuis.adapters import elsewhere
from zgw.clients import Application, codes
from zgw.register import CASES, Register

CHANNEL = {"naam": "E-mail", "omschrijving": "Per e-mail"}


@pytest.fixture
def other(settings: Any) -> Iterator[str]:
    """The address of another register: /kanaal is a channel, /iets is something else, /weg sends on."""
    answers: dict[str, Any] = {"/kanaal": CHANNEL, "/iets": {"wat": "anders"}, "/lijst": [1]}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = answers.get(self.path)
            body = orjson.dumps(found | {"url": f"{address}{self.path}"} if isinstance(found, dict) else found)
            self.send_response(302 if self.path == "/weg" else 200 if found is not None else 404)
            if self.path == "/weg":
                self.send_header("Location", "/kanaal")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}"
    settings.RAADHUIS_ELSEWHERE = [f"{address}/"]
    elsewhere.forget_known()
    yield address
    server.shutdown()


def test_zrc_010_a_channel_is_a_channel(app: Application, other: str) -> None:
    register = Register(app)
    zaak = register.zaak(communicatiekanaal=f"{other}/kanaal")
    assert (zaak["communicatiekanaal"], zaak["communicatiekanaalNaam"]) == (f"{other}/kanaal", "E-mail")
    for path, code in (
        ("/niets", "bad-url"),
        ("/weg", "bad-url"),
        ("/lijst", "bad-url"),
        ("/iets", "invalid-resource"),
    ):
        assert codes(register.zaak(400, communicatiekanaal=f"{other}{path}")) == {"communicatiekanaal": code}, path


def test_zrc_011_other_cases_are_there(app: Application, other: str) -> None:
    register = Register(app)
    here = register.zaak()["url"]

    def related(*urls: str) -> list[dict[str, str]]:
        return [{"url": url, "aardRelatie": "onderwerp"} for url in urls]

    zaak = register.zaak(relevanteAndereZaken=related(here, f"{other}/iets"))
    assert [one["url"] for one in zaak["relevanteAndereZaken"]] == [here, f"{other}/iets"]
    gone = f"{here[:-12]}000000000000"
    assert codes(register.zaak(400, relevanteAndereZaken=related(gone))) == {"relevanteAndereZaken.0.url": "bad-url"}
    assert codes(register.zaak(400, relevanteAndereZaken=related(here, f"{other}/niets"))) == {
        "relevanteAndereZaken.1.url": "bad-url"
    }


def test_only_what_an_administrator_allowed_is_asked(app: Application, other: str, settings: Any) -> None:
    register = Register(app)
    settings.RAADHUIS_ELSEWHERE = [f"{other}/objecten/"]
    for url in (f"{other}/iets", f"{other}/objecten/../iets", f"{other.replace('//', '//x@')}/objecten/1"):
        body = {"zaak": register.zaak()["url"], "objectType": "overige", "objectTypeOverige": "boom", "object": url}
        assert codes(app.post(f"{CASES}/zaakobjecten", body, 400)) == {"object": "bad-url"}, url
