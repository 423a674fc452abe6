"""The Notificaties API: channels, subscriptions, publishing, and how notices are brought."""

from typing import Any
from uuid import uuid4

import pytest

from raadhuis.clients.schema import NewRight
from raadhuis.journal import queries as journal
from raadhuis.journal.models import Outbox
from raadhuis.notices.models import Abonnement
from raadhuis.site import runner
from zgw.clients import HOST, Application, codes
from zgw.notifying import ROOT, ZAAKTYPE, Make, notice, wanted
from zgw.receivers import ID, Receiver


# Channels ---------------------------------------------------------------------------------------------------------
def test_the_channels_of_the_standard_are_there(app: Application) -> None:
    found = {one["naam"]: one["filters"] for one in app.get(f"{ROOT}/kanaal")}
    assert found["zaken"] == ["bronorganisatie", "zaaktype", "vertrouwelijkheidaanduiding"]
    assert found["besluiten"] == ["verantwoordelijkeOrganisatie", "besluittype"]
    assert set(found) >= {"documenten", "zaaktypen", "informatieobjecttypen", "besluittypen", "autorisaties"}
    one = app.get(f"{ROOT}/kanaal", naam="zaken")
    assert len(one) == 1 and app.get(one[0]["url"]) == one[0]


def test_a_channel_of_ones_own(app: Application) -> None:
    made = app.post(f"{ROOT}/kanaal", {"naam": "meldingen", "filters": ["soort", "buurt_code"]})
    assert made["filters"] == ["soort", "buurtCode"] and app.get(made["url"]) == made
    assert codes(app.post(f"{ROOT}/kanaal", {"naam": "meldingen"}, 400)) == {"naam": "unique"}
    assert codes(app.post(f"{ROOT}/kanaal", {"naam": "zaken"}, 400)) == {"naam": "unique"}
    assert app.ask("GET", f"{ROOT}/kanaal/{uuid4()}").status_code == 404


# Subscriptions -----------------------------------------------------------------------------------------------------
def test_a_callback_is_tested_and_its_secret_never_leaves(app: Application, receivers: Make) -> None:
    receiver = receivers()
    made = app.post(f"{ROOT}/abonnement", wanted(receiver))
    (headers, body), *rest = receiver.calls
    assert not rest and headers["Authorization"] == "Bearer geheim" and body["kanaal"] == "test"
    assert made["auth"] == "********" and "geheim" not in str(app.get(f"{ROOT}/abonnement"))
    assert b"geheim" not in bytes(Abonnement.objects.get().auth)
    changed = app.patch(made["url"], {"kanalen": [{"naam": "besluiten"}]})
    assert changed["kanalen"] == [{"naam": "besluiten", "filters": {}}]
    assert app.put(made["url"], changed) == changed
    assert {headers["Authorization"] for headers, _ in receiver.calls} == {"Bearer geheim"}, "what was hidden is kept"
    app.patch(made["url"], {"auth": "Token ander"})
    assert receiver.calls[-1][0]["Authorization"] == "Token ander"
    app.delete(made["url"])
    assert app.ask("GET", made["url"]).status_code == 404
    told = [event.kind for event in journal.after(journal.last_sequence() - 5)]
    assert told == ["subscription.added", *["subscription.changed"] * 3, "subscription.removed"]


def test_what_one_server_may_know_is_not_brought_to_another(app: Application, receivers: Make) -> None:
    one, other = receivers(), receivers()
    made = app.post(f"{ROOT}/abonnement", wanted(one))
    assert codes(app.patch(made["url"], {"callbackUrl": other.url}, 400)) == {"auth": "required"}
    assert other.calls == []
    assert app.patch(made["url"], {"callbackUrl": f"{one.url}/2"})["callbackUrl"] == f"{one.url}/2"
    app.patch(made["url"], {"callbackUrl": other.url, "auth": "Bearer nieuw"})
    assert [headers["Authorization"] for headers, _ in other.calls] == ["Bearer nieuw"]


@pytest.mark.parametrize("status", [200, 302, 401, 500])
def test_a_callback_that_does_not_answer_204_is_refused(app: Application, receivers: Make, status: int) -> None:
    receiver = receivers(lambda number: status)
    problem = app.post(f"{ROOT}/abonnement", wanted(receiver), 400)
    assert codes(problem) == {"callbackUrl": "invalid-callback-url"} and not Abonnement.objects.exists()


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost:8000/x",
        "http://127.0.0.1/x",
        "http://10.0.0.1/x",
        "http://169.254.169.254/latest/meta-data",
        "http://[::1]:8080/",
        "http://user:pass@example.org/",
        "http://example.org:25/",
        "ftp://example.org/",
        "http://bestaat-niet.invalid/",
    ],
)
def test_addresses_of_the_inside_are_not_called(app: Application, url: str) -> None:
    body = {"callbackUrl": url, "auth": "x", "kanalen": [{"naam": "zaken"}]}
    problem = app.post(f"{ROOT}/abonnement", body, 400)
    assert codes(problem) in [{"callbackUrl": "invalid-callback-url"}, {"callbackUrl": "invalid"}]


def test_what_is_wrong_with_a_subscription_is_said(app: Application, receivers: Make) -> None:
    receiver = receivers()
    app.post(f"{ROOT}/abonnement", wanted(receiver))
    wrong = wanted(receiver, "nergens", auth="twee\nregels")
    wrong["kanalen"].append({"naam": "zaken", "filters": {"kleur": "rood"}})
    assert codes(app.post(f"{ROOT}/abonnement", wrong, 400)) == {
        "callbackUrl": "unique",
        "auth": "invalid",
        "kanalen.0.naam": "kanaal_naam",
        "kanalen.1.filters": "inconsistent-abonnement-filters",
    }
    for filters in ("x", [1], {"zaaktype": 1}, {"zaaktype": "x" * 1001}):
        bad = wanted(receiver) | {"kanalen": [{"naam": "zaken", "filters": filters}]}
        assert codes(app.post(f"{ROOT}/abonnement", bad, 400)) == {"kanalen.0.filters": "invalid"}


def test_an_application_sees_its_own_subscriptions_only(app: Application, receivers: Make) -> None:
    rights = NewRight(component="nrc", scopes=["notificaties.consumeren"])
    one, other = Application(rights), Application(rights)
    made = one.post(f"{ROOT}/abonnement", wanted(receivers()))
    assert other.get(f"{ROOT}/abonnement") == [] and one.get(f"{ROOT}/abonnement") == [made]
    assert app.get(f"{ROOT}/abonnement") == [made]
    for method in ("GET", "DELETE"):
        assert other.ask(method, made["url"]).status_code == 404
    assert other.ask("PATCH", made["url"], {"auth": "y"}).status_code == 404
    assert other.ask("PUT", made["url"], made).status_code == 404
    assert other.ask("POST", f"{ROOT}/notificaties", notice()).status_code == 403


def test_the_subscriptions_of_an_application_go_with_it(app: Application, receivers: Make) -> None:
    one = Application(NewRight(component="nrc", scopes=["notificaties.consumeren"]))
    one.post(f"{ROOT}/abonnement", wanted(receivers()))
    app.post(f"{ROOT}/notificaties", notice(), 200)
    assert Outbox.objects.filter(kind="notice").count() == 1
    app.delete(f"/autorisaties/api/v1/applicaties/{one.id}")
    assert app.get(f"{ROOT}/abonnement") == [] and not Outbox.objects.filter(kind="notice").exists()


# Publishing and bringing ---------------------------------------------------------------------------------------------
def test_what_is_published_is_brought_unchanged_with_an_id(subscribed: tuple[Application, Receiver]) -> None:
    app, receiver = subscribed
    sent = notice()
    assert app.post(f"{ROOT}/notificaties", sent, 200) == sent
    assert receiver.notices == []
    runner.deliver_notices()
    assert receiver.notices == [sent]
    headers, _ = receiver.calls[-1]
    assert headers["Authorization"] == "Bearer geheim" and headers["Content-Type"] == "application/json"
    assert len(headers[ID]) == 36
    assert not Outbox.objects.filter(kind="notice").exists(), "what arrived is not kept"


def test_filters_choose(app: Application, receivers: Make) -> None:
    mine, all_of_them = receivers(), receivers()
    filters = {"zaaktype": ZAAKTYPE, "bronorganisatie": "*"}
    app.post(f"{ROOT}/abonnement", wanted(mine) | {"kanalen": [{"naam": "zaken", "filters": filters}]})
    app.post(f"{ROOT}/abonnement", wanted(all_of_them, "zaken", "documenten"))
    app.post(f"{ROOT}/notificaties", notice(1), 200)
    app.post(f"{ROOT}/notificaties", notice(2, kenmerken={"zaaktype": "https://elders.example/ander"}), 200)
    app.post(f"{ROOT}/notificaties", notice(3, kanaal="documenten", kenmerken={}), 200)
    runner.deliver_notices()
    assert [one["hoofdObject"][-1] for one in mine.notices] == ["1"]
    assert sorted(one["hoofdObject"][-1] for one in all_of_them.notices) == ["1", "2", "3"]


def test_what_is_published_must_fit_its_channel(app: Application) -> None:
    assert codes(app.post(f"{ROOT}/notificaties", notice(kanaal="nergens"), 400)) == {"kanaal": "message_kanaal"}
    problem = app.post(f"{ROOT}/notificaties", notice(kenmerken={"kleur": "rood"}), 400)
    assert codes(problem) == {"kenmerken": "kenmerken_inconsistent"}
    problem = app.post(f"{ROOT}/notificaties", {"kanaal": "zaken"}, 400)
    assert codes(problem) == dict.fromkeys(
        ("hoofdObject", "resource", "resourceUrl", "actie", "aanmaakdatum"), "required"
    )


def test_addresses_of_ours_are_told_by_our_public_address(
    subscribed: tuple[Application, Receiver], settings: Any
) -> None:
    settings.RAADHUIS_URL = "https://stad.example"
    app, receiver = subscribed
    app.post(f"{ROOT}/notificaties", notice(hoofdObject=f"{HOST}/zaken/api/v1/zaken/1"), 200)
    runner.deliver_notices()
    assert receiver.notices[0]["hoofdObject"] == "https://stad.example/zaken/api/v1/zaken/1"


def test_cloud_events_for_who_asks_for_them(app: Application, receivers: Make, settings: Any) -> None:
    receiver = receivers()
    made = app.post(f"{ROOT}/abonnement", wanted(receiver, cloudEvents=True))
    assert made["cloudEvents"] is True
    sent = notice()
    app.post(f"{ROOT}/notificaties", sent, 200)
    runner.deliver_notices()
    headers, event = receiver.calls[-1]
    assert headers["Content-Type"] == "application/cloudevents+json; charset=utf-8"
    assert event == {
        "specversion": "1.0",
        "id": headers[ID],
        "source": f"urn:nld:oin:00000001{settings.RAADHUIS_MUNICIPALITY['rsin']}000:systeem:raadhuis",
        "type": "nl.overheid.zaken.status.create",
        "subject": sent["resourceUrl"].rpartition("/")[2],
        "time": sent["aanmaakdatum"],
        "datacontenttype": "application/json",
        "dataref": sent["resourceUrl"],
        "data": sent,
    }
