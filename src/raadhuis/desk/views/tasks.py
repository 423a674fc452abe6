"""One task: just what the step needs, and what can be done with it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from raadhuis.cases import actions, queries
from raadhuis.cases.schema import PAUSE_REASONS
from raadhuis.desk.http import actor_of, attempt, revision_of, see_other, staff_view, text_of
from raadhuis.desk.views.queue import team_names
from raadhuis.kernel import ids
from raadhuis.kernel.http import language_of
from raadhuis.kernel.problems import Absent

Act = Callable[[HttpRequest, UUID], object]


@staff_view()
def task(request: HttpRequest, task: UUID) -> HttpResponseBase:
    """The task page."""
    return _show(request, task, {}, 200)


def _show(
    request: HttpRequest, task_id: UUID, problems: dict[str, Any], status: int, preview: object = None
) -> HttpResponse:
    actor, language = actor_of(request), language_of(request)
    view = queries.task_view(task_id, actor, language)
    names = team_names()
    context = {
        "task": view,
        "documents": queries.documents_of(view.line.zaak, actor),
        "problems": {k: v for k, v in problems.items() if k},
        "said": problems.get("", ""),
        "typed": request.POST if request.method == "POST" else {},
        "typed_checked": request.POST.getlist("checked")
        if request.method == "POST"
        else [str(n) for n in view.checked],
        "key": text_of(request, "key") or ids.uuid7().hex,
        "colleagues": queries.colleagues(actor, view.line.team) if view.may_hand_over else [],
        "teams": [(key, name) for key, name in names.items() if key != view.line.team],
        "names": names,
        "reasons": [(key, text.in_(language)) for key, text in PAUSE_REASONS.items() if key != "approval"],
        "preview": preview,
        "undo_minutes": settings.RAADHUIS_UNDO_MINUTES,
    }
    return render(request, "desk/task.html", context, status=status)


def _conditions(request: HttpRequest) -> list[str]:
    return [line.strip() for line in text_of(request, "conditions").splitlines() if line.strip()]


def _checked(request: HttpRequest) -> list[int]:
    return [int(n) for n in request.POST.getlist("checked")[:100] if str(n).isdecimal() and len(str(n)) < 4]


def _complete(request: HttpRequest, task_id: UUID) -> None:
    actions.complete(
        task_id,
        actor_of(request),
        note=text_of(request, "note"),
        result=text_of(request, "result"),
        checked=_checked(request),
        revision=revision_of(request),
    )


def _hand_over(request: HttpRequest, task_id: UUID) -> None:
    actions.hand_over(
        task_id,
        actor_of(request),
        team=text_of(request, "team"),
        person=text_of(request, "person"),
        note=text_of(request, "handover_note"),
        revision=revision_of(request),
    )


def _ask(request: HttpRequest, task_id: UUID) -> None:
    actions.ask_applicant(
        task_id,
        actor_of(request),
        text=text_of(request, "text"),
        documents=bool(text_of(request, "documents")),
        suspend=bool(text_of(request, "suspend")),
        key=text_of(request, "key") or ids.uuid7().hex,
        revision=revision_of(request),
    )


def _decide(request: HttpRequest, task_id: UUID) -> object:
    return actions.decide(
        task_id,
        actor_of(request),
        result=text_of(request, "result"),
        motivation=text_of(request, "motivation"),
        conditions=_conditions(request),
        revision=revision_of(request),
    )


# verb: (what it does, what the next page says)
ACTS: dict[str, tuple[Act, str]] = {
    "oppakken": (lambda r, t: actions.claim(t, actor_of(r), revision_of(r)), "claimed"),
    "beginnen": (lambda r, t: actions.start(t, actor_of(r), revision_of(r)), "started"),
    "terugleggen": (lambda r, t: actions.release(t, actor_of(r), revision_of(r)), "released"),
    "stilleggen": (lambda r, t: actions.pause(t, actor_of(r), text_of(r, "reason"), revision_of(r)), "paused"),
    "verder": (lambda r, t: actions.resume(t, actor_of(r), revision_of(r)), "resumed"),
    "notitie": (
        lambda r, t: actions.note(t, actor_of(r), text_of(r, "note"), _checked(r), revision_of(r)),
        "noted",
    ),
    "klaar": (_complete, "completed"),
    "overdragen": (_hand_over, "handed-over"),
    "vragen": (_ask, "asked"),
    "advies-vragen": (
        lambda r, t: actions.ask_advice(
            t, actor_of(r), team=text_of(r, "team"), question=text_of(r, "question"), revision=revision_of(r)
        ),
        "advice-asked",
    ),
    "advies-geven": (
        lambda r, t: actions.give_advice(
            t, actor_of(r), advice=text_of(r, "advice"), text=text_of(r, "text"), revision=revision_of(r)
        ),
        "advice-given",
    ),
    "besluiten": (_decide, "decided"),
    "ondertekenen": (lambda r, t: actions.approve(t, actor_of(r), revision_of(r)), "approved"),
    "teruggeven": (
        lambda r, t: actions.return_proposal(t, actor_of(r), why=text_of(r, "why"), revision=revision_of(r)),
        "returned",
    ),
}


@staff_view("POST")
def act(request: HttpRequest, task: UUID, verb: str) -> HttpResponseBase:
    """Does something with a task; or shows the letter as it would be (verb `brief`)."""
    if verb == "brief":
        return _preview(request, task)
    if verb not in ACTS:
        raise Absent
    action, done = ACTS[verb]
    return attempt(
        lambda: action(request, task),
        lambda: see_other("desk_task", task, done=done),
        lambda problems, status: _show(request, task, problems, status),
    )


def _preview(request: HttpRequest, task_id: UUID) -> HttpResponse:
    result, motivation = text_of(request, "result"), text_of(request, "motivation")
    letter = queries.letter_preview(
        task_id, actor_of(request), result=result, motivation=motivation, conditions=_conditions(request)
    )
    if text_of(request, "pdf"):
        response = HttpResponse(queries.letter_pdf(letter), content_type="application/pdf")
        response.headers["Content-Disposition"] = 'attachment; filename="voorbeeld.pdf"'
        return response
    return _show(request, task_id, {}, 200, preview=letter)
