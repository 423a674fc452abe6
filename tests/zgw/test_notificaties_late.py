"""Notices that do not arrive at once: order, retries, who is away, dead letters; and those that never were."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from house import House
from raadhuis.journal import queries as journal
from raadhuis.journal.models import Outbox
from raadhuis.kernel import clock
from raadhuis.kernel.db import durable
from raadhuis.notices import delivery
from raadhuis.notices.actions import tell
from raadhuis.notices.models import Abonnement
from raadhuis.notices.schema import Notice
from raadhuis.site import runner
from zgw.clients import Application
from zgw.notifying import ROOT, Make, later, notice, wanted
from zgw.receivers import ID, Receiver


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
