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
    NO_ENTRY = "no-entry"
    """Nobody opens, and the key does not fit."""
    NURSE_CALLED = "nurse-called"
    AMBULANCE_CALLED = "112-called"
    FOUND_DEAD = "found-dead"
    CAMERA_FAULT = "camera-fault"


class Help(StrEnum):
    """Who was called to a home."""

    NURSE = "nurse"
    EMERGENCY = "112"
    POLICE = "police"
    LOCKSMITH = "locksmith"


class DeclineReason(StrEnum):
    """Why a responder cannot go, or cannot go on."""

    WITH_SOMEBODY = "with-somebody"
    STUCK = "stuck"
    TOO_FAR = "too-far"
    UNWELL = "unwell"
    SHIFT_OVER = "shift-over"
    OTHER = "other"


class PhoneOutcome(StrEnum):
    """What a telephone call came to."""

    ANSWERED_WELL = "answered-well"
    NEEDS_HELP = "needs-help"
    NO_ANSWER = "no-answer"


class VisitRequested(Event, name="visit.requested", version=2):
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
    """Who is asked, in this order: patrols and people, the on-call manager last."""
    rules: NightRules
    area: str | None = None
    people: int = 1
    """How many must go together."""
    phone_first: bool = False


class VisitAssigned(Event, name="visit.assigned", version=2):
    """This responder is asked; `step` counts how many have been asked before, the same one again included."""

    visit: UUID
    responder: UUID
    step: int
    acknowledge_by: AwareDatetime
    loudness: int = 0
    """0 at first; it grows with each time that the last in the chain is asked again."""
    second: bool = False
    """Asked to go along: whoever has the visit keeps it."""


class VisitHastened(Event, name="visit.hastened"):
    """A visit that was planned for later is needed now."""

    visit: UUID
    reason: str


class VisitAcknowledged(Event, name="visit.acknowledged", version=2):
    """The responder takes it."""

    visit: UUID
    responder: UUID
    arrive_by: AwareDatetime
    by: UUID | None = None
    """The person who said so, where the responder is a patrol."""
    people: int = 1
    """How many they are: the crew of the car."""


class VisitArrived(Event, name="visit.arrived", version=3):
    """The responder is at the door."""

    visit: UUID
    responder: UUID
    complete_by: AwareDatetime
    by: UUID | None = None
    people: int = 1
    second: bool = False
    """They came to help: whoever has the visit keeps it."""
    at: AwareDatetime | None = None
    """When that was, where it was told only with what was found."""


class VisitLimitPassed(Event, name="visit.limit-passed", version=2):
    """The responder did not answer, arrive or finish in time; the next in line is asked."""

    visit: UUID
    limit: VisitLimit
    responder: UUID
    step: int
    second: bool = False
    """The one who was to go along."""


class VisitCompleted(Event, name="visit.completed", version=2):
    """The visit is done: minutes on site, how many people, kilometres driven for it, and what was found."""

    visit: UUID
    responder: UUID
    minutes: int = Field(ge=0, le=24 * 60)
    people: int = Field(ge=1, le=20)
    kilometres: float = Field(ge=0, le=1000)
    found: Found
    note: Personal[str] | None = None
    by: UUID | None = None
    also_seen: tuple[UUID, ...] = ()
    """Other recipients of the home who were met, and are well."""


class VisitMadeWith(Event, name="visit.made-with"):
    """The recipient was met on another visit: this one is done with it. Minutes and kilometres stand there, once."""

    visit: UUID
    made: UUID
    """The visit on which they were met."""
    responder: UUID


class VisitClosed(Event, name="visit.closed"):
    """A named person ended the visit without its being made, and says why."""

    visit: UUID
    by: UUID
    reason: Personal[str]


class VisitCalledOff(Event, name="visit.called-off"):
    """What the visit was for is gone: its slot is cancelled, or the recipient was fetched, or has died.

    Whoever said so stands in the envelope.
    """

    visit: UUID
    reason: str


class VisitDeclined(Event, name="visit.declined"):
    """The responder cannot go, or cannot go on: the next in line is asked at once."""

    visit: UUID
    responder: UUID
    by: UUID
    reason: DeclineReason
    second: bool = False
    """The one who was to go along."""


class VisitNeedsTwo(Event, name="visit.needs-two"):
    """One person is not enough (a lift, a threat): two must go."""

    visit: UUID
    by: UUID


class VisitJoined(Event, name="visit.joined"):
    """A second responder goes along, or has come to help."""

    visit: UUID
    responder: UUID
    by: UUID
    arrive_by: AwareDatetime
    people: int = 1


class VisitPhoned(Event, name="visit.phoned"):
    """Somebody phoned the home before driving there, or instead."""

    visit: UUID
    by: UUID
    outcome: PhoneOutcome


class VisitFoundNobody(Event, name="visit.found-nobody"):
    """The responder was there and met nobody: the visit goes on, and the next in line is asked what to do."""

    visit: UUID
    responder: UUID
    by: UUID
    found: Found
    minutes: int = Field(ge=0, le=24 * 60)
    people: int = Field(ge=1, le=20)
    kilometres: float = Field(ge=0, le=1000)


class VisitHelpCalled(Event, name="visit.help-called"):
    """Somebody else was called to the home."""

    visit: UUID
    by: UUID
    whom: Help


class VisitHeld(Event, name="visit.held"):
    """The home lies in an incident: nobody is asked until a named person has decided about it there."""

    visit: UUID
    incident: UUID


class VisitReleased(Event, name="visit.released"):
    """A named person sends somebody after all: the chain is asked from its beginning."""

    visit: UUID
    by: UUID


class VisitMoved(Event, name="visit.moved"):
    """The recipient moved: the visit is to be made at another home."""

    visit: UUID
    home: UUID
    area: str | None = None


class VisitDriven(Event, name="visit.driven"):
    """Kilometres driven for a visit that was not made: called off, closed or handed on when the car was on its way."""

    visit: UUID
    responder: UUID
    by: UUID
    kilometres: float = Field(gt=0, le=1000)
