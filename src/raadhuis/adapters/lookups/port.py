"""The door through which other systems are asked, and the error for one that nobody allowed."""

from collections.abc import Mapping
from typing import Any, Final, Literal, Protocol

from raadhuis.kernel.problems import NotAllowed

Method = Literal["get", "post"]

SECONDS: Final = 2.0
"""How long a question may take: somebody waits for the next page."""


class UnknownService(NotAllowed):
    """No administrator gave an address for this service."""

    code = "service-not-allowed"


class Lookups(Protocol):
    """The services that may be asked, as the rest of the house sees them."""

    def ask(
        self,
        service: str,
        path: str,
        method: Method,
        query: Mapping[str, Any],
        body: Mapping[str, Any],
        *,
        within: float = SECONDS,
    ) -> Any:
        """What the service answers at `path` (see `fill_path`) within so many seconds; None when it says 404.

        `query` and `body` hold JSON values; `body` goes along with "post". Raises UnknownService, AdapterUnavailable.
        """
        ...
