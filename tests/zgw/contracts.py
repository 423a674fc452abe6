"""The OpenAPI files of the standard, to hold answers against.

In: a request and its answer. Out: nothing, or a failed assertion. Always holds: also an error is checked, and also the
headers. Where the files are not on this machine, answers are not held against them.
"""

import re
from functools import lru_cache
from pathlib import Path
from typing import Any

import jsonschema
import orjson
import yaml
from django.http import HttpResponse

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "data" / "zgw" / "openapi"
FILES = {
    "catalogi": "catalogi-1.3.3.yaml",
    "autorisaties": "autorisaties-1.1.0.yaml",
    "zaken": "zaken-1.7.0.yaml",
    "documenten": "documenten-1.7.0.yaml",
    "besluiten": "besluiten-1.1.0.yaml",
    "notificaties": "notificaties-1.0.1.yaml",
}


class Contract:
    """One API."""

    def __init__(self, file: Path) -> None:
        self.whole: dict[str, Any] = _in_json_schema(yaml.load(file.read_text("utf-8"), Loader=yaml.CSafeLoader))
        _mend(self.whole)
        self._paths = [(_pattern(path), path, operations) for path, operations in self.whole["paths"].items()]

    @staticmethod
    @lru_cache(maxsize=6)
    def _read(name: str) -> "Contract":
        return Contract(FOLDER / FILES[name])

    @classmethod
    def of(cls, path: str) -> "Contract":
        """The contract that a path falls under."""
        return cls._read(path.split("/")[1])

    def operations(self) -> list[tuple[str, str]]:
        """(method, path) of every operation."""
        methods = {"get", "post", "put", "patch", "delete", "head"}
        return [(m.upper(), path) for _, path, ops in self._paths for m in ops if m in methods]

    def check(self, method: str, path: str, response: HttpResponse) -> None:
        """Fails when the answer is not what the contract says."""
        assert response.headers.get("API-version"), "every answer has API-version"
        status = response.status_code
        assert status < 500, response.content[:500]
        if status >= 400:
            assert response.headers["Content-Type"] == "application/problem+json", response.headers["Content-Type"]
            if method == "HEAD":
                return
            name = "ValidatieFout" if status == 400 and b"invalidParams" in response.content else "Fout"
            self._validate({"$ref": f"#/components/schemas/{name}"}, orjson.loads(response.content))
            return
        found = self._operation(method, path)
        if found is None or method == "HEAD" or response.streaming or not response.content:
            return
        answers = found["responses"].get(str(status)) or next(v for k, v in found["responses"].items() if k < "300")
        content = answers.get("content", {}).get("application/json")
        if content is not None:
            self._validate(content["schema"], orjson.loads(response.content))

    def _operation(self, method: str, path: str) -> dict[str, Any] | None:
        bare = "/" + path.partition("?")[0].partition("/api/v1/")[2]
        found = sorted(
            ((p, ops) for pattern, p, ops in self._paths if pattern.fullmatch(bare)), key=lambda x: "{" in x[0]
        )
        return found[0][1].get(method.lower()) if found else None

    def _validate(self, schema: dict[str, Any], value: Any) -> None:
        validator = jsonschema.Draft202012Validator({**schema, "components": self.whole["components"]})
        error = jsonschema.exceptions.best_match(validator.iter_errors(value))
        if error is not None:
            raise AssertionError(f"{'/'.join(str(p) for p in error.absolute_path)}: {error.message[:600]}")


def _mend(whole: dict[str, Any]) -> None:
    """Where a file contradicts its own text and examples, or every register there is.

    One number that is set apart is an object, several a list. A decision that does not end has no reason for its end,
    which registers write as an empty text. A case that was not extended still has the group (zrc-012), without a
    duration.
    """
    for name in ("Verlenging", "zaken__Verlenging"):
        for extension in whole["components"]["schemas"].get(name, {}).get("anyOf", ())[:1]:
            extension["properties"]["duur"] = {"anyOf": [extension["properties"]["duur"], {"type": "null"}]}
    reasons = whole["components"]["schemas"].get("Besluit", {}).get("properties", {})
    if "vervalreden" in reasons:
        reasons["vervalreden"]["enum"].append("")
        reasons["vervalredenWeergave"]["minLength"] = 0
    reserve = whole["paths"].get("/zaaknummer_reserveren")
    if reserve is not None:
        content = reserve["post"]["responses"]["201"]["content"]["application/json"]
        content["schema"] = {"$ref": "#/components/schemas/OneOrMultipleZaakIdentificaties"}


def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\\{[^}]+\\\}", "[^/]+", re.escape(path)))


def _in_json_schema(node: Any) -> Any:
    """What OpenAPI 3.0 says in other words than JSON Schema: `nullable`, and alternatives."""
    if isinstance(node, list):
        return [_in_json_schema(one) for one in node]
    if not isinstance(node, dict):
        return node
    if str(node.get("$ref", "")).startswith(".."):  # Left behind in the published files: it leads nowhere.
        return {}
    found = {key: _in_json_schema(value) for key, value in node.items()}
    if isinstance(found.get("oneOf"), list):  # The files give alternatives of which one, an empty object, always fits.
        found["anyOf"] = found.pop("oneOf")
    if found.pop("nullable", False) is True:
        return {"anyOf": [found, {"type": "null"}]}
    return found
