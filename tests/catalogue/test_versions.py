"""Versions of a service: drafted, published, retired; the same document again changes nothing."""

import pytest

from catalogue.services import NAMES, broken, text, whole
from house import House
from raadhuis.catalogue import actions, queries
from raadhuis.catalogue.actions import NotPublishable
from raadhuis.catalogue.diffing import diff
from raadhuis.catalogue.models import ServiceVersion
from raadhuis.journal import queries as journal
from raadhuis.kernel.actor import SYSTEM
from raadhuis.kernel.problems import Absent

PARKING = "parkeervergunning"


def states(service: str = PARKING) -> list[tuple[int, str]]:
    return [(line.version, line.state) for line in queries.versions(service)]


def test_a_draft_replaces_the_draft_before_and_touches_nothing_that_is_published(house: House) -> None:
    first = actions.draft(broken(PARKING, {"title.nl": "Een"}), SYSTEM)
    second = actions.draft(broken(PARKING, {"title.nl": "Twee"}), SYSTEM)
    assert first == second and states() == [(2, "draft"), (1, "published")]
    assert queries.draft_of(PARKING).definition.title.nl == "Twee"
    assert queries.published(PARKING).version == 1
    with pytest.raises(Absent):
        queries.by_version_id(first)


def test_publishing_ends_the_version_before(house: House) -> None:
    actions.draft(broken(PARKING, {"title.nl": "Twee"}), SYSTEM)
    last = journal.last_sequence()
    assert actions.publish(PARKING, SYSTEM) == 2
    assert states() == [(2, "published"), (1, "retired")]
    assert queries.published(PARKING).definition.title.nl == "Twee"
    assert [(e.kind, e.service_version) for e in journal.after(last)] == [
        ("service.retired", 1),
        ("service.published", 2),
    ]
    with pytest.raises(Absent):
        actions.publish(PARKING, SYSTEM)


def test_what_check_finds_wrong_is_not_published(house: House) -> None:
    wrong = broken(PARKING, {"tasks.0.status": "bestaat-niet"})
    actions.draft(wrong, SYSTEM)
    with pytest.raises(NotPublishable) as refused:
        actions.publish(PARKING, SYSTEM)
    assert refused.value.findings and refused.value.loaded.line_of(refused.value.findings[0].path) > 1
    assert states() == [(2, "draft"), (1, "published")]
    with pytest.raises(NotPublishable):
        actions.publish_document(wrong, SYSTEM)


@pytest.mark.parametrize("service", NAMES)
def test_the_same_document_again_changes_nothing(house: House, service: str) -> None:
    last = journal.last_sequence()
    assert actions.publish_document(whole(service), SYSTEM) == (1, False)
    assert journal.after(last) == [] and states(service) == [(1, "published")]


@pytest.mark.parametrize("service", NAMES)
def test_what_is_kept_is_what_was_written(house: House, service: str) -> None:
    assert queries.source_of(service) == text(service)
    assert queries.published(service).definition == whole(service).definition
    assert diff(queries.published(service).definition, whole(service).definition) == []


def test_throwing_a_draft_away_twice_is_no_fault(house: House) -> None:
    actions.draft(broken(PARKING, {"title.nl": "Twee"}), SYSTEM)
    for _ in range(2):
        actions.discard_draft(PARKING, SYSTEM)
    assert states() == [(1, "published")]
    with pytest.raises(Absent):
        queries.draft_of(PARKING)


def test_a_retired_service_is_offered_no_more_and_can_come_back(house: House) -> None:
    actions.retire(PARKING, SYSTEM)
    assert PARKING not in {line.id for line in queries.services()}
    with pytest.raises(Absent):
        queries.published(PARKING)
    with pytest.raises(Absent):
        actions.retire(PARKING, SYSTEM)
    assert actions.publish_document(whole(PARKING), SYSTEM) == (2, True)
    assert states() == [(2, "published"), (1, "retired")]


def test_a_version_that_is_not_there_is_absent(house: House) -> None:
    assert queries.source_of(PARKING, 1) == text(PARKING)
    for service, version in ((PARKING, 99), ("nergens", None), ("nergens", 1)):
        with pytest.raises(Absent):
            queries.source_of(service, version)
    assert ServiceVersion.objects.filter(service=PARKING, state="published").count() == 1


def test_a_difference_is_told_in_words_and_a_moved_page_is_no_new_one(house: House) -> None:
    old = whole(PARKING).definition
    changed = broken(PARKING, {"title.nl": "Parkeren", "pages.1.questions.0.required": False})
    told = [change.sentence() for change in diff(old, changed.definition)]
    assert any(line.startswith("~ title.nl:") and line.endswith("→ Parkeren") for line in told)
    assert any("pages.auto.questions.kenteken.required" in line for line in told)
    assert not any(line.startswith(("+ pages.auto:", "- pages.auto:")) for line in told)
