"""The published JSON Schema of a service definition, so that an editor completes and checks while one types."""

from typing import Any

import msgspec

from raadhuis.catalogue.schema import Definition


def json_schema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of a Definition."""
    made = msgspec.json.schema(Definition)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Raadhuis service definition",
        **made,
    }
