"""What cases can be filtered by: key and value, told of the case or of one of its events.

In: the folder of an encoded log. Out: `attributes/told.parquet` (case, key, value), sorted by key and value.
Always holds: made when the first filter asks for it, once: a log that nobody filters does not pay. Keys with very many
different values (a remark, an amount) are left out: nobody chooses among them.
"""

from pathlib import Path

from raadhuis.lean.engine import copy, engine, quoted

MOST_VALUES = 10_000


def ensure(folder: Path) -> bool:
    """Makes the file when it is not there; whether it did. Of two at once one wins, with the same file."""
    target = folder / "attributes" / "told.parquet"
    if target.exists() or not any((folder / "events").glob("*.parquet")):
        return False
    told = f'SELECT "case", attributes FROM read_parquet({quoted(folder / "events" / "*.parquet")})'  # noqa: S608
    if any((folder / "told").glob("*.parquet")):
        told += f" UNION ALL SELECT * FROM read_parquet({quoted(folder / 'told' / '*.parquet')})"  # noqa: S608
    with engine(threads=1) as made:
        made.execute(
            'CREATE TABLE pairs AS SELECT DISTINCT "case", unnest(json_keys(attributes)) AS key, '  # noqa: S608
            f"unnest(json_transform(attributes, '\"MAP(VARCHAR, VARCHAR)\"').map_values()) AS value FROM ({told}) "
            "WHERE attributes <> ''"
        )
        cases = f'(SELECT "case", name FROM read_parquet({quoted(folder / "cases" / "*.parquet")})) AS c'  # noqa: S608
        few = f"SELECT key FROM pairs GROUP BY key HAVING count(DISTINCT value) <= {MOST_VALUES}"  # noqa: S608
        copy(
            made,
            f'SELECT c."case", key, value FROM pairs JOIN {cases} ON c.name = pairs."case" '  # noqa: S608
            f"WHERE value IS NOT NULL AND key IN ({few}) ORDER BY key, value, 1",
            target,
        )
    return True
