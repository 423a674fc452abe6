"""Finding work: the queue of a team, one's own tasks, search, the list of cases and its export."""

import csv
import io

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext

from raadhuis.cases import queries
from raadhuis.catalogue import queries as catalogue
from raadhuis.desk.http import actor_of, see_other, staff_view
from raadhuis.kernel import clock
from raadhuis.kernel.actor import Role
from raadhuis.kernel.http import language_of
from raadhuis.kernel.problems import NotAllowed

STATES = ("", "mine", "offered", "paused", "late")
MOST_EXPORTED_PAGES = 100


def team_names() -> dict[str, str]:
    """What teams are called, by key."""
    return dict(settings.RAADHUIS_MUNICIPALITY.get("teams", {}))


@staff_view()
def queue(request: HttpRequest) -> HttpResponseBase:
    """The open tasks of one's teams, the most urgent first."""
    actor, language = actor_of(request), language_of(request)
    team, state = request.GET.get("team", "")[:60], request.GET.get("stand", "")
    state = state if state in STATES else ""
    page = queries.queue(actor, team=team, state=state, after=request.GET.get("na", "")[:80], language=language)
    context = {
        "page": page,
        "team": team,
        "state": state,
        "teams": [(key, team_names().get(key, key)) for key in sorted(actor.teams)],
        "load": queries.team_load(actor) if actor.has(Role.TEAM_LEAD) else [],
        "names": team_names(),
    }
    return render(request, "desk/queue.html", context)


@staff_view()
def search(request: HttpRequest) -> HttpResponseBase:
    """Cases by number; one hit opens at once."""
    text = request.GET.get("q", "")[:80]
    hits, more = queries.search(actor_of(request), text, language=language_of(request))
    if len(hits) == 1 and hits[0].identificatie == text.strip().upper():
        return see_other("desk_case", hits[0].id)
    return render(request, "desk/search.html", {"text": text, "hits": hits, "more": more})


@staff_view()
def case_list(request: HttpRequest) -> HttpResponseBase:
    """The cases of one's teams, newest first."""
    language = language_of(request)
    service, everything = request.GET.get("dienst", "")[:80], request.GET.get("alles") == "1"
    rows, following = queries.case_list(
        actor_of(request),
        service=service,
        open_only=not everything,
        before=request.GET.get("voor", "")[:40],
        language=language,
    )
    context = {
        "rows": rows,
        "next": following,
        "service": service,
        "everything": everything,
        "services": [(line.id, line.title.in_(language)) for line in catalogue.services()],
        "may_export": actor_of(request).has(Role.TEAM_LEAD),
    }
    return render(request, "desk/cases.html", context)


def neutral(cell: object) -> str:
    """A cell that no spreadsheet runs: what begins like a formula gets an apostrophe (OWASP, CSV injection)."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r", "\n"} else text


@staff_view()
def case_export(request: HttpRequest) -> HttpResponseBase:
    """The same list as CSV, for team leads: at most 5,000 cases, without personal data."""
    actor = actor_of(request)
    if not actor.has(Role.TEAM_LEAD):
        raise NotAllowed(gettext("Alleen een teamleider kan de lijst downloaden."))
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";")
    writer.writerow(["zaaknummer", "dienst", "status", "begonnen", "afgesloten"])
    before = ""
    for _ in range(MOST_EXPORTED_PAGES):
        rows, before = queries.case_list(
            actor, service=request.GET.get("dienst", "")[:80], open_only=request.GET.get("alles") != "1", before=before
        )
        for row in rows:
            writer.writerow(
                [
                    neutral(c)
                    for c in (row.identificatie, row.title, row.status, clock.local(row.made).date(), row.closed)
                ]
            )
        if not before:
            break
    else:
        writer.writerow([gettext("Dit zijn niet alle zaken: kies een dienst voor de rest.")])
    response = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="zaken.csv"'
    return response
