"""The registers: every client against its stand-in over HTTP, and against servers that behave badly."""

import socket
import threading
import time
from datetime import date
from typing import Any
from uuid import uuid4

import httpcore
import orjson
import pytest

from adapters.servers import HTTP, badly, serving
from raadhuis.adapters.addresses import Locatieserver
from raadhuis.adapters.businesses import Basisprofiel
from raadhuis.adapters.config import Adapters, from_settings
from raadhuis.adapters.deadline import DeadlineBackend
from raadhuis.adapters.errors import AdapterUnavailable
from raadhuis.adapters.http import HttpClient
from raadhuis.adapters.persons import HaalCentraal
from raadhuis.adapters.standins import town
from raadhuis.adapters.standins.server import Standins
from raadhuis.adapters.standins.web import Request, Response, json_response
from raadhuis.adapters.vehicles import RdwOpenData
from raadhuis.kernel.problems import Unavailable

ASK = {
    "persons": lambda url, timeout=5.0: HaalCentraal(url, timeout=timeout).person("999900006"),
    "businesses": lambda url, timeout=5.0: Basisprofiel(url, timeout=timeout).business("99990011"),
    "addresses": lambda url, timeout=5.0: Locatieserver(url, timeout=timeout).lookup("9990AB", 12),
    "vehicles": lambda url, timeout=5.0: RdwOpenData(url, timeout=timeout).vehicle("AE101O"),
}


def test_a_person_with_partner_children_and_address(adapters: Adapters) -> None:
    fatima = adapters.persons.person("999900006")
    assert fatima is not None
    assert (fatima.full_name, fatima.birth_date) == ("Fatima Zohra el Amrani", date(1985, 3, 12))
    assert fatima.address is not None
    assert fatima.address.line == "Lange Brugstraat 12, 9990 AB Waterrijk"
    assert fatima.partner is not None
    assert fatima.partner.bsn == "999900018"
    assert sorted(m.relation for m in fatima.household) == ["child", "child", "partner"]


def test_persons_who_are_different(adapters: Adapters) -> None:
    abroad = adapters.persons.person("999900079")
    secret, widow = adapters.persons.person("999900080"), adapters.persons.person("999900158")
    dead, flatmate = adapters.persons.person("999900146"), adapters.persons.person("999900134")
    assert abroad and abroad.address is None and abroad.country == "België" and abroad.household == ()
    assert secret and secret.secrecy
    assert widow and widow.partner is None and widow.household == ()
    assert dead and dead.deceased
    assert flatmate and [m.relation for m in flatmate.household] == ["other"]
    assert adapters.persons.person("999999990") is None


@pytest.mark.parametrize("number", ["", "12345678", "999900007", "abcdefghi", "٩٩٩٩٠٠٠٠٦", "999900006 "])
def test_what_is_no_bsn_is_never_sent(number: str) -> None:
    with pytest.raises(ValueError, match="BSN"):
        HaalCentraal("http://127.0.0.1:1").person(number)


def test_a_business_with_and_without_rsin(adapters: Adapters) -> None:
    foundation, trader = adapters.businesses.business("99990022"), adapters.businesses.business("99990011")
    assert foundation and (foundation.name, foundation.rsin) == ("Stichting Waterrijk Feest", "999900171")
    assert trader and (trader.rsin, trader.legal_form) == ("", "Eenmanszaak")
    assert trader.address and trader.address.postcode == "9990AA"
    assert adapters.businesses.business("12345678") is None


def test_a_vehicle_and_its_fuels(adapters: Adapters) -> None:
    electric, hybrid = adapters.vehicles.vehicle("ae-101-o"), adapters.vehicles.vehicle("AE103O")
    assert electric and electric.emission_free and electric.mass == 1450
    assert hybrid and hybrid.fuels == ("Benzine", "Elektriciteit") and not hybrid.emission_free
    assert adapters.vehicles.vehicle("AA-00-XX") is None
    for typed in ("AB12", "123456", "ABCDEF", "AE101O' OR 1=1"):
        with pytest.raises(ValueError, match="plate"):
            adapters.vehicles.vehicle(typed)


@pytest.mark.parametrize(
    ("question", "numbers"),
    [
        (("9990 ab", 12), ["12"]),
        (("9990AB", 12, "A"), ["12A"]),
        (("9990AB", 12, "", "a"), ["12A"]),
        (("9991AB", 5, "", "2"), ["5-2"]),
        (("9991AB", 5), []),
        (("9990AB", 13), []),
        (("0990AB", 12), []),
        (("9990AB OR *", 12), []),
        (("9990AB", 0), []),
    ],
)
def test_looking_up_an_address(adapters: Adapters, question: tuple[Any, ...], numbers: list[str]) -> None:
    assert [a.number for a in adapters.addresses.lookup(*question)] == numbers


def test_every_address_of_the_town_can_be_looked_up_and_found_on_the_map(adapters: Adapters) -> None:
    for address in town.ADDRESSES[::5]:
        parts = (address.postcode, address.house_number, address.house_letter, address.addition)
        assert adapters.addresses.lookup(*parts) == [address]
        near = adapters.addresses.reverse(address.lat or 0, address.lon or 0)
        assert near is not None and near.address == address


def test_searching_finds_beginnings_and_puts_whole_words_first(adapters: Adapters) -> None:
    found = adapters.addresses.search("lange brug 12", limit=2)
    assert [hit.label for hit in found] == [
        "Lange Brugstraat 12, 9990AB Waterrijk",
        "Lange Brugstraat 12A, 9990AB Waterrijk",
    ]
    assert found[0].neighbourhood == "Centrum"
    assert len(adapters.addresses.search("waterrijk", limit=1000)) == 50
    assert adapters.addresses.search("nergensstraat") == []


def test_what_somebody_types_is_never_syntax_of_the_search_engine() -> None:
    sent: list[str] = []

    def note(request: Request) -> Response:
        sent.append(request.get("q"))
        assert request.all("fq") == ["type:adres"]
        return json_response({"response": {"numFound": 0, "docs": []}})

    with serving(note) as url:
        client = Locatieserver(url)
        for typed in (
            "*:*",
            "  ",
            "a OR b",
            'nr:[1 TO 9]"',
            "-lange +x",
            "Korte Dijk 5-2",
            "x" * 500,
            "'s-Gravenweg 1\\",
        ):
            assert client.search(typed) == []
    assert sent == ["a or b", "nr 1 to 9", "lange x", "korte dijk 5-2", "x" * 120, "'s-gravenweg 1"]


def test_a_point_far_from_addresses_still_has_a_neighbourhood(adapters: Adapters) -> None:
    polder = adapters.addresses.reverse(52.062, 5.10)
    assert polder and (polder.label, polder.neighbourhood) == ("Buitengebied, Waterrijk", "Buitengebied")
    assert polder.address is None
    assert adapters.addresses.reverse(52.5, 5.0) is None
    assert adapters.addresses.reverse(0, 0) is None


def test_a_number_with_hundreds_of_rooms_is_read_page_by_page() -> None:
    asked: list[str] = []

    def many(request: Request) -> Response:
        start = int(request.get("start"))
        asked.append(request.get("start"))
        room = {"straatnaam": "Hoogbouw", "huisnummer": 1, "postcode": "9990ZZ", "centroide_ll": "POINT(5.1 52.1)"}
        docs = [{**room, "huisnummertoevoeging": str(n)} for n in range(start, min(start + 100, 250))]
        return json_response({"response": {"numFound": 250, "docs": docs}})

    with serving(many) as url:
        assert [a.addition for a in Locatieserver(url).lookup("9990ZZ", 1, "", "230")] == ["230"]
        assert asked == ["0", "100", "200"]
        assert Locatieserver(url).lookup("9990ZZ", 1, "", "999") == []


def test_the_standin_of_the_address_register_is_as_strict_as_the_real_one(standins: Standins) -> None:
    http = HttpClient("addresses", f"{standins.url}/pdok")
    for path in ("/free?wat=1", "/suggest", "/free?fq=type", "/reverse?lat=x&lon=1", "/free?rows=1000"):
        assert http.request("GET", path)[0] == 400, path
    status, body = http.request("GET", "/lookup?id=adr-9999010000000001")
    assert status == 200
    assert orjson.loads(body)["response"]["docs"] == [
        {
            "id": "adr-9999010000000001",
            "type": "adres",
            "weergavenaam": "Raadhuisplein 1, 9990AA Waterrijk",
            "score": 1.0,
        }
    ]


@pytest.mark.parametrize("kind", HTTP)
@pytest.mark.parametrize("system", ASK)
def test_a_register_that_behaves_badly_is_unavailable(system: str, kind: str) -> None:
    behave, reason = HTTP[kind]
    with badly(behave) as port:
        started = time.monotonic()
        with pytest.raises(AdapterUnavailable) as caught:
            ASK[system](f"http://127.0.0.1:{port}", 0.3 if reason == "timeout" else 5.0)
        # No measure of speed: a call without a deadline would never end on these.
        assert time.monotonic() - started < 5
    assert (caught.value.system, caught.value.reason) == (system, reason)
    assert "999900006" not in str(caught.value) + caught.value.detail
    assert isinstance(caught.value, Unavailable)


def test_every_wait_is_cut_to_what_is_left_of_the_deadline() -> None:
    backend = DeadlineBackend()
    assert backend.left(5.0, httpcore.ReadTimeout) == 5.0
    with backend.within(60):
        assert backend.left(5.0, httpcore.ReadTimeout) == 5.0
        assert 0 < (backend.left(None, httpcore.ReadTimeout) or 0) <= 60
    with backend.within(2):
        assert 0 < (backend.left(5.0, httpcore.ReadTimeout) or 0) <= 2
    with backend.within(0), pytest.raises(httpcore.WriteTimeout):
        backend.left(5.0, httpcore.WriteTimeout)
    assert backend.left(5.0, httpcore.ReadTimeout) == 5.0


def test_a_resolver_that_hangs_costs_no_more_than_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    done, asked = threading.Event(), []

    def hangs(host: str, *more: Any, **options: Any) -> Any:
        asked.append(host)
        done.wait(30)
        raise socket.gaierror("no such name")

    monkeypatch.setattr(socket, "getaddrinfo", hangs)  # The resolver of the operating system: no process of ours.
    client, started = HttpClient("registers", "http://register.example", timeout=0.3), time.monotonic()
    for _ in range(3):
        with pytest.raises(AdapterUnavailable, match="timeout"):
            client.request("GET", "/x")
    assert time.monotonic() - started < 5
    assert asked == ["register.example"], "who asks while it hangs waits for the same answer"
    done.set()


def test_every_address_of_a_name_is_tried() -> None:
    with serving(lambda request: json_response({})) as url:
        port = url.rsplit(":", 1)[1]
        assert HttpClient("registers", f"http://localhost:{port}").request("GET", "/x")[0] == 200
    for name in ("bestaat-niet.invalid", "a..b", "x" * 70):
        with pytest.raises(AdapterUnavailable) as caught:
            HttpClient("registers", f"http://{name}", timeout=5).request("GET", "/x")
        assert caught.value.reason in {"connection", "timeout"}


@pytest.mark.parametrize("system", ASK)
def test_a_register_that_is_away_is_unavailable(system: str) -> None:
    with pytest.raises(AdapterUnavailable) as caught:
        ASK[system]("http://127.0.0.1:1")
    assert caught.value.reason == "connection"


def test_a_register_at_another_place_is_unavailable_not_empty(standins: Standins) -> None:
    for system in ("addresses", "vehicles", "persons"):
        with pytest.raises(AdapterUnavailable, match="status 404"):
            ASK[system](f"{standins.url}/kvk")


def test_an_answer_about_somebody_else_is_unreadable() -> None:
    answers = {
        "/personen": {"personen": [{"burgerservicenummer": "999900018"}]},
        "/v1/basisprofielen/99990011": {"kvkNummer": "99990022", "naam": "Ander"},
        "/resource/m9d7-ebf2.json": [{"kenteken": "AE102O"}],
        "/resource/8ys7-d773.json": [],
        "/free": {"response": {"numFound": 1, "docs": [{"straatnaam": "X", "huisnummer": 99, "postcode": "9990AB"}]}},
    }
    with serving(lambda request: json_response(answers[request.path])) as url:
        for system in ("persons", "businesses", "vehicles"):
            with pytest.raises(AdapterUnavailable, match=r"another|somebody else"):
                ASK[system](url)
        assert ASK["addresses"](url) == []


def test_keys_travel_in_headers_and_the_bsn_never_in_a_url() -> None:
    seen: list[Request] = []

    def note(request: Request) -> Response:
        seen.append(request)
        return json_response({"personen": []})

    with serving(note) as url:
        HaalCentraal(url, "geheim").person("999900006")
    assert seen[0].headers["x-api-key"] == "geheim"
    assert "999900006" not in seen[0].path + repr(seen[0].query)
    assert b"999900006" in seen[0].body


def test_without_settings_everything_says_not_configured() -> None:
    none = from_settings({"files_folder": "nowhere"})
    for ask in (
        lambda: none.persons.person("999900006"),
        lambda: none.businesses.business("99990011"),
        lambda: none.addresses.lookup("9990AB", 12),
        lambda: none.addresses.search("x"),
        lambda: none.addresses.reverse(52.1, 5.1),
        lambda: none.vehicles.vehicle("AE101O"),
        lambda: none.mail.send(uuid4(), "a@b.nl", "s", "t"),
    ):
        with pytest.raises(AdapterUnavailable, match="not configured"):
            ask()
    assert none.antivirus is None
    assert none.identity == {}
