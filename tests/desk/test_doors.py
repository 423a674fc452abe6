"""The doors of the house: who gets in, for how long, and what no answer leaves without."""

import base64
import contextlib
import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse, HttpResponseBase
from django.test import Client

from cases.work import parking
from house import House
from raadhuis.journal import queries as journal
from raadhuis.kernel.models import Throttle

PARKING = "parkeervergunning"
INSIDE = {"resident": "/mijn/zaken/", "business": "/mijn/zaken/", "staff": "/werk/"}
WHO = {"resident": "fatima", "business": "festival", "staff": "murat"}


def is_in(client: Client, realm: str) -> bool:
    return client.get(INSIDE[realm]).status_code == 200


def session_of(client: Client, **changes: int) -> None:
    """Makes the session older by these seconds: when it was last seen, or when it began."""
    session = client.session
    held = dict(session["identity"])
    for name, seconds in changes.items():
        held[name] = int(time.time()) - seconds
    session["identity"] = held
    session.save()


# Who gets in ----------------------------------------------------------------------------------------------------
def test_staff_without_a_second_factor_do_not_get_in(house: House) -> None:
    client = house.client()
    refused = house.log_in(client, "niek", "staff")
    assert refused.status_code == 403 and "tweede stap" in refused.content.decode()
    assert not is_in(client, "staff")
    last = journal.after(journal.last_sequence() - 1)[0]
    assert (last.kind, last.data) == ("identity.refused", {"realm": "staff", "reason": "no-second-factor"})


def test_who_logged_in_too_lightly_reads_what_to_choose(house: House) -> None:
    client = house.client()
    refused = house.log_in(client, "mei", "resident", "substantial")
    page = refused.content.decode()
    assert refused.status_code == 403 and "kies dan de app of sms" in page
    assert 'href="/inloggen/resident/?niveau=substantial"' in page, "again, and high enough"


def test_a_form_whose_session_ended_says_how_to_come_back_to_it(house: House) -> None:
    client = house.client("fatima")
    address = house.begin(client, "parkeervergunning")
    page = f"/aanvraag/{address}/vraag/auto/"
    session_of(client, seen=16 * 60)
    lost = client.post(page, {"kenteken": "GZ999R"})
    text = lost.content.decode()
    assert lost.status_code == 404 and "Log opnieuw in om verder te gaan" in text
    assert f"/inloggen/resident/?verder={page}" in text
    assert client.get(page).status_code == 404, "foreign and absent look the same"


@pytest.mark.parametrize("realm", sorted(WHO))
def test_one_side_of_the_counter_does_not_open_the_other(house: House, realm: str) -> None:
    client = house.client(WHO[realm], realm)
    assert is_in(client, realm)
    for other in {"staff", "resident"} - {realm, "resident" if realm == "business" else ""}:
        assert client.get(INSIDE[other]).status_code == 302, other


def test_logging_in_as_staff_is_throttled_by_address_and_a_success_counts_anew(house: House) -> None:
    for _ in range(3):
        for _ in range(9):
            assert house.client().get("/inloggen/staff/").status_code == 302
        house.client("murat", "staff")
    for _ in range(10):
        house.client().get("/inloggen/staff/")
    refused = house.client().get("/inloggen/staff/")
    assert refused.status_code == 429 and int(refused.headers["Retry-After"]) > 0
    assert house.client().get("/inloggen/staff/", REMOTE_ADDR="192.0.2.9").status_code == 302
    assert house.client().get("/inloggen/resident/").status_code == 302, "residents come from one address in a library"
    assert "127.0.0.1" not in str(list(Throttle.objects.values_list()))


def test_behind_no_proxy_a_header_does_not_make_a_new_address(house: House) -> None:
    for number in range(10):
        house.client().get("/inloggen/staff/", headers={"X-Forwarded-For": f"192.0.2.{number}"})
    assert house.client().get("/inloggen/staff/", headers={"X-Forwarded-For": "192.0.2.99"}).status_code == 429


@pytest.mark.parametrize(
    "target", ["https://kwaad.example/", "//kwaad.example", "/\\kwaad.example", "javascript:alert(1)", "/" + "x" * 600]
)
def test_after_logging_in_one_stays_on_this_site(house: House, target: str) -> None:
    client = house.client()
    client.get("/inloggen/resident/", {"verder": target})
    assert client.session["login"]["next"] == "/mijn/zaken/"
    gone = client.post("/taal/", {"taal": "en", "verder": target})
    assert gone.headers["Location"] == "/"


def test_coming_back_without_having_gone_or_too_late_is_refused(house: House) -> None:
    assert house.client().get("/inloggen/klaar/?code=x&state=y").status_code == 403
    client = house.client()
    client.get("/inloggen/resident/")
    session = client.session
    session["login"] = session["login"] | {"at": int(time.time()) - 601}
    session.save()
    assert client.get("/inloggen/klaar/?code=x&state=y").status_code == 403
    assert not is_in(client, "resident")


def test_an_unknown_realm_is_absent(house: House) -> None:
    assert house.client().get("/inloggen/keizer/").status_code == 404


# How long -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("realm", "minutes"), [("resident", 15), ("business", 15), ("staff", 60)])
def test_a_session_that_is_not_used_ends(house: House, realm: str, minutes: int) -> None:
    client = house.client(WHO[realm], realm)
    session_of(client, seen=minutes * 60 - 30)
    assert is_in(client, realm)
    assert int(time.time()) - client.session["identity"]["seen"] < 30, "using it keeps it"
    session_of(client, seen=minutes * 60 + 30)
    away = client.get(INSIDE[realm])
    assert away.status_code == 302 and "/inloggen/" in away.headers["Location"]
    assert "identity" not in client.session
    assert not is_in(client, realm), "it does not come back"


@pytest.mark.parametrize("realm", ["resident", "staff"])
def test_no_session_lasts_longer_than_a_day_at_work(house: House, realm: str) -> None:
    client = house.client(WHO[realm], realm)
    session_of(client, since=12 * 3600 + 30)
    assert not is_in(client, realm)


def test_a_post_after_the_session_ended_changes_nothing(house: House) -> None:
    case, client = parking(house), house.client("murat")
    session_of(client, seen=61 * 60)
    response = client.post(f"/werk/taken/{case.task('beoordelen').id}/oppakken/")
    assert response.status_code == 302 and response.headers["Location"] == "/inloggen/staff/?verder=%2Fwerk%2F"
    assert case.open_tasks() == {"beoordelen": "offered"}


@pytest.mark.parametrize("realm", sorted(WHO))
def test_logging_out_ends_the_session_here_and_at_the_provider(house: House, realm: str) -> None:
    client = house.client(WHO[realm], realm)
    old = client.cookies["raadhuis"].value
    assert client.get("/uitloggen/").status_code == 405, "a link or picture logs nobody out"
    away = client.post("/uitloggen/")
    assert away.status_code == 302 and "id_token_hint=" in away.headers["Location"]
    assert not is_in(client, realm)
    client.cookies["raadhuis"] = old
    assert not is_in(client, realm), "the old cookie opens nothing"
    assert house.client().post("/uitloggen/").headers["Location"] == "/", "who is not in can go as well"


def test_logging_in_changes_the_key_of_the_session(house: House) -> None:
    client = house.client()
    client.get("/inloggen/resident/")
    before = client.cookies["raadhuis"].value
    house.log_in(client, "fatima", "resident")
    assert client.cookies["raadhuis"].value != before
    stranger = Client()
    stranger.cookies["raadhuis"] = before
    assert not is_in(stranger, "resident")


def test_a_session_holds_no_number_that_can_be_read(house: House) -> None:
    client = house.client("fatima")
    kept = client.session["identity"]
    written = [json.dumps(kept)]
    for value in kept.values():  # A token of the provider is readable for who takes its base64 away.
        for part in str(value).split("."):
            with contextlib.suppress(ValueError):
                written.append(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)).decode(errors="replace"))
    assert not [text for text in written if "999900006" in text or "Amrani" in text]


@pytest.mark.parametrize("level", ["laag", "", "%00", "high%20", "hoog" * 500])
def test_a_level_that_does_not_exist_is_no_fault_of_ours(house: House, level: str) -> None:
    answer = house.client("").get(f"/inloggen/resident/?niveau={level}&verder=/")
    assert answer.status_code in {302, 400, 404}


# Forms from elsewhere -------------------------------------------------------------------------------------------
FORMS = {
    "begin": (f"/diensten/{PARKING}/begin/", "fatima"),
    "follow": ("/volgen/", ""),
    "language": ("/taal/", ""),
    "logout": ("/uitloggen/", "fatima"),
    "publish": (f"/werk/diensten/{PARKING}/publiceren/", "tess"),
    "upload": ("/werk/diensten/nieuw/", "tess"),
}


@pytest.mark.parametrize("name", sorted(FORMS))
def test_a_form_of_another_site_is_refused_with_a_sentence(house: House, name: str) -> None:
    path, who = FORMS[name]
    client = house.client(who, csrf=True)
    refused = client.post(path, {"taal": "en"})
    assert refused.status_code == 403 and "verlopen" in refused.content.decode()
    client.get("/volgen/")
    wrong = client.post(path, {"csrfmiddlewaretoken": "x" * 64})
    assert wrong.status_code == 403


def token_on(page: HttpResponse) -> str:
    return re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.content.decode())[0]


def test_a_form_of_our_own_goes_through(house: House) -> None:
    client = house.client("fatima", csrf=True)
    token = token_on(client.get(f"/diensten/{PARKING}/"))
    begun = client.post(f"/diensten/{PARKING}/begin/", {"csrfmiddlewaretoken": token})
    assert begun.status_code == 303
    case, staff = parking(house), house.client("murat", csrf=True)
    path = f"/werk/taken/{case.task('beoordelen').id}/"
    assert staff.post(f"{path}oppakken/").status_code == 403
    claimed = staff.post(f"{path}oppakken/", {"csrfmiddlewaretoken": token_on(staff.get(path))})
    assert claimed.status_code == 303


def test_a_token_of_somebody_else_is_none(house: House) -> None:
    theirs = token_on(house.client("joris", csrf=True).get("/volgen/"))
    client = house.client("fatima", csrf=True)
    client.get("/volgen/")
    assert client.post("/volgen/", {"csrfmiddlewaretoken": theirs}).status_code == 403


# Headers --------------------------------------------------------------------------------------------------------
FIXED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def responses(house: House) -> dict[str, HttpResponseBase]:
    """One answer of every sort."""
    anyone, staff, strict = house.client(), house.client("murat"), house.client(csrf=True)
    return {
        "200": anyone.get("/"),
        "staff": staff.get("/werk/"),
        "302": anyone.get("/werk/"),
        "303": anyone.post("/taal/", {"taal": "en"}),
        "400": anyone.get("/", headers={"Host": "kwaad.example"}),
        "403": staff.get("/werk/bezorging/"),
        "403 csrf": strict.post("/volgen/"),
        "404": anyone.get("/nergens/"),
        "404 static": anyone.get("/static/nergens.js"),
        "405": anyone.post("/over/"),
        "409": staff.post(f"/werk/zaken/{parking(house).id}/hervatten/"),
        "413": anyone.generic("POST", "/", b"x", CONTENT_LENGTH="999999999999"),
        "422": anyone.post("/volgen/", {"number": "x"}),
        "csv": house.client("marco").get("/werk/zaken/lijst.csv"),
        "yaml": staff.get(f"/werk/diensten/{PARKING}/bron.yaml"),
        "health": anyone.get("/gezond/"),
        "robots": anyone.get("/robots.txt"),
        "json": anyone.get("/nergens/", headers={"Accept": "application/json"}),
    }


def test_no_answer_leaves_without_the_security_headers(house: House) -> None:
    for name, response in responses(house).items():
        expected = name.split()[0]
        assert not expected.isdigit() or response.status_code == int(expected), name
        for header, value in FIXED.items():
            assert response.headers.get(header) == value, f"{name}: {header}"
        policy = response.headers["Content-Security-Policy"]
        assert "unsafe-inline" not in policy and "unsafe-eval" not in policy, name
        for part in ("default-src 'self'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"):
            assert part in policy, name
        if "static" not in name:
            assert response.headers["Cache-Control"] == "no-store", name


def test_a_host_that_is_not_ours_is_refused_and_a_health_check_comes_by_number(house: House) -> None:
    for host in ("kwaad.example", "localhost.kwaad.example", "a b", "[::2"):
        assert house.client().get("/volgen/", headers={"Host": host}).status_code == 400, host
    assert house.client().get("/gezond/", headers={"Host": "10.1.2.3:8000"}).status_code == 200
    assert house.client().get("/volgen/", headers={"Host": "127.0.0.1:8000"}).status_code == 200


class Boom(Exception):
    """Something of ours is broken."""


def test_a_fault_of_ours_is_answered_with_a_sentence_and_without_its_details(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise Boom("geheim-detail")

    client = Client(raise_request_exception=False)
    monkeypatch.setattr("raadhuis.portal.views.services.catalogue.services", broken)
    response = client.get("/")
    assert response.status_code == 500
    page = response.content.decode()
    assert "Er ging iets mis bij ons" in page and "geheim-detail" not in page and "Traceback" not in page
    for header, value in FIXED.items():
        assert response.headers.get(header) == value, header
    assert "unsafe" not in response.headers["Content-Security-Policy"]


def test_machines_get_their_errors_as_rfc_9457(house: House) -> None:
    response = house.client().get("/diensten/nergens/", headers={"Accept": "application/json"})
    assert response.status_code == 404 and response.headers["Content-Type"] == "application/problem+json"
    assert {"type", "title", "status", "detail", "code"} <= set(json.loads(response.content))


# Cookies --------------------------------------------------------------------------------------------------------
def test_no_cookie_can_be_read_by_a_script(house: House) -> None:
    client = house.client("fatima", csrf=True)
    client.get("/volgen/")
    client.post("/taal/", {"csrfmiddlewaretoken": token_on(client.get("/volgen/")), "taal": "en"})
    assert set(client.cookies) == {"raadhuis", "csrftoken", "taal"}
    for name, cookie in client.cookies.items():
        assert cookie["httponly"] and cookie["samesite"] == "Lax", name


def test_who_only_reads_gets_no_session(house: House) -> None:
    client = house.client()
    for path in ("/", "/over/", f"/diensten/{PARKING}/"):
        client.get(path)
    assert "raadhuis" not in client.cookies


PROBE = """
import json, django
django.setup()
from django.conf import settings
from django.test import Client
client = Client()
page = client.get("/volgen/", secure=True)
client.post("/taal/", {"taal": "en"}, secure=True)
print(json.dumps({
    "cookies": {name: bool(cookie["secure"]) for name, cookie in client.cookies.items()},
    "session": settings.SESSION_COOKIE_SECURE,
    "hsts": page.headers.get("Strict-Transport-Security", ""),
}))
"""


@pytest.mark.parametrize("url", ["https://raadhuis.example", "http://localhost:8000"])
def test_over_https_cookies_are_secure_and_browsers_are_told_to_stay(tmp_path: Path, url: str) -> None:
    environment = {
        **{name: value for name, value in os.environ.items() if name != "DATABASE_URL"},
        "RAADHUIS_URL": url,
        "RAADHUIS_DATA": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "raadhuis.site.settings",
    }
    done = subprocess.run([sys.executable, "-c", PROBE], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.strip().splitlines()[-1])
    secure = url.startswith("https")
    assert told["cookies"] == {"csrftoken": secure, "taal": secure} and told["session"] is secure
    assert told["hsts"].startswith("max-age=31536000") is secure
