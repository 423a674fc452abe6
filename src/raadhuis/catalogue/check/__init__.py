"""Everything that can be known to be wrong with a service before anybody uses it.

In: a Loaded definition, and the teams of the municipality. Out: Findings, with paths into the document, so that each
has a line. Always holds: nothing is stored or sent; the work is bounded; errors stop publication, warnings and advice
do not. What rests on expressions that cannot be read is not looked at until those are mended.
"""

from collections.abc import Collection, Iterator

import msgspec
from django.conf import settings

from raadhuis.catalogue.check.bounds import bound_findings
from raadhuis.catalogue.check.cosigning import always_asked_findings, cosign_findings
from raadhuis.catalogue.check.examples import example_findings
from raadhuis.catalogue.check.expressions import expression_findings
from raadhuis.catalogue.check.following import following_findings
from raadhuis.catalogue.check.form import form_findings
from raadhuis.catalogue.check.places import place_findings
from raadhuis.catalogue.check.process import process_findings
from raadhuis.catalogue.check.reach import reach_findings
from raadhuis.catalogue.check.texts import text_findings
from raadhuis.catalogue.check.upl import check_upl
from raadhuis.catalogue.loading import Loaded
from raadhuis.catalogue.schema import Definition
from raadhuis.rules import check as tables
from raadhuis.rules.schema import Finding

__all__ = ["check"]


def check(loaded: Loaded, teams: Collection[str] | None = None) -> list[Finding]:
    """All findings. `teams` are the keys of the municipality's teams; without them, those of the settings."""
    definition = loaded.definition
    if teams is None and settings.configured:
        teams = settings.RAADHUIS_MUNICIPALITY.get("teams")
    found = [
        *check_upl(definition.upl),
        *form_findings(definition),
        *bound_findings(definition),
        *following_findings(definition),
        *process_findings(definition, teams),
        *cosign_findings(definition),
        *_tables(definition),
        *text_findings(definition),
        *place_findings(definition),
        *(expressions := list(expression_findings(definition))),
    ]
    if not any(finding.level == "error" for finding in expressions):
        found += [*reach_findings(definition), *always_asked_findings(definition), *example_findings(definition)]
    return found


def _tables(definition: Definition) -> Iterator[Finding]:
    for number, table in enumerate(definition.tables):
        for finding in tables.findings(table):
            yield msgspec.structs.replace(finding, path=f"tables.{number}.{finding.path}")
