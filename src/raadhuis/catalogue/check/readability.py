"""How hard a Dutch text is to read, and what to do about it.

In: a text. Out: Difficulties, each with the sentence. Always holds: a measure is a hint, never an error; short labels
are not scored.
Sources: Flesch-Douma (W.H. Douma, De leesbaarheid van landbouwbladen, 1960): 206.84 - 77 x syllables per word - 0.93 x
words per sentence; below 60 is harder than "normal". Sentence length and officialese after the writing advice for
level B1 of the national government (Schrijfwijzer).
"""

import re
from typing import Final

import msgspec

MAX_WORDS: Final = 20
"""A sentence longer than this is hard to follow at level B1."""
LEAST_SCORE: Final = 60
LEAST_WORDS: Final = 25
"""Below this many words the score says more about chance than about the text."""

PLAIN: Final[dict[str, str]] = {
    "aangaande": "over",
    "aanvangen": "beginnen",
    "alsmede": "en",
    "alsook": "en",
    "alvorens": "voordat",
    "andermaal": "weer",
    "behoudens": "behalve",
    "benodigd": "nodig",
    "benodigde": "nodige",
    "betreffende": "over",
    "bewerkstelligen": "zorgen voor",
    "bij gebreke van": "als … er niet is",
    "conform": "volgens",
    "daarenboven": "ook",
    "dan wel": "of",
    "deswege": "daarom",
    "derhalve": "dus",
    "desalniettemin": "toch",
    "desgewenst": "als u dat wilt",
    "dientengevolge": "daardoor",
    "diens": "zijn of haar",
    "doch": "maar",
    "echter": "maar",
    "eenieder": "iedereen",
    "gaarne": "graag",
    "gedurende": "tijdens",
    "geschieden": "gebeuren",
    "hedendaags": "van nu",
    "hetgeen": "wat",
    "hiertoe": "daarvoor",
    "hieromtrent": "hierover",
    "hoofde": "vanwege",
    "ingevolge": "volgens",
    "inzake": "over",
    "indien": "als",
    "jegens": "tegen",
    "krachtens": "volgens",
    "met betrekking tot": "over",
    "met inachtneming van": "volgens",
    "middels": "met",
    "mits": "als",
    "mitsdien": "dus",
    "nadien": "daarna",
    "nochtans": "toch",
    "omtrent": "over",
    "onverwijld": "meteen",
    "onderhavige": "deze",
    "omwille van": "om",
    "op grond van": "volgens",
    "relevant": "belangrijk",
    "reeds": "al",
    "respectievelijk": "en",
    "slechts": "alleen",
    "te allen tijde": "altijd",
    "teneinde": "om",
    "ten behoeve van": "voor",
    "ten gevolge van": "door",
    "ter zake": "hierover",
    "terzake": "hierover",
    "thans": "nu",
    "tevens": "ook",
    "trachten": "proberen",
    "uiterst": "heel",
    "verstrekken": "geven",
    "verzoeken": "vragen",
    "voornoemd": "deze",
    "voorts": "ook",
    "vooralsnog": "voorlopig",
    "wegens": "door",
    ", welke": ", die",
    "wederom": "weer",
    "zodoende": "zo",
    "zorgdragen": "zorgen",
    "zulks": "dat",
}
"""Words of officials, and what people say."""

_PLACE = re.compile(r"\{[^}]*\}")
_SENTENCE = re.compile(r"[^.!?:\n]+(?:[.!?:](?!\s|$)[^.!?:\n]*)*[.!?:]?")
_WORD = re.compile(r"[A-Za-zÀ-ÿ’'\-]+|\d[\d.,:]*")
_VOWELS = re.compile(
    r"aai|ooi|oei|eeu|ieu|aa|ee|oo|uu|ie|oe|eu|ui|ij|ei|ou|au|ai|oi|[aeiouy]|[àâáèêéìîíòôóùûú]|[äëïöü]", re.IGNORECASE
)
_OFFICIAL = re.compile(
    r"(?<!\w)(" + "|".join(sorted(map(re.escape, PLAIN), key=len, reverse=True)) + r")(?!\w)", re.IGNORECASE
)


class Difficulty(msgspec.Struct, frozen=True):
    """`code` is "long-sentence", "officialese" or "hard-text"; `advice` says what to do."""

    code: str
    sentence: str
    advice: str


def syllables(word: str) -> int:
    """How many syllables a Dutch word has: its groups of vowels. A number counts as one."""
    return max(1, len(_VOWELS.findall(word)))


def sentences(text: str) -> list[str]:
    """The sentences of a text, without its `{places}`; a line is at least one sentence."""
    plain = _PLACE.sub("iets", text)
    return [found.strip() for found in _SENTENCE.findall(plain) if _WORD.search(found)]


def score(text: str) -> float:
    """Flesch-Douma: 0 is very hard, 100 very easy. An empty text is easy."""
    parts = [_WORD.findall(sentence) for sentence in sentences(text)]
    words = [word for part in parts for word in part]
    if not words:
        return 100.0
    per_word = sum(syllables(word) for word in words) / len(words)
    return 206.84 - 77 * per_word - 0.93 * len(words) / len(parts)


def difficulties(text: str) -> list[Difficulty]:
    """What makes `text` hard, in the order in which it stands there."""
    found = []
    for sentence in sentences(text):
        words = _WORD.findall(sentence)
        if len(words) > MAX_WORDS:
            advice = f"Deze zin heeft {len(words)} woorden. Maak er twee van, met elk hoogstens {MAX_WORDS}."
            found.append(Difficulty("long-sentence", sentence, advice))
        for match in _OFFICIAL.finditer(sentence):
            word = match.group(1).lower()
            advice = f"“{word}” is een woord uit brieven van de overheid. Schrijf liever: {PLAIN[word]}."
            found.append(Difficulty("officialese", sentence, advice))
    if len(_WORD.findall(text)) >= LEAST_WORDS and score(text) < LEAST_SCORE:
        hardest = min(sentences(text), key=score)
        advice = (
            f"Deze tekst is moeilijker dan B1 (leesscore {score(text):.0f}, streef naar {LEAST_SCORE} of meer). Begin "
            "met de zin hierboven: kies kortere woorden of maak er twee zinnen van."
        )
        found.append(Difficulty("hard-text", hardest, advice))
    return found
