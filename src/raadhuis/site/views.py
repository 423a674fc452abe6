"""Pages that belong to no face: language, health, the address look-up of the form's script, the gallery."""

import orjson
from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from raadhuis.catalogue.questions import AddressQuestion
from raadhuis.intake.reading.composed import read_address
from raadhuis.intake.reading.shapes import Context
from raadhuis.intake.registers import adapters
from raadhuis.kernel import throttle
from raadhuis.kernel.db import translate_failures
from raadhuis.kernel.problems import Absent
from raadhuis.kernel.texts import Text
from raadhuis.site.gallery import gallery_context
from raadhuis.site.login import client_address, safe_next
from raadhuis.site.middleware import remember_language


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Remembers the language, and goes back to the page."""
    chosen = request.POST.get("taal", "nl")
    response = HttpResponseRedirect(safe_next(str(request.POST.get("verder", "/"))))
    response.status_code = 303
    remember_language(response, chosen if chosen in {"nl", "en"} else "nl")
    return response


@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """200 when the database answers; for load balancers and for whoever waits for the start."""
    with translate_failures(), connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("goed\n", content_type="text/plain; charset=utf-8")


ADDRESS = AddressQuestion(id="a", label=Text("Adres", "Address"))


@require_safe
def address(request: HttpRequest) -> HttpResponse:
    """Street and town for a postcode and number, as JSON; an enhancement, the form does the same itself."""
    throttle.count_attempt("address", client_address(request), limit=240, seconds=60)
    form = request.GET.copy()
    for part in ("postcode", "house_number", "house_letter", "addition"):
        form[f"a.{part}"] = form.get(part, "")
    reading = read_address(ADDRESS, form, "a", Context(addresses=adapters().addresses))
    found = {k: reading.value[k] for k in ("street", "city") if reading.value and k in reading.value}
    return HttpResponse(orjson.dumps(found), content_type="application/json")


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Services may be found; applications, cases and work may not."""
    closed = "".join(
        f"Disallow: /{folder}/\n" for folder in ("aanvraag", "mijn", "volgen", "werk", "verder", "inloggen")
    )
    return HttpResponse(f"User-agent: *\n{closed}", content_type="text/plain; charset=utf-8")


@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """Every component in every state; only in the demo."""
    if not settings.DEMO:
        raise Absent
    return render(request, "gallery.html", gallery_context())
