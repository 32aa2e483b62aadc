"""A visit: somebody is asked, answers, arrives and tells what was found."""

from datetime import date
from enum import StrEnum
from uuid import UUID

from pydantic import AwareDatetime, Field

from events.base import Event
from events.personal import Personal
from events.types.unit import NightRules


class VisitKind(StrEnum):
    """Sent because of an escalation, or planned because the camera may not be used."""

    SENT = "sent"
    PLANNED = "planned"


class VisitLimit(StrEnum):
    """Which limit ran out."""

    ACKNOWLEDGE = "acknowledge"
    ARRIVE = "arrive"
    COMPLETE = "complete"


class Found(StrEnum):
    """What the patrol met."""

    ALL_WELL = "all-well"
    NEEDED_HELP = "needed-help"
    ON_THE_FLOOR = "on-the-floor"
    NOT_AT_HOME = "not-at-home"
    CAMERA_FAULT = "camera-fault"


class VisitRequested(Event, name="visit.requested"):
    """Somebody must go. `reason` is the escalation's, or why the camera may not be used."""

    visit: UUID
    kind: VisitKind
    reason: str
    recipient: UUID
    home: UUID
    night: date
    slot: UUID
    not_before: AwareDatetime
    chain: tuple[UUID, ...] = Field(min_length=1)
    rules: NightRules


class VisitAssigned(Event, name="visit.assigned"):
    """This responder is asked; `step` counts how many have been asked before, the same one again included."""

    visit: UUID
    responder: UUID
    step: int
    acknowledge_by: AwareDatetime


class VisitHastened(Event, name="visit.hastened"):
    """A visit that was planned for later is needed now."""

    visit: UUID
    reason: str


class VisitAcknowledged(Event, name="visit.acknowledged"):
    """The responder takes it."""

    visit: UUID
    responder: UUID
    arrive_by: AwareDatetime


class VisitArrived(Event, name="visit.arrived"):
    """The responder is at the door."""

    visit: UUID
    responder: UUID
    complete_by: AwareDatetime


class VisitLimitPassed(Event, name="visit.limit-passed"):
    """The responder did not answer, arrive or finish in time; the next in line is asked."""

    visit: UUID
    limit: VisitLimit
    responder: UUID
    step: int


class VisitCompleted(Event, name="visit.completed"):
    """The visit is done: minutes on site, how many people, kilometres driven for it, and what was found."""

    visit: UUID
    responder: UUID
    minutes: int = Field(ge=0, le=24 * 60)
    people: int = Field(ge=1, le=20)
    kilometres: float = Field(ge=0, le=1000)
    found: Found
    note: Personal[str] | None = None


class VisitClosed(Event, name="visit.closed"):
    """A named person ended the visit without its being made, and says why."""

    visit: UUID
    by: UUID
    reason: Personal[str]


class VisitCalledOff(Event, name="visit.called-off"):
    """The slot that the visit was planned for is cancelled; whoever cancelled it stands in the envelope."""

    visit: UUID
    reason: str
