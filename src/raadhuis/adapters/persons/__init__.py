"""The basisregistratie personen (BRP): who somebody is, where they live, and with whom.

Comes in: a BSN. Goes out: a Person, or None when the BRP does not know the number.
Always holds: only the fields that Person has are asked for (GDPR article 5(1)(c)); the BSN travels in the body of a
POST and never in a URL; nothing is kept here.
"""

from raadhuis.adapters.persons.client import HaalCentraal
from raadhuis.adapters.persons.port import HouseholdMember, Person, Persons, Relative

__all__ = ["HaalCentraal", "HouseholdMember", "Person", "Persons", "Relative"]
