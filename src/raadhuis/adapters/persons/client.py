"""The BRP over the national API "BRP personen bevragen", version 2 (Haal Centraal).

Comes in: a BSN. Goes out: POST /personen with the fields we need; at most two requests a person.
Always holds: the answer is about the BSN that was asked for, else it counts as unreadable.
Source: https://brp-api.github.io/Haal-Centraal-BRP-bevragen/ (operations RaadpleegMetBurgerservicenummer and
ZoekMetAdresseerbaarObjectIdentificatie). Secrecy and suspension come with every answer and may not be asked for.
"""

from datetime import date
from typing import Final

import msgspec
from stdnum.nl import bsn as eleven_test

from raadhuis.adapters.errors import AdapterUnavailable
from raadhuis.adapters.http import TIMEOUT_SECONDS, HttpClient
from raadhuis.adapters.persons.port import HouseholdMember, Person, Relative
from raadhuis.adapters.shapes import Address

_ABOUT_A_PERSON: Final = [
    "burgerservicenummer",
    "naam",
    "geboorte.datum",
    "geslacht",
    "nationaliteiten.nationaliteit",
    "gemeenteVanInschrijving",
    "verblijfplaats",
    "overlijden.datum",
    "partners.burgerservicenummer",
    "partners.naam",
    "partners.geboorte.datum",
    "partners.ontbindingHuwelijkPartnerschap.datum",
    "kinderen.burgerservicenummer",
    "kinderen.naam",
    "kinderen.geboorte.datum",
]
_ABOUT_A_HOUSEMATE: Final = ["burgerservicenummer", "naam", "geboorte.datum"]


class _Date(msgspec.Struct):
    type: str = ""
    datum: date | None = None


class _Coded(msgspec.Struct):
    code: str = ""
    omschrijving: str = ""


class _Name(msgspec.Struct, rename="camel"):
    voornamen: str = ""
    voorvoegsel: str = ""
    geslachtsnaam: str = ""
    volledige_naam: str = ""

    def full(self) -> str:
        return self.volledige_naam or " ".join(p for p in (self.voornamen, self.voorvoegsel, self.geslachtsnaam) if p)


class _Event(msgspec.Struct):
    datum: _Date | None = None


class _Relative(msgspec.Struct, rename="camel"):
    burgerservicenummer: str = ""
    naam: _Name = msgspec.field(default_factory=_Name)
    geboorte: _Event | None = None
    ontbinding_huwelijk_partnerschap: _Event | None = None


class _PlaceOfLiving(msgspec.Struct, rename="camel"):
    officiele_straatnaam: str = ""
    korte_straatnaam: str = ""
    huisnummer: int = 0
    huisletter: str = ""
    huisnummertoevoeging: str = ""
    postcode: str = ""
    woonplaats: str = ""
    land: _Coded | None = None


class _Residence(msgspec.Struct, rename="camel"):
    type: str = ""
    adresseerbaar_object_identificatie: str = ""
    datum_van: _Date | None = None
    verblijfadres: _PlaceOfLiving | None = None


class _Nationality(msgspec.Struct):
    nationaliteit: _Coded | None = None


class _Suspension(msgspec.Struct):
    reden: _Coded | None = None


class _Person(msgspec.Struct, rename="camel"):
    burgerservicenummer: str = ""
    naam: _Name = msgspec.field(default_factory=_Name)
    geboorte: _Event | None = None
    geslacht: _Coded | None = None
    nationaliteiten: list[_Nationality] = []
    gemeente_van_inschrijving: _Coded | None = None
    verblijfplaats: _Residence | None = None
    overlijden: _Event | None = None
    opschorting_bijhouding: _Suspension | None = None
    partners: list[_Relative] = []
    kinderen: list[_Relative] = []
    geheimhouding_persoonsgegevens: bool = False


class _Answer(msgspec.Struct):
    personen: list[_Person]


class HaalCentraal:
    """The real client. `base_url` is what stands before /personen; `key`, if any, goes into `key_header`."""

    def __init__(
        self, base_url: str, key: str = "", *, key_header: str = "X-API-KEY", timeout: float = TIMEOUT_SECONDS
    ) -> None:
        self._http = HttpClient("persons", base_url, headers={key_header: key} if key else None, timeout=timeout)

    def person(self, bsn: str, *, household: bool = True) -> Person | None:
        """See Persons.person."""
        if not (bsn.isascii() and bsn.isdigit() and len(bsn) == 9 and eleven_test.is_valid(bsn)):
            raise ValueError("not a BSN")
        question = {
            "type": "RaadpleegMetBurgerservicenummer",
            "burgerservicenummer": [bsn],
            "fields": _ABOUT_A_PERSON,
        }
        found = self._http.post_json("/personen", question, answer=_Answer).personen
        if not found:
            return None
        if len(found) > 1 or found[0].burgerservicenummer != bsn:
            raise AdapterUnavailable("persons", "answers about somebody else")
        person = _person(found[0])
        if household and person.address and person.address.bag_id:
            person = msgspec.structs.replace(person, household=self._household(person, person.address.bag_id))
        return person

    def _household(self, person: Person, bag_id: str) -> tuple[HouseholdMember, ...]:
        question = {
            "type": "ZoekMetAdresseerbaarObjectIdentificatie",
            "adresseerbaarObjectIdentificatie": bag_id,
            "fields": _ABOUT_A_HOUSEMATE,
        }
        found = self._http.post_json("/personen", question, answer=_Answer).personen
        partner = person.partner.bsn if person.partner else ""
        children = {child.bsn for child in person.children if child.bsn}
        members = []
        for other in found:
            number = other.burgerservicenummer
            if number == person.bsn or _is_deceased(other):
                continue
            members.append(
                HouseholdMember(
                    bsn=number,
                    name=other.naam.full(),
                    birth_date=_day(other.geboorte),
                    relation="partner" if number and number == partner else "child" if number in children else "other",
                )
            )
        return tuple(members)


def _day(event: _Event | None) -> date | None:
    return event.datum.datum if event and event.datum else None


def _is_deceased(person: _Person) -> bool:
    reason = person.opschorting_bijhouding.reden if person.opschorting_bijhouding else None
    return person.overlijden is not None or (reason is not None and reason.code == "O")


def _relative(found: _Relative) -> Relative:
    return Relative(bsn=found.burgerservicenummer, name=found.naam.full(), birth_date=_day(found.geboorte))


def _address(residence: _Residence | None) -> Address | None:
    place = residence.verblijfadres if residence else None
    if residence is None or place is None or residence.type != "Adres":
        return None
    return Address(
        street=place.officiele_straatnaam or place.korte_straatnaam,
        house_number=place.huisnummer,
        house_letter=place.huisletter,
        addition=place.huisnummertoevoeging,
        postcode=place.postcode,
        city=place.woonplaats,
        bag_id=residence.adresseerbaar_object_identificatie,
    )


def _person(found: _Person) -> Person:
    residence = found.verblijfplaats
    country = residence.verblijfadres.land if residence and residence.verblijfadres else None
    partners = [p for p in found.partners if p.ontbinding_huwelijk_partnerschap is None]
    nationalities = tuple(n.nationaliteit.omschrijving for n in found.nationaliteiten if n.nationaliteit)
    registered = found.gemeente_van_inschrijving
    return Person(
        bsn=found.burgerservicenummer,
        given_names=found.naam.voornamen,
        prefix=found.naam.voorvoegsel,
        surname=found.naam.geslachtsnaam,
        full_name=found.naam.full(),
        birth_date=_day(found.geboorte),
        gender=found.geslacht.code if found.geslacht else "",
        address=_address(residence),
        since=residence.datum_van.datum if residence and residence.datum_van else None,
        country=country.omschrijving if country else "",
        municipality=registered.omschrijving if registered else "",
        partner=_relative(partners[0]) if partners else None,
        children=tuple(_relative(child) for child in found.kinderen),
        secrecy=found.geheimhouding_persoonsgegevens,
        deceased=_is_deceased(found),
        nationality=nationalities[0] if nationalities else "",
        nationalities=nationalities,
    )
