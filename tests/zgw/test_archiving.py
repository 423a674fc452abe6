"""When a closed case must go: the nine ways of the standard to tell from when its term runs (zrc-021)."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from dateutil.relativedelta import relativedelta

from raadhuis.cases.models import Besluit, Zaak
from raadhuis.kernel import clock
from zgw.clients import Application
from zgw.register import CASES, RSIN, Register, got
from zgw.test_catalogi import LIST

FIVE = relativedelta(years=5)
# A row of the 2020 retention list that leaves the way of deriving open.
ANY_WAY = f"{LIST}/resultaten/37cf8679-7fe1-4cd1-87e9-c6891cef1e32"


class Closing(Register):
    """A register in which a case ends with a result of one way of deriving."""

    way: dict[str, Any] = {}

    def resultaattype(self, **other: Any) -> str:
        """The result with which cases end here."""
        return super().resultaattype(brondatumArchiefprocedure=self.way, selectielijstklasse=ANY_WAY, **other)

    def end(self, zaak: str) -> dict[str, Any]:
        """Closes a case."""
        self.result(zaak)
        self.status(zaak, self.last)
        return got(self.app, zaak)


@pytest.fixture
def closing(app: Application) -> Callable[..., Closing]:
    """By way of deriving a register."""

    def made(way: str, **rest: Any) -> Closing:
        kind = type("One", (Closing,), {"way": {"afleidingswijze": way, **rest}})
        found: Closing = kind(app)
        return found

    return made


def told(zaak: dict[str, Any]) -> tuple[str | None, str | None]:
    """(from when the term runs, when the case must go)"""
    assert zaak["archiefnominatie"] == "vernietigen"
    return zaak["startdatumBewaartermijn"], zaak["archiefactiedatum"]


def expected(start: date) -> tuple[str, str]:
    """The same for a start."""
    return start.isoformat(), (start + FIVE).isoformat()


def test_afgehandeld(closing: Callable[..., Closing]) -> None:
    register = closing("afgehandeld")
    assert told(register.end(register.zaak()["url"])) == expected(clock.today())


def test_termijn(closing: Callable[..., Closing]) -> None:
    register = closing("termijn", procestermijn="P10D")
    assert told(register.end(register.zaak()["url"])) == expected(clock.today() + timedelta(days=10))


def test_eigenschap(closing: Callable[..., Closing]) -> None:
    register = closing("eigenschap", datumkenmerk="oppervlakte", einddatumBekend=False)
    zaak = register.zaak()["url"]
    body = {"zaak": zaak, "eigenschap": register.eigenschap, "waarde": "20250131"}
    register.app.post(f"{zaak}/zaakeigenschappen", body)
    assert told(register.end(zaak)) == expected(date(2025, 1, 31))
    assert told(register.end(register.zaak()["url"])) == (None, None), "no date where it cannot be told"


def test_hoofdzaak(closing: Callable[..., Closing]) -> None:
    register = closing("hoofdzaak")
    whole = register.zaak()["url"]
    part = register.zaak(hoofdzaak=whole)["url"]
    assert told(register.end(part)) == (None, None), "the whole is still open"
    register.end(whole)
    assert told(got(register.app, part)) == expected(clock.today())


def test_zaakobject(closing: Callable[..., Closing]) -> None:
    register = closing("zaakobject", datumkenmerk="einddatum", objecttype="overige")
    zaak = register.zaak()["url"]
    body = {
        "zaak": zaak,
        "objectType": "overige",
        "objectTypeOverige": "lease",
        "objectIdentificatie": {"overigeData": {"einddatum": "2024-06-30"}},
    }
    register.app.post(f"{CASES}/zaakobjecten", body)
    assert told(register.end(zaak)) == expected(date(2024, 6, 30))


def test_ander_datumkenmerk(closing: Callable[..., Closing]) -> None:
    register = closing("ander_datumkenmerk", datumkenmerk="x", objecttype="overige", registratie="Elders")
    assert told(register.end(register.zaak()["url"])) == (None, None), "another registration knows, we do not"


def test_gerelateerde_zaak(closing: Callable[..., Closing]) -> None:
    register = closing("gerelateerde_zaak")
    other = register.zaak()["url"]
    related = [{"url": other, "aardRelatie": "vervolg"}]
    early = register.zaak(relevanteAndereZaken=related)["url"]
    assert told(register.end(early)) == (None, None), "the other one is still open"
    register.end(other)
    Zaak.objects.filter(pk=other.rpartition("/")[2]).update(einddatum=date(2026, 3, 1))
    assert told(register.end(register.zaak(relevanteAndereZaken=related)["url"])) == expected(date(2026, 3, 1))


@pytest.mark.parametrize("attribute", ["ingangsdatum", "vervaldatum"])
def test_besluit(closing: Callable[..., Closing], attribute: str) -> None:
    register = closing(f"{attribute}_besluit")
    zaak = register.zaak()["url"]
    body = {
        "verantwoordelijkeOrganisatie": RSIN,
        "besluittype": register.besluittype,
        "zaak": zaak,
        "datum": "2026-01-01",
        "ingangsdatum": "2026-01-01",
    }
    days = {"ingangsdatum": ("2026-01-01", "2026-02-01"), "vervaldatum": ("2027-01-01", "2027-02-01")}[attribute]
    for day in days:
        register.app.post("/besluiten/api/v1/besluiten", {**body, attribute: day})
    assert Besluit.objects.filter(zaak=zaak.rpartition("/")[2]).count() == 2
    assert told(register.end(zaak)) == expected(date.fromisoformat(days[1]))
