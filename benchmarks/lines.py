"""What is asked of one database: `python -m benchmarks.lines CASES REQUESTS`, in a process of its own.

In: a migrated database (the settings'), at how many cases, how often each request is made at most; then, a line at a
time on standard input, "INDEX TIMES": which request, and how often now.
Out: a line of JSON each time on standard output: once filled {cases, load_s}; once asked to begin the requests
[{name, sql}]; and for each batch [[CPU ms, wall ms]].
"""

import json
import os
import random
import sys
import time
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

import httpx

if TYPE_CHECKING:
    from benchmarks.caller import Line

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "raadhuis.site.settings")

OWN_CASES = 20


def main() -> int:
    """Fills, then measures what it is asked for."""
    import django

    django.setup()
    from benchmarks import loader
    from raadhuis.site.example import load

    cases, times = (int(word) for word in sys.argv[1:])
    load.services()
    began = time.monotonic()
    held = loader.Town().grow(cases)
    _say({"cases": held, "load_s": round(time.monotonic() - began, 1)})
    sys.stdin.readline()
    loader.give(loader.resident("fatima").owner, OWN_CASES)
    lines = _lines(times + 1)
    _say([{"name": line.name, "sql": line.statements()} for line in lines])
    for words in sys.stdin:
        index, wanted = (int(word) for word in words.split())
        _say(lines[index].batch(wanted))
    return 0


def _say(what: Any) -> None:
    print(json.dumps(what), flush=True)


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


def _lines(times: int) -> list["Line"]:
    from benchmarks import imported, loader
    from benchmarks.caller import Browser, Line
    from raadhuis.cases.models import Task, Zaak

    # Who applies again and again is not who looks at their twenty cases.
    nobody, fatima, joris = Browser(), logged_in("fatima", "resident"), logged_in("joris", "resident")
    ria, marco = logged_in("ria", "staff"), logged_in("marco", "staff")
    own = list(Zaak.objects.filter(applicant=loader.resident("fatima").owner).values_list("id", flat=True))
    queue = Task.objects.filter(open=True, team="openbare-ruimte").order_by("sort_due", "id")
    tasks = list(queue.values_list("id", "zaak_id", "sort_due")[:400])
    middle = f"{tasks[49][2].isoformat()}_{tasks[49][0]}"
    number = Zaak.objects.filter(teams__team="openbare-ruimte").values_list("identificatie", flat=True)[0]

    def get(name: str, browser: Any, paths: list[str]) -> Line:
        return Line(name, browser, lambda n: browser.environ("GET", paths[n % len(paths)]), 200)

    return [
        get("home", nobody, ["/"]),
        get("service page", nobody, ["/diensten/parkeervergunning/", "/diensten/verhuizing/"]),
        *_form(joris, times),
        get("my cases", fatima, ["/mijn/zaken/"]),
        get("case page", fatima, [f"/mijn/zaken/{zaak}/" for zaak in own]),
        get("queue of 50", ria, ["/werk/"]),
        get("queue of 50, five teams", marco, ["/werk/"]),
        get("queue, next 50", ria, [f"/werk/?na={middle}"]),
        get("task page", ria, [f"/werk/taken/{task}/" for task, _, _ in tasks]),
        get("staff case page", ria, [f"/werk/zaken/{zaak}/" for _, zaak, _ in tasks]),
        get("list of 50 cases", marco, ["/werk/zaken/?alles=1", "/werk/zaken/"]),
        get("search by number", ria, [f"/werk/zoeken/?q={number[:6]}"]),
        get("figures of a service", marco, ["/werk/cijfers/"]),
        *imported.lines(times),
    ]


def _form(browser: Any, times: int) -> list["Line"]:
    """A page shown, a step saved and an application submitted, of the parking permit; `browser` is Joris's."""
    from benchmarks.caller import Line

    browser.ask("GET", "/diensten/parkeervergunning/")
    application = _begun()
    _remember(browser, application)
    page = f"/aanvraag/{application}/vraag/contact/"
    waiting = [_filled() for _ in range(times)]

    def step(number: int) -> dict[str, Any]:
        form = {"email": f"bewoner-{number}@voorbeeld.example", "telefoon": ""}
        found: dict[str, Any] = browser.environ("POST", page, form)
        return found

    return [
        Line("form page", browser, lambda n: browser.environ("GET", page), 200),
        Line("form step saved", browser, step, 303),
        Line("submission", browser, lambda n: browser.environ("POST", f"/aanvraag/{waiting[n]}/overzicht/", {}), 303),
    ]


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
