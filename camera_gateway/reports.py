"""From what a check found to the message that says so."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from camera_gateway.due import Check
from camera_gateway.message import Message
from camera_gateway.pictures import Finding
from events.base import Event
from events.cloudevents import encode
from events.envelope import Actor, ActorKind, Context, NewEvent, Owner
from events.transport import subjects
from events.types.check import (
    CameraTrouble,
    CameraUnreachable,
    CheckDue,
    NoUsablePicture,
    SlotReport,
    report_id,
)


@dataclass(frozen=True, slots=True)
class Sender:
    """Who speaks: this gateway, for the unit that answers for its homes."""

    gateway: UUID
    owner: Owner

    def message(self, event_id: UUID, event: Event, subject: str, context: Context) -> Message:
        """The event as CloudEvents JSON, ready to be sent."""
        return Message(event_id, subject, encode(f"/gateways/{self.gateway}", NewEvent(event_id, event, context)))

    def context(
        self, time: datetime, correlation: UUID, *, causation: UUID | None = None, clock_trusted: bool = True
    ) -> Context:
        """The circumstances of something that the gateway itself did."""
        actor = Actor(ActorKind.GATEWAY, str(self.gateway), "gateway")
        return Context(actor, self.owner, time, correlation, causation=causation, clock_trusted=clock_trusted)

    def report(
        self, check: Check, finding: Finding, at: datetime, *, clock_trusted: bool
    ) -> tuple[Message, SlotReport]:
        """The report of one slot. All that is said of a slot shares its id as correlation; the opening caused it."""
        event = slot_report(check, finding)
        context = self.context(at, check.slot.slot, causation=finding.opening, clock_trusted=clock_trusted)
        subject = subjects.report(self.owner.organisation, self.gateway)
        message_id = report_id(check.slot.slot, type(event), check.attempt)
        return self.message(message_id, event, subject, context), event


def slot_report(check: Check, finding: Finding) -> SlotReport:
    """The one of three events that says what was found."""
    said: dict[str, Any] = {
        "slot": check.slot.slot,
        "recipient": check.recipient,
        "home": check.home,
        "night": check.night,
        "attempt": check.attempt,
    }
    if finding.fault is not None:
        return CameraUnreachable(**said, trouble=CameraTrouble[finding.fault.name])
    if finding.quality is not None and not finding.usable:
        return NoUsablePicture(**said, quality=finding.quality)
    return CheckDue(**said, quality=finding.quality)
