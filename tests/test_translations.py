"""Every sentence of a page has its English; error sentences speak the language of the page too."""

import importlib.util
import io
import re
from datetime import timedelta
from pathlib import Path
from types import ModuleType

import pytest
from babel.messages.catalog import Message
from babel.messages.mofile import write_mo
from django.utils.translation import override

from house import House
from raadhuis.kernel import clock
from raadhuis.site.templating import counted

ROOT = Path(__file__).resolve().parent.parent
PLACE = re.compile(r"%\(\w+\)[sd]|\{\w+\}")
# Dutch words that are the same in English.
SAME = {
    "Begin",
    "Code",
    "E-mail",
    "Postcode",
    "Document",
    "Home",
    "Letter",
    "Model",
    "Open",
    "Privacy",
    "Team",
    "Teams",
    "link",
}


def _tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("messages", ROOT / "tools" / "messages.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


MESSAGES = _tool()


def forms(value: object) -> list[str]:
    """The singular and plural of a sentence, or the one form it has."""
    return [str(form) for form in value] if isinstance(value, tuple | list) else [str(value)]


def translated() -> list[Message]:
    """The sentences of the English translation, without its header."""
    return [message for message in MESSAGES.read() if message.id]


def test_every_sentence_in_templates_and_code_is_in_the_translation_and_no_other() -> None:
    used = {str(message.id) for message in MESSAGES.collect() if message.id}
    there = {str(message.id) for message in translated()}
    assert (used - there, there - used) == (set(), set()), "run `make messages` and write the English"


def test_every_sentence_has_an_english_one_with_the_same_places() -> None:
    wrong = []
    for message in translated():
        dutch, english = forms(message.id), forms(message.string)
        places = {frozenset(PLACE.findall(form)) for form in dutch}
        if not all(english) or message.fuzzy:
            wrong.append(f"no English: {dutch[0]}")
        elif len(english) != len(dutch) or {frozenset(PLACE.findall(form)) for form in english} != places:
            wrong.append(f"other places: {dutch[0]} / {english[0]}")
        elif english == dutch and dutch[0] not in SAME:
            wrong.append(f"not translated: {dutch[0]}")
    assert not wrong, "\n".join(wrong)


def test_the_compiled_translation_is_that_of_the_source() -> None:
    made = io.BytesIO()
    write_mo(made, MESSAGES.read())
    compiled = MESSAGES.ENGLISH.with_suffix(".mo")
    assert compiled.exists() and compiled.read_bytes() == made.getvalue(), "run `make translations`"


@pytest.mark.parametrize(
    ("path", "status", "dutch", "english"),
    [
        ("/mijn/zaken/0190aaaa-aaaa-7aaa-8aaa-aaaaaaaaaaaa/", 404, "Deze pagina is er niet", "This page is not here"),
        ("/diensten/bestaat-niet/", 404, "Deze dienst is er niet", "This service does not exist"),
        ("/inloggen/klaar/", 403, "Inloggen is niet gelukt", "Logging in did not work"),
    ],
)
def test_error_pages_speak_the_language_of_the_page(
    house: House, path: str, status: int, dutch: str, english: str
) -> None:
    client = house.client("fatima")
    for language, sentence in (("nl", dutch), ("en", english)):
        response = client.get(f"{path}?taal={language}")
        assert response.status_code == status
        assert sentence in response.content.decode()


def test_a_refused_form_says_why_in_the_language_of_the_page(house: House) -> None:
    client = house.client("anouk")
    application = house.begin(client, "parkeervergunning")
    house.answer(
        client,
        application,
        {
            "kenteken": "GZ999R",
            "eigenaar": "eigen",
            "ingangsdatum": (clock.today() + timedelta(days=7)).isoformat(),
            "email": "anouk@voorbeeld.example",
        },
    )
    case = re.search(r"/mijn/zaken/[0-9a-f-]+/", house.submit(client, application).content.decode())
    assert case
    client.cookies["taal"] = "en"
    refused = client.post(f"{case.group(0)}bericht/", {"text": "", "key": "k"})
    assert refused.status_code == 422
    assert "Write your message first." in refused.content.decode()


def test_a_page_counts_as_people_write_numbers() -> None:
    with override("nl"):
        assert counted("%(num)s zaak", "%(num)s zaken", 2000) == "2.000 zaken"
        assert counted("%(num)s zaak", "%(num)s zaken", 1) == "1 zaak"
    with override("en"):
        assert counted("%(num)s zaak", "%(num)s zaken", 2000) == "2,000 cases"
    assert counted("%(num)s <b>%(who)s</b>", "", 1, who="<i>") == "1 <b>&lt;i&gt;</b>"
