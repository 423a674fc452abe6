"""`raadhuis service`: check, diff, publish, import, export, list, retire and the JSON Schema of definitions."""

import argparse
import sys
from pathlib import Path
from typing import Any

import msgspec

from raadhuis.catalogue.open_forms.report import KINDS
from raadhuis.site.commands.common import SubParsers, add_command, print_json, print_table, start_django


def add(commands: SubParsers) -> None:
    """Adds `service` and its sub-commands."""
    group = commands.add_parser(
        "service", help="service definitions: check, diff, publish, import, export, list, retire, schema"
    )
    inner = group.add_subparsers(dest="action", required=True, metavar="ACTION")
    check = add_command(
        inner,
        "check",
        _check,
        "Check definitions and run their example cases.",
        "raadhuis service check services/*.yaml",
    )
    check.add_argument("files", type=Path, nargs="+")
    check.add_argument("--json", action="store_true")
    check.add_argument("--strict", action="store_true", help="warnings count as errors")
    diff = add_command(
        inner, "diff", _diff, "What a document changes against what is published.", "raadhuis service diff parking.yaml"
    )
    diff.add_argument("file", type=Path)
    diff.add_argument("--json", action="store_true")
    publish = add_command(
        inner, "publish", _publish, "Check and publish definitions.", "raadhuis service publish services/parking.yaml"
    )
    publish.add_argument("files", type=Path, nargs="+")
    bring = add_command(
        inner,
        "import",
        _import,
        "Bring a form from Open Formulieren: a draft, and what was lost.",
        "raadhuis service import evenement.zip --team evenementen",
    )
    bring.add_argument("file", type=Path)
    bring.add_argument("--team", default="", help="the team that owns the service; the first of the municipality")
    bring.add_argument("--json", action="store_true")
    bring.add_argument("--output", type=Path, help="also write the draft to this file")
    export = add_command(
        inner,
        "export",
        _export,
        "The YAML of a service, as it was written.",
        "raadhuis service export parkeervergunning",
    )
    export.add_argument("service")
    export.add_argument("--version", type=int)
    listing = add_command(inner, "list", _list, "All services and their versions.", "raadhuis service list")
    listing.add_argument("--json", action="store_true")
    retire = add_command(
        inner, "retire", _retire, "No new applications; what runs runs on.", "raadhuis service retire parkeervergunning"
    )
    retire.add_argument("service")
    add_command(inner, "schema", _schema, "The JSON Schema of definitions.", "raadhuis service schema > service.json")


def _read(file: Path) -> Any:
    from raadhuis.catalogue.loading import BadDefinition, load

    try:
        return load(file.read_text(encoding="utf-8"), str(file))
    except (OSError, UnicodeDecodeError) as error:
        sys.stderr.write(f"raadhuis: {file} cannot be read: {error}\n")
    except BadDefinition as bad:
        for finding in bad.findings:
            sys.stderr.write(f"{file}:{bad.line_of(finding.path)}: error: {finding.message}\n")
    return None


def _findings(file: Path) -> tuple[list[dict[str, object]], Any]:
    from raadhuis.catalogue.check import check
    from raadhuis.catalogue.loading import BadDefinition, load

    try:
        loaded = load(file.read_text(encoding="utf-8"), str(file))
        found, where = check(loaded), loaded.line_of
    except (OSError, UnicodeDecodeError) as error:
        return [{"file": str(file), "line": 1, "level": "error", "code": "unreadable", "message": str(error)}], None
    except BadDefinition as bad:
        loaded, found, where = None, bad.findings, bad.line_of
    rows: list[dict[str, object]] = [
        {
            "file": str(file),
            "line": where(f.path),
            "level": f.level,
            "code": f.code,
            "path": f.path,
            "message": f.message,
        }
        for f in found
    ]
    return sorted(rows, key=lambda row: int(str(row["line"]))), loaded


def _check(arguments: argparse.Namespace) -> int:
    start_django()
    rows: list[dict[str, object]] = []
    examples = 0
    for file in arguments.files:
        found, loaded = _findings(file)
        rows += found
        examples += len(loaded.definition.examples) if loaded else 0
    errors = sum(row["level"] == "error" for row in rows)
    warnings = sum(row["level"] == "warning" for row in rows)
    if arguments.json:
        print_json(
            {
                "files": len(arguments.files),
                "examples": examples,
                "errors": errors,
                "warnings": warnings,
                "findings": rows,
            }
        )
    else:
        for row in rows:
            sys.stdout.write(f"{row['file']}:{row['line']}: {row['level']}: {row['message']} [{row['code']}]\n")
        sys.stdout.write(
            f"{len(arguments.files)} definitions, {examples} example cases: {errors} errors, {warnings} warnings\n"
        )
    return 1 if errors or (arguments.strict and warnings) else 0


def _diff(arguments: argparse.Namespace) -> int:
    start_django()
    from raadhuis.catalogue import queries
    from raadhuis.catalogue.diffing import diff
    from raadhuis.kernel.problems import Absent

    loaded = _read(arguments.file)
    if loaded is None:
        return 1
    try:
        current = queries.published(loaded.definition.id)
    except Absent:
        sys.stdout.write(f"{loaded.definition.id}: new, nothing is published yet\n")
        return 0
    changes = diff(current.definition, loaded.definition)
    if arguments.json:
        print_json({"service": loaded.definition.id, "from": current.version, "changes": msgspec.to_builtins(changes)})
    else:
        for change in changes:
            sys.stdout.write(change.sentence() + "\n")
        sys.stdout.write(f"{len(changes)} changes against version {current.version}\n")
    return 0


def _publish(arguments: argparse.Namespace) -> int:
    start_django()
    from raadhuis.catalogue import actions
    from raadhuis.kernel.actor import SYSTEM

    status = 0
    for file in arguments.files:
        loaded = _read(file)
        if loaded is None:
            status = 1
            continue
        try:
            version, changed = actions.publish_document(loaded, SYSTEM)
        except actions.NotPublishable as refused:
            for finding in refused.findings:
                sys.stderr.write(f"{file}:{loaded.line_of(finding.path)}: error: {finding.message}\n")
            status = 1
            continue
        word = "published as" if changed else "is already"
        sys.stdout.write(f"{loaded.definition.id} {word} version {version}\n")
    return status


def _import(arguments: argparse.Namespace) -> int:
    start_django()
    from django.conf import settings

    from raadhuis.catalogue import actions, queries
    from raadhuis.kernel.actor import SYSTEM
    from raadhuis.kernel.problems import Problem

    teams = list(settings.RAADHUIS_MUNICIPALITY.get("teams") or {})
    try:
        packed = arguments.file.read_bytes()
        outcome = actions.import_form(packed, arguments.team or (teams[0] if teams else "team"), SYSTEM)
    except OSError as error:
        sys.stderr.write(f"raadhuis: {arguments.file} cannot be read: {error}\n")
        return 1
    except Problem as problem:
        sys.stderr.write(f"raadhuis: {arguments.file}: {problem.detail}\n")
        return 1
    if arguments.output:
        arguments.output.write_text(queries.draft_of(outcome.service).text, encoding="utf-8")
    report = outcome.report
    if arguments.json:
        print_json(
            msgspec.to_builtins(report)
            | {
                "service": outcome.service,
                "share": round(report.share, 4),
                "changes": outcome.changes,
                "conflicts": outcome.conflicts,
            }
        )
        return 0
    counts = [(kind, getattr(report, kind)) for kind in KINDS]
    print_table(["part", "total", "mapped"], [[kind, count.total, count.mapped] for kind, count in counts])
    sys.stdout.write(f"{outcome.service}: a draft; {report.share:.1%} of the form is mapped\n")
    for word, lines in (("lost", report.lost), ("differs", report.remarks)):
        sys.stdout.writelines(f"{word}: {line.sentence()}\n" for line in lines)
    sys.stdout.writelines(f"changed: {change}\n" for change in outcome.changes)
    sys.stdout.writelines(f"kept as edited here: {path}\n" for path in outcome.conflicts)
    return 0


def _export(arguments: argparse.Namespace) -> int:
    start_django()
    from raadhuis.catalogue import queries

    sys.stdout.write(queries.source_of(arguments.service, arguments.version))
    return 0


def _list(arguments: argparse.Namespace) -> int:
    start_django()
    from raadhuis.catalogue import queries

    rows = queries.versions(limit=500)
    if arguments.json:
        print_json({"versions": msgspec.to_builtins(rows)})
    else:
        print_table(
            ["service", "version", "state", "title", "published"],
            [[r.service, r.version, r.state, r.title, f"{r.published:%Y-%m-%d}" if r.published else "-"] for r in rows],
        )
    return 0


def _retire(arguments: argparse.Namespace) -> int:
    start_django()
    from raadhuis.catalogue import actions
    from raadhuis.kernel.actor import SYSTEM

    actions.retire(arguments.service, SYSTEM)
    sys.stdout.write(f"{arguments.service} takes no new applications\n")
    return 0


def _schema(arguments: argparse.Namespace) -> int:
    from raadhuis.catalogue.json_schema import json_schema

    print_json(json_schema())
    return 0
