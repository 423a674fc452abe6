"""Two events, as their organisers would describe them: a small street party, and a festival with everything to it."""

import random
from datetime import timedelta
from typing import Any

from raadhuis.adapters.standins import town
from raadhuis.kernel import clock


def _day(ahead: int) -> str:
    return (clock.today() + timedelta(days=ahead)).isoformat()


def _common(name: str, kind: str, words: str, ahead: int, visitors: int, place: str) -> dict[str, Any]:
    where = next(a for a in town.ADDRESSES if a.street == place)
    return {
        "naam_evenement": name,
        "soort": kind,
        "omschrijving": words,
        "begindatum": _day(ahead),
        "einddatum": _day(ahead),
        "begintijd": "13:00",
        "eindtijd": "22:30",
        "plek": {"lat": where.lat, "lon": where.lon, "description": f"Op straat, bij {place}"},
        "bezoekers": visitors,
        "ehbo": True,
        "buren": "brief",
        "situatietekening": [{"name": "tekening.pdf"}],
        "contactpersoon": "Omar Bouzid",
        "telefoon": "+31612345678",
        "email": "info@waterrijkfeest.example",
    }


def street_party(chance: random.Random) -> dict[str, Any]:
    """A party of one street: no stage, no closed roads."""
    street = chance.choice(["Leeuweriklaan", "Magnolialaan", "Korenmolenstraat", "Wiekslag"])
    answers = _common(
        f"Buurtfeest {street}", "buurtfeest", "Samen eten en spelletjes.", chance.randrange(60, 120), 60, street
    )
    return answers | {"onderdelen": ["eten"], "kramen": [{"verkoopt": "Pannenkoeken", "bakt": "gas"}]}


def festival() -> dict[str, Any]:
    """A festival with a stage, tents, closed roads and fireworks: every page of the form."""
    answers = _common(
        "Waterrijk aan Zee", "muziek", "Een dag muziek aan de haven, met vuurwerk.", 150, 2500, "Scheepmakerskade"
    )
    quay = [[5.0895, 52.1085], [5.0925, 52.1085], [5.0925, 52.11], [5.0895, 52.11], [5.0895, 52.1085]]
    answers["plek"] = answers["plek"] | {"area": quay}
    return answers | {
        "onderdelen": ["podium", "tent", "muziek", "eten", "alcohol", "wegen", "vuurwerk"],
        "podia": [
            {"breedte": 12.5, "diepte": 8, "hoogte": 6},
            {"breedte": 6, "diepte": 4, "hoogte": 3.5},
        ],
        "tenten": [{"oppervlak": 400, "personen": 600, "gordijnen": True}],
        "muziek_van": "14:00",
        "muziek_tot": "22:00",
        "muziek_soort": "dans",
        "kramen": [{"verkoopt": "Friet", "bakt": "gas"}, {"verkoopt": "IJs", "bakt": "nee"}],
        "alcohol_soort": "zwak",
        "alcohol_leider": "Hanna de Ruiter",
        "afsluitingen": [
            {
                "straat": "Scheepmakerskade, van de brug tot de Ankerstraat",
                "datum": _day(150),
                "van": "08:00",
                "tot": "23:59",
            }
        ],
        "vuurwerk_soort": "vuurwerk",
        "vuurwerk_bedrijf": "Lichtpunt Vuurwerk (bestaat niet)",
        "beveiligers": 25,
        "veiligheidsplan": [{"name": "veiligheidsplan.pdf"}],
        "verkeersplan": [{"name": "omleiding.pdf"}],
    }
