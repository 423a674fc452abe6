"""Look-ups: what any other system knows, asked in JSON while somebody fills in a form.

Comes in: the name of a service that an administrator allowed, a path below its address, a question. Goes out: what its
JSON says. Always holds: a question goes to the address of that service and nowhere else; an answer is bounded in time,
size and depth, and holds nothing but JSON.
"""

from raadhuis.adapters.lookups.client import HttpLookups
from raadhuis.adapters.lookups.paths import BadPath, fill_path
from raadhuis.adapters.lookups.port import SECONDS, Lookups, Method, UnknownService

__all__ = ["SECONDS", "BadPath", "HttpLookups", "Lookups", "Method", "UnknownService", "fill_path"]
