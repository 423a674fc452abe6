"""What our own doors, portal and desk, tell those who listen."""

from cases.work import own, parking
from house import House
from raadhuis.cases import actions
from raadhuis.catalogue import actions as catalogue
from raadhuis.catalogue.loading import load as read_service
from raadhuis.site import runner
from raadhuis.site.example import load
from raadhuis.site.example.filler import apply
from zgw.clients import HOST, Application
from zgw.notifying import ROOT, Make, wanted
from zgw.receivers import Receiver
from zgw.test_catalogi import ROOT as TYPES
from zgw.test_catalogi import Types


def told(receiver: Receiver) -> list[tuple[str, str, str]]:
    """What was told, once the background work is done."""
    runner.deliver_notices()
    return [(one["kanaal"], one["resource"], one["actie"]) for one in receiver.notices]


def test_types_and_applications_are_told(app: Application, receivers: Make) -> None:
    receiver = receivers()
    app.post(
        f"{ROOT}/abonnement", wanted(receiver, "zaaktypen", "informatieobjecttypen", "besluittypen", "autorisaties")
    )
    types = Types(app)
    made = app.post(f"{TYPES}/besluittypen", types.bodies()["besluittypen"])
    app.delete(made["url"])
    applicatie = {"clientIds": ["ander"], "label": "Ander", "heeftAlleAutorisaties": True}
    other = app.post("/autorisaties/api/v1/applicaties", applicatie)
    app.delete(other["url"])
    found = told(receiver)
    assert ("zaaktypen", "zaaktype", "create") in found
    assert [one for one in found if one[0] == "besluittypen"] == [
        ("besluittypen", "besluittype", "create"),
        ("besluittypen", "besluittype", "destroy"),
    ]
    assert [one[2] for one in found if one[0] == "autorisaties"] == ["create", "destroy"]
    place = types.catalogus.replace(HOST, "http://localhost:8000")
    assert all(one["kenmerken"] == {"catalogus": place} for one in receiver.notices if "type" in one["kanaal"])


def test_a_service_that_is_published_is_told(house: House, app: Application, receivers: Make) -> None:
    receiver = receivers()
    app.post(f"{ROOT}/abonnement", wanted(receiver, "zaaktypen"))
    text = (load.FOLDER / "parkeervergunning.yaml").read_text("utf-8")
    other = text.replace("nl: Parkeervergunning voor bewoners", "nl: Vergunning om te parkeren", 1)
    assert other != text
    catalogue.publish_document(read_service(other, "parkeervergunning.yaml"), house.staff("tess"))
    assert ("zaaktypen", "zaaktype", "create") in told(receiver)


def test_what_residents_and_the_rules_do_is_told_in_order(house: House, app: Application, receivers: Make) -> None:
    receiver = receivers()
    app.post(f"{ROOT}/abonnement", wanted(receiver, "zaken", "documenten", "besluiten"))
    apply("parkeervergunning", house.person("fatima"), own())
    runner.deliver()  # The letters.
    found = told(receiver)
    about = [one[1:] for one in found if one[0] == "zaken"]
    assert about == [
        ("zaak", "create"),
        ("rol", "create"),
        ("status", "create"),
        ("resultaat", "create"),
        ("status", "create"),
        ("zaak", "update"),
        *[("zaakinformatieobject", "create")] * (len(about) - 6),
    ]
    assert len(about) > 6, "the letter"
    assert ("besluiten", "besluit", "create") in found and ("besluiten", "besluitinformatieobject", "create") in found
    assert ("documenten", "enkelvoudiginformatieobject", "create") in found
    for one in receiver.notices:  # What is told can be read at the address that is told, where it is served yet.
        if one["kanaal"] == "zaken":
            place = one["resourceUrl"].removeprefix("http://localhost:8000")
            assert app.ask("GET", place, **{"Accept-Crs": "EPSG:4326"}).status_code == 200
            assert app.get(one["kenmerken"]["zaaktype"].removeprefix("http://localhost:8000"))
    for private in ("999900006", "Fatima", "GZ999R", "fatima@"):
        assert private not in str(receiver.notices)


def test_a_decision_that_is_taken_back_is_told(house: House, app: Application, receivers: Make) -> None:
    case = parking(house)
    receiver = receivers()
    app.post(f"{ROOT}/abonnement", wanted(receiver, "zaken", "besluiten"))
    record = case.decide("beoordelen", "ingrid")
    actions.undo(case.id, house.staff("ingrid"), record.id, "Te snel.")
    found = told(receiver)
    assert [one[2] for one in found if one[1] == "besluit"] == ["create", "destroy"]
    assert [one[2] for one in found if one[1] == "resultaat"] == ["create", "destroy"]
    assert [one[2] for one in found if one[1] == "zaak"] == ["update", "update"]
