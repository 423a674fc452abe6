"""Decisions, channels and subscriptions, when several want the same at once: one gets it, the others are told why."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection

from house import House
from raadhuis.cases.models import AuditRegel, Besluit, BesluitInformatieObject
from raadhuis.journal.models import Event
from raadhuis.notices.models import Abonnement, Kanaal
from zgw.clients import Application
from zgw.papers import Papers
from zgw.receivers import Receiver
from zgw.register import Register
from zgw.test_besluiten import BIO, ROOT, body, make

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 6
ONE_GOT_IT = [201, *[400] * (MANY - 1)]


def at_once(act: Callable[[int], int]) -> list[int]:
    """What each of six got (a status), when they begin at the same moment."""
    got: list[int] = []
    ready = threading.Barrier(MANY)

    def one(number: int) -> None:
        ready.wait()
        try:
            got.append(act(number))
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=(number,)) for number in range(MANY)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(got)


@pytest.fixture
def register(house: House) -> Register:
    return Register(Application())


def test_a_number_a_document_and_a_removal_are_for_one(register: Register) -> None:
    app, sent = register.app, body(register, identificatie="B-1")
    assert at_once(lambda _: app.ask("POST", f"{ROOT}/besluiten", sent).status_code) == ONE_GOT_IT
    assert Besluit.objects.count() == 1
    made = app.get(f"{ROOT}/besluiten")["results"][0]["url"]
    document = Papers(app).make(informatieobjecttype=register.document_type)["url"]
    relation = {"besluit": made, "informatieobject": document}
    assert at_once(lambda _: app.ask("POST", BIO, relation).status_code) == ONE_GOT_IT
    assert BesluitInformatieObject.objects.count() == 1
    assert AuditRegel.objects.filter(bron="brc").count() == 2
    assert at_once(lambda _: app.ask("DELETE", made).status_code) == [204, *[404] * (MANY - 1)]
    assert Event.objects.filter(kind="besluit.removed").count() == 1


def test_changes_at_once_are_lost_to_nobody(register: Register) -> None:
    made = make(register)["url"]
    fields = ("toelichting", "bestuursorgaan")
    assert at_once(lambda n: register.app.ask("PATCH", made, {fields[n % 2]: "Nieuw"}).status_code) == [200] * MANY
    now = register.app.get(made)
    assert now["toelichting"] == now["bestuursorgaan"] == "Nieuw"
    assert AuditRegel.objects.filter(bron="brc").count() == MANY + 1


def test_a_callback_and_a_channel_are_for_one(house: House, receivers: Callable[[], Receiver]) -> None:
    app, place = Application(), "/notificaties/api/v1"
    wanted = {"callbackUrl": receivers().url, "auth": "x", "kanalen": [{"naam": "zaken"}]}
    assert at_once(lambda _: app.ask("POST", f"{place}/abonnement", wanted).status_code) == ONE_GOT_IT
    assert at_once(lambda _: app.ask("POST", f"{place}/kanaal", {"naam": "eigen"}).status_code) == ONE_GOT_IT
    assert Abonnement.objects.count() == Kanaal.objects.count() == 1
