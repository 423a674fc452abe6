"""Looks through the whole database after the crashes: what was acknowledged is there, once, and everything fits.

In: a JSON file with what the clients were told, {mark: [application, number]}; the settings of the database.
Out: one JSON object on standard output. Run as `python -m tests.crash.check FILE`, in a process of its own.
"""

import hashlib
import json
import os
import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "raadhuis.site.settings")


def main() -> int:
    """Checks; 0 always, since the figures say what is wrong."""
    import django

    django.setup()
    told = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    drained = _drain()
    print(json.dumps({**_cases(told), **_events(), **_outbox(), **_documents(), **_journal(), "undelivered": drained}))
    return 0


def _drain() -> int:
    """Delivers what still waits, also what a killed runner had under way (its lease is some minutes)."""
    from raadhuis.journal.models import Outbox
    from raadhuis.kernel import clock
    from raadhuis.site import runner

    for minutes in (0, 5, 60, 240):
        with clock.at(clock.now() + timedelta(minutes=minutes)):
            runner.deliver()
    runner.seal_journal()
    return Outbox.objects.exclude(state="done").count()


def _cases(told: dict[str, Any]) -> dict[str, Any]:
    """Each acknowledged mark is in exactly one case, under the number that its applicant was told."""
    from raadhuis.cases.models import CaseData
    from raadhuis.cases.sealed import CASE
    from raadhuis.intake.models import Application
    from raadhuis.kernel import privacy

    held: dict[str, list[tuple[str, str]]] = {}
    for row in CaseData.objects.select_related("zaak").iterator(chunk_size=500):
        mark = privacy.decrypt_json(CASE, row.sealed)["applicant"]["email"]
        held.setdefault(mark, []).append((str(row.zaak.submission), row.zaak.identificatie))
    lost = [m for m, (a, number) in told.items() if not any(z == (a, number or z[1]) for z in held.get(m, []))]
    submitted = {str(pk) for pk in Application.objects.filter(state="submitted").values_list("id", flat=True)}
    with_case = {application for cases in held.values() for application, _ in cases}
    return {
        "cases": sum(len(cases) for cases in held.values()),
        "lost": len(lost),
        "duplicated": sum(len(cases) - 1 for cases in held.values()),
        "not_acknowledged": len(set(held) - set(told)),
        "applications_without_case": len(submitted - with_case),
        "cases_without_application": len(with_case - submitted),
        "examples": lost[:5],
    }


def _events() -> dict[str, int]:
    """Each case has its case.created and application.submitted once; no event tells of a case that is not there."""
    from raadhuis.cases.models import Zaak
    from raadhuis.journal.models import Event

    zaken = {str(pk) for pk in Zaak.objects.values_list("id", flat=True)}
    wrong = 0
    for kind in ("case.created", "application.submitted"):
        seen = Counter(str(z) for z in Event.objects.filter(kind=kind).values_list("zaak", flat=True))
        wrong += sum(1 for zaak in zaken if seen[zaak] != 1)
    named = {str(z) for z in Event.objects.exclude(zaak=None).values_list("zaak", flat=True).distinct()}
    return {"events_wrong": wrong, "events_of_no_case": len(named - zaken)}


def _outbox() -> dict[str, int]:
    """Each case has one letter and one mail of receipt, and one of each for a decision that was taken at once."""
    from raadhuis.cases.models import DecisionRecord, Zaak
    from raadhuis.journal.models import Outbox

    taken = Counter(DecisionRecord.objects.filter(state="taken").values_list("zaak", flat=True))
    rows = Counter(Outbox.objects.values_list("zaak", "kind"))
    zaken = list(Zaak.objects.values_list("id", flat=True))
    wrong = sum(1 for zaak in zaken for kind in ("letter", "mail") if rows[zaak, kind] != 1 + taken[zaak])
    return {"outbox_wrong": wrong}


def _documents() -> dict[str, int]:
    """Every document has its file, whole; every delivered letter is one document."""
    from django.conf import settings

    from raadhuis.cases.models import EnkelvoudigInformatieObject as Document
    from raadhuis.intake.models import Upload
    from raadhuis.journal.models import Outbox

    folder = Path(settings.RAADHUIS_ADAPTERS["files_folder"])
    named, broken, letters = set(), 0, Counter[str]()
    for row in [*Document.objects.all(), *Upload.objects.all()]:
        key, digest = row.file_key, getattr(row, "integriteit_waarde", "") or getattr(row, "sha256", "")
        path = folder / key[:2] / key[2:4] / key
        named.add(key)
        broken += not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != digest
        if isinstance(row, Document) and row.event:
            letters[str(row.event)] += 1
    sent = {str(pk) for pk in Outbox.objects.filter(kind="letter", state="done").values_list("id", flat=True)}
    on_disk = {path.name for path in folder.glob("??/??/*")}
    return {
        "documents": len(named),
        "documents_broken": broken,
        "letters_wrong": sum(1 for event in sent if letters[event] != 1) + len(set(letters) - sent),
        "files_unnamed": len(on_disk - named),
    }


def _journal() -> dict[str, Any]:
    from raadhuis.journal import seal

    found = seal.verify()
    return {"events": found.events, "journal_ok": found.ok and found.sealed == found.events}


if __name__ == "__main__":
    sys.exit(main())
