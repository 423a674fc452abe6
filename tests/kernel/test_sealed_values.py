"""Identifying numbers: sealed for one purpose, found by keyed hash, forgotten without touching the counts."""

import base64
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raadhuis.journal import queries as journal
from raadhuis.journal.actions import append
from raadhuis.kernel import privacy
from raadhuis.kernel.actor import Actor
from raadhuis.kernel.db import durable
from raadhuis.kernel.models import Pseudonym

BSN = "999900006"


@given(st.binary(max_size=300), st.sampled_from(["case", "task", "message"]))
def test_what_was_sealed_comes_back(plain: bytes, purpose: str) -> None:
    sealed = privacy.encrypt(purpose, plain)
    assert privacy.decrypt(purpose, sealed) == privacy.decrypt(purpose, memoryview(sealed)) == plain
    assert len(plain) < 4 or plain not in sealed


def test_the_same_value_is_sealed_differently_each_time() -> None:
    assert privacy.encrypt("case", b"x") != privacy.encrypt("case", b"x")


@pytest.mark.parametrize("other", ["task", "Case", "", "case "])
def test_a_sealed_value_cannot_be_opened_for_another_purpose(other: str) -> None:
    sealed = privacy.encrypt_json("case", {"bsn": BSN})
    with pytest.raises(privacy.Unreadable):
        privacy.decrypt_json(other, sealed)


def test_changing_any_byte_is_noticed() -> None:
    sealed = bytearray(privacy.encrypt("case", b"Fatima"))
    for place in range(len(sealed)):
        changed = bytearray(sealed)
        changed[place] ^= 1
        with pytest.raises(privacy.Unreadable):
            privacy.decrypt("case", bytes(changed))


@pytest.mark.parametrize("rubbish", [b"", b"\x01", b"\x01" * 28, b"\x02" + b"\x00" * 40, b"plain text, never sealed"])
def test_what_was_never_sealed_is_unreadable(rubbish: bytes) -> None:
    with pytest.raises(privacy.Unreadable):
        privacy.decrypt("case", rubbish)


def test_after_a_change_of_key_the_old_still_opens_and_the_new_seals(settings: Any) -> None:
    settings.RAADHUIS_SECRETS = ["old"]
    old = privacy.encrypt("case", b"then")
    settings.RAADHUIS_SECRETS = ["new", "old"]
    new = privacy.encrypt("case", b"now")
    assert privacy.decrypt("case", old) == b"then"
    settings.RAADHUIS_SECRETS = ["new"]
    assert privacy.decrypt("case", new) == b"now"
    with pytest.raises(privacy.Unreadable):
        privacy.decrypt("case", old)


def test_a_keyed_hash_needs_the_key_and_the_purpose(settings: Any) -> None:
    settings.RAADHUIS_SECRETS = ["one"]
    first = privacy.keyed_hash("applicant:bsn", BSN)
    assert first == privacy.keyed_hash("applicant:bsn", BSN)
    assert len(first) == 64 and BSN not in first
    assert first != privacy.keyed_hash("applicant:kvk", BSN)
    assert first != privacy.keyed_hash("applicant:bsn", "999900018")
    settings.RAADHUIS_SECRETS = ["two"]
    assert first != privacy.keyed_hash("applicant:bsn", BSN)


@pytest.mark.django_db
def test_after_a_change_of_key_everybody_is_found_as_before(settings: Any) -> None:
    settings.RAADHUIS_SECRETS = ["old"]
    hashed, pseudonym = privacy.keyed_hash("applicant:bsn", BSN), privacy.pseudonym_for("bsn", BSN)
    settings.RAADHUIS_SECRETS = ["new", "old"]
    assert (privacy.keyed_hash("applicant:bsn", BSN), privacy.pseudonym_for("bsn", BSN)) == (hashed, pseudonym)


@pytest.mark.django_db
def test_a_person_has_one_pseudonym_that_says_nothing_about_them() -> None:
    first = privacy.pseudonym_for("bsn", BSN)
    assert first == privacy.pseudonym_for("bsn", BSN)
    assert first != privacy.pseudonym_for("kvk", BSN) != privacy.pseudonym_for("staff", BSN)
    row = Pseudonym.objects.get(pseudonym=first)
    assert BSN not in f"{row.lookup} {row.pseudonym}"
    assert base64.b16decode(first.upper()), "32 hex characters and nothing else"


@pytest.mark.django_db
def test_forgetting_a_person_breaks_the_link_and_leaves_the_counts() -> None:
    before = journal.last_sequence()
    pseudonym = privacy.pseudonym_for("bsn", BSN)
    for _ in range(3):
        with durable():
            append("application.started", Actor(kind="resident", pseudonym=pseudonym), service="parkeervergunning")
    assert privacy.forget("bsn", BSN) is True
    assert privacy.forget("bsn", BSN) is False, "a second time there is nothing left to forget"
    told = journal.after(before)
    assert len(told) == 3 and {event.actor for event in told} == {pseudonym}
    assert not Pseudonym.objects.filter(pseudonym=pseudonym).exists()
    assert privacy.pseudonym_for("bsn", BSN) != pseudonym, "who comes back is somebody new"
