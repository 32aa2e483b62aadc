"""Events on the wire: CloudEvents 1.0, structured JSON, with our metadata as extension attributes.

https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md — attribute names are lower-case letters and digits.
"""

import json
import re
from datetime import UTC, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from events.base import Event
from events.envelope import Actor, ActorKind, Context, NewEvent, Owner, Recorded
from events.registry import Registry, first_error, parse_wire_type

CONTENT_TYPE = "application/cloudevents+json; charset=utf-8"
MAX_BYTES = 64 * 1024
"""Larger inbound events are refused: the largest that a gateway of ours sends is under 1 KiB."""

NUL = rb"\u0000"
"""As JSON escapes it; a bare one is no JSON."""


class OversizedEventError(Exception):
    """The message is larger than any event may be."""


class NotACloudEventError(Exception):
    """The bytes are no CloudEvent 1.0 in structured JSON with the attributes we need."""


def _in_utc(time: datetime) -> datetime:
    try:
        return time.astimezone(UTC)
    except OverflowError:
        raise ValueError("the time lies outside the calendar") from None


_TRACEPARENT = re.compile("[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")


def _well_formed(traceparent: object) -> object:
    return traceparent if isinstance(traceparent, str) and _TRACEPARENT.fullmatch(traceparent) else None


class WireEvent(BaseModel):
    """The attributes of a CloudEvent as we read and write them. `extra` attributes of others are passed over."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    specversion: Literal["1.0"]
    id: UUID
    source: Annotated[str, Field(min_length=1, max_length=300)]
    type: Annotated[str, Field(min_length=1, max_length=200)]
    subject: str | None = None
    time: Annotated[AwareDatetime, AfterValidator(_in_utc)]
    datacontenttype: Literal["application/json"] = "application/json"
    data: dict[str, Any]
    organisation: UUID
    unit: UUID
    actorkind: ActorKind
    actorid: str
    actorrole: str
    correlationid: UUID
    causationid: UUID | None = None
    traceparent: Annotated[str | None, BeforeValidator(_well_formed)] = None
    """W3C Trace Context; one that is malformed is passed over, as that specification asks."""
    clocktrusted: bool = True
    recordedtime: AwareDatetime | None = None
    streamversion: int | None = None


def encode(source: str, new: NewEvent) -> bytes:
    """An event that is not in the log (a gateway's report) as CloudEvents JSON."""
    return json.dumps(_attributes(source, new.id, new.event, new.context)).encode()


def encode_recorded(recorded: Recorded) -> bytes:
    """An event of the log as CloudEvents JSON; `subject` is its stream."""
    attributes = _attributes("tillsyn", recorded.id, recorded.event, recorded.context)
    attributes |= {
        "subject": recorded.stream,
        "streamversion": recorded.version,
        "recordedtime": _rfc3339(recorded.recordedtime),
    }
    return json.dumps(attributes).encode()


def decode(registry: Registry, body: bytes) -> tuple[WireEvent, Event]:
    """The attributes and the event in `body`.

    OversizedEventError, NotACloudEventError, UnknownEventError or InvalidEventError say what is wrong with it.
    """
    if len(body) > MAX_BYTES:
        raise OversizedEventError(f"the message has {len(body)} bytes; an event has {MAX_BYTES} at most")
    if NUL in body:
        raise NotACloudEventError("not a CloudEvent that we can read: it holds a NUL character, which SQL cannot keep")
    try:
        wire = WireEvent.model_validate_json(body)
    except ValidationError as error:
        raise NotACloudEventError(f"not a CloudEvent that we can read: {first_error(error)}") from None
    name, version = parse_wire_type(wire.type)
    return wire, registry.load(name, version, wire.data)


def context_of(wire: WireEvent) -> Context:
    """The circumstances that a message states about itself."""
    return Context(
        actor=Actor(wire.actorkind, wire.actorid, wire.actorrole),
        owner=Owner(wire.organisation, wire.unit),
        time=wire.time,
        correlation=wire.correlationid,
        causation=wire.causationid,
        clock_trusted=wire.clocktrusted,
        traceparent=wire.traceparent,
    )


def _attributes(source: str, event_id: UUID, event: Event, context: Context) -> dict[str, Any]:
    optional = {
        "causationid": str(context.causation) if context.causation else None,
        "traceparent": context.traceparent,
    }
    return {
        "specversion": "1.0",
        "id": str(event_id),
        "source": source,
        "type": event.wire_type(),
        "time": _rfc3339(context.time),
        "datacontenttype": "application/json",
        "organisation": str(context.owner.organisation),
        "unit": str(context.owner.unit),
        "actorkind": str(context.actor.kind),
        "actorid": context.actor.id,
        "actorrole": context.actor.role,
        "correlationid": str(context.correlation),
        "clocktrusted": context.clock_trusted,
        **{name: value for name, value in optional.items() if value is not None},
        "data": event.model_dump(mode="json"),
    }


def _rfc3339(time: datetime) -> str:
    return time.astimezone(UTC).isoformat().replace("+00:00", "Z")
