"""`docs/tour.md` is true: its code runs, block after block, in one town hall."""

import re
from datetime import timedelta
from pathlib import Path

from house import House
from raadhuis.kernel import clock

TOUR = Path(__file__).resolve().parent.parent / "docs" / "tour.md"


def test_every_block_of_the_tour_runs(house: House, tmp_path: Path) -> None:
    blocks = re.findall(r"```python\n(.*?)```", TOUR.read_text(encoding="utf-8"), re.DOTALL)
    assert len(blocks) >= 8
    scope = {
        "house": house,
        "folder": tmp_path / "export",
        "in_a_week": (clock.today() + timedelta(days=7)).isoformat(),
    }
    for number, block in enumerate(blocks, 1):
        exec(compile(block, f"docs/tour.md, block {number}", "exec"), scope)


def test_every_file_that_the_docs_name_exists() -> None:
    root = TOUR.parent.parent
    for page in [*TOUR.parent.glob("*.md"), root / "README.md"]:
        for name in re.findall(
            r"`((?:src|docs|tests|tools|frontend|benchmarks)/[\w./\-]+\.\w+)`", page.read_text("utf-8")
        ):
            assert (root / name).exists(), f"{page.name} names {name}, which is not there"
