"""Every component in every state, for whoever changes the looks and for the test that every page passes axe.

Goes out: the context of gallery.html. Always holds: each type of question is there three times: empty,
answered and refused.
"""

from typing import Any

import msgspec

from raadhuis.cases.schema import StatusStep
from raadhuis.intake.schema import FieldView, FileView, OptionView
from raadhuis.kernel import clock

_HELP = "Dit staat op uw kentekenbewijs. Weet u het niet? **Vraag het ons.**"
_OPTIONS = [
    OptionView("a", "Centrum"),
    OptionView("b", "Havenkwartier", "Tussen de spoorlijn en het water"),
    OptionView("c", "Molenwijk"),
]
_SHAPES = ("point", "line", "area")
_FILES = [FileView("0190a", "plattegrond.pdf", 1_240_000, "application/pdf")]


def _chosen(*ids: str) -> list[OptionView]:
    return [msgspec.structs.replace(option, chosen=option.id in ids) for option in _OPTIONS]


def _fields() -> list[tuple[FieldView, dict[str, Any], str]]:
    """(empty field, what changes when it is answered, the sentence of a refusal)."""
    at = {"postcode": "9990AB", "house_number": "12", "street": "Lange Brugstraat", "city": "Waterrijk"}
    spot = {"q": "Raadhuisplein", "lat": "52.1001", "lon": "5.0998", "description": "Naast de bank"}
    long = {"lines": 5, "max_length": 200}

    def one(kind: str, label: str, **more: Any) -> FieldView:
        return FieldView(id=kind, name=kind, type=kind, label=label, **more)

    return [
        (one("text", "Wat is uw naam?"), {"typed": "Fatima el Amrani"}, "Vul uw naam in."),
        (
            FieldView(id="story", name="story", type="text", label="Wat is er aan de hand?", settings=long),
            {"typed": "De lantaarn brandt niet."},
            "Maak uw tekst korter.",
        ),
        (one("number", "Hoeveel mensen komen er?", settings={"unit": "mensen"}), {"typed": "150"}, "Vul een getal in."),
        (one("money", "Wat kost het?"), {"typed": "1.250,00"}, "Vul een bedrag in, zoals 12,50."),
        (
            one("date", "Wanneer begint het?", help="Bijvoorbeeld: 27 4 2027"),
            {"typed": {"day": "27", "month": "4", "year": "2027"}},
            "Kies een dag die nog komt.",
        ),
        (
            one("datetime", "Wanneer gaat de weg dicht?"),
            {"typed": {"day": "27", "month": "4", "year": "2027", "time": "7:00"}},
            "Vul ook de tijd in.",
        ),
        (one("time", "Hoe laat begint het?"), {"typed": "19:30"}, "Vul een tijd in, zoals 19:30."),
        (one("email", "Wat is uw e-mailadres?", required=False), {"typed": "f@voorbeeld.nl"}, "Er mist een @."),
        (one("phone", "Wat is uw telefoonnummer?"), {"typed": "06 12345678"}, "Dit nummer klopt niet."),
        (one("iban", "Op welke rekening?"), {"typed": "NL91 ABNA 0417 1643 00"}, "Dit rekeningnummer klopt niet."),
        (one("bsn", "Wat is uw burgerservicenummer?"), {"typed": "999900006"}, "Dit nummer klopt niet."),
        (one("rsin", "Wat is het RSIN?"), {"typed": "999990020"}, "Dit nummer klopt niet."),
        (one("kvk", "Wat is het KVK-nummer?"), {"typed": "90000001"}, "Dit nummer klopt niet."),
        (one("licence_plate", "Wat is het kenteken?", help=_HELP), {"typed": "GT-417-R"}, "Dit kenteken klopt niet."),
        (one("choice", "In welke wijk?", options=_OPTIONS), {"options": _chosen("b")}, "Kies een wijk."),
        (one("choices", "Welke wijken?", options=_OPTIONS), {"options": _chosen("a", "c")}, "Kies minstens een wijk."),
        (one("yes_no", "Is er muziek?"), {"typed": "yes"}, "Kies ja of nee."),
        (one("address", "Op welk adres?"), {"typed": at}, "Vul een postcode in, zoals 9990 AB."),
        (one("place", "Waar is het?"), {"typed": spot}, "Kies een plek, of beschrijf haar."),
        (
            FieldView(id="route", name="route", type="place", label="Welke route?", settings={"shapes": [*_SHAPES]}),
            {"typed": {"shape": "line", "points": "5.099,52.101 5.101,52.102", "description": "Langs het water"}},
            "Een lijn heeft minstens twee punten.",
        ),
        (
            one("file", "Stuur een plattegrond mee", settings={"kinds": ["pdf", "jpeg"], "at_most": 2}),
            {"files": _FILES},
            "Dit bestand is te groot.",
        ),
        (one("declaration", "Ik heb dit naar waarheid ingevuld."), {"typed": "yes"}, "Zet een vinkje."),
    ]


def _group(name: str, **more: Any) -> FieldView:
    row = [
        FieldView(id=f"{name}-0-what", name=f"{name}.0.what", type="text", label="Wat verkoopt u?", typed="Kaas"),
        FieldView(id=f"{name}-0-power", name=f"{name}.0.power", type="yes_no", label="Hebt u stroom nodig?"),
    ]
    return FieldView(
        id=name, name=name, type="group", label="Welke kramen komen er?", item_label="Kraam", rows=[row], **more
    )


def _note(tone: str) -> FieldView:
    text = "Een tent groter dan **25 m²** meldt u apart. Lees [wat u daarvoor nodig hebt](/diensten/)."
    return FieldView(id=tone, name=tone, type="note", label=text, required=False, settings={"tone": tone})


def _named(field: FieldView, state: str, **changes: Any) -> FieldView:
    name = f"{state}-{field.name}".replace("_", "-")
    return msgspec.structs.replace(field, id=name, name=name, **changes)


def gallery_context() -> dict[str, Any]:
    """`empty`, `answered` and `refused` fields; `errors` of the refused ones; `steps` of a case."""
    fields = _fields()
    refused = [_named(field, "wrong", error=sentence) for field, _, sentence in fields]
    refused.append(_group("wrong-group", error="Voeg minstens twee kramen toe."))
    first = {"date": ".day", "datetime": ".day", "address": ".postcode", "place": ".q"}
    now = clock.now()
    return {
        "empty": [_named(field, "empty") for field, _, _ in fields],
        "answered": [
            *(_named(field, "full", **answer) for field, answer, _ in fields),
            _named(fields[0][0], "known", typed="Fatima el Amrani", known_from="Basisregistratie Personen"),
            _group("full-group"),
            *(_note(tone) for tone in ("plain", "info", "warning")),
        ],
        "refused": refused,
        "errors": [(field.name + first.get(field.type, ""), field.error) for field in refused],
        "steps": [
            StatusStep("a", "Uw aanvraag is binnen", "done", now),
            StatusStep("b", "Wij bekijken uw aanvraag", "current", now),
            StatusStep("c", "Wij beslissen", "later"),
        ],
    }
