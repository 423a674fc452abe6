"""Everything that can be known to be wrong with a service before anybody uses it.

In: a Loaded definition. Out: Findings, with paths into the document, so that each has a line.
Always holds: nothing is stored or sent; the work is bounded; errors stop publication, warnings and advice do not.
"""

from collections.abc import Iterator

import msgspec

from raadhuis.catalogue.check.upl import check_upl
from raadhuis.catalogue.loading import Loaded
from raadhuis.catalogue.schema import Definition
from raadhuis.rules import check as tables
from raadhuis.rules.schema import Finding

__all__ = ["check"]


def check(loaded: Loaded) -> list[Finding]:
    """All findings, in the order of the document's rooms: errors, warnings and advice."""
    definition = loaded.definition
    return [*check_upl(definition.upl), *_tables(definition)]


def _tables(definition: Definition) -> Iterator[Finding]:
    for number, table in enumerate(definition.tables):
        for finding in tables.findings(table):
            yield msgspec.structs.replace(finding, path=f"tables.{number}.{finding.path}")
