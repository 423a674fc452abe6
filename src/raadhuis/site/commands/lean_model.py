"""`raadhuis lean model`, and what `raadhuis lean show` says of the model of a process and of how cases fit it.

In: a log, and how much is noise. Out: a file for other tools, or heads and rows.
"""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

from raadhuis.site.commands.common import SubParsers, add_command, start_django

Rows = tuple[list[str], list[list[object]]]
FORMATS = ("bpmn", "pnml", "tree", "json")
NOISE = 0.2


def add(inner: SubParsers) -> None:
    """Adds `model`."""
    model = add_command(
        inner,
        "model",
        _write,
        "Discover the model of a log (inductive miner) and write it: BPMN, a Petri net (PNML), a process tree or JSON.",
        "raadhuis lean model Vergunningen --format bpmn --file vergunningen.bpmn",
    )
    model.add_argument("log")
    model.add_argument("--format", choices=FORMATS, default="bpmn")
    model.add_argument("--file", type=Path, help="where to; standard output, when left out")
    add_noise(model)


def add_noise(command: argparse.ArgumentParser) -> None:
    """Adds `--noise`."""
    command.add_argument("--noise", type=_share, default=NOISE, help="0 to 1: how rare is left out of a model")


def _share(text: str) -> float:
    share = float(text)
    if not 0 <= share <= 1:
        raise argparse.ArgumentTypeError("a share is between 0 and 1")
    return share


def _write(arguments: argparse.Namespace) -> int:
    start_django()
    from raadhuis.lean import queries
    from raadhuis.lean.discovery.queries import model
    from raadhuis.lean.discovery.writing import written

    log = queries.named(arguments.log)
    found = model(log.id, noise=arguments.noise)
    text = written(found.tree, arguments.format, log.name)
    if arguments.file is None:
        sys.stdout.write(text)
    else:
        try:
            arguments.file.write_text(text, "utf-8")
        except OSError as error:
            sys.stderr.write(f"raadhuis: {arguments.file} cannot be written: {error.strerror}\n")
            return 1
    sys.stderr.writelines(f"raadhuis: {said}\n" for said in _left_out(found))
    return 0


def _left_out(found: Any) -> list[str]:
    said = []
    if found.left_out:
        said.append(f"the {found.left_out} rarest activities are left out, with {found.left_steps} steps")
    if found.cases_left:
        said.append(f"{found.cases_left} cases went ways too rare to be looked at")
    if found.simplified:
        said.append("part of the model was too much to work out: there it allows any order")
    return said


def asks(noise: float, service: str | None) -> dict[str, Callable[[UUID], Any]]:
    """What `show LOG model` and `show LOG conformance` ask; with a service, what it declares is the model."""

    def model_of(id: UUID) -> Any:
        from raadhuis.lean.discovery.queries import model

        return model(id, noise=noise)

    def conformance_of(id: UUID) -> Any:
        from raadhuis.lean.conformance.queries import conformance, declared

        return declared(id, service).found if service else conformance(id, noise=noise)

    return {"model": model_of, "conformance": conformance_of}


def _model(found: Any) -> Rows:
    rows: list[list[object]] = [["tree", str(found.tree)], ["cases", found.cases], ["steps", found.steps]]
    return ["what", f"noise {found.noise:g}"], rows + [["note", said] for said in _left_out(found)]


def _conformance(told: Any) -> Rows:
    """Of a model that was discovered, or of what a service declares."""
    found = getattr(told, "conformance", told)
    looked = found.cases - found.not_replayed
    heads: list[list[object]] = [
        ["cases that fit", "", found.fitting, f"{found.fitting / looked:.2%}" if looked else "-"],
        _fitness("fitness by replay", looked, found.replay_fitness),
        _fitness("fitness by alignment", found.aligned, found.alignment_fitness),
    ]
    rows: list[list[object]] = [
        [one.kind, one.activity, one.cases, ", ".join(one.examples)] for one in found.deviations
    ]
    if told is not found:
        version = f"version {told.version}"
        heads.append(["still open: not looked at", version, told.open, ""])
        heads.append(["withdrawn: not looked at", version, told.withdrawn, ""])
    return ["what", "activity", "cases", "how much, or examples"], heads + rows


def _fitness(what: str, cases: int, fitness: float) -> list[object]:
    return [what, "", cases, f"{fitness:.4f}" if cases else "-"]


TABLES: dict[str, Callable[[Any], Rows]] = {"model": _model, "conformance": _conformance}
