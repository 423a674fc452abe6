"""What tests of notices share: a subscription, a message, the clock moved on."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

from raadhuis.kernel import clock
from zgw.receivers import Receiver

ROOT = "/notificaties/api/v1"
Make = Callable[..., Receiver]
ZAAKTYPE = "https://elders.example/catalogi/api/v1/zaaktypen/1"


def wanted(receiver: Receiver, *channels: str, **other: Any) -> dict[str, Any]:
    """A subscription as a client sends it."""
    return {
        "callbackUrl": receiver.url,
        "auth": "Bearer geheim",
        "kanalen": [{"naam": name, "filters": {}} for name in channels or ("zaken",)],
        **other,
    }


def notice(main: int = 1, **other: Any) -> dict[str, Any]:
    """A message as another system publishes it."""
    return {
        "kanaal": "zaken",
        "hoofdObject": f"https://elders.example/zaken/{main}",
        "resource": "status",
        "resourceUrl": f"https://elders.example/statussen/{uuid4()}",
        "actie": "create",
        "aanmaakdatum": "2026-11-27T10:00:00Z",
        "kenmerken": {"zaaktype": ZAAKTYPE, "bronorganisatie": "000000000"},
        **other,
    }


def later(**time: float) -> Any:
    """The clock, moved on."""
    return clock.at(clock.now() + timedelta(**time))
