"""Plain Dutch: syllables, sentence length, the words of officials, and the Flesch-Douma score."""

import pytest

from raadhuis.catalogue.check.readability import PLAIN, difficulties, score, sentences, syllables


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("huis", 1),
        ("auto", 2),
        ("gemeente", 3),
        ("parkeervergunning", 5),
        ("ideeën", 3),
        ("officieel", 4),
        ("nieuw", 1),
        ("eeuw", 1),
        ("mooi", 1),
        ("zaaiing", 2),
        ("coöperatie", 5),
        ("beïnvloeden", 4),
        ("lekker", 2),
        ("2026", 1),
        ("BRP", 1),
    ],
)
def test_syllables(word: str, count: int) -> None:
    assert syllables(word) == count


def test_sentences_leave_places_out_and_split_at_lines() -> None:
    assert sentences("Beste {naam},\n\nU bent er om 14.30 uur. Goed?") == [
        "Beste iets,",
        "U bent er om 14.30 uur.",
        "Goed?",
    ]


def test_the_score_falls_with_long_words_and_long_sentences() -> None:
    plain = "U krijgt een brief. Daar staat in wat u moet doen."
    official = (
        "Ingevolge de toepasselijke verordening is aanvrager gehouden tot overlegging van documentatie aangaande "
        "eigendomsverhoudingen alsmede identificatiegegevens."
    )
    assert score(plain) > 80
    assert score(official) < 20
    # Two words of one syllable in one sentence: 206.84 - 77 - 0.93 * 2.
    assert score("Ja, u.") == pytest.approx(127.98)


def test_officialese_comes_with_a_plain_word() -> None:
    found = difficulties("Derhalve verzoeken wij u het formulier middels DigiD te ondertekenen.")
    assert [d.code for d in found] == ["officialese"] * 3
    assert "Schrijf liever: dus." in found[0].advice
    assert found[0].sentence.startswith("Derhalve")


@pytest.mark.parametrize(
    "text", ["Welke auto hebt u?", "Daar woont u.", "U kiest in welke straat.", "Thansen is een naam."]
)
def test_ordinary_words_are_left_alone(text: str) -> None:
    assert difficulties(text) == []


def test_a_hard_text_names_its_hardest_sentence() -> None:
    text = (
        "Wij schrijven u. De beoordelingscommissie evenementenveiligheid adviseert burgemeesters onafhankelijk. "
        "Veiligheidsmaatregelen vereisen gemeentelijke goedkeuring voorafgaand aan evenementen. U leest dit. "
        "Communicatiedeskundigen adviseren organisatoren. Beleidsmedewerkers inventariseren omgevingsfactoren."
    )
    (hard,) = [d for d in difficulties(text) if d.code == "hard-text"]
    assert hard.sentence.startswith(("Veiligheids", "Communicatie", "Beleids"))


def test_no_alternative_is_itself_officialese() -> None:
    assert [word for word in PLAIN.values() if any(d.code == "officialese" for d in difficulties(word))] == []
