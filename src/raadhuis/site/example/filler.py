"""Fills in a form as a person would: page by page, through the same actions that the pages call.

In: a service, who applies, and canonical answers by question id. Out: the receipt.
Always holds: nothing is written but by the actions of intake; an answer that the form refuses is an error here.
"""

import io
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import QueryDict

from raadhuis.catalogue import queries as catalogue
from raadhuis.catalogue.each import OF
from raadhuis.catalogue.questions import AnyQuestion, FileQuestion, GroupQuestion
from raadhuis.catalogue.schema import Page
from raadhuis.intake import actions, queries
from raadhuis.intake.pages import page_by_id
from raadhuis.intake.reading import start_typed
from raadhuis.intake.schema import Receipt
from raadhuis.intake.state import Person

MOST_PAGES = 100
# The smallest PDF that is one: enough for a document whose content nobody reads.
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)
PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02\x00\x00\x00\x90wS\xde"
    b"\x00\x00\x00\x0cIDATx\x9cc\xf8\xcf\xc0\x00\x00\x03\x01\x01\x00\xc9\xfe\x92\xef\x00\x00\x00\x00IEND\xaeB`\x82"
)


class Refused(Exception):
    """The form did not accept the answers; the message names the page and the rules."""


def as_form(page: Page, answers: Mapping[str, Any]) -> QueryDict:
    """The controls of a page, filled in."""
    form = QueryDict(mutable=True)
    for question in page.questions:
        if question.id in answers:
            _put(form, question, question.id, answers[question.id])
    return form


def _put(form: QueryDict, question: AnyQuestion, name: str, value: Any) -> None:
    if isinstance(question, FileQuestion) or value is None:
        return
    if isinstance(question, GroupQuestion):
        for number, row in enumerate(value):
            form[f"{name}.{number}.row"] = str(row.get(OF, "1"))
            for part in question.questions:
                _put(form, part, f"{name}.{number}.{part.id}", row.get(part.id))
        return
    typed = start_typed(question, value)
    if isinstance(typed, dict):
        for part, text in typed.items():
            form[f"{name}.{part}"] = text
    elif isinstance(typed, list):
        form.setlist(name, typed)
    elif typed != "no" or value is not False or type(question).__struct_config__.tag == "yes_no":
        form[name] = typed


def fill_in(service: str, person: Person, answers: Mapping[str, Any]) -> UUID:
    """Begins an application and answers every page that comes; the overview is next. Raises Refused."""
    application = actions.start(service, person)
    mine = _with(person, application)
    definition = catalogue.published(service)
    for _ in range(MOST_PAGES):
        _, page_id = queries.where_to_go_on(application, mine)
        if not page_id:
            return application
        page = page_by_id(definition, page_id)
        assert page is not None
        for question in page.questions:
            _upload(application, question, question.id, answers.get(question.id), mine)
        actions.note_shown(application, page_id, mine)
        saved = actions.save_page(application, page_id, as_form(page, answers), mine)
        if saved.page is not None and saved.page.errors:  # Without errors a question came up: the page comes again.
            raise Refused(f"{service}, page {page_id}: {saved.page.errors}")
    raise Refused(f"{service}: more than {MOST_PAGES} pages")


def _upload(application: UUID, question: AnyQuestion, name: str, value: Any, person: Person) -> None:
    if isinstance(question, GroupQuestion):
        for number, row in enumerate(value or []):
            for part in question.questions:
                _upload(application, part, f"{name}.{number}.{part.id}", row.get(part.id), person)
        return
    if not isinstance(question, FileQuestion) or not value:
        return
    content = PDF if "pdf" in question.kinds else PNG
    for file in value:
        actions.keep_upload(application, name, file["name"], io.BytesIO(content), len(content), person)


def _with(person: Person, application: UUID) -> Person:
    """The person, whose browser remembers the application."""
    import msgspec

    return msgspec.structs.replace(person, applications=person.applications | {application})


def apply(service: str, person: Person, answers: Mapping[str, Any]) -> Receipt:
    """Fills in and submits."""
    application = fill_in(service, person, answers)
    return actions.submit(application, _with(person, application))
