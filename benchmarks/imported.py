"""The imported event form (399 components), filled in by a festival that has everything: its most expensive pages.

In: how often each request is made, and the export. Out: a Line each for a page shown, a page answered, the overview and
the submission. Always holds: every page that applies is shown and answered first; measured are the one with most to
show and the one with most to answer; an application that is submitted is a copy of one that was filled in page by page.
"""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from tests.crash.server import ROOT
from tests.open_forms.answering import Answers

if TYPE_CHECKING:
    from benchmarks.caller import Line

EXPORT = ROOT.parent / "shared" / "data" / "forms" / "eventloket-evenement.zip"
LINES = tuple(f"event form: {what}" for what in ("page shown", "page answered", "overview", "submission"))


def lines(times: int) -> list["Line"]:
    """Imports, publishes and fills in; nothing when the export is not on this machine."""
    if not EXPORT.exists():
        return []
    from benchmarks.caller import Browser, Line

    service = _service()
    application, form = _filled(service)
    joris = _known_to(Browser(), application)
    shown, answered = _largest(joris, application, form)
    place = f"/aanvraag/{application}"
    waiting = list(_copies(application, times))
    ask = joris.environ
    asked = (
        (lambda n: ask("GET", f"{place}/vraag/{shown}/"), 200),
        (lambda n: ask("POST", f"{place}/vraag/{answered}/", form[answered]), 303),
        (lambda n: ask("GET", f"{place}/overzicht/"), 200),
        (lambda n: ask("POST", f"/aanvraag/{waiting[n]}/overzicht/", {}), 303),
    )
    return [Line(name, joris, make, expected) for name, (make, expected) in zip(LINES, asked, strict=True)]


def _service() -> str:
    from raadhuis.catalogue import actions
    from raadhuis.kernel.actor import SYSTEM

    service = actions.import_form(EXPORT.read_bytes(), "evenementen", SYSTEM).service
    actions.publish(service, SYSTEM)
    return service


def _everything(definition: Any) -> dict[str, Any]:
    """Every option of every question that takes more than one, and an application in full."""
    from raadhuis.catalogue.questions import ChoicesQuestion

    every = {
        question.id: [option.id for option in question.options]
        for page in definition.pages
        for question in page.questions
        if isinstance(question, ChoicesQuestion) and question.options
    }
    return every | {
        "evenement_plaats": ["gebouw-meerdere-gebouwen", "buiten-meerdere-plaatsen"],
        "waarvoor_eventloket_gebruiken": "evementen-aanvraag-indienen",
        "aantal_aanwezigen_evenement_minder": False,
    }


def _filled(service: str) -> tuple[UUID, dict[str, Mapping[str, Any]]]:
    """An application of Joris with all its answers, and by page what was sent."""
    from benchmarks.loader import resident
    from raadhuis.catalogue import queries
    from raadhuis.site.example.filler import as_form, fill_in

    definition = queries.published(service).definition
    answers = Answers(definition, _everything(definition))
    form: dict[str, Mapping[str, Any]] = {page.id: dict(as_form(page, answers).lists()) for page in definition.pages}
    return fill_in(service, resident("joris"), answers), form


def _known_to(browser: Any, application: UUID) -> Any:
    from benchmarks.lines import logged_in

    joris = logged_in("joris", "resident")
    assert joris.ask("GET", f"/aanvraag/{application}/overzicht/").status == 200
    return joris


def _largest(browser: Any, application: UUID, form: Mapping[str, Mapping[str, Any]]) -> tuple[str, str]:
    """The pages with most to show and most to answer; every page that applies is asked for and answered on the way."""
    from benchmarks.loader import resident
    from raadhuis.catalogue.queries import by_version_id
    from raadhuis.intake import queries
    from raadhuis.intake.state import asked_pages, unseal, walked

    row = queries.open_row(application, resident("joris"))
    published, state = by_version_id(row.version), unseal(row)
    pages = [page.id for page in asked_pages(state, walked(published, state))]
    shown = {}
    for page in pages:
        place = f"/aanvraag/{application}/vraag/{page}/"
        looked, sent = browser.ask("GET", place), browser.ask("POST", place, form[page])
        assert (looked.status, sent.status) == (200, 303), (page, looked.status, sent.status)
        shown[page] = len(looked.body)
    return max(pages, key=lambda page: shown[page]), max(pages, key=lambda page: len(form[page]))


def _copies(application: UUID, count: int) -> Iterator[UUID]:
    """Applications with the same answers and the same files, ready to be submitted."""
    from raadhuis.intake.models import Application, Upload
    from raadhuis.kernel import ids

    for _ in range(count):
        row, uploads = Application.objects.get(id=application), list(Upload.objects.filter(application=application))
        row.id = ids.uuid7()
        row.save(force_insert=True)
        for upload in uploads:
            upload.id, upload.application = ids.uuid7(), row
            upload.save(force_insert=True)
        yield row.id
