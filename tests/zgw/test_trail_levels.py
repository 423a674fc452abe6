"""The audit trail tells nobody of the time when something stood higher than they may see."""

from typing import Any

from raadhuis.cases.models import Besluit
from raadhuis.clients.schema import NewRight
from raadhuis.kernel.documents import MARK
from zgw.clients import HOST, Application
from zgw.papers import Papers
from zgw.register import Register, sent

READ = {"zrc": "zaken.lezen", "drc": "documenten.lezen", "brc": "besluiten.lezen"}


def reader(component: str, type: str, level: str = "") -> Application:
    """An application that may read what is of this type, up to a level, and its trail."""
    scopes = [READ[component], "audittrails.lezen"]
    address = type.replace(f"{HOST}/", MARK)
    return Application(NewRight(component=component, scopes=scopes, type=address, level=level))


def patched(register: Register, url: str, **body: Any) -> None:
    """Changes a case."""
    sent(register.app, "PATCH", url, body, 200)


def shown(who: Application, url: str) -> list[tuple[str, str, bool, bool]]:
    """What the trail shows: of what, what was done, whether it tells what was before and after.

    Each line is the same by itself; those that are not in the list are not there by themselves either.
    """
    lines: list[dict[str, Any]] = who.get(f"{url}/audittrail")
    for line in lines:
        assert who.get(f"{url}/audittrail/{line['uuid']}") == line
    return [
        (line["resource"], line["actie"], bool(line["wijzigingen"]["oud"]), bool(line["wijzigingen"]["nieuw"]))
        for line in lines
    ]


def hidden(who: Application, url: str, whole: list[dict[str, Any]]) -> int:
    """How many lines of the whole trail are not there for somebody, by themselves."""
    return sum(who.ask("GET", f"{url}/audittrail/{line['uuid']}").status_code == 404 for line in whole)


def test_of_a_case_that_was_secret_only_what_came_after_shows(app: Application) -> None:
    register = Register(app)
    zaak = register.zaak(omschrijving="Inval op 3 mei", vertrouwelijkheidaanduiding="geheim")["url"]
    app.delete(register.rol(zaak, roltoelichting="Verdachte")["url"])
    patched(register, zaak, omschrijving="Controle", vertrouwelijkheidaanduiding="openbaar")
    register.rol(zaak)
    patched(register, zaak, omschrijving="Toch geheim", vertrouwelijkheidaanduiding="geheim")
    patched(register, zaak, omschrijving="Weer open", vertrouwelijkheidaanduiding="openbaar")
    low, high = (reader("zrc", register.zaaktype, level) for level in ("openbaar", "geheim"))
    assert shown(low, zaak) == [
        ("zaak", "partial_update", False, True),
        ("rol", "create", False, True),
        ("zaak", "partial_update", False, True),
    ]
    told = str(low.get(f"{zaak}/audittrail"))
    assert not any(word in told for word in ("Inval", "Verdachte", "Toch geheim"))
    whole = high.get(f"{zaak}/audittrail")
    assert len(whole) == 7 and hidden(low, zaak, whole) == 4 and hidden(high, zaak, whole) == 0
    assert shown(high, zaak)[3] == ("zaak", "partial_update", True, True)


def test_of_a_case_the_type_of_then_counts_too(app: Application) -> None:
    register, other = Register(app), Register(app, "ANDER")
    zaak = register.zaak(omschrijving="Van een andere soort")["url"]
    register.rol(zaak)
    patched(register, zaak, zaaktype=other.zaaktype, omschrijving="Van deze soort", productenOfDiensten=[])
    assert shown(reader("zrc", other.zaaktype, "zeer_geheim"), zaak) == [("zaak", "partial_update", False, True)]


def test_of_a_document_that_was_secret_only_what_came_after_shows(app: Application) -> None:
    papers = Papers(app)
    url = papers.make(titel="Inval op 3 mei", vertrouwelijkheidaanduiding="geheim")["url"]
    terms = {"informatieobject": url, "startdatum": "2026-01-01T00:00:00Z", "omschrijvingVoorwaarden": "Geheim"}
    app.delete(app.post("/documenten/api/v1/gebruiksrechten", terms)["url"])
    lock = papers.take_out(url)
    app.patch(url, {"titel": "Verslag", "vertrouwelijkheidaanduiding": "openbaar", "lock": lock})
    papers.bring_back(url, lock)
    low, high = (reader("drc", papers.kind, level) for level in ("openbaar", "geheim"))
    told, whole = low.get(f"{url}/audittrail"), high.get(f"{url}/audittrail")
    assert "Inval" not in str(told) and "Geheim" not in str(told) and "Inval" in str(whole)
    opened = next(line for line in told if line["wijzigingen"]["nieuw"].get("titel") == "Verslag")
    assert opened["wijzigingen"]["oud"] == {} and opened == told[0]
    assert hidden(low, url, whole) == len(whole) - len(told) > 0
    assert shown(low, url) and hidden(high, url, whole) == 0


def test_of_a_decision_the_type_of_then_counts(app: Application) -> None:
    register = Register(app)
    other = register.types.make("besluittypen", omschrijving="Iets anders")["url"]
    app.post(f"{other}/publish", {}, 200)
    body = {"verantwoordelijkeOrganisatie": "159351741", "datum": "2026-11-01", "ingangsdatum": "2026-11-02"}
    made = app.post(
        "/besluiten/api/v1/besluiten", {**body, "besluittype": register.besluittype, "toelichting": "Geheim"}
    )
    # The type of a decision stays as it is by the API; another door might correct it.
    Besluit.objects.update(besluittype=other.rpartition("/")[2])
    app.patch(made["url"], {"toelichting": "Open"})
    late = reader("brc", other)
    assert shown(late, made["url"]) == [("besluit", "partial_update", True, True)]
    whole = app.get(f"{made['url']}/audittrail")
    assert len(whole) == 2 and hidden(late, made["url"], whole) == 1 and "Geheim" in str(whole)


def test_what_hangs_on_a_case_that_no_line_tells_of_stood_as_it_does_now(app: Application) -> None:
    """The portal and the desk make cases of which the trail only tells what other applications did."""
    from raadhuis.cases.models import AuditRegel

    register = Register(app)
    zaak = register.zaak(vertrouwelijkheidaanduiding="geheim")["url"]
    register.rol(zaak)
    AuditRegel.objects.filter(resource="zaak").delete()
    high = reader("zrc", register.zaaktype, "geheim")
    assert shown(high, zaak) == [("rol", "create", False, True)]
    patched(register, zaak, vertrouwelijkheidaanduiding="openbaar")
    low = reader("zrc", register.zaaktype, "openbaar")
    assert shown(low, zaak) == [("zaak", "partial_update", False, True)]
