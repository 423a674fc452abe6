"""For which types an application has a right, over their versions: of cases, of documents, of decisions.

In: the rights of an application, a component, scopes. Out: by level of confidentiality the types up to it. Always
holds: a right follows a type over its versions, unless it was tied to one on purpose; what was worked out is kept for
each state of the rights, whose number (`stamp`) rises with every change of them and when a version of a type is added.
"""

from collections import defaultdict
from collections.abc import Mapping
from uuid import UUID

from raadhuis.catalogue.ztc import queries as types
from raadhuis.catalogue.ztc.writing import id_at
from raadhuis.clients.schema import LEVELS, Client

Levels = Mapping[str, frozenset[UUID]]
"""By level of confidentiality, up to which level ("" where types have none): the types."""
MOST_KNOWN = 2000
_OF = {"zrc": "zaaktypen", "drc": "informatieobjecttypen", "brc": "besluittypen"}
_known: dict[tuple[str, str, frozenset[str]], tuple[int, Levels]] = {}


def granted(component: str, client: Client, *scopes: str) -> Levels:
    """For which types the client has one of these scopes of a component ("zrc", "drc", "brc")."""
    key = component, client.client_id, frozenset(scopes)
    held = _known.get(key)
    if held is not None and held[0] == client.stamp:
        return held[1]
    if len(_known) >= MOST_KNOWN:
        _known.clear()
    found = _worked_out(component, client, *scopes)
    _known[key] = client.stamp, found
    return found


def _worked_out(component: str, client: Client, *scopes: str) -> Levels:
    rights = [one for one in client.rights if one.component == component and not one.scopes.isdisjoint(scopes)]
    versions = types.versions_of({right.type for right in rights}, _OF[component])
    by_level: dict[str, set[UUID]] = defaultdict(set)
    for right in rights:
        named = id_at(right.type, _OF[component])
        by_level[right.level] |= {one for one in versions.get(right.type, ()) if not right.one_version or one == named}
    return {level: frozenset(ids) for level, ids in by_level.items() if ids}


def forget_known() -> None:
    """Throws away what is kept in memory: the tables were put back to an earlier state."""
    _known.clear()


def up_to(level: str) -> tuple[str, ...]:
    """The levels of confidentiality up to this one; none for a level that does not exist."""
    return LEVELS[: LEVELS.index(level) + 1] if level in LEVELS else ()
