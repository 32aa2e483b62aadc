"""``docs/asyncapi.json``: the contract for integrators, AsyncAPI 3.0.

Made from the registry and the subjects, not from the handlers, which take raw messages and so know no schemas.
https://www.asyncapi.com/docs/reference/specification/v3.0.0
"""

from collections.abc import Iterable
from inspect import getdoc
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from events.base import Event
from events.catalogue.fields import meanings, parts_of
from events.cloudevents import CONTENT_TYPE, WireEvent
from events.home_schedule import GatewaySchedule
from events.looks import messages as look
from events.registry import Registry
from events.transport import dead_letters, subjects
from events.types.check import Heartbeat, SlotReport

SCHEMA_AT = "#/components/schemas/{model}"
Json = dict[str, Any]

DESCRIPTION = (
    "Night-time remote checks in home care: what gateways report, and the feed of everything that happened. "
    "Events are CloudEvents 1.0 in structured JSON. docs/events.md says the same for people."
)


def asyncapi(registry: Registry, version: str = "1.0.0") -> Json:
    """The whole document."""
    kinds = sorted(registry, key=lambda kind: kind.NAME)
    reports = [kind for kind in kinds if issubclass(kind, SlotReport)]
    heartbeats = [kind for kind in kinds if issubclass(kind, Heartbeat)]
    logged = [kind for kind in kinds if kind not in reports and kind not in heartbeats]
    channels = {
        "report": _channel("tillsyn.gw.{organisation}.{gateway}.report", "What a gateway says of a slot.", reports),
        "heartbeat": _channel("tillsyn.gw.{organisation}.{gateway}.heartbeat", "A gateway is alive.", heartbeats),
        "feed": _channel(
            "tillsyn.feed.{organisation}.{unit}.{event}", "Every event of the log, in the log's order.", logged
        ),
        **_plain_channels(),
    }
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "Tillsyn", "version": version, "description": DESCRIPTION},
        "defaultContentType": CONTENT_TYPE,
        "channels": channels,
        "operations": _operations(),
        "components": {
            "messages": {kind.NAME: _message(kind) for kind in kinds} | _plain_messages(),
            "schemas": _schemas(kinds),
        },
    }


def _channel(address: str, description: str, kinds: Iterable[type[Event]]) -> Json:
    return _named_channel(address, description, [kind.NAME for kind in kinds])


def _named_channel(address: str, description: str, messages: list[str]) -> Json:
    return {
        "address": address,
        "description": description,
        "parameters": {name: {"description": text} for name, text in _PARAMETERS.items() if f"{{{name}}}" in address},
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in messages},
    }


_PARAMETERS = {
    "organisation": "Id of the organisation that is responsible.",
    "unit": "Id of the care unit.",
    "gateway": "Id of the gateway.",
    "event": "The event's name, two tokens, e.g. visit.arrived.",
    "stream": "The stream that the message lay in.",
    "place": "Its sequence there, a hyphen, and when it was stored, in microseconds since 1970.",
}


def _plain_channels() -> Json:
    return {
        "look": _named_channel("tillsyn.look.{organisation}.{gateway}", "Asks a gateway for one look.", ["look"]),
        "picture": {
            "address": None,
            "description": "The inbox of whoever asked for the look.",
            "messages": {"picture": {"$ref": "#/components/messages/picture"}},
        },
        "schedule": _named_channel(
            f"$KV.{subjects.SCHEDULES_BUCKET}.{{gateway}}", "A gateway's schedule, in a key-value bucket.", ["schedule"]
        ),
        "dead": _named_channel(
            "tillsyn.dead.{stream}.{place}", "Messages that nobody could read, as they came.", ["dead"]
        ),
    }


def _operations() -> Json:
    """Seen from the tillsyn service."""
    received = {"report": "receiveReports", "heartbeat": "receiveHeartbeats"}
    sent = {"feed": "publishFeed", "schedule": "publishSchedules", "dead": "keepDeadLetters"}
    operations = {
        name: {"action": action, "channel": {"$ref": f"#/channels/{channel}"}}
        for action, named in (("receive", received), ("send", sent))
        for channel, name in named.items()
    }
    look_operation: Json = {
        "action": "send",
        "channel": {"$ref": "#/channels/look"},
        "reply": {
            "address": {"location": "$message.header#/replyTo", "description": "The reply subject of the request."},
            "channel": {"$ref": "#/channels/picture"},
        },
    }
    return operations | {"look": look_operation}


def _message(kind: type[Event]) -> Json:
    payload = {
        "allOf": [
            {"$ref": SCHEMA_AT.format(model=WireEvent.__name__)},
            {
                "type": "object",
                "properties": {
                    "type": {"const": kind.wire_type()},
                    "data": {"$ref": SCHEMA_AT.format(model=kind.__name__)},
                },
            },
        ]
    }
    return {"name": kind.wire_type(), "title": kind.__name__, "summary": getdoc(kind), "payload": payload}


def _plain_messages() -> Json:
    return {
        "look": {
            "contentType": "application/jose",
            "summary": "The grant: a compact JWS, signed by the service with Ed25519.",
            "payload": {"type": "string"},
        },
        "picture": {
            "contentType": "application/octet-stream",
            "summary": "A filtered JPEG, sealed for the viewer (HPKE, RFC 9180); or headers that say why not.",
            "headers": _text_headers(
                look.HEADER_LOOK, look.HEADER_FRAME, look.HEADER_TAKEN_AT, look.HEADER_FAULT, look.HEADER_DETAIL
            ),
            "payload": {"type": "string", "format": "binary"},
        },
        "schedule": {
            "contentType": "application/json",
            "summary": getdoc(GatewaySchedule),
            "payload": {"$ref": SCHEMA_AT.format(model=GatewaySchedule.__name__)},
        },
        "dead": {
            "contentType": "application/octet-stream",
            "summary": "The original bytes and headers, and why they could not be read.",
            "headers": _text_headers(
                dead_letters.HEADER_REASON,
                dead_letters.HEADER_ERROR,
                dead_letters.HEADER_SUBJECT,
                dead_letters.HEADER_STREAM,
                dead_letters.HEADER_SEQUENCE,
                dead_letters.HEADER_AT,
            ),
            "payload": {"type": "string", "format": "binary"},
        },
    }


def _text_headers(*names: str) -> Json:
    return {"type": "object", "properties": {name: {"type": "string"} for name in names}}


def _schemas(kinds: list[type[Event]]) -> Json:
    models: list[type[BaseModel]] = [WireEvent, GatewaySchedule, *kinds]
    _, document = models_json_schema([(model, "validation") for model in models], ref_template=SCHEMA_AT)
    schemas: Json = document["$defs"]
    for model in [*models, *parts_of(models)]:
        for name, text in meanings(model).items():
            described = schemas[model.__name__].get("properties", {}).get(name)
            if described is not None:
                described["description"] = " ".join(text.split())
    return dict(sorted(schemas.items()))
