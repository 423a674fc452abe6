"""What is measured on one database: `python -m benchmarks.lines TIMES SMALL LARGE`, in a process of its own.

In: a migrated database (the settings'), how often each request is made, and at which numbers of cases.
Out: a JSON list on standard output, for each size {cases, load_s, lines: {line: {cpu_ms, p50_ms, p95_ms, sql}}}.
"""

import json
import os
import random
import sys
import time
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import msgspec

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "raadhuis.site.settings")

OWN_CASES = 20


def main() -> int:
    """Fills, measures, prints."""
    import django

    django.setup()
    from benchmarks import loader
    from raadhuis.site.example import load

    times, *sizes = (int(word) for word in sys.argv[1:])
    load.services()
    town, account = loader.Town(), []
    for size in sizes:
        began = time.monotonic()
        held = town.grow(size)
        filled = time.monotonic() - began
        loader.give(loader.resident("fatima").owner, OWN_CASES)
        lines = {name: msgspec.to_builtins(cost) for name, cost in _measure(times)}
        account.append({"cases": held, "load_s": round(filled, 1), "lines": lines})
    print(json.dumps(account))
    return 0


def logged_in(who: str, realm: str) -> Any:
    """A browser that went to the provider and back."""
    from benchmarks.caller import Browser

    browser = Browser()
    away = browser.ask("GET", f"/inloggen/{realm}/?verder=/&niveau=" + ("substantial" if realm == "resident" else ""))
    with httpx.Client(trust_env=False) as outside:
        back = httpx.URL(outside.get(f"{away.location}&login_hint={who}").headers["Location"])
    answer = browser.ask("GET", back.raw_path.decode())
    assert answer.status == 302, answer
    return browser


def _measure(times: int) -> list[tuple[str, Any]]:
    from benchmarks import imported, loader
    from benchmarks.caller import Browser, cost_of
    from raadhuis.cases.models import Task, Zaak

    # Who applies again and again is not who looks at their twenty cases.
    nobody, fatima, joris = Browser(), logged_in("fatima", "resident"), logged_in("joris", "resident")
    ria, marco = logged_in("ria", "staff"), logged_in("marco", "staff")
    own = list(Zaak.objects.filter(applicant=loader.resident("fatima").owner).values_list("id", flat=True))
    queue = Task.objects.filter(open=True, team="openbare-ruimte").order_by("sort_due", "id")
    tasks = list(queue.values_list("id", "zaak_id", "sort_due")[:400])
    middle = f"{tasks[49][2].isoformat()}_{tasks[49][0]}"
    number = Zaak.objects.filter(teams__team="openbare-ruimte").values_list("identificatie", flat=True)[0]

    def get(browser: Any, paths: list[str]) -> Any:
        return cost_of(browser, lambda n: browser.environ("GET", paths[n % len(paths)]), 200, times)

    return [
        ("home", get(nobody, ["/"])),
        ("service page", get(nobody, ["/diensten/parkeervergunning/", "/diensten/verhuizing/"])),
        *_form(joris, times),
        ("my cases", get(fatima, ["/mijn/zaken/"])),
        ("case page", get(fatima, [f"/mijn/zaken/{zaak}/" for zaak in own])),
        ("queue of 50", get(ria, ["/werk/"])),
        ("queue of 50, five teams", get(marco, ["/werk/"])),
        ("queue, next 50", get(ria, [f"/werk/?na={middle}"])),
        ("task page", get(ria, [f"/werk/taken/{task}/" for task, _, _ in tasks])),
        ("staff case page", get(ria, [f"/werk/zaken/{zaak}/" for _, zaak, _ in tasks])),
        ("list of 50 cases", get(marco, ["/werk/zaken/?alles=1", "/werk/zaken/"])),
        ("search by number", get(ria, [f"/werk/zoeken/?q={number[:6]}"])),
        ("figures of a service", get(marco, ["/werk/cijfers/"])),
        *imported.lines(times),
    ]


def _form(browser: Any, times: int) -> list[tuple[str, Any]]:
    """A page shown, a step saved and an application submitted, of the parking permit; `browser` is Joris's."""
    from benchmarks.caller import cost_of

    browser.ask("GET", "/diensten/parkeervergunning/")
    application = _begun()
    _remember(browser, application)
    place = f"/aanvraag/{application}/vraag"
    shown = cost_of(browser, lambda n: browser.environ("GET", f"{place}/contact/"), 200, times)

    def step(number: int) -> dict[str, Any]:
        form = {"email": f"bewoner-{number}@voorbeeld.example", "telefoon": ""}
        found: dict[str, Any] = browser.environ("POST", f"{place}/contact/", form)
        return found

    saved = cost_of(browser, step, 303, times)
    waiting = [_filled() for _ in range(times + 1)]
    submitted = cost_of(
        browser, lambda n: browser.environ("POST", f"/aanvraag/{waiting[n]}/overzicht/", {}), 303, times
    )
    return [("form page", shown), ("form step saved", saved), ("submission", submitted)]


def _begun() -> UUID:
    from benchmarks.loader import resident
    from raadhuis.intake import actions

    return actions.start("parkeervergunning", resident("joris"))


def _filled() -> UUID:
    """An application with all its answers, of which only the last button is left."""
    from benchmarks.loader import resident
    from raadhuis.kernel import clock
    from raadhuis.site.example.filler import fill_in

    answers = {
        "kenteken": f"G{random.randrange(100, 1000)}RT",
        "eigenaar": "eigen",
        "ingangsdatum": (clock.today() + timedelta(days=7)).isoformat(),
        "email": "joris@voorbeeld.example",
    }
    return fill_in("parkeervergunning", resident("joris"), answers)


def _remember(browser: Any, application: UUID) -> None:
    """Shows the page once, so that the browser has a form token."""
    answer = browser.ask("GET", f"/aanvraag/{application}/vraag/contact/")
    assert answer.status == 200, answer


if __name__ == "__main__":
    sys.exit(main())
