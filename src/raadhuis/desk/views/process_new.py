"""A log from a file: sent, its columns chosen, and how far it is until it is there.

In: a file of another system. Out: pages; a log that the background work makes (`lean.coming`).
Always holds: whoever sent a file sees it, nobody else; the page that says how far it is can be closed, and found back
under Processen. It renews itself: with scripts its figures alone, without them whole, unless that was switched off. It
stops doing so when nothing happens, since who asks goes on being logged in.
"""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext

from raadhuis.desk.http import actor_of, see_other, staff_view, text_of
from raadhuis.kernel.actor import Actor
from raadhuis.kernel.problems import Absent, Invalid, NotAllowed, NotNow
from raadhuis.lean import access, coming, queries, uploads
from raadhuis.lean.logs.report import BadLog
from raadhuis.lean.schema import Coming

FIELDS = ("case", "activity", "time", "start", "lifecycle", "resource", "team")
MOST_TYPED = 120
# After so long in the queue a page says what may be the matter; starting takes two seconds.
LONG_SECONDS = 30
QUARTERS = 4


def manager(request: HttpRequest) -> Actor:
    """The member of staff, who may bring logs in. Raises NotAllowed."""
    actor = actor_of(request)
    if not access.may_manage(actor):
        raise NotAllowed(gettext("Alleen wie diensten verbetert haalt logboeken binnen."))
    return actor


@staff_view("GET", "POST")
def new(request: HttpRequest) -> HttpResponseBase:
    """A log from a file: what describes itself comes in at once, a table is shown first."""
    actor = manager(request)
    if request.method != "POST":
        return _upload_page(request, {}, 200)
    file = request.FILES.get("file")
    if file is None:
        return _upload_page(request, {"file": gettext("Kies een bestand.")}, 422)
    try:
        kept = uploads.keep(file.chunks(), file.name or "", actor)
    except Invalid as error:
        return _upload_page(request, dict(error.fields), error.status)
    try:
        if uploads.preview(kept, actor) is not None:
            return see_other("desk_process_table", kept)
        coming.ask(kept, actor, name=text_of(request, "name").strip()[:MOST_TYPED])
    except BadLog as bad:
        uploads.forget(kept)
        return _upload_page(request, {"file": bad.detail}, bad.status)
    return see_other("desk_process_coming", kept)


def _upload_page(request: HttpRequest, problems: dict[str, str], status: int) -> HttpResponse:
    context = {"problems": problems, "name": text_of(request, "name")[:MOST_TYPED]}
    return render(request, "desk/process_new.html", context, status=status)


@staff_view("GET", "POST")
def table(request: HttpRequest, kept: UUID) -> HttpResponseBase:
    """Which column of a table is what; then it comes in."""
    actor = manager(request)
    found = coming.look(kept, actor)
    if found is not None and not found.ended:
        return see_other("desk_process_coming", kept)
    if request.method != "POST":
        return _table_page(request, kept, actor, {"": found.said} if found and found.said else {}, 200)
    mapping = {field: text_of(request, field)[:300] for field in FIELDS}
    name = text_of(request, "name").strip()[:MOST_TYPED]
    try:
        coming.ask(kept, actor, name=name, mapping=mapping)
    except Invalid as error:
        return _table_page(request, kept, actor, dict(error.fields), error.status)
    except BadLog as bad:
        return _table_page(request, kept, actor, {"": bad.detail}, bad.status)
    return see_other("desk_process_coming", kept)


def _table_page(request: HttpRequest, kept: UUID, actor: Actor, problems: dict[str, str], status: int) -> HttpResponse:
    shown = uploads.preview(kept, actor)
    if shown is None:
        raise Absent
    before = coming.asked(kept, actor)
    if request.method == "POST":
        typed, name = {field: text_of(request, field) for field in FIELDS}, text_of(request, "name")
    elif before is not None:
        typed, name = {field: before[1].get(field, "") for field in FIELDS}, before[0]
    else:
        typed, name = {field: shown.guessed.get(field, "") for field in FIELDS}, shown.file_name.split(".")[0]
    context = {"preview": shown, "typed": typed, "problems": problems, "name": name[:MOST_TYPED]}
    return render(request, "desk/process_table.html", context, status=status)


@staff_view("GET", "POST")
def progress(request: HttpRequest, kept: UUID) -> HttpResponseBase:
    """How far a file is on its way to be a log; stopping that, trying again, throwing it away."""
    actor = manager(request)
    try:
        if request.method == "POST":
            return _act(request, kept, actor)
        found = coming.look(kept, actor)
    except Absent:
        if not queries.is_there(kept):
            raise
        return _whole_page() if _is_htmx(request) else see_other("desk_process", kept, done="log-imported")
    if found is None:
        return see_other("desk_process_table", kept)
    if not _is_htmx(request):
        return render(request, "desk/process_coming.html", _shown(request, found))
    return _whole_page() if found.ended else render(request, "desk/process_coming_bar.html", _shown(request, found))


def _act(request: HttpRequest, kept: UUID, actor: Actor) -> HttpResponse:
    verb = text_of(request, "do")
    try:
        if verb == "throw-away":
            coming.throw_away(kept, actor)
            return see_other("desk_processes", done="log-not-kept")
        if verb == "stop":
            coming.stop(kept, actor)
        elif verb == "again":
            coming.ask_again(kept, actor)
    except NotNow:
        pass  # Somebody is at it again: the page shows it.
    return see_other("desk_process_coming", kept)


def _shown(request: HttpRequest, found: Coming) -> dict[str, Any]:
    """What the page and its figures alone are made of. `told`: what a screen reader was told last; `tell`: whether
    there is more to tell: when something else begins, and at each quarter of the file.
    """
    told = f"{found.stage}-{int(found.share * QUARTERS)}"
    return {
        "found": found,
        "percent": int(found.share * 100),
        "quarter": int(found.share * QUARTERS) * 100 // QUARTERS,
        "late": found.stage == "waiting" and found.waited > LONG_SECONDS,
        "told": told,
        "tell": request.GET.get("verteld", told) != told,
        "renews": request.GET.get("vernieuwen") != "nee",
    }


def _is_htmx(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"


def _whole_page() -> HttpResponse:
    """Tells the script on the page that the page itself is another now."""
    return HttpResponse(status=200, headers={"HX-Refresh": "true"})
