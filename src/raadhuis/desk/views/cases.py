"""One case: everything about it, messages, notes, documents, the term, undoing."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext

from raadhuis.cases import actions, queries
from raadhuis.desk.http import actor_of, attempt, see_other, staff_view, text_of
from raadhuis.desk.views.queue import team_names
from raadhuis.intake import registers
from raadhuis.intake.actions.files import kept_file, stream_of
from raadhuis.kernel import ids
from raadhuis.kernel.http import attachment, language_of
from raadhuis.kernel.problems import Absent, Invalid, NotAllowed


@staff_view()
def case(request: HttpRequest, zaak: UUID) -> HttpResponseBase:
    """The case page."""
    return _show(request, zaak, {}, 200)


def _show(request: HttpRequest, zaak: UUID, problems: dict[str, Any], status: int) -> HttpResponse:
    view = queries.staff_case(zaak, actor_of(request), language_of(request))
    context = {
        "case": view,
        "names": team_names(),
        "problems": {k: v for k, v in problems.items() if k},
        "said": problems.get("", ""),
        "typed": request.POST if request.method == "POST" else {},
        "key": text_of(request, "key") or ids.uuid7().hex,
    }
    return render(request, "desk/case.html", context, status=status)


def _key(request: HttpRequest) -> str:
    return text_of(request, "key")[:64] or ids.uuid7().hex


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Absent from error


def _add_document(request: HttpRequest, zaak: UUID) -> None:
    if not queries.staff_case(zaak, actor_of(request)).may_handle:
        raise NotAllowed(gettext("U mag deze zaak lezen, maar er niets in veranderen."))
    file = request.FILES.get("file")
    if file is None:
        raise Invalid({"file": gettext("Kies eerst een bestand.")})
    kept = kept_file(stream_of(file), file.name or "", file.size or 0, field="file")
    actions.add_document(zaak, actor_of(request), kept, shared=bool(text_of(request, "shared")))


def _write(request: HttpRequest, zaak: UUID) -> None:
    actions.write_to_applicant(zaak, actor_of(request), text=text_of(request, "text"), key=_key(request))


def _note(request: HttpRequest, zaak: UUID) -> None:
    try:
        actions.write_note(zaak, actor_of(request), text=text_of(request, "note"), key=_key(request))
    except Invalid as error:  # The form has two boxes; the sentence belongs at this one.
        raise Invalid({"note": error.fields["text"]}) from error


def _suspend(request: HttpRequest, zaak: UUID) -> None:
    actions.suspend_term(zaak, actor_of(request), reason=text_of(request, "reason"))


def _extend(request: HttpRequest, zaak: UUID) -> None:
    try:
        actions.extend_term(zaak, actor_of(request), reason=text_of(request, "extend_reason"))
    except Invalid as error:
        raise Invalid({"extend_reason": error.fields["reason"]}) from error


ACTS = {
    "bericht": (_write, "written"),
    "notitie": (_note, "noted"),
    "document": (_add_document, "document"),
    "opschorten": (_suspend, "suspended"),
    "hervatten": (lambda r, z: actions.resume_term(z, actor_of(r)), "term-resumed"),
    "verlengen": (_extend, "extended"),
    "mede-ondertekenen": (lambda r, z: actions.ask_cosigner_again(z, actor_of(r)), "cosign-asked"),
    "terugdraaien": (
        lambda r, z: actions.undo(z, actor_of(r), _uuid(text_of(r, "record")), text_of(r, "why")),
        "undone",
    ),
    "nu-versturen": (lambda r, z: actions.release_now(z, actor_of(r), _uuid(text_of(r, "record"))), "sent"),
}


@staff_view("POST")
def act(request: HttpRequest, zaak: UUID, verb: str) -> HttpResponseBase:
    """Does something with a case."""
    if verb not in ACTS:
        raise Absent
    action, done = ACTS[verb]
    return attempt(
        lambda: action(request, zaak),
        lambda: see_other("desk_case", zaak, done=done),
        lambda problems, status: _show(request, zaak, problems, status),
    )


@staff_view()
def document(request: HttpRequest, document_id: UUID) -> HttpResponseBase:
    """A document of a case that one may read, always as attachment."""
    key, name, content_type, size = queries.document_for_staff(document_id, actor_of(request))
    return attachment(registers.open_file(key), name, content_type, size)
