"""Measures what it costs to take over a register of so many cases.

    python -m benchmarks.take_over --cases 5000 --database sqlite

In: how many cases, which database. Out: a table, and `benchmarks/results/take-over.json`, one entry a line: taking
over, finding everything here, comparing all. Always holds: the source is another Raadhuis, served by a process of its
own on the same machine; the command is a process too, of which CPU and the highest memory are told by the system.
"""

import argparse
import contextlib
import json
import os
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.crash.server import Server, environment, raadhuis
from tools.with_postgres import Cluster, free_port

from benchmarks.__main__ import RESULTS
from benchmarks.commands import measured

NOBODY, NO_MAIL = "http://127.0.0.1:9", "smtp://127.0.0.1:9"
LISTS = "https://referentielijsten.example/api/v1"
EVERY, FILE_BYTES = 5, 100 * 1024
LINES = {"take_over": ["--no-verify"], "again": ["--no-verify"], "verify": ["--verify"]}


def main() -> int:
    """Measures and reports; 1 when something was refused or differs."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.take_over", description="What a take-over costs.")
    parser.add_argument("--cases", type=int, default=5000)
    parser.add_argument("--database", choices=("sqlite", "postgres", "both"), default="both")
    parser.add_argument("--fill", type=int, default=0, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.fill:
        _fill(chosen.fill)
        return 0
    good = True
    for database in ("sqlite", "postgres") if chosen.database == "both" else (chosen.database,):
        lines = _database(database, chosen.cases)
        _keep(database, chosen.cases, lines)
        print(f"{database}: {chosen.cases:,} cases")
        for name, line in lines.items():
            print("  " + f"{name:10}" + "  ".join(f"{what} {value}" for what, value in line.items()))
        good = good and all(line["status"] == 0 for line in lines.values())
    return 0 if good else 1


def _database(database: str, cases: int) -> dict[str, Any]:
    place = tempfile.TemporaryDirectory(prefix="raadhuis-bench-", ignore_cleanup_errors=True)
    with place as folder, contextlib.ExitStack() as after:
        port, settings = free_port(), {}
        for name in ("source", "target"):
            data = Path(folder) / name
            data.mkdir()
            cluster = Cluster(durable=True) if database == "postgres" else None
            if cluster:
                after.callback(cluster.remove)
            settings[name] = environment(data, port, NOBODY, NO_MAIL, cluster.url if cluster else "")
            raadhuis(settings[name], "migrate")
        raadhuis(settings["source"], "--fill", str(cases), module="benchmarks.take_over")
        secret = Path(folder) / "secret"
        secret.write_text(raadhuis(settings["source"], "zgw", "client", "bench", "--all").split()[-1])
        server = Server(port, settings["source"], Path(folder) / "log", 2)
        server.start()
        after.callback(server.kill)
        words = ["zgw", "take-over", f"http://127.0.0.1:{port}", "--client", "bench", "--secret-file", str(secret)]
        return {name: _measured([*words, "--json", *more], settings["target"], cases) for name, more in LINES.items()}


def _measured(words: list[str], settings: Mapping[str, str], cases: int) -> dict[str, Any]:
    ran = measured(words, settings)
    for one in [*ran.told.get("findings", ()), *ran.told.get("compared", {}).get("differences", ())][:5]:
        print(one, file=sys.stderr)
    rows = ran.told.get("taken", {}).get("resources", {}).values()
    return {
        "status": ran.status,
        "seconds": round(ran.seconds, 1),
        "cases_a_second": round(cases / ran.seconds, 1),
        "cpu_ms_a_case": round(1000 * ran.cpu_seconds / cases, 2),
        "peak_mb": ran.peak_mb,
        "rows": sum(sum(counts.values()) for counts in rows),
        "files": ran.told.get("compared", {}).get("files", 0),
    }


def _keep(database: str, cases: int, lines: Mapping[str, Any]) -> None:
    file = RESULTS / "take-over.json"
    held = json.loads(file.read_text()) if file.exists() else {}
    held |= {f"{database}_{name}": {"cases": cases, **line} for name, line in lines.items()}
    entries = ",\n".join(f"{json.dumps(name)}: {json.dumps(line)}" for name, line in held.items())
    file.write_text(f"{{\n{entries}\n}}\n")


def _fill(cases: int) -> None:
    """So many cases with statuses, roles, properties and a document; each fifth document has a file."""
    from raadhuis.site.commands.common import start_django

    start_django()
    from benchmarks.zgw_loader import grow, kinds
    from raadhuis.cases.drc import content
    from raadhuis.cases.models import EnkelvoudigInformatieObject

    of = kinds()
    _complete()
    grow(cases, of)
    rows = EnkelvoudigInformatieObject.objects.order_by("pk")
    for id in list(rows.values_list("pk", flat=True))[::EVERY]:
        stored = content.store().put_bytes(os.urandom(FILE_BYTES))
        held = {"file_key": stored.key, "bestandsomvang": FILE_BYTES, "integriteit_waarde": stored.sha256}
        rows.filter(pk=id).update(**held)


def _complete() -> None:
    """Fills in what the standard asks of types, and the requests of other benchmarks do without."""
    from django.db import transaction

    from raadhuis.catalogue import models
    from raadhuis.catalogue.ztc import reference
    from raadhuis.catalogue.ztc.rendering import store
    from raadhuis.catalogue.ztc.resources import RESOURCES

    chosen = next(iter(reference.rows("resultaten").values()))
    generic = next(iter(reference.rows("resultaattypeomschrijvingen").values()))
    models.Catalogus.objects.update(contactpersoon_beheer_naam="Meter")
    models.InformatieObjectType.objects.update(informatieobjectcategorie="bijlage")
    process = {"selectielijst_procestype": f"{LISTS}/procestypen/{chosen['procesType']}"}
    models.ZaakType.objects.update(referentieproces_naam="Meten", verantwoordelijke="Meter", **process)
    models.ResultaatType.objects.update(
        resultaattypeomschrijving=f"{LISTS}/resultaattypeomschrijvingen/{generic['url']}",
        selectielijstklasse=f"{LISTS}/resultaten/{chosen['url']}",
    )
    for resource in RESOURCES.values():
        with transaction.atomic():
            store(resource, list(resource.rows.values_list("pk", flat=True)))


if __name__ == "__main__":
    sys.exit(main())
