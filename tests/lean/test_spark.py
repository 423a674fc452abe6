"""Every expression gives the same on Spark as on DuckDB, with and without a filter, over the same Parquet."""

import inspect
import os
import random
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from lean.logs import asked, encoded
from raadhuis.lean import office, store, stream, traits
from raadhuis.lean.analyses import expressions as e
from raadhuis.lean.analyses.filters import filtered
from raadhuis.lean.analyses.spark import OnSpark
from raadhuis.lean.engine import engine, write
from raadhuis.lean.schema import USUAL, Filter

pytest.importorskip("pyspark", reason="PySpark is a development dependency")
pytestmark = pytest.mark.skipif(shutil.which("java") is None, reason="there is no Java; tools/test installs one")

FILTERS = [
    Filter(),
    Filter(
        start=date(1970, 1, 1),
        end=date(1970, 1, 25),
        longer_us=1,
        shorter_us=10**13,
        attributes=(("kanaal", "web"),),
        contains=(("a", "b"),),
        activity=("c",),
    ),
    Filter(activity=("nergens",)),
    Filter(activity=("c",), hours=USUAL),
]


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Some hundred cases with ties, teams, repeats, begins and ends of work, attributes and waiting."""
    folder = tmp_path_factory.mktemp("spark")
    dice = random.Random(7)
    events = [
        {
            "case": f"zaak {dice.randrange(150)}",
            "activity": dice.choice("abcdé"),
            "time": dice.randrange(60) * 43_200_000_000,
            "lifecycle": dice.choice(["start", "complete", "complete"]),
            "resource": dice.choice(["", *"pqrstu"]),
            "team": dice.choice(["", "x", "y", "z"]),
        }
        for _ in range(800)
    ]
    encoded(events, folder)
    import numpy

    cases = numpy.arange(100, dtype=numpy.int32)
    with engine() as made:
        told = {"case": cases, "key": numpy.array(["kanaal"] * 100, dtype=object)}
        told["value"] = numpy.array([("web", "balie")[n % 2] for n in range(100)], dtype=object)
        write(made, told, folder / "attributes" / "told.parquet")
        spans = {"case": cases, "cause": cases % 6, "begin": cases.astype(numpy.int64)}
        write(made, spans | {"length": spans["begin"] * 1000}, folder / "intervals" / "000000.parquet")
    office.ensure(folder)
    return folder


@pytest.fixture(scope="module")
def session() -> Iterator[Any]:
    """Spark in this process, on one core, without a page of its own, in UTC."""
    from pyspark.sql import SparkSession

    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    made = (
        SparkSession.builder.master("local[1]")
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.sql.shuffle.partitions", "1")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.memory", "1g")
        .getOrCreate()
    )
    yield made
    made.stop()


def _expressions(t: e.Tables) -> dict[str, Any]:
    """All of them: one that is added comes along by itself."""
    more: dict[str, list[tuple[Any, ...]]] = {"handover": [("team",), ("resource",)], "whole_ways": [(5,)]}
    more["ways"] = [([0, 5, 7],)]
    found = {}
    for name, make in inspect.getmembers(e, inspect.isfunction):
        if make.__module__ == e.__name__ and name not in {"tables", "arcs_of", "_timed"}:
            for arguments in more.get(name, [()]):
                found[f"{name}{arguments}"] = make(t, *arguments)
    return found | {"arcs_of": e.arcs_of(t.steps), "stream": stream.steps_of(t)} | traits.tables_of(t)


def _same(one: Any, two: Any) -> bool:
    """Means and percentiles to the last digits of a float; all else exactly."""
    return bool(one == pytest.approx(two, rel=1e-12)) if isinstance(one, float | list) and two else one == two


def test_both_engines_give_the_same(log: Path, session: Any) -> None:
    spark = OnSpark(session, log)
    with asked(log) as (run, names):
        places = {name: place for place, name in enumerate(names)}
        compared = 0
        for chosen in FILTERS:
            for name, expression in _expressions(filtered(e.tables(), chosen, places)).items():
                ours, theirs = sorted(run.rows(expression), key=str), sorted(spark.rows(expression), key=str)
                assert len(ours) == len(theirs), (name, chosen)
                for one, two in zip(ours, theirs, strict=True):
                    assert all(map(_same, one, two)), (name, chosen, one, two)
                compared += len(ours)
    assert compared > 500


def test_arcs_that_were_not_counted_are_counted_by_either(log: Path, session: Any, tmp_path: Path) -> None:
    before = tmp_path / "before"
    shutil.copytree(log, before, ignore=shutil.ignore_patterns("arcs", store.FILE))
    spark, t = OnSpark(session, before), e.tables()
    with asked(before) as (run, _), asked(log) as (counted, _):
        for expression in (e.follows(t), e.rework(t)):
            assert sorted(spark.rows(expression)) == sorted(run.rows(expression)) == sorted(counted.rows(expression))


def test_spark_must_be_in_utc(log: Path, session: Any) -> None:
    session.conf.set("spark.sql.session.timeZone", "Europe/Amsterdam")
    try:
        with pytest.raises(ValueError, match="UTC"):
            OnSpark(session, log)
    finally:
        session.conf.set("spark.sql.session.timeZone", "UTC")
