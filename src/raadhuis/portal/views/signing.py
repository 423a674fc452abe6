"""Signing along: number and code, logging in where the service asks it, reading everything, and the answer."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from raadhuis.cases import actions, queries
from raadhuis.cases.actions import cosign_hash
from raadhuis.cases.schema import Signer
from raadhuis.catalogue.questions import EmailQuestion
from raadhuis.intake import registers
from raadhuis.intake.reading import Context
from raadhuis.intake.reading.simple import read_email
from raadhuis.kernel import ids, throttle
from raadhuis.kernel.actor import Actor
from raadhuis.kernel.http import attachment, language_of
from raadhuis.kernel.problems import Invalid
from raadhuis.kernel.texts import Text
from raadhuis.portal.http import person_of, see_other, sessions, typed
from raadhuis.portal.views.cases import applicant_of, show_case

EMAIL = EmailQuestion(
    id="email", label=Text("E-mailadres van wie mee ondertekent", "E-mail address of who signs too"), required=False
)
EMPTY = Text("Vul het nummer en de code in.", "Enter the number and the code.")
UNKNOWN = Text(
    "Deze combinatie kennen wij niet. Kijk het nummer en de code na. Hebt u meer e-mails gekregen? Neem de laatste.",
    "We do not know this combination. Check the number and the code. Did you get more e-mails? Take the last one.",
)


@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    """The number and the code of the mail; its link fills them in."""
    if request.method != "POST":
        context = {"error": "", "number": request.GET.get("nummer", "")[:40], "code": request.GET.get("code", "")[:40]}
        return render(request, "portal/sign_enter.html", context)
    number, code = ids.normalise_code(typed(request, "number")), ids.normalise_code(typed(request, "code"))
    if not number or not code:
        return _not_entered(request, EMPTY, number)
    number = f"{number[:4]}-{number[4:]}"
    who = f"{number}|{sessions().client_address(request)}"
    throttle.count_attempt("cosign", who, limit=10, seconds=900)
    found = queries.opened_to_sign(number, cosign_hash(code))
    if found is None:
        return _not_entered(request, UNKNOWN, number)
    throttle.reset("cosign", who)
    sessions().for_anonymous(request)
    sessions().remember_code(request, found, cosign_hash(code))
    return see_other("sign_case", found)


def _not_entered(request: HttpRequest, error: Text, number: str) -> HttpResponse:
    context = {"error": error.in_(language_of(request)), "number": number, "code": ""}
    return render(request, "portal/sign_enter.html", context, status=422)


def _signer(request: HttpRequest, zaak: UUID) -> tuple[Signer, str]:
    """Who asks, and the code (as keyed hash) with which this browser opened this case."""
    person = person_of(request)
    signer = Signer(name=person.name, bsn=person.bsn, kvk=person.kvk, lookup=person.owner, level=person.level)
    return signer if person.owner else Signer(), sessions().code_for(request, zaak)


@require_safe
def case(request: HttpRequest, zaak: UUID) -> HttpResponse:
    """The whole application, to be signed or not; afterwards, what was answered."""
    signer, code = _signer(request, zaak)
    if not signer.lookup and not code:
        return HttpResponseRedirect(reverse("sign"))
    return _show(request, zaak, {}, 200)


def _show(request: HttpRequest, zaak: UUID, problems: dict[str, str], status: int) -> HttpResponse:
    signer, code = _signer(request, zaak)
    view = queries.cosign_case(zaak, signer, code=code, language=language_of(request))
    reason = typed(request, "reason") if request.method == "POST" else ""
    context = {"case": view, "problems": problems, "typed": reason, "logged_in": bool(signer.lookup)}
    return render(request, "portal/sign.html", context, status=status)


@require_POST
def answer(request: HttpRequest, zaak: UUID) -> HttpResponse:
    """ "I sign", or "I do not sign" with the reason. Sent twice, it is answered once."""
    signer, code = _signer(request, zaak)
    person = person_of(request)
    kind = person.kind if person.owner else "anonymous"
    actor = Actor(kind=kind, pseudonym=person.pseudonym or "anonymous", name=person.name)  # type: ignore[arg-type]
    try:
        if typed(request, "answer") == "sign":
            actions.sign(zaak, actor, signer, code=code)
        else:
            actions.refuse(zaak, actor, signer, reason=typed(request, "reason"), code=code)
    except Invalid as error:
        return _show(request, zaak, error.fields, error.status)
    return see_other("sign_case", zaak)


@require_safe
def document(request: HttpRequest, zaak: UUID, document_id: UUID) -> HttpResponseBase:
    """A document of the application, always as attachment."""
    signer, code = _signer(request, zaak)
    key, name, content_type, size = queries.document_to_sign(zaak, document_id, signer, code=code)
    return attachment(registers.open_file(key), name, content_type, size)


@require_POST
def ask_again(request: HttpRequest, zaak: UUID) -> HttpResponse:
    """The applicant has the mail sent again, or corrects the address."""
    lookup, opened, actor = applicant_of(request)
    queries.resident_case(zaak, lookup=lookup, opened=opened)
    reading = read_email(EMAIL, request.POST, "email", Context(language=language_of(request)))
    if reading.errors:
        return show_case(request, zaak, {"email": reading.errors[0][1]}, status=422)
    # Anybody may have a mail sent to any address: not to flood one.
    throttle.count_attempt("cosign-again", sessions().client_address(request), limit=10, seconds=3600)
    try:
        actions.ask_cosigner_again(zaak, actor, email=str(reading.value or ""), lookup=lookup, opened=opened)
    except Invalid as error:
        return show_case(request, zaak, error.fields, status=error.status)
    return see_other("case", zaak)
