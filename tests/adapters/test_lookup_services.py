"""Look-ups: the client against the stand-in over HTTP, against servers that behave badly, and against bad questions."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest

from adapters.servers import HTTP, badly, serving
from adapters.test_process import bare
from raadhuis.adapters.config import from_settings
from raadhuis.adapters.errors import AdapterUnavailable
from raadhuis.adapters.lookups import BadPath, HttpLookups, UnknownService, fill_path
from raadhuis.adapters.lookups.client import RESTS_AFTER
from raadhuis.adapters.lookups.standin import EXAMPLE, rules_of
from raadhuis.adapters.standins.web import App, Request, Response, json_response
from raadhuis.site import environment
from raadhuis.site.environment import BadSetting

RULES = [
    {"service": "bomen", "path": "boom/*/staat", "query": {"taal": "nl"}, "answer": {"staat": "gezond"}},
    {"service": "bomen", "path": "boom", "method": "post", "body": {"waar": {"lat": 52.5}}, "answer": [1, 2]},
    {"service": "bomen", "path": "boom", "method": "post", "query": {"ids": ["a"]}, "answer": "alleen a"},
    {"service": "bomen", "path": "kapot", "status": 500, "answer": None},
    {"service": "bomen", "path": "verboden", "status": 403, "answer": {"naam": "Jansen"}},
    {"service": "bomen", "path": "gemaakt", "method": "post", "status": 201, "answer": {"id": 7}},
]


@pytest.fixture(scope="module")
def process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The stand-ins as a process of their own, with rules of this test; the address of the service `bomen`."""
    rules = tmp_path_factory.mktemp("rules") / "rules.json"
    rules.write_bytes(orjson.dumps(RULES))
    command = [sys.executable, "-m", "raadhuis.adapters.standins", "--web-port", "0", "--smtp-port", "0"]
    running = subprocess.Popen([*command, "--lookups", str(rules)], env=bare(), stdout=subprocess.PIPE, text=True)
    assert running.stdout
    yield running.stdout.readline().split()[0] + "/diensten/bomen"
    running.terminate()
    assert running.wait(10) == 0
    running.stdout.close()


@pytest.fixture
def trees(process: str) -> HttpLookups:
    return HttpLookups({"bomen": {"url": process}})


def reason(client: HttpLookups, path: str = "/x", query: Any = None, body: Any = None, within: float = 2.0) -> str:
    """Why a question got no answer."""
    with pytest.raises(AdapterUnavailable) as refused:
        client.ask("bomen", path, "post" if body is not None else "get", query or {}, body or {}, within=within)
    assert "Jansen" not in str(refused.value) and "Jansen" not in refused.value.detail
    return refused.value.reason


def test_a_service_is_asked_by_path_query_and_body(trees: HttpLookups) -> None:
    assert trees.ask("bomen", "/boom/12%20b/staat", "get", {"taal": "nl"}, {}) == {"staat": "gezond"}
    assert trees.ask("bomen", "boom", "post", {}, {"waar": {"lat": 52.5, "lon": 6.1}}) == [1, 2]
    assert trees.ask("bomen", "/boom", "post", {"ids": ["b", "a"]}, {}) == "alleen a", "a list goes as JSON"
    assert trees.ask("bomen", "/gemaakt", "post", {}, {}) == {"id": 7}


def test_what_a_service_does_not_know_is_none(trees: HttpLookups) -> None:
    assert trees.ask("bomen", "/boom/12/staat", "get", {"taal": "en"}, {}) is None


def test_a_service_that_nobody_allowed_is_not_asked(trees: HttpLookups, process: str) -> None:
    for name in ("struiken", "", process, "bomen/../bomen"):
        with pytest.raises(UnknownService):
            trees.ask(name, "/boom", "get", {}, {})


def test_refusals_say_their_status_and_nothing_of_the_answer(trees: HttpLookups) -> None:
    assert reason(trees, "/kapot") == "status 500"
    assert reason(trees, "/verboden") == "status 403"


def _echo(request: Request) -> Response:
    got = {"path": request.path, "query": dict(request.query), "body": request.body.decode()}
    return json_response({**got, "token": request.headers.get("authorization", ""), "method": request.method})


def test_values_travel_as_text_number_yes_or_json() -> None:
    query = {"t": "a&b=c d/é", "n": 3, "f": 1.5, "j": True, "l": ["x", 1], "o": {"a": None}}
    with serving(_echo) as url:
        client = HttpLookups({"bomen": {"url": url + "/onder/", "token": "geheim"}})
        got = client.ask("bomen", "/a%2Fb", "get", query, {"niet": "mee"})
        sent = client.ask("bomen", "", "post", {}, {"o": {"a": [1, "é"]}})
    assert got["query"] == {"t": "a&b=c d/é", "n": "3", "f": "1.5", "j": "true", "l": '["x",1]', "o": '{"a":null}'}
    assert (got["token"], got["method"], got["body"]) == ("Bearer geheim", "GET", "")
    assert got["path"].startswith("/onder/") and sent["path"] == "/onder/"
    assert json.loads(sent["body"]) == {"o": {"a": [1, "é"]}}


@pytest.mark.parametrize("how", [name for name in HTTP if not name.startswith("wrong")])
def test_a_service_that_behaves_badly(how: str) -> None:
    behave, why = HTTP[how]
    with badly(behave) as port:
        client = HttpLookups({"bomen": {"url": f"http://127.0.0.1:{port}"}})
        started = time.monotonic()
        assert reason(client, within=0.3) == why
        assert time.monotonic() - started < 5


def _answers(body: bytes) -> App:
    return lambda request: Response(200, body, {"Content-Type": "application/json"})


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"[" * 40 + b"]" * 40, "unreadable"),
        (b'{"a":' * 900 + b"1" + b"}" * 900, "unreadable"),
        (b'{"naam": "Jansen"', "unreadable"),
        (b'{"n": NaN}', "unreadable"),
        (b'{"n": 99999999999999999999999999}', "unreadable"),
        (b'{"n": 1e999}', "unreadable"),
        (b'{"s": "\\ud800"}', "unreadable"),
        (b"", "unreadable"),
        (b'"' + b"a" * 256 * 1024 + b'"', "too large"),
    ],
)
def test_answers_that_cannot_be_kept_are_refused(body: bytes, why: str) -> None:
    with serving(_answers(body)) as url:
        assert reason(HttpLookups({"bomen": {"url": url}})) == why


def test_control_characters_are_left_out_of_answers() -> None:
    with serving(_answers(b'{"a\\u0000": ["x\\u0000\\u001by\\nz"]}')) as url:
        assert HttpLookups({"bomen": {"url": url}}).ask("bomen", "", "get", {}, {}) == {"a": ["xy\nz"]}


def test_a_redirect_is_not_followed_and_gets_no_token() -> None:
    asked: list[str] = []

    def elsewhere(request: Request) -> Response:
        asked.append(request.path)
        return json_response({"binnen": True})

    with (
        serving(elsewhere) as other,
        serving(lambda r: Response(307, b"", {"Location": f"{other}/gestolen"})) as url,
    ):
        assert reason(HttpLookups({"bomen": {"url": url, "token": "geheim"}})) == "status 307"
    assert asked == []


def test_a_question_that_is_too_large_or_no_json_is_not_sent() -> None:
    client = HttpLookups({"bomen": {"url": "http://127.0.0.1:1"}})
    assert reason(client, query={"l": ["punt"] * 20_000}) == "question too large"
    assert reason(client, body={"l": "x" * 70_000}) == "question too large"
    assert reason(client, query={"s": {object()}}) == "question is not JSON"
    loop: list[Any] = []
    loop.append(loop)
    assert reason(client, body={"l": loop}) == "question is not JSON"


def test_a_service_that_keeps_failing_is_left_alone_for_a_while() -> None:
    asked: list[str] = []

    def broken(request: Request) -> Response:
        asked.append(request.path)
        return Response(503)

    with serving(broken) as url:
        client = HttpLookups({"bomen": {"url": url}, "anders": {"url": url}})
        why = [reason(client) for _ in range(RESTS_AFTER + 2)]
        with pytest.raises(AdapterUnavailable, match="status 503"):
            client.ask("anders", "/y", "get", {}, {})
    assert why == ["status 503"] * RESTS_AFTER + ["resting"] * 2
    assert asked == ["/x"] * RESTS_AFTER + ["/y"], "one that rests is not asked, and keeps no other from being asked"


CLIMBS = ["..", ".", "a/../b", "..%2f", "%2e%2e", "%252e%252e", "..\\x", "../../etc", "..;a=b", "a%2f..%2fb", " .. "]


@pytest.mark.parametrize("value", CLIMBS)
def test_what_is_filled_in_cannot_climb(value: str) -> None:
    with pytest.raises(BadPath):
        fill_path("api/{id}/x", lambda _: value)


@pytest.mark.parametrize(
    ("value", "path"),
    [
        ("GM9999", "/api/GM9999"),
        ("a/b", "/api/a%2Fb"),
        ("//evil.example/x", "/api/%2F%2Fevil.example%2Fx"),
        ("http://evil.example", "/api/http%3A%2F%2Fevil.example"),
        ("x?admin=1#y", "/api/x%3Fadmin%3D1%23y"),
        ("@evil.example", "/api/%40evil.example"),
        ("Café 't", "/api/Caf%C3%A9%20%27t"),
        ("50%", "/api/50%25"),
        ("{id}", "/api/%7Bid%7D"),
    ],
)
def test_what_is_filled_in_stays_one_segment_below_the_service(value: str, path: str) -> None:
    assert fill_path("api/{id}", lambda _: value) == path
    with serving(_echo) as url:
        got = HttpLookups({"bomen": {"url": f"{url}/basis"}}).ask("bomen", path, "get", {}, {})
    assert got["path"] == f"/basis/api/{value}" and got["query"] == {}


@pytest.mark.parametrize("value", ["a\nb", "a\r\nHost: evil", "a\x00b", "a%0d%0ab", "x" * 201])
def test_control_characters_and_stories_are_no_part_of_a_path(value: str) -> None:
    with pytest.raises(BadPath):
        fill_path("{id}", lambda _: value)


@pytest.mark.parametrize(
    "path", ["../x", "/../x", "a/%2e%2e/b", "a?b", "a#b", "a b", "a\\..\\b", "%zz", "é", "/" * 2001]
)
def test_a_path_that_is_none_is_not_asked(path: str) -> None:
    assert reason(HttpLookups({"bomen": {"url": "http://127.0.0.1:1"}}), path).startswith("path:")


def test_a_path_that_looks_like_an_address_stays_below_the_service() -> None:
    with serving(_echo) as url:
        client = HttpLookups({"bomen": {"url": f"{url}/basis"}})
        for path in ("//evil.example/x", "http://evil.example/x", "/@evil.example"):
            assert client.ask("bomen", path, "get", {}, {})["path"].startswith("/basis/")


def test_a_place_that_is_not_known_means_do_not_ask() -> None:
    assert fill_path("a/{b}/{c.d}", {"b": "1"}.get) is None
    assert fill_path("a/{b}", {"b": ""}.get) is None
    assert fill_path("a/{Huis.straatNaam}", {"Huis.straatNaam": "Kade"}.get) == "/a/Kade"
    assert fill_path("", {}.get) == "/"


def test_the_example_answers_are_those_of_the_services_that_the_demo_allows(standins: Any) -> None:
    assert {rule.service for rule in rules_of(EXAMPLE)} == set(environment.STANDIN_LOOKUPS)
    client = HttpLookups(environment.lookups({}, {}, standins.url))
    where = {"address": {"postcode": "9990AB"}}
    found = client.ask("evenloket-locationserver", "api/locationserver/check", "post", where, {})["data"]
    assert found["all"]["items"] == [{"brk_identification": "GM9999", "name": "Waterrijk"}] and found["all"]["within"]
    away = {"address": {"postcode": "9999XX"}}
    there = client.ask("evenloket-locationserver", "api/locationserver/check", "post", away, {})["data"]["all"]
    assert (there["items"], there["within"]) == ([], False)
    texts = client.ask("eventloket-gemeente-variabelen", "api/municipality-variables/GM9999", "get", {}, {})["data"]
    assert all(texts[f"report_question_{n}"] for n in range(1, 5)) and "report_question_5" not in texts
    assert client.ask("eventloket-sessie", "api/formsessions", "get", {}, {})["data"]["kvk"] == ""
    events = client.ask("events-check-eventloket", "api/events/check", "post", {"municipality": "GM9999"}, {})
    assert "Kermis" in events["event_names"]


def test_settings_say_where_services_live(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAADHUIS_LOOKUPS", "bomen=https://bomen.example/api, struiken=http://10.0.0.1:8080")
    monkeypatch.setenv("RAADHUIS_LOOKUP_TOKENS", "bomen=abc==")
    found = environment.lookups(environment.pairs("RAADHUIS_LOOKUPS"), environment.pairs("RAADHUIS_LOOKUP_TOKENS"), "")
    assert found == {
        "bomen": {"url": "https://bomen.example/api", "token": "abc=="},
        "struiken": {"url": "http://10.0.0.1:8080", "token": ""},
    }
    with pytest.raises(UnknownService):
        from_settings({"files_folder": "x"}).lookups.ask("bomen", "", "get", {}, {})


@pytest.mark.parametrize(
    "wrong",
    [
        "bomen",
        "bomen=",
        "=https://x",
        "B=https://x",
        "b=ftp://x/",
        "b=https://",
        "b=https://u:geheim@x",
        "b=https://x?q",
    ],
)
def test_a_wrong_setting_says_which(monkeypatch: pytest.MonkeyPatch, wrong: str) -> None:
    monkeypatch.setenv("RAADHUIS_LOOKUPS", wrong)
    with pytest.raises(BadSetting, match="RAADHUIS_LOOKUPS") as refused:
        environment.lookups(environment.pairs("RAADHUIS_LOOKUPS"), {}, "")
    assert "geheim" not in str(refused.value)
    with pytest.raises(BadSetting, match="RAADHUIS_LOOKUP_TOKENS"):
        environment.lookups({}, {"bomen": "geheim"}, "")


def test_rules_that_cannot_be_read_are_said_in_words(tmp_path: Path) -> None:
    rules = tmp_path / "rules.json"
    rules.write_text('[{"service": "a", "path": "b"}]')
    command = [sys.executable, "-m", "raadhuis.adapters.standins", "--web-port", "0", "--smtp-port", "0"]
    done = subprocess.run(
        [*command, "--lookups", str(rules)], env=bare(), capture_output=True, text=True, timeout=20, check=False
    )
    assert done.returncode == 1 and "answer" in done.stderr and "Traceback" not in done.stderr
