"""Other applications: who is let in, what each may do, and its secret, which is shown once."""

import re
import secrets
from collections import defaultdict
from collections.abc import Callable
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext

from raadhuis.catalogue.ztc import queries as types
from raadhuis.clients import access, actions, queries
from raadhuis.clients.schema import LEVELS, ApplicatieView, NewApplicatie, NewRight
from raadhuis.desk.http import actor_of, see_other, staff_view, text_of
from raadhuis.journal.queries import dead_by_receiver
from raadhuis.kernel.actor import Actor
from raadhuis.kernel.problems import Absent, NotAllowed
from raadhuis.kernel.shapes import Refused
from raadhuis.notices.queries import subscriptions

_CLIENT_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{1,49}")
MOST_LABEL = 100


def _administrator(request: HttpRequest) -> Actor:
    actor = actor_of(request)
    if not access.may_manage(actor):
        raise NotAllowed(gettext("Alleen een beheerder laat applicaties toe."))
    return actor


@staff_view()
def listing(request: HttpRequest) -> HttpResponseBase:
    """Who is let in, and what each may do."""
    _administrator(request)
    _, found = queries.applicaties()
    names = {one.address: one.omschrijving for one in types.newest_zaaktypen()}
    subscribed = defaultdict(list)
    for subscription in subscriptions():
        subscribed[subscription.applicatie].append(subscription)
    context = {
        "clients": [(one, _may(one, names), subscribed[one.id]) for one in found],
        "dead": dead_by_receiver(),
    }
    return render(request, "desk/clients.html", context)


def _may(one: ApplicatieView, names: dict[str, str]) -> list[str]:
    """What an application may, in words."""
    if one.everything:
        return [gettext("alles")]
    found = []
    for right in one.rights:
        name = names.get(right.type) or right.type.rpartition("/")[2]
        level = right.level.replace("_", " ")
        of = f" ({', '.join(part for part in (name, level) if part)})" if name else ""
        found.append(f"{', '.join(right.scopes)}{of}")
    return found


@staff_view("GET", "POST")
def new(request: HttpRequest) -> HttpResponseBase:
    """Lets an application in, and shows its secret."""
    actor = _administrator(request)
    if request.method != "POST":
        return _form(request, {}, 200)
    wanted, problems = _wanted(request)
    if problems:
        return _form(request, problems, 422)
    name, secret = wanted.client_ids[0], secrets.token_urlsafe(32)
    wanted.secrets[name] = secret
    try:
        actions.add_applicatie(wanted, actor)
    except Refused as refused:
        return _form(request, {"client_id": " ".join(fault.reason for fault in refused.faults)}, 422)
    return _secret(request, name, secret)


def _form(request: HttpRequest, problems: dict[str, str], status: int) -> HttpResponse:
    chosen = request.POST.getlist("zaaktype")
    context = {
        "problems": problems,
        "typed": {name: text_of(request, name) for name in ("label", "client_id", "level")},
        "ticked": request.POST.getlist("right"),
        "zaaktypen": [
            {"id": one.address, "label": one.omschrijving, "help": one.identificatie, "chosen": one.address in chosen}
            for one in types.newest_zaaktypen()
        ],
        "levels": [(one, one.replace("_", " ")) for one in LEVELS],
    }
    return render(request, "desk/client_new.html", context, status=status)


def _wanted(request: HttpRequest) -> tuple[NewApplicatie, dict[str, str]]:
    """(the application as it was filled in, what is wrong by control)."""
    problems = {}
    name, label = text_of(request, "client_id").strip(), text_of(request, "label").strip()[:MOST_LABEL]
    if not label:
        problems["label"] = gettext("Schrijf op hoe de applicatie heet.")
    if not _CLIENT_ID.fullmatch(name):
        problems["client_id"] = gettext("Gebruik 2 tot 50 letters, cijfers, punten en streepjes.")
    everything = "everything" in request.POST.getlist("right")
    rights = [] if everything else _rights(request, problems)
    new = NewApplicatie(label=label, client_ids=[name], everything=everything, rights=rights, secrets={})
    return new, problems


def _rights(request: HttpRequest, problems: dict[str, str]) -> list[NewRight]:
    ticked = set(request.POST.getlist("right"))
    rights = []
    if ticked & {"read_types", "write_types"}:
        scopes = ["catalogi.lezen", *(["catalogi.schrijven"] if "write_types" in ticked else [])]
        rights.append(NewRight(component="ztc", scopes=scopes))
    if "read_cases" in ticked:
        known = {one.address for one in types.newest_zaaktypen()}
        chosen = [one for one in request.POST.getlist("zaaktype") if one in known]
        level = text_of(request, "level")
        if not chosen:
            problems["zaaktype"] = gettext("Kies minstens één soort zaak.")
        if level not in LEVELS:
            problems["level"] = gettext("Kies tot welk niveau de applicatie mag kijken.")
        scopes = ["zaken.lezen"]
        rights += [NewRight(component="zrc", scopes=scopes, type=one, level=level) for one in chosen]
    if not ticked:
        problems["right"] = gettext("Kies wat de applicatie mag.")
    return rights


def _secret(request: HttpRequest, name: str, secret: str) -> HttpResponse:
    context = {"client_id": name, "secret": secret, "address": settings.RAADHUIS_URL}
    return render(request, "desk/client_secret.html", context)


@staff_view("POST")
def act(request: HttpRequest, client: UUID, verb: str) -> HttpResponseBase:
    """A new secret, or out."""
    actor = _administrator(request)
    do = ACTS.get(verb)
    found = queries.applicatie(client)
    if do is None or found is None:
        raise Absent
    return do(request, found, actor)


def _renew(request: HttpRequest, found: ApplicatieView, actor: Actor) -> HttpResponse:
    secret = secrets.token_urlsafe(32)
    actions.set_secret(found.client_ids[0], secret, actor)
    return _secret(request, found.client_ids[0], secret)


def _remove(request: HttpRequest, found: ApplicatieView, actor: Actor) -> HttpResponse:
    actions.remove_applicatie(found.id, actor)
    return see_other("desk_clients", done="client-removed")


ACTS: dict[str, Callable[[HttpRequest, ApplicatieView, Actor], HttpResponse]] = {"geheim": _renew, "weg": _remove}
