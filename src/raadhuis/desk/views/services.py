"""Services and their versions: look, upload a draft, see what check says and what changes, publish."""

from collections.abc import Sequence
from typing import Any

import msgspec
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext

from raadhuis.catalogue import access, actions, queries
from raadhuis.catalogue.check import check
from raadhuis.catalogue.diffing import Change, diff
from raadhuis.catalogue.loading import BadDefinition, load
from raadhuis.catalogue.open_forms import archive
from raadhuis.desk.http import actor_of, attempt, see_other, staff_view, text_of
from raadhuis.kernel.problems import Absent, Invalid, NotAllowed, NotNow
from raadhuis.rules.schema import Finding

MOST_BYTES = 2_000_000
MOST_AT_ONCE = 15
"""Findings that are shown one under the other; when there are more, those that stop nothing wait by kind."""
Line = tuple[int, str, str]


class Findings(msgspec.Struct, frozen=True):
    """What the check found of a draft, as (line, level, message): what to read first, and the rest by kind."""

    count: int = 0
    errors: bool = False
    first: Sequence[Line] = ()
    more: Sequence[tuple[str, list[Line]]] = ()


@staff_view()
def listing(request: HttpRequest) -> HttpResponseBase:
    """Every service with its versions."""
    context = {"versions": queries.versions(limit=500), "may_edit": access.may_edit_services(actor_of(request))}
    return render(request, "desk/services.html", context)


def _draft(service: str) -> tuple[Findings, list[Change], bool]:
    """The draft's findings, what it changes, and whether there is one."""
    try:
        loaded = queries.draft_of(service)
    except Absent:
        return Findings(), [], False
    found = sorted((loaded.line_of(f.path), f.level, f.message, _kind(f)) for f in check(loaded))
    try:
        changes = diff(queries.published(service).definition, loaded.definition)
    except Absent:
        changes = []
    return _sorted_out(found), changes, True


def _kind(finding: Finding) -> str:
    if finding.level == "error" or finding.code == "to-decide":
        return ""
    if finding.code == "missing-translation":
        return gettext("Nog niet in het Engels")
    return gettext("Moeilijk te lezen") if finding.code.startswith("hard-") else gettext("Overige punten")


def _sorted_out(found: Sequence[tuple[int, str, str, str]]) -> Findings:
    few = len(found) <= MOST_AT_ONCE
    first, more = list[Line](), dict[str, list[Line]]()
    for line, level, message, kind in found:
        (first if few or not kind else more.setdefault(kind, [])).append((line, level, message))
    errors = any(level == "error" for _, level, *_ in found)
    return Findings(len(found), errors, first, sorted(more.items(), key=lambda one: len(one[1])))


@staff_view()
def service(request: HttpRequest, service: str) -> HttpResponseBase:
    """One service: its versions, and its draft."""
    return _show(request, service, {}, 200)


def _show(request: HttpRequest, service: str, problems: dict[str, Any], status: int) -> HttpResponse:
    versions = queries.versions(service)
    if not versions:
        raise Absent
    findings, changes, has_draft = _draft(service)
    context = {
        "service": service,
        "versions": versions,
        "findings": findings,
        "changes": [change.sentence() for change in changes[:500]],
        "has_draft": has_draft,
        "imported": queries.imported(service),
        "may_edit": access.may_edit_services(actor_of(request)),
        "said": problems.get("", ""),
    }
    return render(request, "desk/service.html", context, status=status)


@staff_view()
def source(request: HttpRequest, service: str) -> HttpResponseBase:
    """The YAML of a version (?versie=2), else of what is published."""
    wanted = request.GET.get("versie", "")
    text = queries.source_of(service, int(wanted) if wanted.isdecimal() and len(wanted) < 9 else None)
    response = HttpResponse(text, content_type="application/yaml; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{service}.yaml"'
    return response


@staff_view("GET", "POST")
def upload(request: HttpRequest) -> HttpResponseBase:
    """A new definition, or a new version of one, as a draft."""
    actor = actor_of(request)
    if not access.may_edit_services(actor):
        raise NotAllowed(gettext("Alleen een redacteur van diensten kan dit."))
    if request.method == "GET":
        return _upload_page(request, 200)
    try:
        if (packed := _export(request)) is not None:
            outcome = actions.import_form(packed, _team(request), actor)
            return see_other("desk_service", outcome.service, done="imported")
        text = _text(request)
        loaded = load(text, "dienst.yaml")
    except (Invalid, NotNow) as error:
        return _upload_page(request, 422, said=error.detail)
    except BadDefinition as bad:
        findings = [(bad.line_of(f.path), f.level, f.message) for f in bad.findings]
        return _upload_page(request, 422, findings=findings, typed=text)
    actions.draft(loaded, actor)
    return see_other("desk_service", loaded.definition.id, done="drafted")


def _upload_page(
    request: HttpRequest, status: int, *, said: str = "", findings: Sequence[Line] = (), typed: str = ""
) -> HttpResponse:
    teams = settings.RAADHUIS_MUNICIPALITY.get("teams") or {}
    context = {
        "findings": findings,
        "said": said,
        "typed": typed,
        "teams": list(teams.items()),
        "team": _team(request),
    }
    return render(request, "desk/service_upload.html", context, status=status)


def _export(request: HttpRequest) -> bytes | None:
    """The bytes of an export of Open Formulieren, when that is what was uploaded. Raises Invalid."""
    file = request.FILES.get("file")
    if file is None or file.read(4) != b"PK\x03\x04":
        if file is not None:
            file.seek(0)
        return None
    if (file.size or 0) > archive.MOST_PACKED:
        raise Invalid({"file": gettext("Dit bestand is te groot voor een formulier: hoogstens 20 MB.")})
    file.seek(0)
    return bytes(file.read())


def _team(request: HttpRequest) -> str:
    """The team that will own what is imported: the chosen one, else that of who imports, else the first."""
    teams = settings.RAADHUIS_MUNICIPALITY.get("teams") or {}
    chosen = text_of(request, "team") if request.method == "POST" else ""
    own = sorted(team for team in actor_of(request).teams if team in teams)
    return next((team for team in (chosen, *own, *teams) if team in teams), "team")


def _text(request: HttpRequest) -> str:
    file = request.FILES.get("file")
    if file is None:
        text = text_of(request, "text")
        if not text.strip():
            raise Invalid({"file": gettext("Kies een YAML-bestand, of plak de tekst.")})
        return text
    if (file.size or 0) > MOST_BYTES:
        raise Invalid({"file": gettext("Dit bestand is te groot voor een dienst: hoogstens 2 MB.")})
    try:
        return str(file.read().decode("utf-8"))
    except UnicodeDecodeError as error:
        raise Invalid({"file": gettext("Dit bestand is geen tekst in UTF-8.")}) from error


ACTS = {
    "publiceren": (actions.publish, "published"),
    "weggooien": (actions.discard_draft, "discarded"),
    "intrekken": (actions.retire, "retired"),
}


@staff_view("POST")
def act(request: HttpRequest, service: str, verb: str) -> HttpResponseBase:
    """Publishes or throws away the draft, or retires the service."""
    if verb not in ACTS:
        raise Absent
    action, done = ACTS[verb]
    gone = verb == "weggooien" and all(v.state == "draft" for v in queries.versions(service))
    return attempt(
        lambda: action(service, actor_of(request)),
        lambda: see_other("desk_services", done=done) if gone else see_other("desk_service", service, done=done),
        lambda problems, status: _show(request, service, problems, status),
    )
