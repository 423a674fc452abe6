"""Addresses of others in a body: asked before the transaction begins, so that nobody waits for a register of others.

In: what was sent. Out: what was found there, or Refused (zrc-010, zrc-011). Always holds: an address of ours is not
asked here; its row is looked up in the transaction. Channels of communication are kept by others alone.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from raadhuis.adapters import elsewhere
from raadhuis.kernel.documents import MARK
from raadhuis.kernel.shapes import Fault, Refused

CHANNEL = ("url", "naam", "omschrijving")


def require_there(name: str, sent: Mapping[str, Any]) -> dict[str, Any]:
    """What stands at the addresses of others in this body, by address. Raises Refused."""
    found: dict[str, Any] = {}
    faults = []
    if str(sent.get("communicatiekanaal") or "").startswith(MARK):
        faults.append(Fault("communicatiekanaal", "bad-url", "Op dit adres van ons staat geen communicatiekanaal."))
    for attribute, url, shape in _named(name, sent):
        there = elsewhere.resource(url)
        if there is None:
            faults.append(Fault(attribute, "bad-url", "Dit adres geeft geen antwoord, of is hier niet toegestaan."))
        elif not set(shape) <= there.keys():
            faults.append(Fault(attribute, "invalid-resource", "Op dit adres staat iets anders."))
        else:
            found[url] = there
    if faults:
        raise Refused(*faults)
    return found


def _named(name: str, sent: Mapping[str, Any]) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """(attribute, address, what must be there) of every address that is not ours."""
    asked: list[tuple[str, Any, tuple[str, ...]]] = []
    if name == "zaken":
        asked.append(("communicatiekanaal", sent.get("communicatiekanaal"), CHANNEL))
        others = enumerate(sent.get("relevanteAndereZaken") or ())
        asked += [(f"relevanteAndereZaken.{n}.url", one["url"], ()) for n, one in others]
    if name == "zaakobjecten":
        asked.append(("object", sent.get("object"), ()))
    for attribute, url, shape in asked:
        if url and not url.startswith(MARK):
            yield attribute, url, shape
