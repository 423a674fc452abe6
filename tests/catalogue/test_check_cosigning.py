"""`service check` on a second signature: whoever must sign can be asked."""

import msgspec
import pytest

from cases.cosigning import COSIGN, QUESTIONS, service
from cases.work import PARKING
from catalogue.services import broken, whole
from raadhuis.catalogue.check import check
from raadhuis.catalogue.diffing import diff
from raadhuis.catalogue.loading import Loaded
from raadhuis.catalogue.models import RolType
from raadhuis.catalogue.queries import published


def codes(loaded: Loaded) -> set[tuple[str, str, str]]:
    return {(f.code, f.path, f.level) for f in check(loaded) if "cosign" in f.code or f.path.startswith("cosign")}


def placed(*, page: str = "", question: str = "", required: bool = True, **cosign: object) -> Loaded:
    """The permit with the address on a page of its own, under these conditions."""
    pages = msgspec.to_builtins(whole(PARKING).definition.pages)
    email = QUESTIONS[1] | ({"when": question} if question else {}) | ({} if required else {"required": False})
    own = {"id": "mede", "title": {"nl": "Wie tekent?", "en": "Who signs?"}, "questions": [QUESTIONS[0], email]}
    pages.append(own | ({"when": page} if page else {}))
    return broken(PARKING, {"pages": pages, "cosign": COSIGN | cosign, "examples": []})


def test_a_good_one_has_nothing_to_say() -> None:
    assert codes(service()) == set()


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"email": "kenteken"}, ("cosign-email", "cosign.email", "error")),
        ({"email": "nergens"}, ("cosign-email", "cosign.email", "error")),
        ({"name": "mede_email"}, ("cosign-name", "cosign.name", "error")),
        ({"level": ""}, ("cosign-level", "cosign.level", "advice")),
        ({"when": "nergens"}, ("unknown-name", "cosign.when", "error")),
        ({"when": "kenteken"}, ("wrong-kind", "cosign.when", "error")),
        ({"when": "earlier_granted > 0"}, ("too-early", "cosign.when", "error")),
        ({"when": 'eigenaar == "niets"'}, ("never-true", "cosign.when", "error")),
        ({"text": {"nl": "Ik teken voor {nergens}."}}, ("unknown-place", "cosign.text.nl", "error")),
    ],
)
def test_what_cannot_work_is_named(changes: dict[str, object], expected: tuple[str, str, str]) -> None:
    found = codes(service(**changes))
    assert expected in found or any(path == expected[1] and level == expected[2] for _, path, level in found), found


@pytest.mark.parametrize(
    ("where", "fine"),
    [
        ({}, True),
        ({"page": 'eigenaar == "lease"'}, False),
        ({"page": 'eigenaar == "lease"', "when": 'eigenaar == "lease"'}, True),
        ({"page": 'eigenaar in ["lease", "zaak"]', "when": 'eigenaar == "lease"'}, True),
        ({"page": 'eigenaar == "lease"', "when": 'eigenaar in ["lease", "eigen"]'}, False),
        ({"question": 'eigenaar == "lease"', "when": 'eigenaar == "lease" and not empty(kenteken)'}, True),
        ({"required": False}, False),
        ({"required": False, "when": "not empty(mede_email)"}, True),
        ({"required": False, "question": 'eigenaar == "lease"', "when": "not empty(mede_email)"}, True),
    ],
)
def test_the_address_is_asked_whenever_somebody_must_sign(where: dict[str, object], *, fine: bool) -> None:
    found = codes(placed(**where))  # type: ignore[arg-type]
    assert ("cosign-not-asked" not in {code for code, _, _ in found}) == fine, found


def test_an_example_can_say_whether_somebody_must_sign() -> None:
    loaded = placed(page='eigenaar == "lease"', when='eigenaar == "lease"')
    answers = {
        "kenteken": "GZ999R",
        "eigenaar": "lease",
        "verklaring": [{"name": "x.pdf"}],
        "ingangsdatum": "2026-12-01",
        "email": "a@voorbeeld.example",
        "mede_email": "b@voorbeeld.example",
    }
    person = {
        "name": "Mei Chen",
        "birth_date": "2003-09-03",
        "address": {"street": "Kade", "house_number": 1, "postcode": "9990AB", "city": "Waterrijk", "bag_id": "1"},
    }
    for wanted, wrong in ((True, False), (False, True)):
        example = {"name": "x", "on": "2026-11-24", "answers": answers, "person": person, "expect": {"cosign": wanted}}
        document = msgspec.to_builtins(loaded.definition) | {"examples": [example]}
        found = check(broken(PARKING, {key: document[key] for key in ("pages", "cosign", "examples")}))
        assert any(f.code == "example-differs" for f in found) == wrong, found


def test_a_difference_is_told_in_words() -> None:
    sentences = [change.sentence() for change in diff(service().definition, service(days=30, level="high").definition)]
    assert sentences == ["~ cosign.level: substantial → high", "+ cosign.days: 30"]


def test_publishing_makes_the_role_that_the_document_does_not_name(db: None) -> None:
    from cases.cosigning import publish

    publish()
    found = published(PARKING)
    role = RolType.objects.get(id=found.roltypen["mede-ondertekenaar"])
    assert role.omschrijving_generiek == "mede_initiator" and role.zaaktype_id == found.zaaktype_id
    assert [r.generiek for r in found.definition.zaaktype.roltypen].count("mede_initiator") == 0
