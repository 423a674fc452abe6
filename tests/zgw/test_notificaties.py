"""The Notificaties API: channels, subscriptions, publishing, and how notices are brought."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.work import own, parking
from house import House
from raadhuis.cases import actions
from raadhuis.catalogue import actions as catalogue
from raadhuis.catalogue.loading import load as read_service
from raadhuis.clients.schema import NewRight
from raadhuis.journal import queries as journal
from raadhuis.journal.models import Outbox
from raadhuis.kernel import clock
from raadhuis.kernel.db import durable
from raadhuis.notices import delivery
from raadhuis.notices.actions import tell
from raadhuis.notices.models import Abonnement
from raadhuis.notices.schema import Notice
from raadhuis.site import runner
from raadhuis.site.example import load
from raadhuis.site.example.filler import apply
from zgw.clients import HOST, Application, codes
from zgw.receivers import ID, Receiver
from zgw.test_catalogi import ROOT as TYPES
from zgw.test_catalogi import Types

ROOT = "/notificaties/api/v1"
Make = Callable[..., Receiver]
ZAAKTYPE = "https://elders.example/catalogi/api/v1/zaaktypen/1"


def wanted(receiver: Receiver, *channels: str, **other: Any) -> dict[str, Any]:
    """A subscription as a client sends it."""
    return {
        "callbackUrl": receiver.url,
        "auth": "Bearer geheim",
        "kanalen": [{"naam": name, "filters": {}} for name in channels or ("zaken",)],
        **other,
    }


def notice(main: int = 1, **other: Any) -> dict[str, Any]:
    """A message as another system publishes it."""
    return {
        "kanaal": "zaken",
        "hoofdObject": f"https://elders.example/zaken/{main}",
        "resource": "status",
        "resourceUrl": f"https://elders.example/statussen/{uuid4()}",
        "actie": "create",
        "aanmaakdatum": "2026-11-27T10:00:00Z",
        "kenmerken": {"zaaktype": ZAAKTYPE, "bronorganisatie": "000000000"},
        **other,
    }


def later(**time: float) -> Any:
    """The clock, moved on."""
    return clock.at(clock.now() + timedelta(**time))


@pytest.fixture
def subscribed(app: Application, receivers: Make) -> tuple[Application, Receiver]:
    """An application that may do everything, and a receiver of all about cases."""
    receiver = receivers()
    app.post(f"{ROOT}/abonnement", wanted(receiver))
    return app, receiver


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


def test_after_a_failure_the_order_of_one_object_is_kept_and_others_go_on(app: Application, receivers: Make) -> None:
    first = notice(1, actie="a")["hoofdObject"]
    receiver = receivers()
    app.post(f"{ROOT}/abonnement", wanted(receiver))
    for action in ("a", "b"):
        app.post(f"{ROOT}/notificaties", notice(1, actie=action), 200)
    app.post(f"{ROOT}/notificaties", notice(2, actie="c"), 200)
    receiver.behave = lambda number: 500 if receiver.calls[number - 1][1]["hoofdObject"] == first else 204
    runner.deliver_notices()
    assert sorted(one["actie"] for one in receiver.notices) == ["a", "c"], "b waits for a"
    receiver.behave = lambda number: 204
    runner.deliver_notices()
    assert len(receiver.notices) == 2, "not before its time"
    with later(seconds=11):
        runner.deliver_notices()
    assert [one["actie"] for one in receiver.notices if one["hoofdObject"] == first] == ["a", "a", "b"]
    ids = [headers[ID] for headers, body in receiver.calls if body["actie"] == "a"]
    assert len(set(ids)) == 1, "the same id, so that a receiver can drop the double"


def test_who_is_away_is_asked_by_one_notice_and_gets_all_at_its_return(app: Application, receivers: Make) -> None:
    away = [True]
    receiver = receivers(lambda number: 503 if away[0] and number > 1 else 204)
    app.post(f"{ROOT}/abonnement", wanted(receiver))
    for number in range(60):
        app.post(f"{ROOT}/notificaties", notice(number), 200)
    runner.deliver_notices()
    assert delivery.AWAY_AFTER <= len(receiver.notices) <= delivery.LANES * delivery.AWAY_AFTER
    start = clock.now()
    with clock.at(start + timedelta(hours=20)):
        before = len(receiver.notices)
        runner.deliver_notices()
        assert len(receiver.notices) == before + 1, "one looks whether it is back"
        row = Abonnement.objects.get()
        assert row.rests_until is not None and row.rests_until <= clock.now() + timedelta(minutes=5)
    away[0] = False
    with clock.at(start + timedelta(hours=20, minutes=5)):
        runner.deliver_notices()
    assert {one["hoofdObject"] for one in receiver.notices} == {notice(n)["hoofdObject"] for n in range(60)}
    assert not Outbox.objects.filter(kind="notice").exists()
    assert Abonnement.objects.get().rests == 0


def test_a_receiver_that_hangs_holds_up_nobody_else(app: Application, receivers: Make) -> None:
    others_are_done = threading.Event()
    hanging = receivers(lambda number: 204 if number == 1 or others_are_done.wait(8) else 500)
    quick = receivers()
    for receiver in (hanging, quick):
        app.post(f"{ROOT}/abonnement", wanted(receiver))
    quick.behave = lambda number: (number == 21 and others_are_done.set()) or 204
    for number in range(20):
        app.post(f"{ROOT}/notificaties", notice(number), 200)
    runner.deliver_notices()
    assert others_are_done.is_set() and len(quick.notices) == 20
    assert Abonnement.objects.get(callback_url=hanging.url).failures == 0, "it was answered while the other one waited"


def test_after_a_week_a_notice_is_given_up_and_may_be_sent_again(
    house: House, app: Application, receivers: Make
) -> None:
    receiver = receivers(lambda number: 500 if number > 1 else 204)
    app.post(f"{ROOT}/abonnement", wanted(receiver))
    for number in range(8):
        app.post(f"{ROOT}/notificaties", notice(number), 200)
    runner.deliver_notices()
    with later(days=6, hours=23):
        runner.deliver_notices()
        assert not Outbox.objects.filter(state="dead").exists()
    with later(days=7, minutes=10):
        runner.deliver_notices()
    assert Outbox.objects.filter(state="dead", kind="notice").count() == 8
    assert journal.after(journal.last_sequence() - 1)[0].kind == "outbox.gave_up"
    receiver.behave = lambda number: 204
    ada = house.client("ada")
    page = ada.get("/werk/bezorging/").content.decode()
    assert "zaken: status create" in page and receiver.url in page
    row = Outbox.objects.filter(state="dead").order_by("number").first()
    assert row is not None and ada.post(f"/werk/bezorging/{row.id}/opnieuw/").status_code == 303
    before = len(receiver.notices)
    with later(days=7, minutes=20):
        runner.deliver_notices()
    assert len(receiver.notices) == before + 1
    shown = ada.get("/werk/applicaties/").content.decode()
    assert receiver.url in shown and "7 niet bezorgd" in shown
    subscription = Abonnement.objects.get()
    assert ada.post(f"/werk/abonnementen/{subscription.id}/opnieuw/").status_code == 303
    runner.deliver_notices()
    assert len(receiver.notices) == before + 8 and not Outbox.objects.filter(kind="notice").exists()


def test_a_receiver_that_is_gone_for_good_stops_its_subscription(app: Application, receivers: Make) -> None:
    receiver = receivers(lambda number: 410 if number == 2 else 204)
    made = app.post(f"{ROOT}/abonnement", wanted(receiver))
    for number in range(3):
        app.post(f"{ROOT}/notificaties", notice(number), 200)
    runner.deliver_notices()
    runner.deliver_notices()
    assert Outbox.objects.filter(state="waiting", kind="notice").count() == 0
    assert Outbox.objects.filter(state="dead", kind="notice").exists()
    assert "subscription.stopped" in {event.kind for event in journal.after(journal.last_sequence() - 10)}
    dead = Outbox.objects.count()
    app.post(f"{ROOT}/notificaties", notice(9), 200)
    assert Outbox.objects.count() == dead, "nothing is told to who has gone"
    app.put(made["url"], made)
    app.post(f"{ROOT}/notificaties", notice(10), 200)
    runner.deliver_notices()
    assert receiver.notices[-1]["hoofdObject"] == notice(10)["hoofdObject"]


def test_what_waits_for_a_subscription_that_is_gone_becomes_a_dead_letter(
    subscribed: tuple[Application, Receiver],
) -> None:
    app, _ = subscribed
    app.post(f"{ROOT}/notificaties", notice(), 200)
    Abonnement.objects.all().delete()
    delivery.tidy()
    assert Outbox.objects.get(kind="notice").state == "dead"


def test_telling_costs_one_statement_when_nobody_listens(house: House) -> None:
    def told(times: int) -> list[str]:
        with CaptureQueriesContext(connection) as made, durable():
            for number in range(times):
                tell(Notice(channel="zaken", main=f"m{number}", resource="zaak", address="a", action="create"))
        return [one["sql"] for one in made if "SAVEPOINT" not in one["sql"]]

    told(1)
    assert len(told(20)) == 1 and "notices_stamp" in told(20)[0]


def test_a_notice_of_a_change_that_fails_was_never_there(subscribed: tuple[Application, Receiver]) -> None:
    with pytest.raises(ZeroDivisionError), durable():
        tell(Notice(channel="zaken", main="m", resource="zaak", address="a", action="create"))
        raise ZeroDivisionError
    assert not Outbox.objects.filter(kind="notice").exists()


# What our own doors tell ---------------------------------------------------------------------------------------------
def told(receiver: Receiver) -> list[tuple[str, str, str]]:
    """What was told, once the background work is done."""
    runner.deliver_notices()
    return [(one["kanaal"], one["resource"], one["actie"]) for one in receiver.notices]


def test_types_and_applications_are_told(app: Application, receivers: Make) -> None:
    receiver = receivers()
    app.post(
        f"{ROOT}/abonnement", wanted(receiver, "zaaktypen", "informatieobjecttypen", "besluittypen", "autorisaties")
    )
    types = Types(app)
    made = app.post(f"{TYPES}/besluittypen", types.bodies()["besluittypen"])
    app.delete(made["url"])
    applicatie = {"clientIds": ["ander"], "label": "Ander", "heeftAlleAutorisaties": True}
    other = app.post("/autorisaties/api/v1/applicaties", applicatie)
    app.delete(other["url"])
    found = told(receiver)
    assert ("zaaktypen", "zaaktype", "create") in found
    assert [one for one in found if one[0] == "besluittypen"] == [
        ("besluittypen", "besluittype", "create"),
        ("besluittypen", "besluittype", "destroy"),
    ]
    assert [one[2] for one in found if one[0] == "autorisaties"] == ["create", "destroy"]
    place = types.catalogus.replace(HOST, "http://localhost:8000")
    assert all(one["kenmerken"] == {"catalogus": place} for one in receiver.notices if "type" in one["kanaal"])


def test_a_service_that_is_published_is_told(house: House, app: Application, receivers: Make) -> None:
    receiver = receivers()
    app.post(f"{ROOT}/abonnement", wanted(receiver, "zaaktypen"))
    text = (load.FOLDER / "parkeervergunning.yaml").read_text("utf-8")
    other = text.replace("nl: Parkeervergunning voor bewoners", "nl: Vergunning om te parkeren", 1)
    assert other != text
    catalogue.publish_document(read_service(other, "parkeervergunning.yaml"), house.staff("tess"))
    assert ("zaaktypen", "zaaktype", "create") in told(receiver)


def test_what_residents_and_the_rules_do_is_told_in_order(house: House, app: Application, receivers: Make) -> None:
    receiver = receivers()
    app.post(f"{ROOT}/abonnement", wanted(receiver, "zaken", "documenten", "besluiten"))
    apply("parkeervergunning", house.person("fatima"), own())
    runner.deliver()  # The letters.
    found = told(receiver)
    about = [one[1:] for one in found if one[0] == "zaken"]
    assert about == [
        ("zaak", "create"),
        ("rol", "create"),
        ("status", "create"),
        ("resultaat", "create"),
        ("status", "create"),
        ("zaak", "update"),
        *[("zaakinformatieobject", "create")] * (len(about) - 6),
    ]
    assert len(about) > 6, "the letter"
    assert ("besluiten", "besluit", "create") in found and ("besluiten", "besluitinformatieobject", "create") in found
    assert ("documenten", "enkelvoudiginformatieobject", "create") in found
    for one in receiver.notices:  # What is told can be read at the address that is told, where it is served yet.
        if one["kanaal"] == "zaken":
            place = one["resourceUrl"].removeprefix("http://localhost:8000")
            assert app.ask("GET", place, **{"Accept-Crs": "EPSG:4326"}).status_code == 200
            assert app.get(one["kenmerken"]["zaaktype"].removeprefix("http://localhost:8000"))
    for private in ("999900006", "Fatima", "GZ999R", "fatima@"):
        assert private not in str(receiver.notices)


def test_a_decision_that_is_taken_back_is_told(house: House, app: Application, receivers: Make) -> None:
    case = parking(house)
    receiver = receivers()
    app.post(f"{ROOT}/abonnement", wanted(receiver, "zaken", "besluiten"))
    record = case.decide("beoordelen", "ingrid")
    actions.undo(case.id, house.staff("ingrid"), record.id, "Te snel.")
    found = told(receiver)
    assert [one[2] for one in found if one[1] == "besluit"] == ["create", "destroy"]
    assert [one[2] for one in found if one[1] == "resultaat"] == ["create", "destroy"]
    assert [one[2] for one in found if one[1] == "zaak"] == ["update", "update"]
