"""The Documenten API, when several want the same at once: one gets it, no half state, no byte too many."""

import base64
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from house import House
from raadhuis.cases.models import EnkelvoudigInformatieObject, InformatieObjectVersie
from raadhuis.journal.models import Event
from zgw.clients import Application
from zgw.papers import ROOT, Papers, downloaded, files, half_written, id_of, send_part

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 6


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
def papers(house: House) -> Papers:
    return Papers(Application())


def test_one_of_those_who_take_it_out_has_it(papers: Papers) -> None:
    url = papers.make()["url"]
    apps = [papers.reader("documenten.lock") for _ in range(MANY)]
    assert at_once(lambda n: apps[n].ask("POST", f"{url}/lock").status_code) == [200, *[400] * (MANY - 1)]
    assert Event.objects.filter(kind="document.locked").count() == 1


def test_changes_at_once_are_versions_one_after_another(papers: Papers) -> None:
    made = papers.make()
    lock = papers.take_out(made["url"])

    def change(number: int) -> int:
        body = {"inhoud": base64.b64encode(b"%d" % number).decode(), "titel": f"Van {number}", "lock": lock}
        return papers.app.ask("PATCH", made["url"], body).status_code

    assert at_once(change) == [200] * MANY
    row = EnkelvoudigInformatieObject.objects.get(pk=id_of(made["url"]))
    earlier = InformatieObjectVersie.objects.filter(informatieobject=row).order_by("versie")
    assert row.versie == MANY + 1 and [one.versie for one in earlier] == list(range(1, MANY + 1))
    versions = [papers.app.get(made["url"], versie=str(n)) for n in range(2, MANY + 2)]
    assert {f"Van {downloaded(papers.app, one['inhoud']).decode()}" for one in versions} == {
        one["titel"] for one in versions
    }
    assert len(files()) == MANY + 1


def test_a_part_that_comes_twice_at_once_is_kept_once(papers: Papers, settings: Any) -> None:
    settings.RAADHUIS_PART_BYTES = 10
    made = papers.make(None, bestandsomvang=15)
    lock, (first, second) = made["lock"], made["bestandsdelen"]
    assert at_once(lambda n: send_part(papers.app, first, b"%d" % n * 10, lock).status_code) == [200] * MANY
    assert len(files()) == 1 and not half_written()
    assert send_part(papers.app, second, b"einde", lock).status_code == 200
    # Of those who bring it back one does; the others find it there already, and leave nothing behind.
    unlocked = at_once(lambda n: papers.app.ask("POST", f"{made['url']}/unlock", {"lock": lock}).status_code)
    assert unlocked == [204, *[400] * (MANY - 1)]
    assert len(files()) == 1 and downloaded(papers.app, f"{made['url']}/download")[10:] == b"einde"


def test_the_last_terms_of_use_leave_no_indication(papers: Papers) -> None:
    made = papers.make()
    body = {"informatieobject": made["url"], "startdatum": "2026-01-01T00:00:00Z", "omschrijvingVoorwaarden": "Lezen"}
    rights = [papers.app.post(f"{ROOT}/gebruiksrechten", body)["url"] for _ in range(MANY)]
    assert at_once(lambda n: papers.app.ask("DELETE", rights[n]).status_code) == [204] * MANY
    assert papers.app.get(made["url"])["indicatieGebruiksrecht"] is None


def test_a_document_is_taken_away_once(papers: Papers) -> None:
    url = papers.make()["url"]
    assert at_once(lambda _: papers.app.ask("DELETE", url).status_code) == [204, *[404] * (MANY - 1)]
    assert not files() and Event.objects.filter(kind="document.removed").count() == 1
