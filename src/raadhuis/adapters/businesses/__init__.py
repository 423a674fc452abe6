"""The Handelsregister (KVK): what a business or foundation is called and where it has its seat.

Comes in: a KVK number. Goes out: a Business, or None when the register does not know it.
Always holds: an address that is shielded in the register (indAfgeschermd) is left out.
"""

from raadhuis.adapters.businesses.client import Basisprofiel
from raadhuis.adapters.businesses.port import Business, Businesses

__all__ = ["Basisprofiel", "Business", "Businesses"]
