"""What a subscriber gets: a notice in the format of the standard, or as a CloudEvent.

In: a notice as it lay in the outbox, with its id. Out: headers and bytes. Always holds: the same notice is the same
bytes however often it is sent, with the same id, so that a receiver can drop a double; no personal data.
Sources: ZGW Notificaties 1.0 (Message); CloudEvents 1.0, structured JSON, by the NL GOV profile for CloudEvents 1.0.
"""

from typing import Any
from uuid import UUID

import orjson
from django.conf import settings

from raadhuis.kernel.documents import MARK

ID_HEADER = "X-Raadhuis-Event"


def message(id: UUID, told: dict[str, Any], *, cloud_events: bool) -> tuple[dict[str, str], bytes]:
    """(headers, body) of a notice; `told` as `actions.payload` made it."""
    plain = _full(
        {
            "kanaal": told["channel"],
            "hoofdObject": told["main"],
            "resource": told["resource"],
            "resourceUrl": told["address"],
            "actie": told["action"],
            "aanmaakdatum": told["made"],
            "kenmerken": told["features"],
        }
    )
    kind = "application/cloudevents+json; charset=utf-8" if cloud_events else "application/json"
    headers = {"Content-Type": kind, ID_HEADER: str(id), "User-Agent": "Raadhuis"}
    return headers, orjson.dumps(_event(id, plain) if cloud_events else plain)


def _full(value: Any) -> Any:
    """With our own public address in every address of ours."""
    if isinstance(value, dict):
        return {name: _full(one) for name, one in value.items()}
    return value.replace(MARK, f"{settings.RAADHUIS_URL}/") if isinstance(value, str) else value


def _event(id: UUID, plain: dict[str, Any]) -> dict[str, Any]:
    resource = str(plain["resourceUrl"])
    return {
        "specversion": "1.0",
        "id": str(id),
        "source": source(),
        "type": f"nl.overheid.{plain['kanaal']}.{plain['resource']}.{plain['actie']}",
        # The last part of the address, an id that says nothing about a person.
        "subject": resource.rstrip("/").rpartition("/")[2][:64],
        "time": plain["aanmaakdatum"],
        "datacontenttype": "application/json",
        "dataref": resource,
        "data": plain,
    }


def source() -> str:
    """Who tells, as the profile wants it: the municipality by its organisation number (an OIN made of the RSIN)."""
    return f"urn:nld:oin:00000001{settings.RAADHUIS_MUNICIPALITY['rsin']}000:systeem:raadhuis"


def test_message() -> tuple[dict[str, str], bytes]:
    """What a new subscriber must answer with 204: a notice about nothing."""
    nothing = f"{MARK}notificaties/api/v1/kanaal"
    told = {
        "channel": "test",
        "main": nothing,
        "resource": "test",
        "address": nothing,
        "action": "test",
        "made": "2000-01-01T00:00:00Z",
        "features": {},
    }
    return message(UUID(int=0), told, cloud_events=False)
