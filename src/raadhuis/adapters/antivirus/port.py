"""How the rest of the house has a file scanned."""

from typing import BinaryIO, Protocol

import msgspec

from raadhuis.adapters.errors import AdapterUnavailable


class Clean(msgspec.Struct, frozen=True):
    """The scanner read the whole file and knows no harm of it."""


class Infected(msgspec.Struct, frozen=True):
    """The scanner recognised something. `signature` is its own name for it."""

    signature: str


class TooLargeToScan(AdapterUnavailable):
    """The file is larger than the scanner reads: nothing is known about it, so it is neither clean nor infected."""

    status = 413
    code = "too-large-to-scan"
    title = "Dit bestand is te groot"

    def __init__(self) -> None:
        super().__init__("antivirus", "size limit")
        self.detail = "Dit bestand is te groot om op virussen te controleren. Kies een kleiner bestand."


class Antivirus(Protocol):
    """The virus scanner, as the rest of the house sees it."""

    def scan(self, stream: BinaryIO) -> Clean | Infected:
        """Reads `stream` from where it stands to its end. Raises TooLargeToScan, AdapterUnavailable."""
        ...
