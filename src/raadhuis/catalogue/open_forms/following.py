"""`synchronize-variables`: a repeating group that grows with another list becomes one that follows it.

In: the settings of the action. Out: the group, and what it is told: `for_each`, `key`, `given`. Raises Untranslatable,
with the reason. Always holds: a list that is asked for later than the group is refused; a column that our list cannot
give is asked, and named.
"""

from typing import Any

import msgspec

from raadhuis.catalogue.open_forms.archive import Json
from raadhuis.catalogue.open_forms.refs import Untranslatable
from raadhuis.catalogue.open_forms.scope import FormScope
from raadhuis.catalogue.open_forms.tree import Part, Tree

_RELATIVES = {"children": "person.children", "partners": "person.partners", "npFamilyMembers": "person.household"}
# What the register of persons gives of a relative; not the BSN, which stays in the register.
_OF_RELATIVE = {"firstNames": "label", "dateOfBirth": "birth_date", "fullName": "label", "name": "label"}
_GIVEN = {"textfield", "textarea", "email", "phoneNumber", "iban", "bsn", "licenseplate", "postcode"}
_GIVEN |= {"number", "currency", "date", "radio", "select"}
"""Kinds of columns that a list can give."""


class Following(msgspec.Struct, frozen=True):
    """What the group is told, and in sentences what differs."""

    of_group: dict[str, Any]
    remarks: list[str]


class _List(msgspec.Struct, frozen=True):
    """A list as an expression, the part that is its key, and what its parts are called here; None for as there."""

    text: str
    key: str
    parts: dict[str, str] | None


def following(config: Any, when: str, tree: Tree, scope: FormScope) -> tuple[Part, Following]:
    """The group that follows a list, and how. `when` is the condition of the rule, as an expression."""
    found = _snake(config) if isinstance(config, dict) else {}
    target = tree.by_key.get(str(found.get("destination_variable") or ""))
    if target is None or target.kind != "editgrid":
        raise Untranslatable("de lijst die meegroeit is geen herhaling")
    source = _list(str(found.get("source_variable") or ""), str(found.get("identifier_variable") or ""), tree, scope)
    origin = tree.by_key.get(str(found.get("source_variable") or ""))
    order = list(tree.all_parts())
    if origin is not None and order.index(origin) >= order.index(target):
        raise Untranslatable(f"`{origin.key}` wordt pas gevraagd na de lijst die ermee meegroeit")
    if any(column.kind == "file" for column in target.inner):
        raise Untranslatable("een bestand in een lijst die met een andere lijst meegroeit kan niet")
    given, remarks = _columns(found.get("data_mappings"), target, source, scope)
    text = source.text if when == "true" else f"{source.text} if {when} else nothing"
    key = {"key": source.key} if source.key != "id" else {}
    return target, Following({"for_each": text, **key, **({"given": given} if given else {})}, remarks)


def _list(name: str, identifier: str, tree: Tree, scope: FormScope) -> _List:
    part, ref = tree.by_key.get(name), scope.ref(name)
    if part is not None and part.kind in _RELATIVES:
        return _List(f"chosen({_RELATIVES[part.kind]}, {scope.name_of(part)})", "id", _OF_RELATIVE)
    if part is not None and part.kind == "editgrid":
        columns = {column.key: scope.name_of(column) for column in part.inner}
        if identifier not in columns:
            raise Untranslatable(f"`{name[:60]}` heeft geen kolom `{identifier[:60]}` om rijen uit elkaar te houden")
        return _List(scope.name_of(part), columns[identifier], columns)
    if part is None and ref is not None and ref.kind == "list" and ref.of:
        if ref.text in _RELATIVES.values():
            return _List(ref.text, "id", _OF_RELATIVE)
        if not identifier.isidentifier():
            raise Untranslatable("zonder kenmerk zijn de rijen niet uit elkaar te houden")
        return _List(ref.text, identifier, None)
    raise Untranslatable(f"`{name[:60]}` is geen lijst waar een andere mee mee kan groeien")


def _columns(mappings: Any, target: Part, source: _List, scope: FormScope) -> tuple[dict[str, str], list[str]]:
    columns = {column.key: column for column in target.inner}
    given: dict[str, str] = {}
    remarks = ["de aanvrager kan zelf geen rijen toevoegen of weghalen"]
    for mapping in mappings if isinstance(mappings, list) else []:
        row = _snake(mapping) if isinstance(mapping, dict) else {}
        name = str(row.get("component_key") or "").removeprefix(f"{target.key}.")
        column, field = columns.get(name), str(row.get("property") or "")
        part = source.parts.get(field) if source.parts is not None else field
        if column is None:
            remarks.append(f"vult de kolom `{name[:60]}`, en die is er niet")
        elif not part or column.kind not in _GIVEN or column.setting("multiple"):
            remarks.append(f"`{column.key[:60]}` geeft de lijst hier niet: wij vragen het")
        else:
            given[scope.name_of(column)] = part
            if source.parts is _OF_RELATIVE and field == "firstNames":
                remarks.append(f"`{column.key[:60]}` krijgt de hele naam, en niet alleen de voornamen")
    return given, remarks


def _snake(found: Json) -> Json:
    """Older exports write sourceVariable, newer ones source_variable."""
    return {"".join(f"_{c.lower()}" if c.isupper() else c for c in str(key)): value for key, value in found.items()}
