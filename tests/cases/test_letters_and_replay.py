"""What a case leaves behind: the archive date, letters that last, decisions that can be taken again and be the same."""

import io
import re
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from cases.work import PARKING, Case, own, parking, working_morning
from catalogue.services import broken
from house import House
from raadhuis.cases import actions, queries
from raadhuis.cases.actions import deliver_letter
from raadhuis.cases.models import Besluit, DecisionRecord, EnkelvoudigInformatieObject, Zaak
from raadhuis.cases.papers import Paper, render
from raadhuis.cases.queries import decisions
from raadhuis.cases.queries.parts import published_of
from raadhuis.catalogue import actions as catalogue_actions
from raadhuis.intake import actions as intake
from raadhuis.intake import registers
from raadhuis.journal.models import Outbox
from raadhuis.kernel import clock, privacy
from raadhuis.kernel.actor import SYSTEM
from raadhuis.site import runner
from raadhuis.site.example.filler import apply, fill_in


# The archive date -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("way", "start"),
    [
        ("afgehandeld", "einddatum"),
        ("ingangsdatum_besluit", "ingangsdatum"),
        ("vervaldatum_besluit", "vervaldatum"),
        ("hoofdzaak", "none"),
        ("ander_datumkenmerk", "none"),
    ],
)
def test_the_archive_date_follows_from_how_the_definition_derives_it(house: House, way: str, start: str) -> None:
    changed = broken(PARKING, {"zaaktype.resultaattypen.0.afleidingswijze": way})
    catalogue_actions.publish_document(changed, SYSTEM)
    zaak = Zaak.objects.get(id=apply(PARKING, house.person("fatima"), own()).zaak)
    besluit = Besluit.objects.get(zaak=zaak)
    begins = {
        "einddatum": zaak.einddatum,
        "ingangsdatum": besluit.ingangsdatum,
        "vervaldatum": besluit.vervaldatum,
        "none": None,
    }[start]
    assert (begins is None) == (start == "none")
    assert zaak.startdatum_bewaartermijn == begins
    assert zaak.archiefactiedatum == (begins + relativedelta(months=12) if begins else None)
    assert (zaak.archiefnominatie, zaak.archiefstatus) == ("vernietigen", "nog_te_archiveren")


def test_a_part_of_a_case_is_kept_as_long_as_the_whole(house: House) -> None:
    changed = broken(PARKING, {"zaaktype.resultaattypen.2.afleidingswijze": "hoofdzaak"})
    catalogue_actions.publish_document(changed, SYSTEM)
    whole, part = parking(house), parking(house, "joris")
    Zaak.objects.filter(id=whole.id).update(einddatum=date(2027, 3, 1))
    Zaak.objects.filter(id=part.id).update(hoofdzaak=whole.id)
    actions.withdraw(part.id, house.staff("murat"), opened=part.id)
    assert part.zaak.archiefactiedatum == date(2028, 3, 1)


def test_what_stays_forever_gets_no_date_to_destroy_it(house: House) -> None:
    changed = broken(
        PARKING,
        {
            "zaaktype.resultaattypen.2.archiefnominatie": "blijvend_bewaren",
            "zaaktype.resultaattypen.2.archiefactietermijn": None,
        },
    )
    catalogue_actions.publish_document(changed, SYSTEM)
    case = parking(house)
    actions.withdraw(case.id, house.staff("murat"), opened=case.id)
    assert (case.zaak.archiefnominatie, case.zaak.archiefactiedatum) == ("blijvend_bewaren", None)


# Letters --------------------------------------------------------------------------------------------------------
def letters(case: Case) -> list[EnkelvoudigInformatieObject]:
    return list(
        EnkelvoudigInformatieObject.objects.filter(zaken__zaak=case.id, direction="uitgaand").order_by(
            "begin_registratie"
        )
    )


def pdf_of(document: EnkelvoudigInformatieObject) -> PdfReader:
    with registers.open_file(document.file_key) as stream:
        return PdfReader(io.BytesIO(stream.read()))


@pytest.fixture
def decided(house: House) -> Case:
    """A permit that a person granted, with its letter."""
    with clock.at(working_morning()):
        case = parking(house)
        case.decide("beoordelen", "ingrid")
    with clock.at(working_morning() + timedelta(hours=1)):
        runner.deliver()
    return case


def test_a_letter_that_is_delivered_twice_is_made_once(decided: Case, house: House) -> None:
    assert len(letters(decided)) == 2
    record = DecisionRecord.objects.get(zaak=decided.id, state="taken")
    event = letters(decided)[1].event
    assert event is not None
    kept: list[bytes] = []

    def keep(content: bytes) -> tuple[str, int, str]:
        kept.append(content)
        return "0" * 32, len(content), "x"

    payload = {"zaak": str(decided.id), "record": str(record.id), "letter": "verleend"}
    deliver_letter(event, payload, keep)
    assert kept == [] and len(letters(decided)) == 2
    assert decided.told().count("letter.made") == 2
    assert record.besluit is not None and record.besluit.documenten.count() == 1


def test_a_letter_of_something_that_is_gone_is_given_up_and_told(decided: Case, house: House) -> None:
    sent = Outbox.objects.create(
        number=1,
        kind="letter",
        key="weg",
        payload=privacy.encrypt_json(
            "outbox", {"record": "01890000-0000-7000-8000-000000000000", "letter": "verleend"}
        ),
        made=clock.now(),
        due=clock.now(),
    )
    runner.deliver()
    sent.refresh_from_db()
    assert sent.state == "dead" and "gone" in sent.last_error


@pytest.mark.parametrize("number", [0, 1], ids=["receipt", "decision"])
def test_a_letter_is_fit_for_the_archive_and_for_a_screen_reader(decided: Case, number: int) -> None:
    reader = pdf_of(letters(decided)[number])
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"].value is True and "/StructTreeRoot" in root
    assert root["/Lang"].startswith("nl")
    assert root["/ViewerPreferences"]["/DisplayDocTitle"].value is True
    assert reader.metadata is not None and reader.metadata.title == letters(decided)[number].titel
    xmp = root["/Metadata"].get_data().decode()
    assert re.search(r"pdfaid:part\W+2\b", xmp) and re.search(r"pdfaid:conformance\W+A\b", xmp)
    assert re.search(r"pdfuaid:part\W+1\b", xmp)
    assert all("/FontFile" in str(font) for font in _descriptors(reader)), "every font is inside"


def _descriptors(reader: PdfReader) -> list[Any]:
    found = []
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():
            inner = font.get_object()["/DescendantFonts"][0].get_object()
            found.append(inner["/FontDescriptor"].get_object())
    assert found
    return found


@pytest.mark.parametrize(
    ("granted", "until"),
    [
        ("2027-05-03", "2027-06-14"),
        ("2027-03-25", "2027-05-07"),
        ("2026-11-13", "2026-12-28"),
        ("2027-04-05", "2027-05-18"),
    ],
)
def test_who_objects_has_until_a_working_day(house: House, granted: str, until: str) -> None:
    """Ascension Day, Christmas before a weekend, Whit Monday: the law lets the term run on."""
    with clock.at(datetime.fromisoformat(f"{granted}T12:00:00+00:00")):
        zaak = apply(PARKING, house.person("fatima"), own()).zaak
    assert Besluit.objects.get(zaak=zaak).uiterlijke_reactiedatum == date.fromisoformat(until)


def test_the_letter_says_what_was_decided_why_and_how_to_object(decided: Case) -> None:
    text = " ".join(page.extract_text() for page in pdf_of(letters(decided)[1]).pages)
    flat = re.sub(r"\s+", " ", text)
    for said in (
        decided.zaak.identificatie,
        "U hebt een parkeervergunning",
        "Het plan is veilig.",
        "Muziek uit om 22 uur.",
    ):
        assert said in flat
    besluit = Besluit.objects.get(zaak=decided.id)
    assert besluit.uiterlijke_reactiedatum == clock.next_working_day(clock.today() + timedelta(weeks=6))
    assert "bezwaar" in flat and str(besluit.uiterlijke_reactiedatum.year) in flat
    assert "artikel 3" in flat
    assert "Met vriendelijke groet, Burgemeester en wethouders van Waterrijk" in flat


NASTY = '#import "/etc/passwd" \\ $x$ *vet* <label> @ref // weg /* weg */ `code` \u202e \U0001f600 ' + "lang" * 400


def test_what_people_type_is_printed_and_never_run(house: House) -> None:
    with clock.at(working_morning()):
        case = parking(house)
        task = case.claim("beoordelen", "ingrid")
        actions.decide(task.id, house.staff("ingrid"), result="refuse", motivation=NASTY, conditions=[NASTY])
    with clock.at(working_morning() + timedelta(hours=1)):
        runner.deliver()
    assert not Outbox.objects.filter(zaak=case.id).exclude(state="done").exists()
    text = " ".join(page.extract_text() for page in pdf_of(letters(case)[1]).pages)
    assert "#import" in text and "*vet*" in text and "root:" not in text


PAPERS = st.builds(
    Paper,
    title=st.text(min_size=1, max_size=30),
    reference=st.text(max_size=20),
    recipient=st.lists(st.text(max_size=20), max_size=2),
    facts=st.lists(st.tuples(st.text(max_size=9), st.text(max_size=9)), max_size=2),
    sections=st.lists(
        st.tuples(
            st.text(max_size=9), st.lists(st.text(max_size=60), max_size=2), st.lists(st.text(max_size=60), max_size=2)
        ),
        max_size=2,
    ),
)


@settings(max_examples=40, deadline=None)
@given(PAPERS)
@example(Paper(title="王小明", recipient=["สวัสดี", "😀"], sections=[("\ue000", ["a\x07b\x00\uffff"], ["\U000e0001"])]))
@example(Paper(title=" ", facts=[("", "")], sections=[("", [""], [""]), ("\n", ["\n\n"], ["\n"])]))
@example(Paper(title="".join(map(chr, [*range(0x20, 0x7F), *range(0xA0, 0x500), *range(0x1E00, 0x2028)]))))
def test_whatever_people_type_there_is_a_letter(paper: Paper) -> None:
    assert render(paper, clock.now()).startswith(b"%PDF-")


def test_who_applied_in_english_gets_letters_in_english(house: House) -> None:
    person = house.person("fatima")
    application = fill_in(PARKING, person, own())
    receipt = intake.submit(application, person, "en")
    runner.deliver()
    case = Case(house, receipt.zaak)
    reader = pdf_of(letters(case)[1])
    assert reader.trailer["/Root"]["/Lang"].startswith("en")
    text = re.sub(r"\s+", " ", " ".join(page.extract_text() for page in reader.pages))
    assert "You have a parking permit" in text and "You can object until" in text
    for dutch in ("Zaaknummer", "Besluit", "bezwaar", "Voorwaarden", "Beste"):
        assert dutch not in text
    mail = next(m for m in house.mails("fatima@voorbeeld.example"))
    assert "Kind regards" in str(mail)


# Replay ---------------------------------------------------------------------------------------------------------
def test_a_decision_taken_again_is_the_same(house: House) -> None:
    granted = apply(PARKING, house.person("fatima"), own()).zaak
    looked_at = parking(house, "joris").id
    found = {r.decision: r for r in queries.replay_all()}
    assert set(found) == set(DecisionRecord.objects.exclude(table="").values_list("id", flat=True))
    assert len(found) == 2 and all(r.same and r.differences == [] for r in found.values())
    assert [r.same for r in queries.replay_all(granted)] == [r.same for r in queries.replay_all(looked_at)] == [True]


def test_every_decision_is_replayed_however_many_there_are(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    apply(PARKING, house.person("fatima"), own())
    parking(house, "joris")
    monkeypatch.setattr(decisions, "PAGE", 1)
    assert len({r.decision for r in queries.replay_all()}) == DecisionRecord.objects.exclude(table="").count() == 2
    assert len(list(queries.replay_all(limit=1))) == 1


def _tamper(record: DecisionRecord, **changes: Any) -> None:
    content = privacy.decrypt_json("decision", record.sealed)
    record.sealed = privacy.encrypt_json("decision", content | changes)
    record.save()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"outcome": {"result": "refuse"}}, "uitkomst"),
        ({"reasons": [{"row": "adres-vol", "nl": "x", "en": "x", "law": ""}]}, "rijen"),
        ({"for_person": True}, "mens"),
        ({"collected": [{"result": "grant"}]}, "samen"),
        ({"trace": {}}, "spoor"),
    ],
)
def test_a_record_that_was_tampered_with_differs_and_says_how(house: House, changes: dict[str, Any], said: str) -> None:
    zaak = apply(PARKING, house.person("fatima"), own()).zaak
    _tamper(DecisionRecord.objects.get(zaak=zaak), **changes)
    (replayed,) = queries.replay_all(zaak)
    assert not replayed.same and any(said in difference for difference in replayed.differences)


def test_other_facts_or_another_table_are_noticed(house: House) -> None:
    zaak = apply(PARKING, house.person("fatima"), own()).zaak
    record = DecisionRecord.objects.get(zaak=zaak)
    facts = privacy.decrypt_json("decision", record.sealed)["facts"]
    _tamper(record, facts=facts | {"eerder_verleend": 2})
    assert not next(iter(queries.replay_all(zaak))).same
    _tamper(record, facts=facts)
    assert next(iter(queries.replay_all(zaak))).same
    DecisionRecord.objects.filter(id=record.id).update(table_version="0" * 64)
    assert next(iter(queries.replay_all(zaak))).differences == ["de tabel is een andere dan toen"]
    DecisionRecord.objects.filter(id=record.id).update(table="weg")
    assert next(iter(queries.replay_all(zaak))).differences == ["de tabel is er niet meer"]


# How long it holds ----------------------------------------------------------------------------------------------
def test_a_permit_holds_a_whole_year_from_the_day_that_was_asked_for(house: House) -> None:
    zaak = Zaak.objects.get(id=apply(PARKING, house.person("fatima"), own()).zaak)
    besluit = Besluit.objects.get(zaak=zaak)
    asked = date.fromisoformat(own()["ingangsdatum"])
    assert (besluit.datum, besluit.ingangsdatum) == (clock.today(), asked)
    assert besluit.vervaldatum == asked + relativedelta(months=12) - timedelta(days=1)
    page = house.client("fatima").get(f"/mijn/zaken/{zaak.id}/").content.decode()
    assert f"Geldig van {asked.day} " in page


def test_a_permit_that_comes_after_the_asked_day_holds_from_the_decision(house: House) -> None:
    case = parking(house)
    asked = date.fromisoformat(own()["ingangsdatum"])
    use = published_of(case.zaak).definition.decision
    assert use is not None
    late = asked + timedelta(days=3)
    assert use.validity("grant", own(), late) == (late, late + relativedelta(months=12) - timedelta(days=1))
    assert use.validity("refuse", own(), late) == (late, None)
