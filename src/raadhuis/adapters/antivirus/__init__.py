"""The virus scanner: whether a file that somebody sent is safe to keep.

Comes in: a binary stream. Goes out: Clean or Infected.
Always holds: only a scanner that read the whole file and said so makes a file Clean, or Infected; everything else is
AdapterUnavailable.
"""

from raadhuis.adapters.antivirus.client import ClamAv
from raadhuis.adapters.antivirus.port import Antivirus, Clean, Infected, TooLargeToScan

__all__ = ["Antivirus", "ClamAv", "Clean", "Infected", "TooLargeToScan"]
