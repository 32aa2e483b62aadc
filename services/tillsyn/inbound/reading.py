"""Reading a gateway's message: from bytes that anybody could have sent to a report that the service may act on."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from events.cloudevents import context_of, decode
from events.envelope import Actor, ActorKind, Context, Owner
from events.registry import Registry
from events.transport import subjects
from events.transport.dead_letters import UNREADABLE, DeadReason, reason_of
from events.types.check import Heartbeat, SlotReport, report_id

CLOCK_TOLERANCE = timedelta(seconds=5)
"""A gateway's clock may be ahead of ours by so much before its times are recorded as not to be trusted."""


OLDEST = timedelta(days=60)
"""No spool holds a message for so long: a time before that is a clock that is wrong."""
ROLE = "gateway"


class UnreadableMessageError(Exception):
    """The message can never be acted on; `reason` is for the dead-letter stream, the text for people."""

    def __init__(self, reason: DeadReason, text: str) -> None:
        super().__init__(text)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Message:
    """A message as it lies in the inbound stream."""

    subject: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Report:
    """A message that can be acted on. `id` makes a repetition known; `context` is how we record what follows."""

    id: UUID
    gateway: UUID
    event: SlotReport | Heartbeat
    context: Context


@dataclass(frozen=True, slots=True)
class Known:
    """What the service knows of the senders and recipients of a batch."""

    gateways: Mapping[UUID, Owner]
    homes: Mapping[UUID, tuple[UUID, frozenset[UUID]]]
    """Of each recipient: home, and the gateways that its cameras stand behind."""


def read(registry: Registry, message: Message) -> Report:
    """The report in a message, as its sender states it; UnreadableMessageError says why there is none."""
    try:
        _, gateway = subjects.sender(message.subject)
    except ValueError:
        raise UnreadableMessageError(
            DeadReason.UNKNOWN_GATEWAY, f"the subject {message.subject} names no gateway"
        ) from None
    try:
        wire, event = decode(registry, message.body)
    except UNREADABLE as error:
        raise UnreadableMessageError(reason_of(error), str(error)) from None
    if wire.actorkind is not ActorKind.GATEWAY or wire.actorid != str(gateway):
        raise UnreadableMessageError(
            DeadReason.NOT_ITS_OWN, f"gateway {gateway} speaks as {wire.actorkind.value} {wire.actorid}"
        )
    if not isinstance(event, SlotReport | Heartbeat):
        raise UnreadableMessageError(DeadReason.UNKNOWN_TYPE, f"a gateway may not say {event.wire_type()}")
    if isinstance(event, SlotReport) and wire.id != report_id(event.slot, type(event), event.attempt):
        raise UnreadableMessageError(DeadReason.NOT_ITS_OWN, f"{wire.id} is not the id of this report")
    return Report(wire.id, gateway, event, context_of(wire))


def accept(report: Report, known: Known, now: datetime) -> Report:
    """The report of a sender that we know, about its own; UnreadableMessageError otherwise.

    From a known gateway nothing is too old. A time ahead of ours is kept as ours, and recorded as not trusted.
    """
    owner = known.gateways.get(report.gateway)
    if owner is None or owner.organisation != report.context.owner.organisation:
        raise UnreadableMessageError(DeadReason.UNKNOWN_GATEWAY, f"no gateway {report.gateway} is registered")
    _require_about_its_own(report, known)
    actor = Actor(
        ActorKind.GATEWAY, str(report.gateway), ROLE
    )  # who it is, the server vouches for; not what it calls itself
    return replace(report, context=_trusted(replace(report.context, owner=owner, actor=actor), now))


def _require_about_its_own(report: Report, known: Known) -> None:
    event, gateway = report.event, report.gateway
    if isinstance(event, Heartbeat):
        if event.gateway != gateway:
            raise UnreadableMessageError(
                DeadReason.NOT_ITS_OWN, f"gateway {gateway} sends the heartbeat of {event.gateway}"
            )
        return
    place = known.homes.get(event.recipient)
    if place is None:
        raise UnreadableMessageError(DeadReason.UNKNOWN_RECIPIENT, f"no recipient {event.recipient} is registered")
    if place[0] != event.home or gateway not in place[1]:
        raise UnreadableMessageError(
            DeadReason.NOT_ITS_OWN, f"recipient {event.recipient} in home {event.home} is not behind gateway {gateway}"
        )


def _trusted(context: Context, now: datetime) -> Context:
    if context.time > now + CLOCK_TOLERANCE or context.time < now - OLDEST:
        return replace(context, time=now, clock_trusted=False)
    return replace(context, time=min(context.time, now))
