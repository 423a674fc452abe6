"""Who comes in: tokens that are not right, scopes that are missing, applications and what they may do."""

import time
from typing import Any

import orjson
import pytest
from django.test import Client as Http

from raadhuis.clients.actions import remove_applicatie, set_secret
from raadhuis.clients.schema import NewRight
from raadhuis.kernel.actor import SYSTEM
from zgw.clients import SECRET, Application, codes, token
from zgw.contracts import FOLDER, Contract

ROOT = "/catalogi/api/v1/zaaktypen"
APPLICATIES = "/autorisaties/api/v1/applicaties"
NOW = int(time.time())


def refused(header: str, path: str = ROOT) -> tuple[int, str]:
    """(status, code) of a request with this Authorization header."""
    response = Http().get(path, headers={"Authorization": header} if header else {})
    assert response.headers["API-version"]
    return response.status_code, orjson.loads(response.content).get("code", "")


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("", "permission_denied"),
        ("Basic abc", "permission_denied"),
        ("Bearer", "permission_denied"),
        ("Bearer geen.token", "jwt-not-decodable"),
        ("Bearer é.é.é", "jwt-not-decodable"),
        (f"Bearer {'a' * 10_000}.b.c", "jwt-not-decodable"),
        (f"Bearer {token('niemand')}", "invalid-client-identifier"),
        (f"Bearer {token('x' * 500)}", "invalid-client-identifier"),
    ],
)
def test_without_a_good_token_nobody_comes_in(app: Application, header: str, code: str) -> None:
    assert refused(header) == (403, code)


@pytest.mark.parametrize(
    ("made", "code"),
    [
        ({"secret": "anders"}, "invalid-jwt-signature"),
        ({"head": {"alg": "none", "typ": "JWT"}}, "invalid-jwt-algorithm"),
        ({"head": {"alg": "RS256", "typ": "JWT"}}, "invalid-jwt-algorithm"),
        ({"head": {"alg": "HS512", "typ": "JWT"}}, "invalid-jwt-algorithm"),
        ({"iat": None}, "jwt-missing-iat"),
        ({"iat": "vandaag"}, "jwt-missing-iat"),
        ({"iat": True}, "jwt-missing-iat"),
        ({"iat": NOW - 7200}, "jwt-expired"),
        ({"iat": NOW + 100_000}, "jwt-immature"),
        ({"exp": NOW - 1000}, "jwt-expired"),
        ({"nbf": NOW + 100_000}, "jwt-immature"),
    ],
)
def test_a_token_that_is_not_right_is_refused(app: Application, made: dict[str, Any], code: str) -> None:
    assert refused(f"Bearer {token(app.client_id, **made)}") == (403, code)


def test_a_token_from_a_clock_that_is_ahead_is_good(app: Application) -> None:
    assert refused(f"Bearer {token(app.client_id, iat=NOW + 257)}")[0] == 200


def test_a_signature_without_content_is_no_signature(app: Application) -> None:
    head, claims, _ = token(app.client_id).split(".")
    assert refused(f"Bearer {head}.{claims}.") == (403, "invalid-jwt-signature")


def test_scopes_decide(app: Application) -> None:
    reader = Application(NewRight(component="ztc", scopes=["catalogi.lezen"]))
    assert reader.get(ROOT)["count"] >= 4
    assert reader.ask("POST", ROOT, {}).status_code == 403
    handler = Application(NewRight(component="zrc", scopes=["zaken.lezen"], type="x", level="openbaar"))
    assert handler.get(ROOT)["count"] >= 4  # ztc-014
    stranger = Application(NewRight(component="nrc", scopes=["notificaties.publiceren", "catalogi.lezen"]))
    assert stranger.ask("GET", ROOT).status_code == 403


def test_what_was_taken_away_is_gone_at_once(app: Application) -> None:
    other = Application()
    assert other.ask("GET", ROOT).status_code == 200
    set_secret(other.client_id, "nieuw", SYSTEM)
    assert other.ask("GET", ROOT).status_code == 403
    set_secret(other.client_id, SECRET, SYSTEM)
    assert other.ask("GET", ROOT).status_code == 200
    remove_applicatie(other.id, SYSTEM)
    assert other.ask("GET", ROOT).status_code == 403


def test_what_is_not_there_is_told_as_a_problem(app: Application) -> None:
    assert app.ask("GET", "/catalogi/api/v1/nergens").status_code == 404
    assert app.ask("PATCH", ROOT, {}).status_code == 405
    wrong = app.ask("POST", ROOT, b"<xml/>", **{"Content-Type": "text/xml"})
    assert wrong.status_code in {400, 415}


RIGHTS = [
    {
        "component": "zrc",
        "scopes": ["zaken.lezen"],
        "zaaktype": "https://elders.example/zaaktypen/1",
        "maxVertrouwelijkheidaanduiding": "openbaar",
    },
    {"component": "ztc", "scopes": ["catalogi.lezen"]},
]


def test_an_application_is_made_read_changed_and_taken_away(app: Application) -> None:
    made = app.post(APPLICATIES, {"clientIds": ["een", "twee"], "label": "Zaaksysteem", "autorisaties": RIGHTS})
    assert made["autorisaties"][0] == {**RIGHTS[0], "componentWeergave": "Zaken API"}
    assert app.get(made["url"]) == made
    assert app.get(f"{APPLICATIES}/consumer", clientId="twee") == [made]
    assert app.get(APPLICATIES, clientIds="een")["results"] == [made]
    changed = app.patch(made["url"], {"label": "Ander"})
    assert (changed["label"], changed["autorisaties"]) == ("Ander", made["autorisaties"])
    everything = app.patch(made["url"], {"heeftAlleAutorisaties": True})
    assert everything["autorisaties"] == []
    again = app.put(made["url"], {"clientIds": ["een"], "label": "Weer", "autorisaties": RIGHTS[1:]})
    assert again["clientIds"] == ["een"]
    app.delete(made["url"])
    assert app.ask("GET", made["url"]).status_code == 404
    assert app.ask("GET", f"{APPLICATIES}/consumer?clientId=een").status_code == 404


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            {"autorisaties": RIGHTS, "heeftAlleAutorisaties": True},
            {"nonFieldErrors": "ambiguous-authorizations-specified"},
        ),
        ({"autorisaties": []}, {"nonFieldErrors": "missing-authorizations"}),
        ({"autorisaties": [{"component": "brc", "scopes": ["x"]}]}, {"autorisaties.0.besluittype": "required"}),
        (
            {"autorisaties": [{"component": "drc", "scopes": ["x"]}]},
            {
                "autorisaties.0.informatieobjecttype": "required",
                "autorisaties.0.maxVertrouwelijkheidaanduiding": "required",
            },
        ),
        ({"autorisaties": [{"component": "xyz", "scopes": ["x"]}]}, {"autorisaties.0.component": "invalid_choice"}),
    ],
)
def test_ac_002_and_003_rights_are_whole(app: Application, body: dict[str, Any], expected: dict[str, str]) -> None:
    assert codes(app.post(APPLICATIES, {"clientIds": ["nieuw"], "label": "x", **body}, 400)) == expected


def test_ac_001_a_client_id_belongs_to_one_application(app: Application) -> None:
    body = {"clientIds": [app.client_id], "label": "x", "heeftAlleAutorisaties": True}
    assert codes(app.post(APPLICATIES, body, 400)) == {"clientIds": "clientId-exists"}


@pytest.mark.skipif(not FOLDER.exists(), reason="the OpenAPI files of the standard are not on this machine")
@pytest.mark.parametrize("api", ["catalogi", "autorisaties"])
def test_every_operation_of_the_contract_is_there(app: Application, api: str) -> None:
    some = "b594c8d1-ea6a-4bcd-a6aa-2c7a8ad3fe5b"
    missing = []
    for method, path in Contract.of(f"/{api}/api/v1/").operations():
        place = "/".join(some if "{" in part else part for part in path.split("/"))
        response = app.ask(method, f"/{api}/api/v1{place}", {} if method in {"POST", "PUT", "PATCH"} else None)
        told = orjson.loads(response.content or b"{}")
        if response.status_code == 405 or (response.status_code == 404 and "{" not in path):
            missing.append((method, path, told))
    assert not missing
