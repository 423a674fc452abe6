"""Stand-ins for the outside systems: real servers on loopback, with invented people in an invented town.

Always holds: they speak the protocol of what they stand in for, so that no client knows the difference.
"""

from raadhuis.adapters.standins.people import DemoIdentity, demo_identities

__all__ = ["DemoIdentity", "demo_identities"]
