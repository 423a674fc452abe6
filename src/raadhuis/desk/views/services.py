"""Services and their versions: look, upload a draft, see what check says and what changes, publish."""

from typing import Any

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

MOST_BYTES = 2_000_000


@staff_view()
def listing(request: HttpRequest) -> HttpResponseBase:
    """Every service with its versions."""
    context = {"versions": queries.versions(limit=500), "may_edit": access.may_edit_services(actor_of(request))}
    return render(request, "desk/services.html", context)


def _draft(service: str) -> tuple[list[tuple[int, str, str]], list[Change], bool]:
    """(line, level, message) of the draft's findings, what it changes, and whether there is one."""
    try:
        loaded = queries.draft_of(service)
    except Absent:
        return [], [], False
    findings = [(loaded.line_of(f.path), f.level, f.message) for f in check(loaded)]
    try:
        changes = diff(queries.published(service).definition, loaded.definition)
    except Absent:
        changes = []
    return sorted(findings), changes, True


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
        return render(request, "desk/service_upload.html", {"findings": [], "said": "", "typed": ""})
    try:
        if (packed := _export(request)) is not None:
            outcome = actions.import_form(packed, _team(request), actor)
            return see_other("desk_service", outcome.service, done="imported")
        text = _text(request)
        loaded = load(text, "dienst.yaml")
    except (Invalid, NotNow) as error:
        context: dict[str, object] = {"findings": [], "said": error.detail, "typed": ""}
        return render(request, "desk/service_upload.html", context, status=422)
    except BadDefinition as bad:
        findings = [(bad.line_of(f.path), f.level, f.message) for f in bad.findings]
        context = {"findings": findings, "said": "", "typed": text}
        return render(request, "desk/service_upload.html", context, status=422)
    actions.draft(loaded, actor)
    return see_other("desk_service", loaded.definition.id, done="drafted")


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
    """The team that will own what is imported: that of who imports, else the first of the municipality."""
    teams = settings.RAADHUIS_MUNICIPALITY.get("teams") or {}
    own = sorted(team for team in actor_of(request).teams if team in teams)
    return own[0] if own else next(iter(teams), "team")


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
