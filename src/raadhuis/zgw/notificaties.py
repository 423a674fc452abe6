"""The Notificaties API: channels, who is subscribed to them, and publishing for other systems.

In: requests. Out: channels and subscriptions as JSON. Always holds: an application sees its own subscriptions only,
unless it has all rights; what a receiver wants as Authorization never leaves, not even to whose it is.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
from django.http import HttpResponse
from django.urls import path

from raadhuis.kernel.documents import address, localised, written
from raadhuis.kernel.problems import Absent
from raadhuis.kernel.shapes import Attribute, Fault, Refused, read
from raadhuis.notices import actions, queries
from raadhuis.notices.schema import Channel, Filtered, NewSubscription, Notice, Subscription
from raadhuis.zgw.door import Api, Asked, Operation, created, doors, plain, resource

API = Api(prefix="notificaties/api/v1", component="nrc", version="1.0.1")
CONTRACT = Path(queries.__file__).with_name("contract.json")
HIDDEN = "********"
"""Stands for what the receiver wants as Authorization; sent back, it leaves that as it is."""
MOST_FEATURES = 50
MOST_LENGTH = 1000
_SNAKE = re.compile(r"_([a-z0-9])")
# Our own choice: what the standard has no word for.
_OURS = (Attribute(kind="boolean", name="cloudEvents"),)


@lru_cache(maxsize=3)
def _attributes(name: str) -> tuple[Attribute, ...]:
    shapes = msgspec.json.decode(CONTRACT.read_bytes(), type=dict[str, tuple[Attribute, ...]])[name]
    return (*shapes, *_OURS) if name == "Abonnement" else shapes


def _sent(asked: Asked, name: str, *, partly: bool = False) -> dict[str, Any]:
    asked.parameters()
    values = read(_attributes(name), asked.body(), partial=partly)
    return {key: localised(value, asked.host) for key, value in values.items()}


def _features(value: Any, place: str) -> dict[str, str]:
    """A map of kenmerken; names as JSON spells them, also when sent in the other spelling. Raises Refused."""
    if value is None:
        return {}
    texts = isinstance(value, Mapping) and all(
        isinstance(one, str) and len(one) <= MOST_LENGTH and not any(c < " " and c != "\x01" for c in one)
        for pair in value.items()
        for one in pair
    )
    if not texts or len(value) > MOST_FEATURES:
        raise Refused(Fault(place, "invalid", "Hier horen kenmerken te staan, elk met een tekst."))
    return {_SNAKE.sub(lambda match: match[1].upper(), name): text for name, text in value.items()}


# Channels --------------------------------------------------------------------------------------------------------
def _channel(one: Channel) -> bytes:
    place = address(f"{API.prefix}/kanaal", one.id)
    return written({"url": place, "naam": one.name, "documentatieLink": one.link, "filters": list(one.features)})


def _channels(asked: Asked) -> HttpResponse:
    name = asked.parameters("naam").get("naam", "")
    return plain(asked, [_channel(one) for one in queries.channels(name)])


def _show_channel(asked: Asked, id: UUID) -> HttpResponse:
    asked.parameters()
    found = next((one for one in queries.channels() if one.id == id), None)
    if found is None:
        raise Absent
    return resource(asked, _channel(found))


def _add_channel(asked: Asked) -> HttpResponse:
    sent = _sent(asked, "Kanaal")
    filters = list(_features(dict.fromkeys(sent.get("filters", ()), ""), "filters"))
    made = actions.add_channel(sent["naam"], sent.get("documentatieLink", ""), filters, asked.client.actor())
    return created(asked, _channel(made))


# Subscriptions -----------------------------------------------------------------------------------------------------
def _subscription(one: Subscription) -> bytes:
    return written(
        {
            "url": address(f"{API.prefix}/abonnement", one.id),
            "callbackUrl": one.callback,
            "auth": HIDDEN,
            "kanalen": [{"naam": channel.name, "filters": channel.filters} for channel in one.channels],
            "cloudEvents": one.cloud_events,
        }
    )


def _whose(asked: Asked) -> UUID | None:
    """Whose subscriptions may be seen: None for everybody's."""
    return None if asked.client.everything else asked.client.applicatie


def _one(asked: Asked, id: UUID) -> Subscription:
    found = queries.subscription(id, _whose(asked))
    if found is None:
        raise Absent
    return found


def _new(sent: Mapping[str, Any]) -> NewSubscription:
    return NewSubscription(
        callback=sent["callbackUrl"],
        auth=None if sent["auth"] == HIDDEN else sent["auth"],
        channels=[
            Filtered(one["naam"], _features(one.get("filters"), f"kanalen.{number}.filters"))
            for number, one in enumerate(sent["kanalen"])
        ],
        cloud_events=sent.get("cloudEvents", False),
    )


def _subscriptions(asked: Asked) -> HttpResponse:
    asked.parameters()
    return plain(asked, [_subscription(one) for one in queries.subscriptions(_whose(asked))])


def _subscribe(asked: Asked) -> HttpResponse:
    new = _new(_sent(asked, "Abonnement"))
    if new.auth is None:
        raise Refused(Fault("auth", "invalid", "Geef hier wat in de Authorization header moet staan."))
    id = actions.subscribe(new, asked.client.applicatie, asked.client.actor())
    return created(asked, _subscription(_one(asked, id)))


def _show(asked: Asked, id: UUID) -> HttpResponse:
    asked.parameters()
    return resource(asked, _subscription(_one(asked, id)))


def _replace(asked: Asked, id: UUID) -> HttpResponse:
    new = _new(_sent(asked, "Abonnement"))
    _one(asked, id)
    actions.change_subscription(id, new, asked.client.actor())
    return resource(asked, _subscription(_one(asked, id)))


def _change(asked: Asked, id: UUID) -> HttpResponse:
    sent = _sent(asked, "Abonnement", partly=True)
    now = _one(asked, id)
    held = {
        "callbackUrl": now.callback,
        "auth": HIDDEN,
        "kanalen": [msgspec.to_builtins(one) | {"naam": one.name} for one in now.channels],
        "cloudEvents": now.cloud_events,
    }
    actions.change_subscription(id, _new({**held, **sent}), asked.client.actor())
    return resource(asked, _subscription(_one(asked, id)))


def _remove(asked: Asked, id: UUID) -> HttpResponse:
    asked.parameters()
    _one(asked, id)
    actions.unsubscribe(id, asked.client.actor())
    return HttpResponse(status=204)


# Publishing ----------------------------------------------------------------------------------------------------------
def _publish(asked: Asked) -> HttpResponse:
    sent = _sent(asked, "Message")
    made = sent["aanmaakdatum"].isoformat().replace("+00:00", "Z")
    features = _features(sent.get("kenmerken"), "kenmerken")
    notice = Notice(
        channel=sent["kanaal"],
        main=sent["hoofdObject"],
        resource=sent["resource"],
        address=sent["resourceUrl"],
        action=sent["actie"],
        features=features,
        made=made,
    )
    actions.publish(notice)
    return resource(asked, written({**sent, "aanmaakdatum": made, "kenmerken": features}))


_READ = ("notificaties.consumeren", "notificaties.publiceren")
_CONSUME, _PUBLISH = ("notificaties.consumeren",), ("notificaties.publiceren",)
urlpatterns = [
    path(
        "kanaal",
        doors(API, get=Operation(_channels, _READ), post=Operation(_add_channel, _PUBLISH)),
        name="zgw_kanaal",
    ),
    path("kanaal/<uuid:id>", doors(API, get=Operation(_show_channel, _READ)), name="zgw_kanaal_one"),
    path(
        "abonnement",
        doors(API, get=Operation(_subscriptions, _READ), post=Operation(_subscribe, _CONSUME)),
        name="zgw_abonnement",
    ),
    path(
        "abonnement/<uuid:id>",
        doors(
            API,
            get=Operation(_show, _READ),
            put=Operation(_replace, _CONSUME),
            patch=Operation(_change, _CONSUME),
            delete=Operation(_remove, _CONSUME),
        ),
        name="zgw_abonnement_one",
    ),
    path("notificaties", doors(API, post=Operation(_publish, _PUBLISH)), name="zgw_notificaties"),
]
