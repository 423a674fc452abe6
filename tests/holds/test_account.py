"""The account after the crashes sees what is lost, doubled or half: what finds nothing wrong must be able to."""

from datetime import timedelta
from pathlib import Path

import pytest
from tests.crash import check

from house import House
from raadhuis.cases.models import Zaak
from raadhuis.intake.models import Application
from raadhuis.journal.models import Outbox
from raadhuis.kernel import clock
from raadhuis.site.example.filler import apply

MARK = "crash-1@voorbeeld.example"


@pytest.fixture
def told(house: House) -> dict[str, list[str]]:
    """One permit that was acknowledged, as a client wrote it down."""
    answers = {
        "kenteken": "GZ999R",
        "eigenaar": "eigen",
        "ingangsdatum": (clock.today() + timedelta(days=7)).isoformat(),
        "email": MARK,
    }
    receipt = apply("parkeervergunning", house.person("fatima"), answers)
    house.background()
    return {MARK: [str(Zaak.objects.get(id=receipt.zaak).submission), receipt.identificatie]}


def test_all_is_well(told: dict[str, list[str]]) -> None:
    found = {**check._cases(told), **check._events(), **check._outbox(), **check._documents(), **check._journal()}
    assert found["cases"] == 1
    assert found["journal_ok"]
    nought = (
        "lost",
        "duplicated",
        "events_wrong",
        "outbox_wrong",
        "documents_broken",
        "letters_wrong",
        "files_unnamed",
    )
    assert {name: found[name] for name in nought} == dict.fromkeys(nought, 0)


def test_what_is_lost_is_seen(told: dict[str, list[str]]) -> None:
    assert check._cases(told | {"crash-2@voorbeeld.example": ["x", "2026-XXXXXXX"]})["lost"] == 1
    assert check._cases({MARK: [told[MARK][0], "2026-ANDERS"]})["lost"] == 1, "another number than was told"


def test_what_is_doubled_is_seen(told: dict[str, list[str]], house: House) -> None:
    answers = {"kenteken": "GZ999R", "eigenaar": "eigen", "email": MARK}
    answers["ingangsdatum"] = (clock.today() + timedelta(days=7)).isoformat()
    apply("parkeervergunning", house.person("fatima"), answers)
    assert check._cases(told)["duplicated"] == 1


def test_what_is_half_is_seen(told: dict[str, list[str]], settings: object) -> None:
    Outbox.objects.filter(kind="mail").first().delete()  # type: ignore[union-attr]
    assert check._outbox()["outbox_wrong"] == 1
    Application.objects.update(state="open")
    assert check._cases(told)["cases_without_application"] == 1
    Zaak.objects.update(submission=None)
    assert check._cases(told)["lost"] == 1


def test_a_document_without_its_file_is_seen(told: dict[str, list[str]], settings: object) -> None:
    folder = Path(settings.RAADHUIS_ADAPTERS["files_folder"])  # type: ignore[attr-defined]
    next(folder.glob("??/??/*")).write_bytes(b"")
    assert check._documents()["documents_broken"] == 1


def test_an_event_that_is_missing_is_seen(told: dict[str, list[str]]) -> None:
    Zaak.objects.create(
        identificatie="2026-ZZZZZZZ",
        bronorganisatie="1",
        verantwoordelijke_organisatie="1",
        zaaktype=Zaak.objects.get().zaaktype,
        registratiedatum=clock.today(),
        startdatum=clock.today(),
        vertrouwelijkheidaanduiding="openbaar",
        made=clock.now(),
    )
    assert check._events()["events_wrong"] == 2, "no case.created, no application.submitted"
