"""Measures the bulk load of cases: `raadhuis zgw load`.

    python -m benchmarks.zgw_load --cases 20000 --database sqlite

In: how many cases, which database. Out: a table, and `benchmarks/results/zgw-load.json`, one entry a line: cases alone,
cases with roles, properties and a status, and the same closed. 1 when fewer than 1,000 a second came in, or not all.
Always holds: the database is an empty one for each line but for its 200 zaaktypen, and keeps what it says it keeps.
"""

import argparse
import contextlib
import json
import sys
import tempfile
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
from tests.crash.server import environment, raadhuis
from tools.with_postgres import Cluster, free_port

from benchmarks.__main__ import RESULTS
from benchmarks.commands import measured

WANTED = 1000
NOBODY, NO_MAIL = "http://127.0.0.1:9", "smtp://127.0.0.1:9"
LINES = ("alone", "open", "closed")


def main() -> int:
    """Measures and reports."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.zgw_load", description="What a bulk load costs.")
    parser.add_argument("--cases", type=int, default=20_000)
    parser.add_argument("--database", choices=("sqlite", "postgres", "both"), default="both")
    parser.add_argument("--write", default="", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.write:
        _write(chosen.write, chosen.cases)
        return 0
    good = True
    for database in ("sqlite", "postgres") if chosen.database == "both" else (chosen.database,):
        lines = {name: _line(name, database, chosen.cases) for name in LINES}
        _keep(database, chosen.cases, lines)
        print(f"{database}: {chosen.cases:,} cases")
        for name, line in lines.items():
            missed = "" if line["cases_a_second"] >= WANTED else "  MISSED"
            print("  " + f"{name:10}" + "  ".join(f"{what} {value}" for what, value in line.items()) + missed)
            good = good and not missed and line["status"] == 0
    return 0 if good else 1


def _line(name: str, database: str, cases: int) -> dict[str, Any]:
    place = tempfile.TemporaryDirectory(prefix="raadhuis-bench-", ignore_cleanup_errors=True)
    with place as folder, contextlib.ExitStack() as after:
        cluster = Cluster(durable=True) if database == "postgres" else None
        if cluster:
            after.callback(cluster.remove)
        data = Path(folder) / "data"
        data.mkdir()
        settings = environment(data, free_port(), NOBODY, NO_MAIL, cluster.url if cluster else "")
        raadhuis(settings, "migrate")
        file = Path(folder) / "zaken.ndjson"
        words = ("--write", f"{name}:{file}", "--cases", str(cases))
        raadhuis(settings, *words, module="benchmarks.zgw_load")
        ran = measured(["zgw", "load", str(file), "--json"], settings)
        for line in ran.told["lines"][:5]:
            print(line, file=sys.stderr)
        return {
            "status": ran.status,
            "loaded": ran.told["loaded"],
            "cases_a_second": round(ran.told["loaded"] / ran.told["seconds"]),
            "cpu_ms_a_case": round(1000 * ran.told["cpu_seconds"] / cases, 2),
            "peak_mb": ran.peak_mb,
        }


def _keep(database: str, cases: int, lines: Mapping[str, Any]) -> None:
    file = RESULTS / "zgw-load.json"
    held = json.loads(file.read_text()) if file.exists() else {}
    held |= {f"{database}_{name}": {"cases": cases, **line} for name, line in lines.items()}
    entries = ",\n".join(f"{json.dumps(name)}: {json.dumps(line)}" for name, line in held.items())
    file.write_text(f"{{\n{entries}\n}}\n")


def _write(where: str, cases: int) -> None:
    """A file of so many cases of a database whose types are made here."""
    from raadhuis.site.commands.common import start_django

    start_django()
    from django.conf import settings

    from benchmarks.zgw_loader import kinds

    name, _, file = where.partition(":")
    of, types = kinds(), f"{settings.RAADHUIS_URL}/catalogi/api/v1"
    with Path(file).open("wb") as out:
        out.writelines(orjson.dumps(one) + b"\n" for one in _cases(name, cases, of, types))


def _cases(name: str, cases: int, of: list[Any], types: str) -> Iterator[dict[str, Any]]:
    began = datetime.now(UTC).replace(microsecond=0) - timedelta(days=30)
    for number in range(cases):
        kind = of[number % len(of)]
        zaak = {
            "identificatie": f"LOAD-{number:08d}",
            "zaaktype": f"{types}/zaaktypen/{kind.id}",
            "bronorganisatie": "000000000",
            "verantwoordelijkeOrganisatie": "000000000",
            "startdatum": began.date().isoformat(),
            "omschrijving": f"Zaak {number}",
        }
        if name == "alone":
            yield zaak
            continue
        whole = {"zaak": zaak, "rollen": _rollen(number, kind, types)}
        whole["eigenschappen"] = [
            {"eigenschap": f"{types}/eigenschappen/{one}", "waarde": "groen"} for one in kind.properties
        ]
        if name == "closed":
            whole["resultaat"] = {"resultaattype": f"{types}/resultaattypen/{kind.result}"}
        whole["statussen"] = [
            {
                "statustype": f"{types}/statustypen/{kind.statuses[place]}",
                "datumStatusGezet": (began + timedelta(days=place + 1)).isoformat(),
            }
            for place in ((0, 1, 2) if name == "closed" else (0,))
        ]
        yield whole


def _rollen(number: int, kind: Any, types: str) -> list[dict[str, Any]]:
    return [
        {
            "betrokkeneType": "natuurlijk_persoon",
            "roltype": f"{types}/roltypen/{kind.roles[0]}",
            "roltoelichting": "Aanvrager",
            "betrokkeneIdentificatie": {"inpBsn": f"99999{number % 10_000:04d}"},
        },
        {
            "betrokkeneType": "medewerker",
            "roltype": f"{types}/roltypen/{kind.roles[1]}",
            "roltoelichting": "Behandelaar",
            "betrokkeneIdentificatie": {"identificatie": "meter", "achternaam": "Meter"},
        },
    ]


if __name__ == "__main__":
    sys.exit(main())
