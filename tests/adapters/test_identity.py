"""Logging in: everybody of the town over real HTTP, and what goes wrong on the way."""

from typing import Any

import msgspec
import pytest

from adapters.oidc import CALLBACK, choose, liar, log_in, query_of, shared_key
from adapters.servers import BROWSER, HTTP, badly, serving
from raadhuis.adapters.config import Adapters
from raadhuis.adapters.errors import AdapterUnavailable
from raadhuis.adapters.identity import (
    Identity,
    LoginFailed,
    LoginRequest,
    Provider,
    begin,
    finish,
    logout_url,
)
from raadhuis.adapters.identity.discovery import Published
from raadhuis.adapters.identity.levels import is_second_factor, level_of
from raadhuis.adapters.identity.standin import OidcProvider
from raadhuis.adapters.standins import demo_identities
from raadhuis.adapters.standins.people import BUSINESSES, RESIDENTS, STAFF
from raadhuis.adapters.standins.server import Standins
from raadhuis.adapters.standins.web import Request, Response, json_response
from raadhuis.kernel.problems import Unavailable


def refused(provider: Provider, request: LoginRequest, params: dict[str, str], callback: str = CALLBACK) -> str:
    with pytest.raises(LoginFailed) as caught:
        finish(provider, request, params, callback)
    return caught.value.reason


@pytest.mark.parametrize("who", demo_identities(), ids=lambda who: f"{who.realm}-{who.id}")
def test_everybody_can_log_in(adapters: Adapters, who: Any) -> None:
    found = log_in(adapters.identity[who.realm], who.id)
    assert (found.realm, found.subject) == (who.realm, f"{who.realm}-{who.id}")
    people = {
        "resident": {r.id: {"bsn": r.bsn, "level": r.level, "name": r.name} for r in RESIDENTS},
        "business": {b.id: {"kvk": b.kvk, "level": b.level, "name": b.name} for b in BUSINESSES},
        "staff": {
            e.id: {
                "name": e.name,
                "email": e.email,
                "roles": tuple(r.value for r in e.roles),
                "teams": e.teams,
                "second_factor": "mfa" in e.amr,
            }
            for e in STAFF
        },
    }
    wanted = Identity(realm=who.realm, subject=found.subject, id_token=found.id_token, **people[who.realm][who.id])
    assert msgspec.structs.asdict(found) == msgspec.structs.asdict(wanted)


@pytest.mark.parametrize(
    ("who", "level", "acr"),
    [("fatima", "substantial", "Smartcard"), ("willem", "high", "SmartcardPKI"), ("mei", "low", "PasswordProtected")],
)
def test_a_level_that_is_high_enough(adapters: Adapters, who: str, level: str, acr: str) -> None:
    provider = adapters.identity["resident"]
    assert query_of(begin(provider, CALLBACK, level).url)["acr_values"].rpartition(":")[2].startswith(acr)
    assert log_in(provider, who, level).subject == f"resident-{who}"


@pytest.mark.parametrize(
    ("realm", "who", "level"),
    [("resident", "mei", "substantial"), ("resident", "fatima", "high"), ("business", "bouw", "substantial")],
)
def test_a_level_that_is_too_low(adapters: Adapters, realm: str, who: str, level: str) -> None:
    with pytest.raises(LoginFailed, match=r"^level-too-low$"):
        log_in(adapters.identity[realm], who, level)


def test_a_level_that_the_provider_does_not_say_is_low() -> None:
    with liar() as (provider, agreed):
        provider.change = lambda claims: {k: v for k, v in claims.items() if k != "acr"}
        assert log_in(agreed, "fatima", "low").level == ""
        with pytest.raises(LoginFailed, match=r"^level-too-low$"):
            log_in(agreed, "fatima", "substantial")
    with pytest.raises(ValueError, match="level"):
        begin(agreed, CALLBACK, "zeer hoog")


def test_a_request_survives_the_session_and_tells_nothing(adapters: Adapters) -> None:
    provider = adapters.identity["resident"]
    request = begin(provider, CALLBACK)
    kept = msgspec.convert(msgspec.json.decode(msgspec.json.encode(request)), LoginRequest)
    found = finish(provider, kept, choose(kept, "fatima"), CALLBACK)
    shown = f"{request!r} {provider!r} {found!r}"
    for secret in (request.state, request.nonce, request.verifier, "demo", found.bsn, found.name, found.id_token):
        assert secret not in shown
    assert request.verifier not in request.url


def test_every_request_is_new(adapters: Adapters) -> None:
    one, other = (begin(adapters.identity["resident"], CALLBACK) for _ in range(2))
    asked = query_of(one.url)
    assert len({one.state, one.nonce, one.verifier, other.state, other.nonce, other.verifier}) == 6
    assert (asked["code_challenge_method"], asked["response_type"], asked["scope"]) == ("S256", "code", "openid")
    assert 43 <= len(one.verifier) <= 128


def test_cancelling(adapters: Adapters) -> None:
    provider = adapters.identity["resident"]
    request = begin(provider, CALLBACK)
    answer = BROWSER.post(request.url.partition("?")[0], data={**query_of(request.url), "cancel": "1"})
    params = query_of(answer.headers["location"])
    assert refused(provider, request, params) == "cancelled"
    # Who knows no state cannot even make us say that somebody cancelled.
    assert refused(provider, request, {"error": "access_denied"}) == "wrong-state"
    assert refused(provider, request, {**params, "error": "server_error"}) == "provider-error"


def test_what_the_browser_brings_must_belong_to_its_own_request(adapters: Adapters) -> None:
    provider, staff = adapters.identity["resident"], adapters.identity["staff"]
    request, other = begin(provider, CALLBACK), begin(provider, CALLBACK)
    params = choose(request, "fatima")
    assert refused(provider, other, params) == "wrong-state"
    assert refused(provider, request, {**params, "state": ""}) == "wrong-state"
    assert refused(provider, request, {}) == "wrong-state"
    assert refused(provider, request, {**params, "state": "é"}) == "wrong-state"
    assert refused(staff, request, params) == "wrong-provider"
    assert refused(staff, request, {"state": request.state, "code": params["code"]}) == "wrong-provider"
    assert refused(provider, request, {**params, "iss": "https://evil.example"}) == "wrong-provider"
    assert refused(provider, request, {**params, "code": ""}) == "no-code"
    assert refused(provider, request, {**params, "code": "x" * 5000}) == "no-code"
    assert finish(provider, request, params, CALLBACK).bsn == "999900006"


def test_a_code_counts_once_for_one_verifier_and_one_address(adapters: Adapters) -> None:
    provider = adapters.identity["resident"]
    request = begin(provider, CALLBACK)
    params = choose(request, "fatima")
    assert finish(provider, request, params, CALLBACK).bsn == "999900006"
    assert refused(provider, request, params) == "code-refused"
    other = msgspec.structs.replace(request, verifier="x" * 43)
    assert refused(provider, other, choose(other, "fatima")) == "code-refused"
    assert refused(provider, request, choose(request, "fatima"), CALLBACK + "?x=1") == "code-refused"
    assert refused(provider, request, {**params, "code": "geraden"}) == "code-refused"


def test_a_code_of_somebody_else_is_of_no_use(adapters: Adapters) -> None:
    provider = adapters.identity["resident"]
    mine, theirs = begin(provider, CALLBACK), begin(provider, CALLBACK)
    stolen = {**choose(mine, "fatima"), "code": choose(theirs, "willem")["code"]}
    assert refused(provider, mine, stolen) == "code-refused"


def test_a_wrong_secret_is_our_own_fault(adapters: Adapters) -> None:
    provider = msgspec.structs.replace(adapters.identity["resident"], client_secret="fout")
    request = begin(provider, CALLBACK)
    with pytest.raises(AdapterUnavailable, match="status 401"):
        finish(provider, request, choose(request, "fatima"), CALLBACK)


def test_a_provider_that_takes_the_secret_only_in_the_form() -> None:
    with liar() as (provider, agreed):
        sent: list[Request] = []

        def discovery(request: Request) -> Response:
            known = msgspec.json.decode(OidcProvider.__call__(provider, request).body)
            return json_response({**known, "token_endpoint_auth_methods_supported": ["client_secret_post"]})

        def token(request: Request) -> Response:
            sent.append(request)
            return OidcProvider.__call__(provider, request)

        provider.instead = {"/.well-known/openid-configuration": discovery, "/token": token}
        assert log_in(agreed, "fatima").bsn == "999900006"
        assert "authorization" not in sent[0].headers
        assert sent[0].form()["client_secret"] == "demo"


def test_what_the_token_leaves_out_is_asked_apart() -> None:
    with liar() as (provider, agreed):
        provider.change = lambda claims: {k: v for k, v in claims.items() if k not in {"bsn", "name"}}
        found = log_in(agreed, "fatima")
        assert (found.bsn, found.name) == ("999900006", "Fatima el Amrani")
        provider.instead = {"/userinfo": lambda request: json_response({"sub": "resident-willem", "bsn": "999900055"})}
        with pytest.raises(LoginFailed, match=r"^bad-token$"):
            log_in(agreed, "fatima")
        provider.instead = {"/userinfo": lambda request: Response(500)}
        with pytest.raises(AdapterUnavailable):
            log_in(agreed, "fatima")


@pytest.mark.parametrize(
    ("realm", "who", "claims", "outcome"),
    [
        ("resident", "fatima", {"bsn": "999900007"}, "no-bsn"),
        ("resident", "fatima", {"bsn": 999900006}, "no-bsn"),
        ("resident", "fatima", {"bsn": "٩٩٩٩٠٠٠٠٦"}, "no-bsn"),
        ("resident", "fatima", {"bsn": "10000021"}, "010000021"),
        ("resident", "fatima", {"bsn": "", "urn:etoegang:1.12:EntityConcernedID:BSN": "999900018"}, "999900018"),
        ("business", "sleutel", {"kvk": "123"}, "no-kvk"),
        ("business", "sleutel", {"kvk": ""}, "no-kvk"),
        ("business", "sleutel", {"kvk": "", "urn:etoegang:1.9:EntityConcernedID:KvKnr": "99990022"}, "99990022"),
    ],
)
def test_numbers_are_checked(realm: str, who: str, claims: dict[str, Any], outcome: str) -> None:
    with liar(realm) as (provider, agreed):
        provider.change = lambda known: {**known, **claims}
        provider.instead = {"/userinfo": lambda request: json_response({"sub": f"{realm}-{who}"})}
        try:
            found = log_in(agreed, who)
            assert found.bsn + found.kvk == outcome
        except LoginFailed as error:
            assert error.reason == outcome


def test_what_belongs_to_another_realm_is_left_out() -> None:
    extra = {"roles": ["administrator"], "teams": ["x"], "kvk": "99990011", "amr": ["mfa"]}
    with liar() as (provider, agreed):
        provider.change = lambda claims: {**claims, **extra}
        found = log_in(agreed, "fatima")
        assert (found.roles, found.teams, found.kvk, found.second_factor) == ((), (), "", False)
    with liar("staff") as (provider, agreed):
        provider.change = lambda claims: {**claims, "bsn": "999900006", "roles": ["reader", 7, None]}
        found = log_in(agreed, "els")
        assert (found.bsn, found.roles) == ("", ("reader",))


def test_logging_out_at_the_provider_and_back(adapters: Adapters) -> None:
    provider = adapters.identity["resident"]
    token = log_in(provider, "fatima").id_token
    url = logout_url(provider, token, "http://localhost:8000/")
    assert BROWSER.get(url).headers["location"] == "http://localhost:8000/"
    for wrong in (
        logout_url(provider, "onzin", "http://localhost:8000/"),
        logout_url(provider, token, "https://evil.example/"),
        logout_url(provider, log_in(adapters.identity["staff"], "els").id_token, "http://localhost:8000/"),
    ):
        answer = BROWSER.get(wrong)
        assert (answer.status_code, "location" in answer.headers) == (200, False)
    away = Provider(realm="resident", issuer="http://127.0.0.1:1", client_id="x")
    assert logout_url(away, token, "http://localhost:8000/") == ""


@pytest.mark.parametrize("kind", [k for k in HTTP if k not in {"status 403", "redirect", "wrong type", "deep"}])
def test_a_provider_that_behaves_badly_is_unavailable(kind: str) -> None:
    behave, reason = HTTP[kind]
    with badly(behave) as port:
        source = Published(f"http://127.0.0.1:{port}", timeout=0.3 if reason == "timeout" else 5.0)
        with pytest.raises(AdapterUnavailable) as caught:
            source.metadata()
    assert (caught.value.system, caught.value.reason) == ("identity", reason)
    assert isinstance(caught.value, Unavailable)


@pytest.mark.parametrize(
    "lie",
    [
        {"issuer": "https://evil.example"},
        {"issuer": "{at}/"},
        {"token_endpoint": "http://evil.example/token"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"jwks_uri": "file:///etc/passwd"},
        {"end_session_endpoint": "http://evil.example/"},
        {"userinfo_endpoint": "https:///x"},
        {"token_endpoint": None},
    ],
)
def test_a_discovery_document_that_lies_is_not_used(lie: dict[str, str | None]) -> None:
    with liar() as (provider, agreed):
        at = agreed.issuer

        def discovery(request: Request) -> Response:
            known = msgspec.json.decode(OidcProvider.__call__(provider, request).body)
            return json_response({**known, **{k: v.format(at=at) if v else v for k, v in lie.items()}})

        provider.instead = {"/.well-known/openid-configuration": discovery}
        with pytest.raises(AdapterUnavailable):
            begin(agreed, CALLBACK)


def test_an_issuer_elsewhere_must_be_https() -> None:
    with pytest.raises(AdapterUnavailable, match="not https"):
        Published("http://idp.example").metadata()


def test_discovery_and_keys_are_kept_and_unknown_keys_looked_for_now_and_then() -> None:
    asked: list[str] = []
    keys = [shared_key(), shared_key(2)]

    def provide(request: Request) -> Response:
        asked.append(request.path)
        return OidcProvider("resident", at[0], keys[0])(request)

    at: list[str] = []
    with serving(provide) as url:
        at.append(url)
        patient, eager = Published(url), Published(url, retry=0.0)
        for source in (patient, eager):
            assert [k.kid for k in source.keys(str(keys[0].kid))] == [keys[0].kid]
            assert [k.kid for k in source.keys(str(keys[0].kid))] == [keys[0].kid]
        assert asked == ["/.well-known/openid-configuration", "/jwks"] * 2
        keys.reverse()
        # Somebody who sends tokens with made-up key names must not make us ask the provider each time.
        assert [k.kid for k in patient.keys(str(keys[0].kid))] == [keys[1].kid]
        assert [k.kid for k in eager.keys(str(keys[0].kid))] == [keys[0].kid]
        assert len(asked) == 5
    # The provider is away now: what it said still holds.
    assert patient.metadata().issuer == url
    assert [k.kid for k in eager.keys("nog een")] == [keys[0].kid]


@pytest.mark.parametrize(
    ("acr", "level"),
    [
        ("urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport", "low"),
        ("urn:oasis:names:tc:SAML:2.0:ac:classes:MobileTwoFactorContract", "low"),
        ("urn:oasis:names:tc:SAML:2.0:ac:classes:Smartcard", "substantial"),
        ("urn:oasis:names:tc:SAML:2.0:ac:classes:SmartcardPKI", "high"),
        ("urn:etoegang:core:assurance-class:loa2plus", "low"),
        ("urn:etoegang:core:assurance-class:loa3", "substantial"),
        ("urn:etoegang:core:assurance-class:loa4", "high"),
        ("http://eidas.europa.eu/LoA/substantial", "substantial"),
        ("http://eidas.europa.eu/NotNotified/LoA/high", "high"),
        ("high", "high"),
        ("HIGH", ""),
        ("", ""),
        ("urn:etoegang:core:assurance-class:loa5", ""),
    ],
)
def test_levels(acr: str, level: str) -> None:
    assert level_of(acr) == level


@pytest.mark.parametrize(
    ("amr", "acr", "second"),
    [
        (["pwd", "mfa"], "", True),
        (["mfa"], "", True),
        (["pwd", "otp"], "", True),
        (["hwk", "pin"], "", True),
        (["fpt", "swk"], "", True),
        (["pwd"], "", False),
        (["pwd", "pin"], "", False),
        (["otp", "sms"], "", False),
        ([], "", False),
        (["onbekend", "pwd"], "", False),
        ([], "https://refeds.org/profile/mfa", True),
        ([], "phr", True),
        ([], "http://eidas.europa.eu/LoA/substantial", True),
        ([], "http://eidas.europa.eu/LoA/low", False),
    ],
)
def test_second_factors(amr: list[str], acr: str, second: bool) -> None:
    assert is_second_factor(amr, acr) is second


def test_reasons_are_codes() -> None:
    with pytest.raises(ValueError, match="short code"):
        LoginFailed("999900006 is fout")


def test_the_standin_sends_browsers_only_to_this_machine(standins: Standins, adapters: Adapters) -> None:
    asked = query_of(begin(adapters.identity["resident"], CALLBACK).url)
    at = f"{standins.url}/oidc/resident/authorize"
    for uri in (
        "https://evil.example/",
        "http://localhost@evil.example/",
        "http://localhost.evil.example/",
        "//evil.example",
        "javascript:alert(1)",
        "http://[",
        "",
    ):
        answer = BROWSER.get(at, params={**asked, "redirect_uri": uri, "login_hint": "fatima"})
        assert (answer.status_code, "location" in answer.headers) == (400, False), uri
    for uri in ("http://[::1]:8000/x", "https://127.0.0.1/x?y=1", "http://raadhuis.localhost:8000/"):
        answer = BROWSER.get(at, params={**asked, "redirect_uri": uri, "login_hint": "fatima"})
        assert answer.headers["location"].startswith(uri), uri
    for missing, error in (
        ("code_challenge", "invalid_request"),
        ("code_challenge_method", "invalid_request"),
        ("state", "invalid_request"),
        ("scope", "invalid_scope"),
        ("response_type", "unsupported_response_type"),
    ):
        answer = BROWSER.get(at, params={**asked, missing: "", "login_hint": "fatima"})
        assert query_of(answer.headers["location"])["error"] == error
    assert BROWSER.get(at, params={**asked, "client_id": "ander"}).status_code == 400


def test_the_page_shows_what_came_in_as_text(standins: Standins, adapters: Adapters) -> None:
    evil = '"><script>alert(1)</script>'
    answer = BROWSER.get(begin(adapters.identity["resident"], CALLBACK).url + f"&acr_values={evil}&login_hint={evil}")
    page = answer.text
    assert answer.status_code == 200
    assert "<script" not in page
    assert "form-action 'self' http://localhost:8000" in answer.headers["content-security-policy"]
    for resident in RESIDENTS:
        if resident.id:
            assert f'value="{resident.id}"' in page and resident.why in page
