"""Taking over another register: everything comes, as it was, once; what differs is named.

The other register is a second Raadhuis, as a process of its own with its own database, filled through its APIs.
"""

import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import orjson
import pytest
from tests.crash.server import ROOT

from raadhuis.adapters.registers import Register as Reading
from raadhuis.adapters.registers import RegisterRefuses
from raadhuis.cases import models
from raadhuis.cases.takeover.run import Account, take_over
from raadhuis.cases.takeover.verifying import Verdict, verify
from raadhuis.cases.zrc import rendering
from raadhuis.catalogue.ztc.rendering import store
from raadhuis.catalogue.ztc.resources import RESOURCES
from raadhuis.journal.models import Event, Outbox
from raadhuis.kernel import clock
from raadhuis.kernel.documents import read
from raadhuis.site.commands import run
from zgw.clients import HOST, Application
from zgw.estate import Lot
from zgw.other_register import QUICK, Source, Target, bases
from zgw.papers import WORDS, downloaded
from zgw.proxies import How, Proxy
from zgw.receivers import Receiver
from zgw.register import CASES, Register, got, sent

BETTER = b"Beter bestand"


class Filled:
    """A register with two cases of everything, one of them a part of the other, and closed and plain ones."""

    def __init__(self, source: Source) -> None:
        self.source, self.register = source, Register(source.app)
        self.whole = Lot(self.register, "openbaar")
        self.part = Lot(self.register, "openbaar", hoofdzaak=self.whole.at["zaken"])
        self.document = self.whole.at["enkelvoudiginformatieobjecten"]
        self._change()
        related = [{"url": self.part.at["zaken"], "aardRelatie": "vervolg"}]
        marks = [{"kenmerk": "K-1", "bron": "Oud systeem"}]
        self.related = self.register.zaak(relevanteAndereZaken=related, kenmerken=marks)["url"]
        role = self.register.rol(self.related)["url"]
        status = self.register.status(self.related, self.register.first, gezetdoor=role)["url"]
        relation = {"zaak": self.related, "informatieobject": self.document, "status": status, "titel": "Bijlage"}
        self.relation = sent(source.app, "POST", f"{CASES}/zaakinformatieobjecten", relation, 201)["url"]

    def _change(self) -> None:
        """A document gets a second version, and comes back from those who took documents out."""
        app, papers = self.source.app, self.whole._papers
        new = {"titel": "Beter", "inhoud": "QmV0ZXIgYmVzdGFuZA==", "bestandsomvang": 13, "lock": self.whole.own_lock}
        app.patch(self.document, new)
        for lot in (self.whole, self.part):
            papers.bring_back(lot.at["enkelvoudiginformatieobjecten"], lot.own_lock)
            app.ask("POST", f"{lot.at['waiting']}/unlock", {"lock": lot.lock})


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Filled]:
    """A second Raadhuis, filled."""
    source = Source(tmp_path_factory.mktemp("bron"))
    try:
        yield Filled(source)
    finally:
        source.stop()


def taken(filled: Filled, **other: Any) -> Account:
    """What became of everything."""
    return take_over(filled.source.reading(), filled.source.url, **other)


def compared(filled: Filled, **other: Any) -> Verdict:
    """What differs."""
    return verify(filled.source.reading(), **other)


def here(filled: Filled, url: str) -> str:
    """Where a row of theirs is here."""
    return url.replace(filled.source.url, HOST)


def test_everything_comes_as_it_was(filled: Filled, app: Application) -> None:
    account = taken(filled)
    assert [one for one in account.findings if one.state != "note"] == []
    assert account.whole and not account.went_on
    verdict = compared(filled)
    assert (verdict.differences, verdict.files, verdict.bytes) == ([], 7, 6 * len(WORDS) + len(BETTER))
    assert {one.resource: (one.there, one.here) for one in verdict.resources} == {
        name: (sum(counts.values()), sum(counts.values())) for name, counts in account.counts.items()
    }
    for url in (filled.whole.at["zaken"], filled.part.at["zaken"], filled.related, filled.whole.at["closed"]):
        theirs, ours = got(filled.source.app, url), got(app, here(filled, url))
        assert ours == orjson.loads(orjson.dumps(theirs).replace(filled.source.url.encode(), HOST.encode()))
    assert got(app, here(filled, filled.relation))["status"] == got(app, here(filled, filled.related))["status"]
    for version, words in ((1, WORDS), (2, BETTER)):
        file = f"{here(filled, filled.document)}/download?versie={version}"
        assert downloaded(app, file) == words == downloaded_there(filled, version)
    for row in models.Zaak.objects.all():
        assert row.body is not None and read(row.body) == read(rendering.zaken([row])[0])


def test_documents_of_types_are_made_when_all_types_are_here_and_are_right_before(
    filled: Filled, app: Application
) -> None:
    """While types come in, one that is asked for is made then and there."""
    seen: dict[str, set[str]] = {}
    zaaktype = here(filled, filled.register.zaaktype)

    def look(phase: str, _: int) -> None:
        if phase in {"resultaattypen", "roltypen"}:
            shown = got(app, zaaktype)
            seen[phase] = {name for name in ("statustypen", "resultaattypen", "roltypen") if shown[name]}

    taken(filled, tell=look)
    assert seen["resultaattypen"] == {"statustypen", "resultaattypen"}
    assert seen["roltypen"] == {"statustypen", "resultaattypen", "roltypen"}
    for resource in RESOURCES.values():
        rows = list(resource.rows.all())
        held = {row.pk: bytes(row.body) for row in rows}
        assert rows and all(held.values()), resource.name
        store(resource, list(held))
        assert {row.pk: bytes(row.body) for row in resource.rows.all()} == held, resource.name


def test_a_register_that_asks_to_be_left_alone_is(filled: Filled, monkeypatch: pytest.MonkeyPatch) -> None:
    """Retry-After, in seconds or by a moment; never longer than five minutes."""
    rests: list[float] = []
    monkeypatch.setattr("raadhuis.adapters.registers.time.sleep", rests.append)
    moment = format_datetime(clock.now() + timedelta(seconds=90), usegmt=True)
    said = iter(["7", moment, "86400", "soon", ""])
    proxy = Proxy(filled.source.url, lambda number: "429" if number < 6 else "well", after=lambda: next(said))
    reading = Reading(bases(proxy.url), filled.source.client_id, filled.source.secret, waits=QUICK)
    try:
        assert next(reading.pages("zaken", "zaken")).rows
    finally:
        proxy.close()
    assert rests[0] == 7 and 80 < rests[1] <= 90 and rests[2] == 300 and rests[3] < 1 and rests[4] < 1


def downloaded_there(filled: Filled, version: int) -> bytes:
    """The bytes of a version in the other register."""
    found: bytes = filled.source.app.ask("GET", f"{filled.document}/download?versie={version}").content
    return found


def test_history_is_taken_and_not_made_again(
    filled: Filled, app: Application, receivers: Callable[..., Receiver]
) -> None:
    channels = ("zaken", "documenten", "besluiten", "zaaktypen", "informatieobjecttypen", "besluittypen")
    wanted = {
        "callbackUrl": receivers().url,
        "auth": "x",
        "kanalen": [{"naam": one, "filters": {}} for one in channels],
    }
    app.post("/notificaties/api/v1/abonnement", wanted)
    posted = Outbox.objects.count()
    taken(filled)
    assert Outbox.objects.count() == posted and not models.Task.objects.exists()
    zaken = models.Zaak.objects.count()
    events = Event.objects.filter(channel="take-over")
    assert events.filter(kind="case.created").count() == zaken
    assert events.filter(kind="case.closed").count() == models.Zaak.objects.exclude(einddatum=None).count() > 0
    assert not Event.objects.filter(zaak__isnull=False).exclude(channel="take-over").exists()
    trail = got(app, f"{here(filled, filled.related)}/audittrail")
    assert {line["toelichting"] for line in trail} == {f"Overgenomen uit {filled.source.url}"}
    assert {line["resource"] for line in trail} >= {"zaak", "rol", "status", "zaakinformatieobject"}
    shown = models.Zaak.objects.get(pk=filled.related[-36:])
    assert shown.applicant and shown.made.date() <= shown.registratiedatum


def test_a_second_run_finds_everything_here(filled: Filled, app: Application) -> None:
    first = taken(filled)
    again = taken(filled)
    assert again.counts == {
        name: {"taken": 0, "there": counts["taken"] + counts["there"], "differs": 0, "refused": 0}
        for name, counts in first.counts.items()
    }
    assert again.findings == []


def test_what_is_here_but_different_is_named_and_left_as_it_is(filled: Filled, app: Application) -> None:
    taken(filled)
    models.Zaak.objects.filter(pk=filled.related[-36:]).update(omschrijving="Hier anders")
    models.EnkelvoudigInformatieObject.objects.filter(pk=filled.document[-36:]).update(titel="Hier anders")
    models.Rol.objects.filter(zaak=filled.related[-36:]).delete()
    again = taken(filled)
    assert [(one.state, one.resource, one.address, one.attribute, one.code) for one in again.findings] == [
        ("differs", "enkelvoudiginformatieobjecten", filled.document, "titel", "different"),
        ("differs", "zaken", filled.related, "omschrijving", "different"),
    ]
    assert not again.whole and again.counts["rollen"]["taken"] == 1  # What was missing came.
    assert got(app, here(filled, filled.related))["omschrijving"] == "Hier anders"
    found = compared(filled)
    assert [(one.resource, one.attribute) for one in found.differences] == [
        ("enkelvoudiginformatieobjecten", "titel"),
        ("zaken", "omschrijving"),
    ]


def test_other_bytes_and_missing_rows_are_found(filled: Filled, app: Application, settings: Any) -> None:
    taken(filled)
    row = models.EnkelvoudigInformatieObject.objects.get(pk=filled.document[-36:])
    key = row.file_key
    path = Path(settings.RAADHUIS_ADAPTERS["files_folder"], key[:2], key[2:4], key)
    path.write_bytes(b"Bedorven best")
    earlier = models.InformatieObjectVersie.objects.get(informatieobject=row)
    models.KlantContact.objects.all().delete()
    earlier.delete()
    found = compared(filled)
    assert [(one.resource, one.attribute) for one in found.differences if one.resource != "klantcontacten"] == [
        ("enkelvoudiginformatieobjecten", "versie 1"),
        ("enkelvoudiginformatieobjecten", "inhoud (versie 1)"),
        ("enkelvoudiginformatieobjecten", "inhoud (versie 2)"),
    ]
    talks = next(one for one in found.resources if one.resource == "klantcontacten")
    assert (talks.there, talks.here) == (2, 0)


def test_a_document_that_somebody_took_out_there_comes_unlocked_and_is_named(filled: Filled, app: Application) -> None:
    free = filled.whole.at["free"]
    word = filled.source.app.post(f"{free}/lock", None, 200)["lock"]
    try:
        assert taken(filled).whole
        assert [(one.address, one.attribute) for one in compared(filled).differences] == [(free, "locked")]
        assert got(app, here(filled, free))["locked"] is False
    finally:
        filled.source.app.ask("POST", f"{free}/unlock", {"lock": word})


def test_a_number_that_is_taken_here_is_refused_and_the_rest_goes_on(filled: Filled, app: Application) -> None:
    theirs = got(filled.source.app, filled.related)
    own = Register(app, "HIER")
    own.zaak(identificatie=theirs["identificatie"], bronorganisatie=theirs["bronorganisatie"])
    account = taken(filled)
    refused = [(one.resource, one.address, one.code) for one in account.findings if one.state == "refused"]
    assert refused[0] == ("zaken", filled.related, "identificatie-niet-uniek")
    assert {(resource, code) for resource, _, code in refused[1:]} == {
        ("zaakinformatieobjecten", "does_not_exist"),
        ("rollen", "does_not_exist"),
        ("statussen", "does_not_exist"),
    }
    assert account.counts["zaken"]["refused"] == 1 and account.counts["zaken"]["taken"] > 4
    assert not account.whole and ("zaken", filled.related, "") in {
        (one.resource, one.address, one.attribute) for one in compared(filled).differences
    }


def test_one_can_begin_with_a_part(filled: Filled, app: Application) -> None:
    account = taken(filled, group="besluiten")
    assert set(account.counts) == {"besluiten", "besluitinformatieobjecten"}
    assert {one.code for one in account.findings} == {"bad-url", "does_not_exist"}


def test_a_register_that_fails_now_and_then_is_asked_again(filled: Filled, app: Application) -> None:
    ways: dict[int, How] = {1: "429", 3: "500", 6: "drop", 9: "half"}
    proxy = Proxy(filled.source.url, lambda number: "hang" if number == 29 else ways.get(number % 17, "well"), hang=6)
    reading = Reading(bases(proxy.url), filled.source.client_id, filled.source.secret, waits=QUICK, timeout=5)
    try:
        account = take_over(reading, proxy.url)
    finally:
        proxy.close()
    assert account.whole and proxy.asked > 45
    assert compared(filled).same
    kept = set(models.EnkelvoudigInformatieObject.objects.exclude(file_key="").values_list("file_key", flat=True))
    kept |= set(models.InformatieObjectVersie.objects.exclude(file_key="").values_list("file_key", flat=True))
    assert set(_files(app)) == kept  # Nothing of a try that failed stays.


def _files(app: Application) -> list[str]:
    from django.conf import settings

    return [one.name for one in Path(settings.RAADHUIS_ADAPTERS["files_folder"]).rglob("*") if one.is_file()]


def test_a_register_that_stays_away_is_told_and_the_next_run_goes_on(filled: Filled, app: Application) -> None:
    stop = 40
    proxy = Proxy(filled.source.url, lambda number: "well" if number < stop else "500")
    reading = Reading(bases(proxy.url), filled.source.client_id, filled.source.secret, waits=QUICK[:2])
    try:
        with pytest.raises(Exception, match="register: status 500"):
            take_over(reading, filled.source.url)
    finally:
        proxy.close()
    assert models.TakeOver.objects.get().counts["catalogussen"]["taken"] > 0
    account = taken(filled)
    assert account.went_on and account.whole and compared(filled).same
    assert all(not counts["there"] for counts in account.counts.values())  # Nothing was counted twice.


@pytest.fixture
def target(db: None, tmp_path: Path) -> Iterator[Target]:  # On both databases, as what uses one is.
    made = Target(tmp_path)
    yield made
    made.remove()


def test_a_run_that_is_killed_again_and_again_gives_the_same(filled: Filled, target: Target, tmp_path: Path) -> None:
    secret = tmp_path / "geheim"
    secret.write_text(filled.source.secret)
    words = ["zgw", "take-over", "--client", filled.source.client_id, "--secret-file", str(secret), "--json"]
    for after in (13, 19, 16):
        _killed(filled, target, words, after)
    done = subprocess.run(
        [sys.executable, "-m", "raadhuis", *words, filled.source.url],
        env=dict(target.settings),
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    account = orjson.loads(done.stdout)
    assert done.returncode == 0, account
    assert account["taken"]["went_on"] and account["compared"]["same"]
    counts = {name: found["taken"] for name, found in account["taken"]["resources"].items()}
    assert counts == {one["resource"]: one["there"] for one in account["compared"]["resources"]}
    assert _told_in(target) == (counts["zaken"], counts["statussen"])


def _killed(filled: Filled, target: Target, words: list[str], after: int) -> None:
    """Begins or goes on, and is killed at a question."""
    running: list[subprocess.Popen[bytes]] = []

    def behave(number: int) -> How:
        if number == after:
            running[0].kill()
        return "well"

    proxy = Proxy(filled.source.url, behave)
    apis = [word for api, base in bases(proxy.url).items() for word in (f"--{api}", base)]
    command = [sys.executable, "-m", "raadhuis", *words, *apis, filled.source.url]
    try:
        running.append(subprocess.Popen(command, env=dict(target.settings), cwd=ROOT, stdout=subprocess.DEVNULL))
        assert running[0].wait(60) == -9
    finally:
        proxy.close()


def _told_in(target: Target) -> tuple[int, int]:
    """How many cases and statuses the journal of a target tells of."""
    made = "kind = 'case.created'"
    statuses = """(kind = 'case.status_set' OR kind = 'case.changed' AND data LIKE '%"resource":"status"%')"""
    first, second = (
        target.count(f"SELECT COUNT(*) FROM journal_event WHERE {one} AND channel = 'take-over'")
        for one in (made, statuses)
    )
    return first, second


def command(filled: Filled, tmp_path: Path, *words: str, secret: str = "") -> list[str]:
    """The words of the command."""
    file = tmp_path / "geheim"
    file.write_text(f"{secret or filled.source.secret}\n")
    return [
        "zgw",
        "take-over",
        filled.source.url,
        "--client",
        filled.source.client_id,
        "--secret-file",
        str(file),
        *words,
    ]


def test_the_command_tells_what_came_and_what_differs(
    filled: Filled, app: Application, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(command(filled, tmp_path, "--verify", "--json")) == 1
    before = orjson.loads(capsys.readouterr().out)
    assert not before["compared"]["same"] and "taken" not in before and not models.Zaak.objects.exists()
    assert run(command(filled, tmp_path)) == 0
    told = capsys.readouterr().out
    assert "Nothing differs." in told and "zaken" in told
    models.Zaak.objects.filter(pk=filled.related[-36:]).update(omschrijving="Hier anders")
    assert run(command(filled, tmp_path, "--no-verify")) == 1
    assert f"differs: zaken {filled.related}: omschrijving" in capsys.readouterr().out


def test_a_wrong_secret_and_a_missing_api_are_told(
    filled: Filled, app: Application, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(command(filled, tmp_path, secret="verkeerd")) == 1
    assert "invalid-jwt-signature" in capsys.readouterr().err
    assert run(command(filled, tmp_path, "--besluiten", f"{filled.source.url}/anders/api/v1")) == 1
    assert "There is no API “besluiten”" in capsys.readouterr().err
    assert (
        run(["zgw", "take-over", "register.example", "--client", "x", "--secret-file", str(tmp_path / "geheim")]) == 1
    )
    assert "no web address" in capsys.readouterr().err
    assert run(["zgw", "take-over", filled.source.url, "--client", "x", "--secret-file", str(tmp_path / "niets")]) == 1
    with pytest.raises(RegisterRefuses):
        take_over(Reading(bases(f"{filled.source.url}/nergens"), "x", "y", waits=()), "x")
