"""What the source fetches from other systems, as look-ups of ours.

Always holds: a look-up names the service and never its address: which addresses may be asked is for an administrator.
"""

import re
from typing import Any

from raadhuis.catalogue.open_forms.archive import Variable
from raadhuis.catalogue.open_forms.logic import Translator
from raadhuis.catalogue.open_forms.naming import joined, words_of
from raadhuis.catalogue.open_forms.refs import Untranslatable, quoted
from raadhuis.catalogue.open_forms.report import Account
from raadhuis.catalogue.open_forms.scope import FormScope

_TOKEN = re.compile(r"(\{\{.*?\}\})", re.DOTALL)
_RESULT = re.compile(r"[A-Za-z_]\w*(\.\w+)*|")


def lookup_of(
    variable: Variable, name: str, when: str, translator: Translator, scope: FormScope, account: Account
) -> dict[str, Any]:
    """The look-up of a variable. Raises Untranslatable."""
    fetch = variable.fetch
    title = str(fetch.get("name") or variable.name)
    lookup: dict[str, Any] = {
        "name": name,
        "title": {"nl": title},
        "service": joined(words_of(title), "-") or "dienst",
        "path": _path(str(fetch.get("path") or ""), scope),
    }
    if str(fetch.get("method") or "GET").upper() == "POST":
        lookup["method"] = "post"
    query = {}
    for key, values in (fetch.get("query_params") or {}).items():
        for value in values[:1] if isinstance(values, list) else [values]:
            found = _expression(str(value), scope)
            if found is None:
                account.remark("variables", variable.key, f"`{key}` wordt niet meegestuurd: het verwijst naar niets")
            else:
                query[str(key)] = found
    if query:
        lookup["query"] = query
    body = _body(fetch.get("body"), translator, account, variable)
    if body:
        lookup["body"] = body
    lookup["result"] = _result(fetch)
    lookup["when"] = when
    account.remark(
        "variables", variable.key, f"sluit de dienst `{lookup['service']}` aan; zij krijgt onze vorm van antwoorden"
    )
    return {key: value for key, value in lookup.items() if value not in ("", "true")}


def _path(template: str, scope: FormScope) -> str:
    parts = []
    for token in _TOKEN.split(template):
        if not token.startswith("{{"):
            parts.append(token)
            continue
        place = scope.place(token[2:-2].strip())
        if place is None:
            raise Untranslatable(f"het adres verwijst naar {token[:60]}, en dat bestaat niet")
        parts.append(place)
    return "".join(parts)


def _expression(template: str, scope: FormScope) -> str | None:
    """`{{ x }}` is the value of x; a text with places in it is joined; a text without is itself."""
    tokens = [token for token in _TOKEN.split(template) if token]
    found = []
    for token in tokens:
        if not token.startswith("{{"):
            found.append(quoted(token))
            continue
        ref = scope.ref(token[2:-2].strip())
        if ref is None or ref.text == "true":
            return None
        found.append(ref.text)
    return found[0] if len(found) == 1 else f"join({', '.join(found[:4])})" if found else quoted("")


def _body(body: Any, translator: Translator, account: Account, variable: Variable) -> dict[str, str]:
    if isinstance(body, dict) and list(body) == ["merge"]:
        inner = body["merge"][0] if isinstance(body["merge"], list) and len(body["merge"]) == 1 else body["merge"]
        body = inner if isinstance(inner, dict) else body
    if not body:
        return {}
    if not isinstance(body, dict):
        account.remark("variables", variable.key, "wat wordt meegestuurd, past niet in een object")
        return {}
    found = {}
    for key, logic in body.items():
        try:
            found[str(key)] = translator.value(logic).text
        except Untranslatable as error:
            account.remark("variables", variable.key, f"`{key}` wordt niet meegestuurd: {error}")
    return found


def _result(fetch: dict[str, Any]) -> str:
    mapping = fetch.get("mapping_expression")
    if fetch.get("data_mapping_type") not in (None, "", "JsonLogic"):
        raise Untranslatable(f"het antwoord wordt met {fetch.get('data_mapping_type')} uitgelezen")
    if mapping in (None, "", {}, {"var": ""}):
        return ""
    path = mapping.get("var") if isinstance(mapping, dict) and len(mapping) == 1 else None
    if isinstance(path, str) and _RESULT.fullmatch(path):
        return path
    raise Untranslatable("het antwoord wordt met een berekening uitgelezen")
