"""The people of Waterrijk, all of them invented: who can log in, what the registers know about them, and why.

Goes out: RESIDENTS, BUSINESSES and STAFF: the one source of every stand-in that speaks about people, and
`demo_identities()` for showing on a screen.
Always holds: BSNs lie in the test range 9999xxxxx and pass the eleven test, as do RSINs; no name belongs to anyone.
"""

from datetime import date
from typing import Final, Literal

import msgspec

from raadhuis.adapters.shapes import Address
from raadhuis.adapters.standins import town
from raadhuis.kernel.actor import Role

Level = Literal["low", "substantial", "high"]


class Resident(msgspec.Struct, frozen=True, kw_only=True):
    """What the stand-in of the BRP knows of one person. `id` is what `login_hint` takes; "" for who cannot log in."""

    id: str
    bsn: str
    given_names: str
    prefix: str = ""
    surname: str
    birth_date: date
    gender: Literal["M", "V", "O"]
    address: Address | None
    since: date | None
    country: str = ""
    """Where somebody lives who left the Netherlands; "" for who lives here."""
    partner: str = ""
    """BSN of the partner."""
    children: tuple[str, ...] = ()
    nationality: tuple[str, str] = ("0001", "Nederlandse")
    secrecy: bool = False
    deceased: date | None = None
    level: Level = "substantial"
    why: str = ""

    @property
    def name(self) -> str:
        """Given name, prefix and surname, as people call them."""
        return " ".join(p for p in (self.given_names.split()[0], self.prefix, self.surname) if p)


class Company(msgspec.Struct, frozen=True, kw_only=True):
    """What the stand-in of the Handelsregister knows, and who logs in for it (`person`)."""

    id: str
    kvk: str
    rsin: str = ""
    name: str
    legal_form: str
    address: Address
    person: str
    level: Level = "substantial"
    why: str = ""


class Employee(msgspec.Struct, frozen=True, kw_only=True):
    """A member of staff as the identity provider of the organisation knows them."""

    id: str
    name: str
    roles: tuple[Role, ...]
    teams: tuple[str, ...] = ()
    amr: tuple[str, ...] = ("pwd", "mfa")
    why: str = ""

    @property
    def subject(self) -> str:
        """What the identity provider calls them: what their pseudonym is made from."""
        return f"staff-{self.id}"

    @property
    def email(self) -> str:
        """The address at work."""
        return f"{self.id}@waterrijk.example"


RESIDENTS: Final[list[Resident]] = [
    Resident(
        id="fatima",
        bsn="999900006",
        given_names="Fatima Zohra",
        prefix="el",
        surname="Amrani",
        birth_date=date(1985, 3, 12),
        gender="V",
        address=town.at("Lange Brugstraat", "12"),
        since=date(2016, 9, 1),
        partner="999900018",
        children=("999900031", "999900043"),
        why="Woont in Centrum (parkeervergunning), met partner en twee kinderen",
    ),
    Resident(
        id="joris",
        bsn="999900018",
        given_names="Joris",
        prefix="de",
        surname="Vries",
        birth_date=date(1983, 11, 2),
        gender="M",
        address=town.at("Lange Brugstraat", "12"),
        since=date(2016, 9, 1),
        partner="999900006",
        children=("999900031", "999900043"),
        why="Partner van Fatima, op hetzelfde adres",
    ),
    Resident(
        id="",
        bsn="999900031",
        given_names="Noor",
        prefix="de",
        surname="Vries",
        birth_date=date(2016, 10, 20),
        gender="V",
        address=town.at("Lange Brugstraat", "12"),
        since=date(2016, 10, 20),
    ),
    Resident(
        id="",
        bsn="999900043",
        given_names="Sem Adam",
        prefix="de",
        surname="Vries",
        birth_date=date(2019, 5, 7),
        gender="M",
        address=town.at("Lange Brugstraat", "12"),
        since=date(2019, 5, 7),
    ),
    Resident(
        id="willem",
        bsn="999900055",
        given_names="Willem Hendrik",
        prefix="van den",
        surname="Berg",
        birth_date=date(1948, 7, 30),
        gender="M",
        address=town.at("Visbankgracht", "7"),
        since=date(1979, 4, 15),
        level="high",
        why="Woont alleen, in Centrum; logt in met het hoogste niveau",
    ),
    Resident(
        id="anouk",
        bsn="999900067",
        given_names="Anouk",
        surname="Jansen",
        birth_date=date(1991, 1, 25),
        gender="V",
        address=town.at("Korenmolenstraat", "19"),
        since=date(2021, 2, 1),
        why="Woont in Molenwijk: buiten het gebied van de parkeervergunning",
    ),
    Resident(
        id="pieter",
        bsn="999900079",
        given_names="Pieter",
        surname="Bakker",
        birth_date=date(1970, 12, 5),
        gender="M",
        address=None,
        since=date(2023, 6, 1),
        country="België",
        why="Geëmigreerd naar België: de BRP kent geen Nederlands adres",
    ),
    Resident(
        id="maria",
        bsn="999900080",
        given_names="Maria Johanna",
        surname="Kuipers",
        birth_date=date(1977, 8, 19),
        gender="V",
        address=town.at("Magnolialaan", "24"),
        since=date(2024, 1, 10),
        secrecy=True,
        why="Geheimhouding: haar adres mag niet aan anderen worden getoond",
    ),
    Resident(
        id="daan",
        bsn="999900092",
        given_names="Daan",
        surname="Visser",
        birth_date=date(2011, 4, 9),
        gender="M",
        address=town.at("Leeuweriklaan", "13"),
        since=date(2018, 8, 1),
        why="Minderjarig",
    ),
    Resident(
        id="sanne",
        bsn="999900109",
        given_names="Sanne",
        surname="Visser",
        birth_date=date(1982, 6, 14),
        gender="V",
        address=town.at("Leeuweriklaan", "13"),
        since=date(2018, 8, 1),
        children=("999900092",),
        why="Moeder van Daan, zonder partner, in Oosterveld",
    ),
    Resident(
        id="karel",
        bsn="999900110",
        given_names="Karel",
        surname="Smit",
        birth_date=date(1965, 2, 28),
        gender="M",
        address=town.ELSEWHERE,
        since=date(2001, 5, 20),
        why="Woont in Polderstad, een andere gemeente",
    ),
    Resident(
        id="mei",
        bsn="999900122",
        given_names="Mei",
        surname="Chen",
        birth_date=date(2003, 9, 3),
        gender="V",
        address=town.at("Ankerstraat", "5-2"),
        since=date(2025, 8, 25),
        nationality=("0100", "Chinese"),
        level="low",
        why="Logt in met gebruikersnaam en wachtwoord: te laag voor de meeste diensten",
    ),
    Resident(
        id="tomasz",
        bsn="999900134",
        given_names="Tomasz",
        surname="Kowalczyk",
        birth_date=date(1998, 12, 11),
        gender="M",
        address=town.at("Ankerstraat", "5-2"),
        since=date(2024, 3, 1),
        nationality=("0064", "Poolse"),
        why="Huisgenoot van Mei, geen familie; EU-burger",
    ),
    Resident(
        id="",
        bsn="999900146",
        given_names="Hendrik",
        surname="Mulder",
        birth_date=date(1940, 5, 5),
        gender="M",
        address=town.at("Tulpenboomplein", "3"),
        since=date(1988, 1, 1),
        partner="999900158",
        deceased=date(2026, 2, 14),
    ),
    Resident(
        id="greet",
        bsn="999900158",
        given_names="Margaretha Anna",
        surname="Post",
        birth_date=date(1944, 10, 31),
        gender="V",
        address=town.at("Tulpenboomplein", "3"),
        since=date(1988, 1, 1),
        partner="999900146",
        why="Weduwe: haar partner Hendrik is overleden",
    ),
]

BUSINESSES: Final[list[Company]] = [
    Company(
        id="sleutel",
        kvk="99990011",
        name="Café De Gouden Sleutel",
        legal_form="Eenmanszaak",
        address=town.at("Raadhuisplein", "2"),
        person="Hanna de Ruiter",
        why="Eenmanszaak in Centrum, zonder RSIN (terras, alcohol)",
    ),
    Company(
        id="festival",
        kvk="99990022",
        rsin="999900171",
        name="Stichting Waterrijk Feest",
        legal_form="Stichting",
        address=town.at("Scheepmakerskade", "18"),
        person="Omar Bouzid",
        why="Organiseert evenementen in het Havenkwartier",
    ),
    Company(
        id="bouw",
        kvk="99990033",
        rsin="999900183",
        name="Bouwbedrijf Dijkzicht B.V.",
        legal_form="BeslotenVennootschap",
        address=town.at("Polderdijk", "5"),
        person="Gerda Dijkstra",
        level="low",
        why="Logt in met een laag niveau (eHerkenning 2+)",
    ),
]

_ALL_TEAMS: Final = ("parkeren", "openbare-ruimte", "evenementen", "burgerzaken")

STAFF: Final[list[Employee]] = [
    Employee(id="els", name="Els de Graaf", roles=(Role.READER,), teams=_ALL_TEAMS, why="Leest mee, verandert niets"),
    Employee(
        id="murat", name="Murat Yilmaz", roles=(Role.HANDLER,), teams=("parkeren",), why="Behandelt parkeervergunningen"
    ),
    Employee(
        id="ria",
        name="Ria Postma",
        roles=(Role.HANDLER,),
        teams=("openbare-ruimte",),
        why="Behandelt meldingen op straat",
    ),
    Employee(
        id="jeroen", name="Jeroen Kok", roles=(Role.HANDLER,), teams=("evenementen",), why="Behandelt evenementen"
    ),
    Employee(
        id="samira", name="Samira Haddad", roles=(Role.HANDLER,), teams=("burgerzaken",), why="Behandelt burgerzaken"
    ),
    Employee(
        id="bas", name="Bas Veldman", roles=(Role.HANDLER,), teams=("veiligheid",), why="Geeft advies over veiligheid"
    ),
    Employee(
        id="ingrid",
        name="Ingrid Hoekstra",
        roles=(Role.HANDLER, Role.DECIDER),
        teams=_ALL_TEAMS,
        why="Neemt besluiten (tweede paar ogen)",
    ),
    Employee(
        id="marco",
        name="Marco Dekker",
        roles=(Role.HANDLER, Role.DECIDER, Role.TEAM_LEAD),
        teams=_ALL_TEAMS,
        why="Teamleider: verdeelt werk, ziet doorlooptijden",
    ),
    Employee(id="tess", name="Tess van Vliet", roles=(Role.EDITOR,), why="Beschrijft diensten en brengt ze uit"),
    Employee(id="ada", name="Ada Brouwer", roles=(Role.ADMIN,), why="Beheert de installatie"),
    Employee(
        id="niek",
        name="Niek Prins",
        roles=(Role.HANDLER,),
        teams=("parkeren",),
        amr=("pwd",),
        why="Logt in zonder tweede factor: mag niet binnen",
    ),
]


class DemoIdentity(msgspec.Struct, frozen=True):
    """One line of the list of who can log in: realm, `login_hint`, name, who (number or roles), and why interesting."""

    realm: str
    id: str
    name: str
    who: str
    why: str


def demo_identities() -> list[DemoIdentity]:
    """Everybody who can log in at the stand-ins."""
    return [
        *(DemoIdentity("resident", r.id, r.name, f"BSN {r.bsn}", r.why) for r in RESIDENTS if r.id),
        *(DemoIdentity("business", b.id, f"{b.person} ({b.name})", f"KVK {b.kvk}", b.why) for b in BUSINESSES),
        *(
            DemoIdentity("staff", e.id, e.name, ", ".join([*(r.value for r in e.roles), *e.teams]), e.why)
            for e in STAFF
        ),
    ]
