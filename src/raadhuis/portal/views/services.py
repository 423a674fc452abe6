"""Finding a service and reading what it takes."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from raadhuis.cases import queries as cases
from raadhuis.catalogue import queries as catalogue
from raadhuis.catalogue.schema import Definition
from raadhuis.intake import access, actions, queries
from raadhuis.kernel import throttle
from raadhuis.kernel.http import language_of
from raadhuis.kernel.texts import Text
from raadhuis.lean.public import figures_of
from raadhuis.lean.schema import FEWEST_PERSONS
from raadhuis.portal.http import person_of, see_other, sessions, to_login

STARTS, WINDOW = 30, 3600


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The start page: what you can settle, what you began, what runs."""
    person, language = person_of(request), language_of(request)
    lines = catalogue.services()
    wanted = request.GET.get("zoek", "").strip()[:80]
    services = [
        {
            "id": line.id,
            "title": line.title.in_(language),
            "summary": line.summary.in_(language),
        }
        for line in lines
        if not wanted
        or wanted.lower() in f"{line.title.nl} {line.title.en} {line.summary.nl} {line.summary.en}".lower()
    ]
    context = {
        "services": services,
        "wanted": wanted,
        "drafts": queries.drafts_of(person, language),
        "cases": cases.cases_of(person.owner, language, 3) if person.owner else [],
    }
    return render(request, "portal/home.html", context)


SECOND = (
    Text(
        "Iemand anders moet mee ondertekenen. Houd het e-mailadres van die persoon bij de hand.",
        "Somebody else must sign too. Have that person's e-mail address at hand.",
    ),
    Text(
        "Soms moet iemand anders mee ondertekenen. Houd dan het e-mailadres van die persoon bij de hand.",
        "Sometimes somebody else must sign too. Then have that person's e-mail address at hand.",
    ),
)


def _second_person(definition: Definition) -> list[Text]:
    """What to know beforehand about a second signature."""
    return [SECOND[bool(definition.cosign.when)]] if definition.cosign else []


@require_safe
def service(request: HttpRequest, service_id: str) -> HttpResponse:
    """A service: what it is, what it costs, how long it takes, the advantage as counted, and the button to begin."""
    person, language = person_of(request), language_of(request)
    published = catalogue.published(service_id)
    definition = published.definition
    context = {
        "definition": definition,
        "title": definition.title.in_(language),
        "summary": definition.summary.in_(language),
        "advantage_text": definition.advantage.text.in_(language),
        "paper": definition.advantage.paper,
        "advantage": cases.service_advantage(service_id, definition.advantage.paper),
        "before": [line.in_(language) for line in (*definition.before_you_start, *_second_person(definition))],
        "laws": [(law.title.in_(language), law.url) for law in definition.laws.values()],
        "realm": access.login_needed(person, definition),
        "instant": bool(definition.decision and definition.decision.table) and not _second_person(definition),
        "term": definition.zaaktype.servicenorm or definition.zaaktype.doorlooptijd,
        "fee": [(line.title.in_(language), line.cents, bool(line.when)) for line in definition.fee.lines]
        if definition.fee
        else [],
        "fee_explanation": definition.fee.explanation.in_(language) if definition.fee else "",
        "drafts": [d for d in queries.drafts_of(person, language) if d.service == service_id],
        "version": published.version,
    }
    return render(request, "portal/service.html", context)


@require_safe
def figures(request: HttpRequest, service_id: str) -> HttpResponse:
    """How long a service takes, whether that is in time, and what its cases wait for; how it is computed."""
    definition = catalogue.published(service_id).definition
    context = {
        "title": definition.title.in_(language_of(request)),
        "service": service_id,
        "found": figures_of(service_id),
        "fewest": FEWEST_PERSONS,
        "term": definition.zaaktype.doorlooptijd,
    }
    return render(request, "portal/figures.html", context)


@require_POST
def begin(request: HttpRequest, service_id: str) -> HttpResponse:
    """Begins an application, after logging in where the service asks it."""
    definition = catalogue.published(service_id).definition
    person = person_of(request)
    realm = access.login_needed(person, definition)
    if realm:
        if request.POST.get("realm") in definition.who.kinds:
            realm = str(request.POST["realm"])
        return to_login(request, realm, definition.who.level, then=f"/diensten/{service_id}/#start")
    throttle.count_attempt("begin", sessions().client_address(request), limit=STARTS, seconds=WINDOW)
    person = person if person.owner else sessions().for_anonymous(request)
    application = actions.start(service_id, person)
    sessions().remember_application(request, application)
    return see_other("go_on", application)


ABOUT = Text("Over deze site", "About this site")


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """Accessibility, privacy, and how automatic decisions are made."""
    return render(
        request,
        "portal/about.html",
        {"title": ABOUT.in_(language_of(request)), "draft_days": settings.RAADHUIS_DRAFT_DAYS},
    )
