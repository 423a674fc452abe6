"""Following a case: the list, one case, messages, documents, withdrawing; also with number and code."""

from datetime import timedelta
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from raadhuis.cases import actions, queries
from raadhuis.cases.actions import follow_hash
from raadhuis.cases.schema import KeptFile, ResidentCase
from raadhuis.intake import registers
from raadhuis.intake.actions.files import kept_file, stream_of
from raadhuis.intake.queries import drafts_of
from raadhuis.kernel import clock, ids, throttle
from raadhuis.kernel.actor import Actor
from raadhuis.kernel.http import attachment, language_of
from raadhuis.kernel.problems import Invalid, Unavailable
from raadhuis.kernel.texts import Text
from raadhuis.lean.prediction.queries import left_of
from raadhuis.portal.http import person_of, see_other, sessions, to_login, typed

MOST_FILES = 5


@require_safe
def my_cases(request: HttpRequest) -> HttpResponse:
    """The cases of who logged in."""
    person, language = person_of(request), language_of(request)
    if not person.owner:
        return to_login(request, "resident")
    context = {
        "cases": queries.cases_of(person.owner, language),
        "drafts": drafts_of(person, language),
        "signed": queries.cosigned_by(person.owner, language),
        "person": person,
    }
    return render(request, "portal/cases.html", context)


def applicant_of(request: HttpRequest) -> tuple[str, UUID | None, Actor]:
    """The keyed hash of who logged in, the case that this browser opened, and the actor."""
    person = person_of(request)
    kind = person.kind if person.owner else "anonymous"
    return (
        person.owner,
        sessions().opened(request),
        Actor(
            kind=kind,  # type: ignore[arg-type]
            pseudonym=person.pseudonym or "anonymous",
            name=person.name,
        ),
    )


@require_safe
def case(request: HttpRequest, zaak: UUID) -> HttpResponse:
    """One case: where it stands, what happens now, and what you can do."""
    return show_case(request, zaak, {})


def show_case(
    request: HttpRequest, zaak: UUID, problems: dict[str, str], text: str = "", status: int = 200
) -> HttpResponse:
    """The page of a case, with what was wrong with a form on it."""
    lookup, opened, _ = applicant_of(request)
    if not lookup and opened != zaak:
        return to_login(request, "resident")
    view = queries.resident_case(zaak, lookup=lookup, opened=opened, language=language_of(request))
    if request.method != "POST" and any(one.direction == "to_applicant" and one.read is None for one in view.messages):
        actions.mark_read(zaak, lookup=lookup, opened=opened)
    context = {
        "case": view,
        "left": _left(view),
        "key": ids.uuid7().hex,
        "problems": problems,
        "typed": text,
        "confirm": request.GET.get("intrekken") == "1",
    }
    return render(request, "portal/case.html", context, status=status)


def _left(view: ResidentCase) -> tuple[int, int] | None:
    """Within how many working days from today a running case is mostly done: at least, and at most; None when that is
    not known well, or would be beyond what the term of law says.
    """
    if view.closed or view.suspended:
        return None
    found = left_of(view.id, view.service)
    if found is None:
        return None
    now = clock.now()
    ends = [clock.local(now + timedelta(microseconds=one)).date() for one in (found.low_us, found.high_us)]
    if view.term and ends[1] > view.term:
        return None
    first, last = (clock.working_days_between(clock.local(now).date(), end) for end in ends)
    return first, max(last, 1)


@require_POST
def write(request: HttpRequest, zaak: UUID) -> HttpResponse:
    """A message to the town hall, with documents."""
    lookup, opened, actor = applicant_of(request)
    queries.resident_case(zaak, lookup=lookup, opened=opened)
    text = typed(request, "text")
    try:
        files = _kept(request)
        actions.write_to_town_hall(
            zaak,
            actor,
            text=text,
            key=typed(request, "key")[:64] or ids.uuid7().hex,
            files=files,
            lookup=lookup,
            opened=opened,
        )
    except Invalid as error:
        return show_case(request, zaak, error.fields, text, error.status)
    except Unavailable as error:  # The scanner or the disk is away: what was typed must not go with it.
        return show_case(request, zaak, {"files": error.detail}, text, error.status)
    return see_other("case", zaak)


def _kept(request: HttpRequest) -> list[KeptFile]:
    files = request.FILES.getlist("files")
    if len(files) > MOST_FILES:
        raise Invalid({"files": gettext("Stuur hoogstens %(n)s bestanden tegelijk mee.") % {"n": MOST_FILES}})
    return [kept_file(stream_of(file), file.name or "", file.size or 0, field="files") for file in files]


@require_POST
def withdraw(request: HttpRequest, zaak: UUID) -> HttpResponse:
    """Takes the application back, after asking once more."""
    lookup, opened, actor = applicant_of(request)
    actions.withdraw(zaak, actor, lookup=lookup, opened=opened)
    return see_other("case", zaak)


@require_safe
def document(request: HttpRequest, document_id: UUID) -> HttpResponseBase:
    """A document of one's own case, always as attachment."""
    lookup, opened, _ = applicant_of(request)
    key, name, content_type, size = queries.document_for_applicant(document_id, lookup=lookup, opened=opened)
    return attachment(registers.open_file(key), name, content_type, size)


@require_http_methods(["GET", "HEAD", "POST"])
def follow(request: HttpRequest) -> HttpResponse:
    """For who did not log in: the number and the code."""
    opened = sessions().opened(request)
    if request.method != "POST":
        return render(request, "portal/follow.html", {"error": "", "opened": opened, "typed": ""})
    number = ids.normalise_code(str(request.POST.get("number", "")))
    if not number or not str(request.POST.get("code", "")).strip():
        empty = Text("Vul het nummer en de code in.", "Enter the number and the code.")
        return _not_followed(request, empty, number)
    number = f"{number[:4]}-{number[4:]}"
    who = f"{number}|{sessions().client_address(request)}"
    throttle.count_attempt("follow", who, limit=10, seconds=900)
    found = queries.followed(number, follow_hash(ids.normalise_code(str(request.POST.get("code", "")))))
    if found is None:
        error = Text(
            "Deze combinatie kennen wij niet. Kijk het nummer en de code na.",
            "We do not know this combination. Check the number and the code.",
        )
        return _not_followed(request, error, number)
    throttle.reset("follow", who)
    sessions().for_anonymous(request)
    sessions().remember_opened(request, found)
    return see_other("case", found)


def _not_followed(request: HttpRequest, error: Text, typed: str) -> HttpResponse:
    context = {"error": error.in_(language_of(request)), "opened": None, "typed": typed}
    return render(request, "portal/follow.html", context, status=422)
