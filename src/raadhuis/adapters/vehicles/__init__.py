"""The kentekenregister (RDW open data): what vehicle a plate belongs to. It knows no owners.

Comes in: a plate as people type it. Goes out: a Vehicle, or None when no vehicle has that plate.
"""

from raadhuis.adapters.vehicles.client import RdwOpenData
from raadhuis.adapters.vehicles.port import Vehicle, Vehicles

__all__ = ["RdwOpenData", "Vehicle", "Vehicles"]
