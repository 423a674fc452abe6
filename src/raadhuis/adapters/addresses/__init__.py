"""The address register (BAG) through PDOK's Locatieserver: from postcode to address, from words or a point to a place.

Comes in: a postcode and number, words, or a point. Goes out: Addresses and Hits, with the names of buurt and wijk.
Always holds: what somebody typed is never read as query syntax.
"""

from raadhuis.adapters.addresses.client import Locatieserver
from raadhuis.adapters.addresses.port import Addresses, Hit

__all__ = ["Addresses", "Hit", "Locatieserver"]
