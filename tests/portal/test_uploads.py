"""Files that residents add: known by their content, kept whole, given back as attachments only to whose they are."""

import io
import socket
import threading
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from catalogue.services import STALL, broken
from house import House, sentences
from raadhuis.cases.models import Zaak
from raadhuis.cases.sealed import case_data
from raadhuis.catalogue import actions as definitions
from raadhuis.catalogue import queries as catalogue
from raadhuis.catalogue.questions import FileQuestion
from raadhuis.intake import registers
from raadhuis.intake.actions.files import kind_by_content, label_of
from raadhuis.intake.models import Application, Upload
from raadhuis.journal import queries as journal
from raadhuis.kernel import clock
from raadhuis.kernel.actor import SYSTEM
from raadhuis.site.example.filler import PDF, PNG

PARKING = "parkeervergunning"
MEGABYTE = 1024 * 1024


def office(folder: str, *, mimetype: bytes = b"", size: int = 10) -> bytes:
    """A ZIP that looks like an office document."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        if mimetype:
            archive.writestr("mimetype", mimetype)
        else:
            archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(f"{folder}document.xml", b"0" * size)
    return held.getvalue()


EXE = b"MZ\x90\x00\x03" + b"\x00" * 200
HTML = b"<!DOCTYPE html><script>alert(1)</script>"
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
ODT = b"application/vnd.oasis.opendocument.text"
BOMB = office("word/", size=30 * MEGABYTE)


@pytest.fixture
def client(house: House) -> Client:
    return house.client("fatima")


@pytest.fixture
def page(house: House, client: Client) -> str:
    """The page that asks for a letter."""
    application = house.begin(client, PARKING)
    client.post(f"/aanvraag/{application}/vraag/eigenaar/", {"eigenaar": "lease"})
    return f"/aanvraag/{application}/vraag/bewijs/"


def application_of(page: str) -> UUID:
    return UUID(page.split("/")[2])


def send(client: Client, page: str, *files: tuple[str, bytes], **more: str) -> HttpResponse:
    """The form with these (name, content) as verklaring."""
    content = [SimpleUploadedFile("x", body) for _, body in files]
    for file, (name, _) in zip(content, files, strict=True):
        file._name = name  # As a careless or hostile browser sends it.
    return client.post(page, {"verklaring": content} | more)


def kept(page: str) -> list[Upload]:
    return list(Upload.objects.filter(application=application_of(page)).order_by("added"))


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PDF, "pdf"),
        (PNG, "png"),
        (b"\xff\xd8\xff\xe0" + b"\x00" * 50, "jpeg"),
        (office("word/"), "docx"),
        (office("xl/"), "xlsx"),
        (office("", mimetype=ODT), "odt"),
        (BOMB, "docx"),
        (office("", mimetype=b"application/epub+zip"), ""),
        (office("", mimetype=ODT + b" " * 5000), ""),
        (office("ppt/"), ""),
        (b"PK\x03\x04 but no more", ""),
        (EXE, ""),
        (HTML, ""),
        (SVG, ""),
        (b"GIF89a" + b"\x00" * 50, ""),
        (b"%!PS-Adobe", ""),
        (b"", ""),
        (b"not a pdf, though it says %PDF-1.4 later", ""),
    ],
)
def test_the_kind_of_a_file_is_what_it_holds(content: bytes, kind: str) -> None:
    assert kind_by_content(io.BytesIO(content)) == kind


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("brief.pdf", EXE),
        ("foto.png", HTML),
        ("foto.jpg", SVG),
        ("brief.pdf", office("word/")),
        ("bom.docx", BOMB),
        ("leeg.pdf", b""),
        ("groot.pdf", PDF + b" " * (10 * MEGABYTE)),
    ],
    ids=["exe as pdf", "html as png", "svg as jpg", "docx as pdf", "zip bomb", "empty", "too large"],
)
def test_what_cannot_be_taken_gets_a_sentence_and_is_not_kept(
    client: Client, page: str, name: str, content: bytes
) -> None:
    response = send(client, page, (name, content))
    assert response.status_code == 422
    text = sentences(response)
    assert any(said in text for said in ("kunnen wij niet aannemen", "is leeg", "te groot")), text
    assert 'href="#f-verklaring"' in response.content.decode() or "verklaring" in text
    assert kept(page) == []


def things(house: House, client: Client, group: str, question: str) -> tuple[UUID, str]:
    """(an application, the address of its page) that asks a name and a photo of each of several things."""
    photo = {"id": question, "type": "file", "document": "bijlage", "label": {"nl": "Foto"}, "at_most": 2}
    what = {"id": "wat", "type": "text", "label": {"nl": "Wat"}}
    pitch = {"id": group, "type": "group", "label": {"nl": "Wat"}, "item": {"nl": "Ding"}, "questions": [what, photo]}
    page = {"id": "dingen", "title": {"nl": "Dingen"}, "questions": [pitch]}
    types = {"zaaktype.informatieobjecttypen": [{"key": "bijlage", "omschrijving": "Bijlage"}], "tasks.1.when": "true"}
    definitions.publish_document(broken(STALL, {"pages": [page], "facts": [], "examples": [], **types}), SYSTEM)
    application = house.begin(client, STALL)
    return application, f"/aanvraag/{application}/vraag/dingen/"


def test_a_file_in_a_row_is_kept_however_long_the_names_are(house: House) -> None:
    group, question = "g" * 64, "f" * 64  # As long as `check` allows.
    client = house.client()
    application, where = things(house, client, group, question)
    name = f"{group}.10.{question}"
    client.post(where, {name: [SimpleUploadedFile("a.exe", EXE)]})
    refused = client.post(where, {f"{group}.0.{question}": [SimpleUploadedFile("a.exe", EXE)], f"upload:{name}": "1"})
    assert "Dit soort bestand kunnen wij niet aannemen" in refused.content.decode()
    client.post(where, {f"{group}.0.wat": "Kraam", f"{group}.0.{question}": [SimpleUploadedFile("a.png", PNG)]})
    assert [upload.question for upload in Upload.objects.all()] == [f"{group}.0.{question}"]
    house.submit(client, application)
    told = [event for event in journal.of_application(application) if event.kind == "application.file_kept"]
    assert [event.activity for event in told] == [group]
    assert Zaak.objects.get(submission=application).documenten.filter(informatieobject__bestandsnaam="a.png").exists()


def test_files_move_up_with_their_row_and_go_with_it(house: House) -> None:
    client = house.client()
    application, where = things(house, client, "dingen", "foto")
    named = {f"dingen.{n}.wat": w for n, w in enumerate(("a", "b", "c"))}
    for number, name in enumerate(("eerste", "tweede", "derde")):
        client.post(where, named | {"add": "dingen"})
        file = SimpleUploadedFile(f"{name}.png", PNG + name.encode())
        client.post(where, named | {f"dingen.{number}.foto": [file], f"upload:dingen.{number}.foto": "1"})
    shown = client.post(where, named | {"remove": "dingen.0"}).content.decode()
    assert "eerste.png" not in shown and shown.index("tweede.png") < shown.index("derde.png")
    held = {upload.question: upload.name for upload in Upload.objects.all()}
    assert held == {"dingen.0.foto": "tweede.png", "dingen.1.foto": "derde.png"}
    client.post(where, {"dingen.0.wat": "b", "dingen.1.wat": "c"})
    house.submit(client, application)
    zaak = Zaak.objects.get(submission=application)
    assert sorted(zaak.documenten.values_list("informatieobject__bestandsnaam", flat=True)) == [
        "derde.png",
        "tweede.png",
    ]
    rows = case_data(zaak)["answers"]["dingen"]
    assert [(row["wat"], row["foto"][0]["name"]) for row in rows] == [("b", "tweede.png"), ("c", "derde.png")]


def test_a_name_tells_nothing_about_the_kind(client: Client, page: str) -> None:
    assert send(client, page, ("virus.exe", PDF)).status_code == 303
    assert [(u.name, u.content_type) for u in kept(page)] == [("virus.exe", "application/pdf")]


def test_the_same_file_twice_is_kept_once(client: Client, page: str) -> None:
    send(client, page, ("een.pdf", PDF), ("twee.pdf", PDF))
    send(client, page, ("drie.pdf", PDF))
    assert [u.name for u in kept(page)] == ["een.pdf"]
    told = [e.kind for e in journal.of_application(application_of(page))]
    assert told.count("application.file_kept") == 1


def test_more_files_than_there_is_room_for_are_refused_and_the_first_ones_stay(client: Client, page: str) -> None:
    response = send(client, page, *((f"{n}.pdf", PDF + bytes([n])) for n in range(5)))
    assert response.status_code == 422 and "hoogstens 3" in sentences(response)
    assert [u.name for u in kept(page)] == ["0.pdf", "1.pdf", "2.pdf"]
    assert all(f"{n}.pdf" in response.content.decode() for n in range(3))


def test_the_page_sent_again_with_its_files_is_no_file_too_many(client: Client, page: str) -> None:
    most = [(f"brief-{number}.pdf", PDF + bytes([number])) for number in range(3)]
    send(client, page, *most)
    assert send(client, page, *most).status_code in {200, 303}, "a button pressed twice, or a lost answer"
    assert Upload.objects.filter(application=application_of(page)).count() == 3
    assert send(client, page, ("nog-een.pdf", PDF + b"!")).status_code == 422


def test_more_files_than_any_form_has_are_refused_before_they_are_read(client: Client, page: str) -> None:
    response = send(client, page, *((f"{n}.pdf", PDF + bytes([n])) for n in range(11)))
    assert response.status_code == 413
    assert kept(page) == []


def test_an_application_has_room_for_forty_files_and_no_more(house: House, client: Client, page: str) -> None:
    application = Application.objects.get(id=application_of(page))
    for n in range(40):
        Upload.objects.create(
            application=application,
            question=f"anders{n}",
            name="x",
            size=1,
            sha256=str(n),
            content_type="application/pdf",
            file_key="0" * 32,
            added=application.begun,
        )
    response = send(client, page, ("een.pdf", PDF))
    assert response.status_code == 422 and "hoogstens 40" in sentences(response)


def test_a_file_can_be_taken_away_again_and_twice_is_no_fault(client: Client, page: str) -> None:
    send(client, page, ("een.pdf", PDF), ("twee.png", PNG))
    first = str(kept(page)[0].id)
    response = client.post(page, {"remove_file": first})
    assert response.status_code == 200
    assert "twee.png" in response.content.decode() and "een.pdf" not in response.content.decode()
    assert [u.name for u in kept(page)] == ["twee.png"]
    for odd in (first, "geen-uuid", str(UUID(int=0))):
        assert client.post(page, {"remove_file": odd}).status_code == 200
    assert [u.name for u in kept(page)] == ["twee.png"]


def test_nobody_takes_away_the_file_of_another_application(house: House, client: Client, page: str) -> None:
    send(client, page, ("een.pdf", PDF))
    other = house.client("joris")
    theirs = house.begin(other, PARKING)
    other.post(f"/aanvraag/{theirs}/vraag/eigenaar/", {"eigenaar": "lease"})
    other.post(f"/aanvraag/{theirs}/vraag/bewijs/", {"remove_file": str(kept(page)[0].id)})
    assert len(kept(page)) == 1
    assert send(other, page, ("van-een-ander.png", PNG)).status_code == 404
    assert len(kept(page)) == 1


def test_a_file_for_a_question_that_is_none_is_refused(client: Client, page: str) -> None:
    for control in ("eigenaar", "nergens", "verklaring.0.x", "csrfmiddlewaretoken"):
        response = client.post(page, {control: SimpleUploadedFile("x.pdf", PDF)})
        assert response.status_code == 404, control
    assert not Upload.objects.exists()


NAMES = {
    "../../etc/passwd": "passwd",
    "C:\\Users\\Fatima\\brief.pdf": "brief.pdf",
    "/etc/": "bestand",
    "..": "bestand",
    ".htaccess": "htaccess",
    "brief\x00.pdf\r\nSet-Cookie: a=b": "brief.pdfSet-Cookie a=b",
    "brief\u202efdp.exe": "brieffdp.exe",
    '<img src=x onerror="a">.png': "img src=x onerror=a.png",
    "": "bestand",
    "é" * 300 + ".pdf": "é" * 116 + ".pdf",
    "Mijn brief (2).pdf": "Mijn brief (2).pdf",
}


@pytest.mark.parametrize(("name", "label"), NAMES.items())
def test_a_name_becomes_a_harmless_label(name: str, label: str) -> None:
    assert label_of(name) == label


def test_an_odd_name_reaches_the_case_as_a_label_and_never_as_a_path(house: House, client: Client, page: str) -> None:
    send(client, page, ("..\\..\\brief\u202e.pdf", PDF))
    application = application_of(page)
    house.answer(client, application, _answers())
    house.submit(client, application)
    zaak = Zaak.objects.get(submission=application)
    document = zaak.documenten.get(informatieobject__direction="inkomend").informatieobject
    assert document.bestandsnaam == "brief.pdf" and len(document.file_key) == 32
    response = client.get(f"/mijn/document/{document.id}/")
    assert response.headers["Content-Disposition"] == 'attachment; filename="brief.pdf"'
    assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Cache-Control"] == "no-store"
    assert b"".join(response.streaming_content) == PDF
    for other, status in (("joris", 404), ("samira", 404)):
        assert house.client(other).get(f"/mijn/document/{document.id}/").status_code == status
    assert house.client("samira").get(f"/werk/documenten/{document.id}/").status_code == 404
    staff = house.client("murat").get(f"/werk/documenten/{document.id}/")
    assert staff.headers["Content-Disposition"].startswith("attachment")
    assert staff.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"


def _answers() -> dict[str, Any]:
    return {
        "kenteken": "GZ999R",
        "eigenaar": "lease",
        "ingangsdatum": (clock.today() + timedelta(days=7)).isoformat(),
        "email": "fatima@voorbeeld.example",
    }


def test_every_question_about_files_has_room_within_what_one_request_may_hold(house: House, settings: Any) -> None:
    for line in catalogue.services():
        for page in catalogue.by_version_id(line.version_id).definition.pages:
            for asked in [q for q in page.questions if isinstance(q, FileQuestion)]:
                assert asked.at_most * asked.max_megabytes * MEGABYTE <= settings.RAADHUIS_MAX_BODY_BYTES, asked.id
                assert asked.at_most <= settings.DATA_UPLOAD_MAX_NUMBER_FILES, asked.id


# The virus scanner ----------------------------------------------------------------------------------------------
class Scanner:
    """A process that speaks clamd's INSTREAM and finds a virus in what holds "EVIL"."""

    def __init__(self) -> None:
        self._server = socket.create_server(("127.0.0.1", 0))
        self.url = f"tcp://127.0.0.1:{self._server.getsockname()[1]}"
        self.scanned = 0
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._server.accept()
            except OSError:
                return
            with connection, connection.makefile("rb") as stream:
                assert stream.read(10) == b"zINSTREAM\0"
                content = b""
                while size := int.from_bytes(stream.read(4), "big"):
                    content += stream.read(size)
                self.scanned += 1
                connection.sendall(b"stream: Evil FOUND\0" if b"EVIL" in content else b"stream: OK\0")

    def stop(self) -> None:
        self._server.close()


@pytest.fixture
def scanner(house: House, settings: Any) -> Iterator[Scanner]:
    running = Scanner()
    settings.RAADHUIS_ADAPTERS = settings.RAADHUIS_ADAPTERS | {"antivirus_url": running.url}
    registers.adapters.cache_clear()
    yield running
    running.stop()


@pytest.fixture
def no_scanner(house: House, settings: Any) -> None:
    """One is configured, and it is away."""
    settings.RAADHUIS_ADAPTERS = settings.RAADHUIS_ADAPTERS | {"antivirus_url": "tcp://127.0.0.1:9"}
    registers.adapters.cache_clear()


def test_a_file_with_a_virus_is_refused_and_a_clean_one_is_marked_so(
    client: Client, page: str, scanner: Scanner
) -> None:
    response = send(client, page, ("a.pdf", PDF + b"EVIL"), ("b.pdf", PDF))
    assert response.status_code == 422 and "zit een virus" in sentences(response)
    assert [(u.name, u.scanned) for u in kept(page)] == [("b.pdf", "clean")]
    assert scanner.scanned == 2


def test_without_a_scanner_that_was_promised_nothing_is_taken_in_and_nothing_is_lost(
    house: House, client: Client, no_scanner: None
) -> None:
    browser = house.client()
    application = house.begin(browser, "melding-openbare-ruimte")
    browser.post(f"/aanvraag/{application}/vraag/wat/", {"categorie": "afval"})
    page = f"/aanvraag/{application}/vraag/hoe/"
    text = "Er liggen drie zakken naast de container."
    response = browser.post(page, {"gevaar": "no", "omschrijving": text, "foto": SimpleUploadedFile("x.png", PNG)})
    assert response.status_code == 503
    assert text in response.content.decode(), "what was typed on the same page stands there"
    assert "Probeer het" in response.content.decode()
    assert kept(page) == []
    assert text in browser.get(page).content.decode(), "also after coming back"
    assert browser.post(page, {"gevaar": "no", "omschrijving": text}).status_code == 303, "and one can go on without it"


# Later, with a message ------------------------------------------------------------------------------------------
@pytest.fixture
def zaak(house: House, client: Client, page: str) -> Zaak:
    """A case of Fatima that a person looks at."""
    send(client, page, ("brief.pdf", PDF))
    application = application_of(page)
    house.answer(client, application, _answers())
    house.submit(client, application)
    return Zaak.objects.get(submission=application)


def write(client: Client, zaak: Zaak, *files: tuple[str, bytes], text: str = "Hierbij.") -> HttpResponse:
    content = [SimpleUploadedFile(name, body) for name, body in files]
    return client.post(f"/mijn/zaken/{zaak.id}/bericht/", {"text": text, "key": "k1", "files": content})


def _incoming(zaak: Zaak) -> list[str]:
    rows = zaak.documenten.filter(informatieobject__direction="inkomend").order_by("registratiedatum")
    return [row.informatieobject.bestandsnaam for row in rows]


def test_files_that_come_with_a_message_join_the_case(client: Client, zaak: Zaak) -> None:
    assert write(client, zaak, ("a.pdf", PDF), ("b.docx", office("word/"))).status_code == 303
    assert _incoming(zaak) == ["brief.pdf", "a.pdf", "b.docx"]


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ([("a.exe", EXE)], "kunnen wij niet aannemen"),
        ([("a.pdf", PDF), ("b.html", HTML)], "kunnen wij niet aannemen"),
        ([("a.pdf", PDF + b" " * (10 * MEGABYTE))], "te groot"),
        ([(f"{n}.pdf", PDF + bytes([n])) for n in range(6)], "hoogstens 5"),
    ],
    ids=["exe", "one of two", "too large", "too many"],
)
def test_a_message_with_a_file_that_cannot_be_taken_comes_back_with_its_text(
    client: Client, zaak: Zaak, files: list[tuple[str, bytes]], said: str
) -> None:
    response = write(client, zaak, *files, text="Dit wil ik niet twee keer typen.")
    assert response.status_code == 422
    assert said in sentences(response) and "Dit wil ik niet twee keer typen." in response.content.decode()
    assert _incoming(zaak) == ["brief.pdf"]
    assert zaak.messages.count() == 0


def test_a_message_survives_that_the_scanner_is_away(client: Client, zaak: Zaak, no_scanner: None) -> None:
    response = write(client, zaak, ("a.pdf", PDF), text="Dit wil ik niet twee keer typen.")
    assert response.status_code == 503
    assert "Dit wil ik niet twee keer typen." in response.content.decode()
    assert zaak.messages.count() == 0
