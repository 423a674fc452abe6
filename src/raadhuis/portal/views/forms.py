"""Filling in: one page at a time, an overview, submission, the receipt; leaving and coming back.

Always holds: a POST answers with a redirect (303), or with the same page and 422 when something needs attention;
everything works without scripts.
"""

from uuid import UUID

import msgspec
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from raadhuis.cases.actions import applicant_hash
from raadhuis.catalogue import queries as catalogue
from raadhuis.catalogue.questions import EmailQuestion
from raadhuis.intake import actions, queries
from raadhuis.intake.actions.files import stream_of
from raadhuis.intake.actions.submission import Incomplete
from raadhuis.intake.queries import Moved
from raadhuis.intake.reading.shapes import Context
from raadhuis.intake.reading.simple import read_email
from raadhuis.intake.schema import FieldView, PageView
from raadhuis.intake.state import Person
from raadhuis.kernel import throttle
from raadhuis.kernel.db import is_passing_failure
from raadhuis.kernel.http import language_of
from raadhuis.kernel.problems import Invalid, Unavailable
from raadhuis.kernel.texts import Text
from raadhuis.portal.http import person_of, see_other, sessions


@require_safe
def go_on(request: HttpRequest, application: UUID) -> HttpResponse:
    """To the first page that still has to be answered."""
    _, page = queries.where_to_go_on(application, person_of(request))
    return see_other("form_page", application, page) if page else see_other("overview", application)


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, application: UUID, page_id: str) -> HttpResponse:
    """One page of the form."""
    person, language = person_of(request), language_of(request)
    try:
        if request.method == "POST":
            return _save(request, application, page_id, person, language)
        view = queries.page(application, page_id, person, language)
    except Moved as moved:
        return _moved(application, moved, person)
    _note_shown(application, page_id, person)
    return render(request, "portal/page.html", {"page": view, "change": bool(request.GET.get("wijzig"))})


def _note_shown(application: UUID, page_id: str, person: Person) -> None:
    """The journal may miss a page that was shown; a resident may not miss the page."""
    try:
        actions.note_shown(application, page_id, person)
    except Unavailable:
        return
    except Exception as error:
        if not is_passing_failure(error):
            raise


def _moved(application: UUID, moved: Moved, person: Person) -> HttpResponse:
    if moved.page:
        return see_other("form_page", application, moved.page)
    row = queries.open_row(application, person)
    return see_other("receipt", application) if row.state == "submitted" else see_other("overview", application)


def _save(request: HttpRequest, application: UUID, page_id: str, person: Person, language: str) -> HttpResponse:
    problems, status = _files(request, application, person)
    removed = str(request.POST.get("remove_file") or "")
    if removed:
        actions.remove_upload(application, _uuid(removed), person)
    form = request.POST.copy()
    if removed or problems or any(name.startswith("upload:") for name in request.POST):
        form["upload"] = "1"
    saved = actions.save_page(application, page_id, form, person, language)
    if request.POST.get("later"):  # What was typed is kept, right or not yet right.
        return see_other("save_for_later", application)
    if saved.page is not None:
        view = _with_problems(saved.page, problems)
        return render(
            request,
            "portal/page.html",
            {"page": view, "change": bool(request.POST.get("wijzig"))},
            status=status or (422 if view.errors else 200),
        )
    if saved.next and not request.POST.get("wijzig"):
        return see_other("form_page", application, saved.next)
    return see_other("go_on", application) if request.POST.get("wijzig") else see_other("overview", application)


def _files(request: HttpRequest, application: UUID, person: Person) -> tuple[dict[str, str], int]:
    """Keeps the files of this form; per control a sentence for what could not be kept, and 503 when that will pass.

    A scanner that is away must not cost what was typed beside the file.
    """
    problems: dict[str, str] = {}
    status = 0
    for name, files in request.FILES.lists():
        for file in files:
            if not getattr(file, "size", 0) and not getattr(file, "name", ""):
                continue
            try:
                actions.keep_upload(application, name, file.name or "", stream_of(file), file.size or 0, person)
            except Invalid as error:
                problems |= error.fields
            except Unavailable as error:
                problems[name], status = error.detail, error.status
    return problems, status


def _with_problems(view: PageView, problems: dict[str, str]) -> PageView:
    if not problems:
        return view
    fields = [_with_problem(field, problems) for field in view.fields]
    return msgspec.structs.replace(view, fields=fields, errors=[*view.errors, *problems.items()])


def _with_problem(field: FieldView, problems: dict[str, str]) -> FieldView:
    rows = [[_with_problem(part, problems) for part in row] for row in field.rows]
    return msgspec.structs.replace(field, rows=rows, error=problems.get(field.name, field.error))


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)


@require_http_methods(["GET", "HEAD", "POST"])
def overview(request: HttpRequest, application: UUID) -> HttpResponse:
    """Everything on one page, to look over; POST submits."""
    person, language = person_of(request), language_of(request)
    if request.method == "POST":
        try:
            actions.submit(application, person, language)
        except Incomplete as missing:
            return see_other("form_page", application, missing.page)
        return see_other("receipt", application)
    try:
        view = queries.overview(application, person, language)
    except Moved as moved:
        return _moved(application, moved, person)
    return render(request, "portal/overview.html", {"overview": view})


@require_safe
def receipt(request: HttpRequest, application: UUID) -> HttpResponse:
    """The number, and the decision where the rules sufficed."""
    person, language = person_of(request), language_of(request)
    found = queries.receipt(application, person)
    published = catalogue.by_version_id(found.version)
    laws = published.definition.laws
    reasons = [
        (reason.text.in_(language), laws[reason.law].title.in_(language) if reason.law in laws else "")
        for reason in (found.decision.reasons if found.decision else [])
    ]
    context = {
        "receipt": found,
        "title": published.definition.title.in_(language),
        "reasons": reasons,
        "own": bool(person.owner),
        "kind": published.definition.kind,
    }
    if found.follow_code:
        sessions().remember_opened(request, found.zaak)
    return render(request, "portal/receipt.html", context)


@require_POST
def correct(request: HttpRequest, application: UUID, question_id: str) -> HttpResponse:
    """What a register told is wrong: ask it."""
    page_id = actions.correct_known(application, question_id, person_of(request))
    return see_other("form_page", application, page_id)


@require_POST
def discard(request: HttpRequest, application: UUID) -> HttpResponse:
    """Throws an application away."""
    actions.discard(application, person_of(request))
    return see_other("home")


EMAIL = EmailQuestion(id="email", label=Text("Uw e-mailadres", "Your e-mail address"))


@require_http_methods(["GET", "HEAD", "POST"])
def save_for_later(request: HttpRequest, application: UUID) -> HttpResponse:
    """A link by mail, a code on the screen."""
    person, language = person_of(request), language_of(request)
    queries.where_to_go_on(application, person)
    if request.method != "POST":
        return render(request, "portal/save.html", {"application": application, "typed": person.email, "error": ""})
    reading = read_email(EMAIL, request.POST, "email", Context(language=language))
    if reading.value is None:
        error = (
            reading.errors[0][1]
            if reading.errors
            else Text("Vul uw e-mailadres in.", "Enter your e-mail address.").in_(language)
        )
        return render(
            request,
            "portal/save.html",
            {"application": application, "typed": reading.typed, "error": error},
            status=422,
        )
    # Anybody may have a mail sent to any address: not to flood one.
    throttle.count_attempt("save", sessions().client_address(request), limit=10, seconds=3600)
    link, code = actions.save_for_later(application, reading.value, person, language)
    return render(request, "portal/saved.html", {"link": link, "code": code})


@require_http_methods(["GET", "HEAD", "POST"])
def resume(request: HttpRequest, secret: str) -> HttpResponse:
    """Coming back with link and code."""
    if request.method != "POST":
        return render(request, "portal/resume.html", {"error": ""})
    person = person_of(request)
    person = person if person.owner else sessions().for_anonymous(request)
    try:
        application = actions.resume(secret[:80], str(request.POST.get("code", ""))[:40], person)
    except Invalid as error:
        return render(request, "portal/resume.html", {"error": error.fields["code"]}, status=422)
    sessions().remember_application(request, application)
    return see_other("go_on", application)


def lookup_of(person: Person) -> str:
    """The keyed hash of who logged in."""
    return applicant_hash(person.bsn, person.kvk)
