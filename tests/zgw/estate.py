"""Cases, documents and decisions with all that hangs on them, some of which an application may see and some not.

In: an application that may do everything. Out: lots of four sorts, with the address of each row and a body that would
write it. Always holds: what an application may see is decided by the type and the level of the lot alone.
"""

from typing import Any

from raadhuis.catalogue.models import BesluitType, InformatieObjectType, ZaakType
from raadhuis.clients.schema import TYPE_OF, NewRight
from raadhuis.kernel import clock
from raadhuis.kernel.documents import MARK
from zgw.clients import HOST, Application
from zgw.papers import EIO, Papers, id_of
from zgw.register import CASES, DECISIONS, DOCUMENTS, RSIN, Register, sent

LEVEL, ABOVE = "intern", "vertrouwelijk"
_MODELS = {"zaaktype": ZaakType, "document_type": InformatieObjectType, "besluittype": BesluitType}
BELOW = ("zaakeigenschappen", "besluiten")
NOWHERE = "00000000-0000-0000-0000-{:012d}"
KINDS = {"zrc": "zaaktype", "drc": "document_type", "brc": "besluittype"}
Bodies = dict[str, dict[str, Any]]


class Lot:
    """A case with a document, a decision and a row of everything that can hang on them."""

    def __init__(self, register: Register, level: str, **zaak: Any) -> None:
        self.register, self.app, self.level = register, register.app, level
        self.at: dict[str, str] = {}
        """By resource the address of a row; some by a name of their own."""
        self.bodies: Bodies = {}
        """By resource a body that makes or writes such a row."""
        self._case(zaak)
        self._paper()
        self._decision()
        self._trails()

    def _make(self, name: str, body: dict[str, Any], place: str) -> None:
        self.bodies[name] = body
        self.at[name] = sent(self.app, "POST", place, body, 201)["url"]

    def _case(self, other: dict[str, Any]) -> None:
        register, level = self.register, {"vertrouwelijkheidaanduiding": self.level}
        self.bodies["zaken"] = register.zaak_body(**level, **other)
        zaak = self.at["zaken"] = register.zaak(**level, **other)["url"]
        self.at["fresh"], self.at["closed"] = register.zaak(**level)["url"], register.closed(**level)["url"]
        first = {"zaak": zaak, "statustype": register.first, "datumStatusGezet": clock.now().isoformat()}
        self._make("statussen", first, f"{CASES}/statussen")
        self._make("resultaten", {"zaak": zaak, "resultaattype": register.granted}, f"{CASES}/resultaten")
        person = {"betrokkeneIdentificatie": {"inpBsn": "999990755", "geslachtsnaam": "Jansen"}}
        kind = {"betrokkeneType": "natuurlijk_persoon", "roltype": register.initiator, "roltoelichting": "Aanvrager"}
        self._make("rollen", {"zaak": zaak, **kind, **person}, f"{CASES}/rollen")
        what = {"objectType": "overige", "objectTypeOverige": "boom", "objectIdentificatie": {"overigeData": {"a": 1}}}
        self._make("zaakobjecten", {"zaak": zaak, **what}, f"{CASES}/zaakobjecten")
        told = {"zaak": zaak, "eigenschap": register.eigenschap, "waarde": "12"}
        self._make("zaakeigenschappen", told, f"{zaak}/zaakeigenschappen")
        talk = {"zaak": zaak, "datumtijd": "2026-11-02T10:00:00Z", "kanaal": "balie"}
        self._make("klantcontacten", talk, f"{CASES}/klantcontacten")
        for name in ("contactmoment", "verzoek"):
            plural = {"contactmoment": "zaakcontactmomenten", "verzoek": "zaakverzoeken"}[name]
            self._make(plural, {"zaak": zaak, name: f"https://elders.example/{name}/1"}, f"{CASES}/{plural}")
            self.bodies[plural] = {"zaak": zaak, name: f"https://elders.example/{name}/2"}
        note = {"gerelateerdAan": zaak, "onderwerp": "Notitie", "tekst": "Tekst"}
        self._make("zaaknotities", note, f"{CASES}/zaaknotities")

    def paper(self, **other: Any) -> dict[str, Any]:
        """A new document of this lot's type and level."""
        body = Papers.body(self._papers, vertrouwelijkheidaanduiding=self.level, **other)
        self.bodies["enkelvoudiginformatieobjecten"] = body
        made: dict[str, Any] = self.app.post(EIO, body)
        return made

    def _paper(self) -> None:
        self._papers = Papers.__new__(Papers)
        self._papers.app, self._papers.kind = self.app, self.register.document_type
        zaak, main = self.at["zaken"], self.paper()["url"]
        parts = self.app.post(EIO, self._papers.body(None, bestandsomvang=4, vertrouwelijkheidaanduiding=self.level))
        self.at |= {"spare": self.paper()["url"], "free": self.paper()["url"], EIO.rpartition("/")[2]: main}
        self.at |= {"waiting": parts["url"], "bestandsdelen": parts["bestandsdelen"][0]["url"]}
        self.lock, self.own_lock = parts["lock"], self._papers.take_out(main)
        relation = {"zaak": zaak, "informatieobject": main}
        self._make("zaakinformatieobjecten", relation, f"{CASES}/zaakinformatieobjecten")
        paper = {"informatieobject": main}
        terms = {**paper, "startdatum": "2026-01-01T00:00:00Z", "omschrijvingVoorwaarden": "Lezen"}
        self._make("gebruiksrechten", terms, f"{DOCUMENTS}/gebruiksrechten")
        who = {"betrokkene": "https://elders.example/1", "contactPersoon": "https://elders.example/1"}
        self._make("verzendingen", {**paper, "aardRelatie": "afzender", **who}, f"{DOCUMENTS}/verzendingen")
        mirrored = self.app.get(f"{DOCUMENTS}/objectinformatieobjecten", informatieobject=main)
        self.at["objectinformatieobjecten"] = mirrored[0]["url"]
        self.bodies["objectinformatieobjecten"] = {**paper, "object": zaak, "objectType": "zaak"}

    def _decision(self) -> None:
        day, zaak = "2026-11-01", self.at["zaken"]
        body = {"verantwoordelijkeOrganisatie": RSIN, "besluittype": self.register.besluittype}
        self._make("besluiten", {**body, "datum": day, "ingangsdatum": day, "zaak": zaak}, f"{DECISIONS}/besluiten")
        pair = {"besluit": self.at["besluiten"], "informatieobject": self.at["enkelvoudiginformatieobjecten"]}
        self._make("besluitinformatieobjecten", pair, f"{DECISIONS}/besluitinformatieobjecten")
        self.at["mirrored"] = self.app.get(f"{zaak}/besluiten")[0]["url"]

    def _trails(self) -> None:
        for name in ("zaken", "enkelvoudiginformatieobjecten", "besluiten"):
            place = f"{self.at[name]}/audittrail"
            self.at[f"trail of {name}"] = f"{place}/{self.app.get(place)[0]['uuid']}"


class Estate:
    """Lots of an own type, at the level and above it, of a newer version of that type, and of another type."""

    def __init__(self, app: Application) -> None:
        self.app = app
        self.own, newer, other, self.third = (Register(app, f"TEST{n}") for n in range(4))
        for name, model in _MODELS.items():
            catalogus = model._default_manager.get(pk=id_of(getattr(self.own, name))).catalogus_id
            model._default_manager.filter(pk=id_of(getattr(newer, name))).update(catalogus_id=catalogus)
        self.hub = self.own.zaak(vertrouwelijkheidaanduiding=LEVEL)["url"]
        """A case of the own type, of which the case of every lot is a part."""
        sorts = {"own": (self.own, LEVEL), "above": (self.own, ABOVE), "newer": (newer, LEVEL), "other": (other, LEVEL)}
        self.lots = {name: Lot(register, level, hoofdzaak=self.hub) for name, (register, level) in sorts.items()}
        self._registers = (self.own, newer, other, self.third)

    def holder(self, component: str, scope: str, *, tied: bool = False, elsewhere: bool = False) -> Application:
        """An application with one scope for the own type, up to the level.

        `elsewhere`: with the scope for another type, and just reading for the own one.
        """
        rights = [right(component, scope, self.third if elsewhere else self.own, LEVEL, tied=tied)]
        if elsewhere:
            reading = {"zrc": "zaken.lezen", "drc": "documenten.lezen", "brc": "besluiten.lezen"}[component]
            rights.append(right(component, reading, self.own, LEVEL))
        # What is pointed at may be known of, so that an answer tells of this component alone.
        helpers = {"zrc": ("drc",), "brc": ("zrc", "drc")}.get(component, ())
        names = {"zrc": "zaken.lezen", "drc": "documenten.lezen"}
        rights += [right(one, names[one], register, "zeer_geheim") for one in helpers for register in self._registers]
        return Application(*rights)

    def without(self, lot: Lot) -> dict[str, str]:
        """By each address of a lot one of the same kind where there is nothing."""
        ids = list(dict.fromkeys(one[-36:] for one in lot.at.values()))
        return {one: NOWHERE.format(number) for number, one in enumerate(ids, 1)}


def right(component: str, scope: str, register: Register, level: str, *, tied: bool = False) -> NewRight:
    """A right for the type of a register."""
    return NewRight(
        component=component,  # type: ignore[arg-type]
        scopes=[scope],
        type=str(getattr(register, KINDS[component])).replace(f"{HOST}/", MARK),
        level=level if TYPE_OF[component] != "besluittype" else "",
        one_version=tied,
    )
