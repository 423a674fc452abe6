"""The Documenten API: bytes come in whole or in parts, every version keeps its own, and they go out as a stream."""

import base64
import hashlib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import orjson
import pytest
from django.conf import settings as django_settings

from cases.work import parking
from house import House
from portal.test_uploads import Scanner
from raadhuis.cases.drc import content
from raadhuis.cases.models import BestandsDeel, EnkelvoudigInformatieObject
from raadhuis.kernel import clock
from raadhuis.notices.models import Abonnement, Stamp
from raadhuis.site import runner
from zgw.clients import Application, codes
from zgw.papers import EIO, ROOT, WORDS, Papers, downloaded, files, half_written, id_of, in_zaak, problem, send_part


@pytest.fixture
def papers(app: Application) -> Papers:
    return Papers(app)


@pytest.fixture
def small_parts(settings: Any) -> None:
    """Files come in parts of ten bytes."""
    settings.RAADHUIS_PART_BYTES = 10


def test_what_was_sent_comes_back(papers: Papers) -> None:
    app = papers.app
    body = papers.body(
        identificatie="D-1",
        beschrijving="Over de aanvraag",
        status="definitief",
        ontvangstdatum="2026-11-02",
        trefwoorden=["vergunning", "boom"],
        ondertekening={"soort": "digitaal", "datum": "2026-11-01"},
        integriteit={"algoritme": "md5", "waarde": "abc", "datum": "2026-11-01"},
        isGereedVoorPublicatie=True,
        tonenAanInitiator=True,
        inhoudIsVervallen=False,
        indicatieGebruiksrecht=False,
        verschijningsvorm="brief",
        link="https://elders.example/d",
    )
    made = app.post(EIO, body)
    assert {key: made[key] for key in body if key != "inhoud"} == {k: v for k, v in body.items() if k != "inhoud"}
    assert made["versie"] == 1 and made["locked"] is False and made["lock"] == "" and made["bestandsdelen"] == []
    shown = app.get(made["url"])
    assert shown == {key: value for key, value in made.items() if key != "lock"}
    assert made["inhoud"] == f"{made['url']}/download?versie=1"
    response = app.ask("GET", made["inhoud"])
    assert b"".join(response.streaming_content) == WORDS  # type: ignore[attr-defined]
    assert response.headers["Content-Type"] == "application/octet-stream"
    assert 'attachment; filename="brief.txt"' in response.headers["Content-Disposition"]
    assert response.headers["Content-Length"] == str(len(WORDS))
    head = app.ask("HEAD", made["inhoud"])
    assert head.headers["Content-Length"] == str(len(WORDS)) and head.content == b""


def test_what_was_left_out_is_filled_in(papers: Papers) -> None:
    made = papers.make(bestandsomvang=None)
    assert made["identificatie"] and made["bestandsomvang"] == len(WORDS) and made["status"] == ""
    assert made["ondertekening"] is None and made["trefwoorden"] == []
    today = clock.today().isoformat()
    digest = hashlib.sha256(WORDS).hexdigest()
    assert made["integriteit"] == {"algoritme": "sha_256", "waarde": digest, "datum": today}
    wrapped = base64.encodebytes(b"x" * 100).decode()
    assert downloaded(papers.app, papers.make(inhoud=wrapped, bestandsomvang=100)["inhoud"]) == b"x" * 100


def test_documents_without_content(papers: Papers) -> None:
    app = papers.app
    bare = papers.make(None)
    assert bare["inhoud"] is None and bare["bestandsomvang"] is None and bare["integriteit"] is None
    assert problem(app.ask("GET", f"{bare['url']}/download"), 404)
    for empty in (papers.make(None, bestandsomvang=0), papers.make(b""), papers.make(b"", bestandsomvang=None)):
        assert empty["bestandsomvang"] == 0 and empty["bestandsdelen"] == [] and not empty["locked"]
        assert downloaded(app, empty["inhoud"]) == b""


def test_every_change_is_a_version_and_the_old_ones_stay(papers: Papers) -> None:
    app = papers.app
    with clock.at(clock.now() - timedelta(days=2)):
        made = papers.make(trefwoorden=["oud"])
    url = made["url"]
    lock = papers.take_out(url)
    with clock.at(clock.now() - timedelta(days=1)):
        second = app.patch(url, {"titel": "Tweede", "lock": lock, "trefwoorden": ["nieuw"]})
    third = app.patch(url, {"inhoud": base64.b64encode(b"Derde").decode(), "bestandsomvang": 5, "lock": lock})
    assert (second["versie"], third["versie"], third["titel"]) == (2, 3, "Tweede")
    assert second["lock"] == lock and third["locked"]
    assert second["integriteit"] == made["integriteit"] != third["integriteit"]
    papers.bring_back(url, lock)
    versions = [app.get(url, versie=str(n)) for n in (1, 2, 3)]
    assert [one["titel"] for one in versions] == [made["titel"], "Tweede", "Tweede"]
    assert [one["trefwoorden"] for one in versions] == [["oud"], ["nieuw"], ["nieuw"]]
    assert [downloaded(app, one["inhoud"]) for one in versions] == [WORDS, WORDS, b"Derde"]
    assert downloaded(app, f"{url}/download") == b"Derde"
    assert versions[0] == {k: v for k, v in made.items() if k != "lock"}
    assert versions[2] == app.get(url) == app.get(EIO)["results"][0]
    for moment, versie in ((made["beginRegistratie"], 1), (second["beginRegistratie"], 2), ("2999-01-01T00:00:00", 3)):
        assert app.get(url, registratieOp=moment)["versie"] == versie
    between = (clock.now() - timedelta(hours=30)).isoformat()
    assert "+" in between and app.get(url, registratieOp=between)["versie"] == 1
    assert downloaded(app, f"{url}/download?registratieOp={between.replace('+', '%2B')}") == WORDS
    assert problem(app.ask("GET", f"{url}?registratieOp=2020-01-01T00:00:00Z"), 404)
    assert problem(app.ask("GET", f"{url}?versie=4"), 404) and problem(app.ask("GET", f"{url}/download?versie=0"), 404)
    assert codes(problem(app.ask("GET", f"{url}?versie=x"))) == {"versie": "invalid"}
    assert codes(problem(app.ask("GET", f"{url}?registratieOp=x"))) == {"registratieOp": "invalid"}


def test_a_whole_new_version_has_what_was_sent_and_keeps_its_bytes(papers: Papers) -> None:
    made = papers.make(beschrijving="Iets", trefwoorden=["a"], ondertekening={"soort": "pki", "datum": "2026-11-01"})
    lock = papers.take_out(made["url"])
    body = {k: v for k, v in papers.body(lock=lock).items() if k not in {"inhoud", "bestandsomvang"}}
    second = papers.app.put(made["url"], body)
    assert second["beschrijving"] == "" and second["trefwoorden"] == [] and second["ondertekening"] is None
    assert second["identificatie"] == made["identificatie"] and second["bestandsomvang"] == len(WORDS)
    assert downloaded(papers.app, second["inhoud"]) == WORDS
    other = papers.app.put(made["url"], {**body, "bestandsomvang": 4}, status=400)
    assert codes(other) == {"bestandsomvang": "file-size"}
    gone = papers.app.put(made["url"], {**body, "inhoud": None})
    assert gone["inhoud"] is None and gone["bestandsomvang"] is None and gone["integriteit"] is None
    assert downloaded(papers.app, f"{made['url']}/download?versie=2") == WORDS


def test_a_large_file_comes_in_parts(papers: Papers, small_parts: None) -> None:
    app, whole = papers.app, b"0123456789abcdefghijKLMNO"
    made = papers.make(None, bestandsomvang=len(whole))
    lock, url = made["lock"], made["url"]
    assert made["locked"] and lock and made["inhoud"] is None
    assert [(one["volgnummer"], one["omvang"], one["voltooid"], one["lock"]) for one in made["bestandsdelen"]] == [
        *((1, 10, False, lock), (2, 10, False, lock), (3, 5, False, lock))
    ]
    assert problem(app.ask("GET", f"{url}/download"), 404)
    for number in (2, 0, 1):
        part = made["bestandsdelen"][number]
        response = send_part(app, part, whole[number * 10 : number * 10 + 10], lock)
        assert response.status_code == 200 and b'"voltooid":true' in response.content
    shown = app.get(url)["bestandsdelen"]
    assert [one["voltooid"] for one in shown] == [True] * 3 and {one["lock"] for one in shown} == {""}
    again = send_part(app, made["bestandsdelen"][2], b"klmno", lock)
    assert again.status_code == 200 and len(files()) == 3, "what was sent before is replaced"
    papers.bring_back(url, lock)
    found = app.get(url)
    assert not found["locked"] and found["bestandsdelen"] == [] and found["versie"] == 1
    assert downloaded(app, found["inhoud"]) == b"0123456789abcdefghijklmno"
    assert found["integriteit"]["waarde"] == hashlib.sha256(b"0123456789abcdefghijklmno").hexdigest()
    assert len(files()) == 1 and not half_written() and not BestandsDeel.objects.exists()


def test_a_new_version_may_come_in_parts(papers: Papers, small_parts: None) -> None:
    app, made = papers.app, papers.make()
    url, lock = made["url"], papers.take_out(made["url"])
    second = app.patch(url, {"inhoud": None, "bestandsomvang": 4, "lock": lock})
    assert second["versie"] == 2 and len(second["bestandsdelen"]) == 1 and second["lock"] == lock
    assert send_part(app, second["bestandsdelen"][0], b"deel", lock).status_code == 200
    # Whoever changes his mind sends it whole: then nothing is waited for any more.
    third = app.patch(url, {"inhoud": base64.b64encode(b"heel").decode(), "lock": lock})
    assert third["bestandsdelen"] == [] and downloaded(app, third["inhoud"]) == b"heel"
    assert len(files()) == 2 and not BestandsDeel.objects.exists()
    fourth = app.patch(url, {"inhoud": None, "bestandsomvang": 4, "lock": lock})
    assert send_part(app, fourth["bestandsdelen"][0], b"deel", lock).status_code == 200
    assert app.patch(url, {"titel": "Intussen", "lock": lock})["bestandsdelen"][0]["voltooid"] is True
    papers.bring_back(url, lock)
    assert downloaded(app, app.get(url)["inhoud"]) == b"deel"
    assert downloaded(app, f"{url}/download?versie=1") == WORDS
    assert problem(app.ask("GET", f"{url}/download?versie=2"), 404), "these bytes never became a file"


def test_parts_are_told_of_where_there_was_no_content(papers: Papers, small_parts: None) -> None:
    made = papers.make(None)
    lock = papers.take_out(made["url"])
    assert len(papers.app.patch(made["url"], {"bestandsomvang": 21, "lock": lock})["bestandsdelen"]) == 3


def test_bad_parts_leave_nothing(papers: Papers, small_parts: None) -> None:
    app = papers.app
    made = papers.make(None, bestandsomvang=15)
    lock, first = made["lock"], made["bestandsdelen"][0]
    for piece in (b"te kort", b"dit is te lang"):
        assert codes(problem(send_part(app, first, piece, lock))) == {"inhoud": "file-size"}
    assert codes(problem(send_part(app, first, b"0123456789", "x"))) == {"nonFieldErrors": "incorrect-lock-id"}
    assert codes(problem(send_part(app, first, b"0123456789", ""))) == {"lock": "required"}
    form = {"kind": "multipart/form-data; boundary=grens"}
    assert codes(problem(app.ask("PUT", first["url"], b"--grens--\r\n", **form))) == {"inhoud": "required"}
    twice = b'--grens\r\nContent-Disposition: form-data; name="inhoud"; filename="a"\r\n\r\n01234\r\n'
    assert codes(problem(app.ask("PUT", first["url"], twice * 2 + b"--grens--\r\n", **form))) == {"inhoud": "invalid"}
    nameless = b'--grens\r\nContent-Disposition: form-data; name="inhoud"\r\n\r\n0123456789\r\n--grens--\r\n'
    assert codes(problem(app.ask("PUT", first["url"], nameless, **form))) == {"inhoud": "invalid"}
    assert problem(app.ask("PUT", first["url"], b"x", kind="multipart/form-data"))["code"] == "parse_error"
    assert problem(app.ask("PUT", first["url"], {"lock": lock}), 415)
    assert problem(send_part(app, {"url": f"{ROOT}/bestandsdelen/{id_of(made['url'])}"}, b"x", lock), 404)
    assert not files() and not half_written()
    assert send_part(app, first, b"0123456789", lock, ander=b"veld").status_code == 200
    incomplete = app.post(f"{made['url']}/unlock", {"lock": lock}, status=400)
    assert codes(incomplete) == {"nonFieldErrors": "incomplete-upload"}
    # Who may force it, drops what did not come.
    papers.reader("documenten.geforceerd-unlock").post(f"{made['url']}/unlock", {}, status=204)
    found = app.get(made["url"])
    assert found["inhoud"] is None and found["bestandsomvang"] is None and not files()
    assert codes(app.patch(made["url"], {"titel": "x", "lock": lock}, status=400)) == {"nonFieldErrors": "unlocked"}


def test_a_part_may_come_as_a_plain_form(papers: Papers, small_parts: None) -> None:
    made = papers.make(None, bestandsomvang=6)
    lock, part = made["lock"], made["bestandsdelen"][0]["url"]
    form = {"kind": "application/x-www-form-urlencoded"}
    body = f"lock={lock}&inhoud=a+%00%ff%26b".encode()
    assert papers.app.ask("PUT", part, body, **form).status_code == 200
    assert codes(problem(papers.app.ask("PUT", part, b"lock=x", **form))) == {"inhoud": "required"}
    papers.bring_back(made["url"], lock)
    assert downloaded(papers.app, f"{made['url']}/download") == b"a \0\xff&b"


def test_a_body_of_which_the_length_is_not_told_comes_in_too(papers: Papers, small_parts: None, settings: Any) -> None:
    """Several libraries send JSON and forms so (`Transfer-Encoding: chunked`)."""
    app = papers.app
    status, answer = app.send_chunked("POST", EIO, orjson.dumps(papers.body(None, bestandsomvang=6)))
    made = orjson.loads(answer)
    assert status == 201, answer
    form = b'--g\r\nContent-Disposition: form-data; name="inhoud"; filename="a"\r\n\r\n%s\r\n' % b"zonder"
    form += b'--g\r\nContent-Disposition: form-data; name="lock"\r\n\r\n%s\r\n--g--\r\n' % made["lock"].encode()
    part = made["bestandsdelen"][0]["url"]
    assert app.send_chunked("PUT", part, form, "multipart/form-data; boundary=g")[0] == 200
    papers.bring_back(made["url"], made["lock"])
    assert downloaded(app, f"{made['url']}/download") == b"zonder"
    # What is too much is still too much.
    settings.RAADHUIS_MAX_BASE64_BYTES = 1000
    status, answer = app.send_chunked("POST", EIO, orjson.dumps(papers.body(b"x" * 1000)))
    assert status == 400 and b"too-large" in answer


@pytest.fixture
def scanner(house: House, settings: Any) -> Iterator[Scanner]:
    running = Scanner()
    settings.RAADHUIS_ADAPTERS = settings.RAADHUIS_ADAPTERS | {"antivirus_url": running.url}
    yield running
    running.stop()


def test_a_virus_does_not_come_in(papers: Papers, scanner: Scanner, small_parts: None) -> None:
    assert codes(papers.refused(b"EVIL")) == {"inhoud": "infected"} and not files()
    made = papers.make()
    lock = papers.take_out(made["url"])
    evil = {"inhoud": base64.b64encode(b"EVIL").decode(), "lock": lock}
    assert codes(papers.app.patch(made["url"], evil, status=400)) == {"inhoud": "infected"} and len(files()) == 1
    # In parts it shows when they are put together; a new version without it is the way out.
    parted = papers.app.patch(made["url"], {"inhoud": None, "bestandsomvang": 12, "lock": lock})
    for part, piece in zip(parted["bestandsdelen"], (b"12345678EV", b"IL"), strict=True):
        assert send_part(papers.app, part, piece, lock).status_code == 200
    assert codes(papers.app.post(f"{made['url']}/unlock", {"lock": lock}, status=400)) == {"inhoud": "infected"}
    assert papers.app.get(made["url"])["locked"] and len(files()) == 3
    papers.app.patch(made["url"], {"inhoud": "Z29lZA==", "lock": lock})
    papers.bring_back(made["url"], lock)
    assert downloaded(papers.app, f"{made['url']}/download") == b"goed" and len(files()) == 2
    assert EnkelvoudigInformatieObject.objects.get(pk=id_of(made["url"])).scanned == "clean"


def test_without_the_scanner_that_was_promised_nothing_comes_in(papers: Papers, settings: Any) -> None:
    settings.RAADHUIS_ADAPTERS = settings.RAADHUIS_ADAPTERS | {"antivirus_url": "tcp://127.0.0.1:9"}
    response = papers.app.ask("POST", EIO, papers.body(), check=False)
    assert response.status_code == 503 and response.headers["API-version"] and not files()


def test_nobody_waits_for_parts_of_which_none_came(papers: Papers) -> None:
    made = papers.make(None, bestandsomvang=12)
    papers.bring_back(made["url"], made["lock"])
    assert papers.app.get(made["url"])["bestandsdelen"] == []


def test_a_document_has_an_end(papers: Papers, settings: Any) -> None:
    settings.RAADHUIS_PART_BYTES, settings.RAADHUIS_MAX_BODY_BYTES = 4 * 1024**3, 101 * 1024**2
    made = papers.make(None, bestandsomvang=4 * 1024**3)
    assert len(made["bestandsdelen"]) == 41 and made["bestandsdelen"][0]["omvang"] == 100 * 1024**2
    assert sum(one["omvang"] for one in made["bestandsdelen"]) == 4 * 1024**3
    assert codes(papers.refused(None, bestandsomvang=4 * 1024**3 + 1)) == {"bestandsomvang": "max_value"}


def test_files_of_all_versions_outlive_the_sweep(papers: Papers, small_parts: None) -> None:
    app, made = papers.app, papers.make()
    lock = papers.take_out(made["url"])
    app.patch(made["url"], {"inhoud": base64.b64encode(b"Nieuw").decode(), "lock": lock})
    waiting = papers.make(None, bestandsomvang=15)
    assert send_part(app, waiting["bestandsdelen"][0], b"0123456789", waiting["lock"]).status_code == 200
    orphan = content.store().put_bytes(b"van niemand").key
    with clock.at(clock.now() + timedelta(days=2)):
        runner.sweep_files()
    assert orphan not in files() and len(files()) == 3
    assert downloaded(app, f"{made['url']}/download?versie=1") == WORDS


def test_a_transaction_that_fails_leaves_no_bytes(papers: Papers, house: House, settings: Any) -> None:
    """Telling those who listen fails halfway through the transaction, when the file is there already."""
    Abonnement.objects.create(callback_url="https://elders.example/", auth=b"", kanalen=[{"filters": {}}])
    Stamp.objects.update_or_create(id=1, defaults={"number": 7})
    with pytest.raises(msgspec.ValidationError):
        papers.make()
    assert not files() and not EnkelvoudigInformatieObject.objects.exists()


def test_a_disk_that_is_not_there_keeps_nothing(papers: Papers, settings: Any, tmp_path: Path) -> None:
    (tmp_path / "bestand").write_text("geen map")
    broken = {**django_settings.RAADHUIS_ADAPTERS, "files_folder": str(tmp_path / "bestand")}
    settings.RAADHUIS_ADAPTERS = broken
    response = papers.app.ask("POST", EIO, papers.body(), check=False)
    assert response.status_code == 503 and not EnkelvoudigInformatieObject.objects.exists()


def test_what_its_maker_says_is_shown_is_shown(papers: Papers, house: House) -> None:
    made = papers.make()
    relation = in_zaak(made, parking(house).zaak)
    lock = papers.take_out(made["url"])
    for shown in (False, True):
        assert papers.app.patch(made["url"], {"tonenAanInitiator": not shown, "lock": lock})
        assert papers.app.patch(made["url"], {"tonenAanInitiator": shown, "lock": lock})["tonenAanInitiator"] is shown
        relation.refresh_from_db()
        assert relation.shared is shown
