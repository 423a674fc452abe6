"""Publishes the example services. Loading them again changes nothing."""

from pathlib import Path

from raadhuis.catalogue import actions
from raadhuis.catalogue.loading import load
from raadhuis.kernel.actor import SYSTEM

FOLDER = Path(__file__).resolve().parent / "services"


def services() -> list[str]:
    """Publishes every definition in the folder; a line for each. Raises NotPublishable."""
    lines = []
    for file in sorted(FOLDER.glob("*.yaml")):
        version, changed = actions.publish_document(load(file.read_text(encoding="utf-8"), file.name), SYSTEM)
        lines.append(f"{file.stem}: version {version}" + ("" if changed else " (was there)"))
    return lines
