"""Whether what another application sends holds a virus.

In: a stream. Out: what is known of it. Always holds: what holds a virus is not kept; what nobody could look at is
marked so, and the desk says it; when the scanner that was promised is away, nothing comes in.
"""

from typing import BinaryIO

from django.conf import settings

from raadhuis.adapters.antivirus import ClamAv, Infected, TooLargeToScan
from raadhuis.kernel.shapes import fault


def look_over(stream: BinaryIO) -> str:
    """ "clean"; "unscanned" without a scanner, or for a file that is larger than it reads.

    Raises Refused for a virus, AdapterUnavailable when the scanner is away.
    """
    url = settings.RAADHUIS_ADAPTERS["antivirus_url"]
    if not url:
        return "unscanned"
    try:
        found = ClamAv(url).scan(stream)
    except TooLargeToScan:
        return "unscanned"
    if isinstance(found, Infected):
        raise fault("inhoud", "infected", "In dit bestand zit een virus. Wij hebben het niet bewaard.")
    return "clean"
