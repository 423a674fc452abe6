"""Task and case pages through HTTP: what was typed comes back, a colleague who was first is told, a letter is shown."""

import html
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from cases.work import Case, big, parking, party
from house import House
from raadhuis.cases import queries
from raadhuis.cases.models import Message, Task
from raadhuis.site.example.filler import PDF

LONG = "Een motivering die niemand twee keer wil typen."


@pytest.fixture
def case(house: House) -> Case:
    return parking(house)


@pytest.fixture
def murat(house: House) -> Client:
    return house.client("murat")


def address(case: Case, verb: str = "", key: str = "beoordelen") -> str:
    task = case.task(key, open_only=False)
    return f"/werk/taken/{task.id}/" + (f"{verb}/" if verb else "")


def revision(page: HttpResponse) -> str:
    return re.findall(r'name="revision" value="(\d+)"', page.content.decode())[0]


def post(client: Client, case: Case, verb: str, **data: Any) -> HttpResponse:
    return client.post(address(case, verb), data)


def test_a_task_from_queue_to_decision(house: House, case: Case, murat: Client) -> None:
    assert post(murat, case, "oppakken").status_code == 303
    page = murat.get(address(case))
    done = murat.get(f"{address(case)}?gedaan=claimed").content.decode()
    assert "U hebt de taak opgepakt." in done
    decided = post(murat, case, "besluiten", result="grant", motivation="Klopt.", revision=revision(page))
    assert decided.status_code == 303
    assert case.zaak.result_key == "verleend"
    shown = murat.get(f"/werk/zaken/{case.id}/").content.decode()
    assert "Dit besluit is nog niet verstuurd" in shown and "dan gaat het op" in shown
    record = re.findall(r'name="record" value="([0-9a-f-]+)"', shown)[0]
    undone = murat.post(f"/werk/zaken/{case.id}/terugdraaien/", {"record": record, "why": "Verkeerd."})
    assert undone.status_code == 303 and case.zaak.einddatum is None
    assert "Verkeerd." in murat.get(address(case)).content.decode()


def test_what_is_missing_is_said_and_what_was_typed_is_kept(case: Case, murat: Client) -> None:
    post(murat, case, "oppakken")
    for verb, data in (
        ("besluiten", {"motivation": LONG}),
        ("advies-vragen", {"question": LONG, "team": "parkeren"}),
        ("overdragen", {"handover_note": LONG}),
    ):
        response = post(murat, case, verb, **data)
        assert response.status_code == 422, verb
        assert LONG in response.content.decode(), verb
        assert "rh-error" in response.content.decode(), verb
    assert case.open_tasks() == {"beoordelen": "started"}


def test_a_colleague_who_was_first_is_told_and_the_text_of_the_second_is_kept(
    house: House, case: Case, murat: Client
) -> None:
    post(murat, case, "oppakken")
    old = revision(murat.get(address(case)))
    post(murat, case, "notitie", note="Eerst gezien.")
    late = post(murat, case, "besluiten", result="refuse", motivation=LONG, revision=old)
    assert late.status_code == 409
    page = late.content.decode()
    assert "intussen veranderd" in page and LONG in page
    assert case.zaak.einddatum is None
    other = house.client("ingrid")
    taken = post(other, case, "oppakken")
    assert taken.status_code == 409 and "Murat Yilmaz" in taken.content.decode()


@pytest.mark.parametrize(
    ("key", "who"), [("controleren", "jeroen"), ("advies-veiligheid", "bas"), ("besluiten", "jeroen")]
)
def test_whoever_does_a_task_sees_what_to_watch_out_for(house: House, key: str, who: str) -> None:
    case = big(house)
    if key != "controleren":
        case.complete("controleren", "jeroen")
    if key == "besluiten":
        case.advise("advies-verkeer", "ria")
        case.advise("advies-veiligheid", "bas")
    task = case.claim(key, who)
    page = html.unescape(house.client(who).get(f"/werk/taken/{task.id}/").content.decode())
    lines = queries.task_view(task.id, house.staff(who)).checklist
    assert lines and all(line in page for line in lines)


@pytest.mark.parametrize("number", ["", "x", "-1", "99999999999", "1e3"])
def test_a_revision_that_is_none_is_as_good_as_no_revision(case: Case, murat: Client, number: str) -> None:
    assert post(murat, case, "oppakken", revision=number).status_code == 303


def test_the_letter_can_be_read_before_it_is_sent(case: Case, murat: Client) -> None:
    post(murat, case, "oppakken")
    fields = {"result": "refuse", "motivation": LONG, "conditions": "Eén.\n\nTwee."}
    shown = post(murat, case, "brief", **fields)
    assert shown.status_code == 200
    for said in (LONG, "Eén.", "Twee.", "bezwaar"):
        assert said in shown.content.decode()
    pdf = post(murat, case, "brief", pdf="1", **fields)
    assert pdf.content.startswith(b"%PDF-") and pdf.headers["Content-Disposition"].startswith("attachment")
    assert case.zaak.einddatum is None and not case.zaak.decisions.filter(state="taken").exists()
    assert post(murat, case, "brief", motivation=LONG).status_code == 409


def test_the_checklist_keeps_its_ticks_also_with_odd_numbers(case: Case, murat: Client) -> None:
    post(murat, case, "oppakken")
    assert post(murat, case, "notitie", note="x", checked=["0", "2", "x", "99999", "-1"]).status_code == 303
    task = case.task("beoordelen")
    view = queries.task_view(task.id, case.staff("murat"))
    assert view.checked == [0, 2]


@pytest.mark.parametrize("verb", ["verzonnen", "delete", "claim"])
def test_a_verb_that_is_none_is_absent(case: Case, murat: Client, verb: str) -> None:
    assert post(murat, case, verb).status_code == 404
    assert murat.post(f"/werk/zaken/{case.id}/{verb}/").status_code == 404
    assert murat.get(address(case, "oppakken")).status_code == 405, "looking does nothing"


def test_a_question_to_the_applicant_is_sent_once(case: Case, murat: Client) -> None:
    post(murat, case, "oppakken")
    data = {"text": "Welke auto?", "suspend": "1", "documents": "1", "key": "een"}
    assert [post(murat, case, "vragen", **data).status_code for _ in range(2)] == [303, 303]
    assert Message.objects.count() == 1 and case.zaak.suspended_since is not None
    assert case.open_tasks() == {"beoordelen": "paused"}


def test_staff_write_note_and_add_documents_to_a_case(house: House, case: Case, murat: Client) -> None:
    base = f"/werk/zaken/{case.id}/"
    assert murat.post(f"{base}bericht/", {"text": "", "key": "a"}).status_code == 422
    assert murat.post(f"{base}notitie/", {"note": "", "key": "b"}).status_code == 422
    assert murat.post(f"{base}document/", {}).status_code == 422
    exe = SimpleUploadedFile("x.pdf", b"MZ")
    assert murat.post(f"{base}document/", {"file": exe}).status_code == 422
    assert murat.post(f"{base}bericht/", {"text": "Dag.", "key": "a"}).status_code == 303
    assert murat.post(f"{base}notitie/", {"note": "Intern.", "key": "b"}).status_code == 303
    for shared, name in (("", "geheim.pdf"), ("1", "open.pdf")):
        file = SimpleUploadedFile(name, PDF)
        assert murat.post(f"{base}document/", {"file": file, "shared": shared}).status_code == 303
    page = house.client("fatima").get(f"/mijn/zaken/{case.id}/").content.decode()
    assert "Dag." in page and "open.pdf" in page
    assert "Intern." not in page and "geheim.pdf" not in page
    hidden = next(d for d in queries.documents_of(case.id, case.staff("murat")) if d.name == "geheim.pdf")
    assert house.client("fatima").get(f"/mijn/document/{hidden.id}/").status_code == 404
    assert murat.get(f"/werk/documenten/{hidden.id}/").status_code == 200


def test_the_term_is_stopped_started_and_extended_on_the_case_page(case: Case, murat: Client) -> None:
    base = f"/werk/zaken/{case.id}/"
    assert murat.post(f"{base}opschorten/", {"reason": ""}).status_code == 422
    assert murat.post(f"{base}opschorten/", {"reason": "Wij wachten."}).status_code == 303
    assert murat.post(f"{base}opschorten/", {"reason": "Nog eens."}).status_code == 409
    assert murat.post(f"{base}hervatten/").status_code == 303
    refused = murat.post(f"{base}verlengen/", {"extend_reason": ""})
    assert refused.status_code == 422 and "meer tijd" in refused.content.decode()
    assert murat.post(f"{base}verlengen/", {"extend_reason": "Druk."}).status_code == 303


def test_the_whole_event_goes_through_the_pages_of_five_people(house: House) -> None:
    case = big(house)

    def do(who: str, key: str, verb: str, **data: Any) -> None:
        client = house.client(who)
        assert client.post(address(case, "oppakken", key)).status_code == 303, (who, key)
        response = client.post(address(case, verb, key), data)
        assert response.status_code == 303, (who, key, response.content.decode()[:300])
        assert client.get(response.headers["Location"]).status_code == 200

    do("jeroen", "controleren", "klaar", note="Compleet.", checked=["0", "1", "2"])
    do("bas", "advies-veiligheid", "advies-geven", advice="conditions", text="Meer beveiligers.")
    do("ria", "advies-verkeer", "advies-geven", advice="positive", text="Kan.")
    do("jeroen", "besluiten", "besluiten", result="grant", motivation=LONG, conditions="Zachte muziek.")
    seen = house.client("ingrid").get(address(case, "", "approve")).content.decode()
    assert LONG in seen and "Zachte muziek." in seen
    do("ingrid", "approve", "ondertekenen")
    assert case.zaak.result_key == "verleend"
    page = house.client("jeroen").get(f"/werk/zaken/{case.id}/").content.decode()
    assert "Besluit genomen" in page and "Advies gegeven" in page, "the timeline, from the journal"


def test_no_page_of_staff_shows_the_number_of_a_citizen(house: House, case: Case, murat: Client) -> None:
    for path in (f"/werk/zaken/{case.id}/", address(case), "/werk/", "/werk/zaken/"):
        assert "999900006" not in murat.get(path).content.decode(), path


def test_who_proposed_finds_no_button_to_sign(house: House) -> None:
    case = party(house)
    case.complete("controleren", "jeroen")
    case.decide("besluiten", "ingrid")
    task = Task.objects.get(zaak=case.id, key="approve")
    refused = house.client("ingrid").post(f"/werk/taken/{task.id}/oppakken/")
    assert refused.status_code == 403 and "tweede handtekening" in refused.content.decode()
