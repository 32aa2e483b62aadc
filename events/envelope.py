"""What is known of an event besides what happened: who, where, when, and because of what."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from events.base import Event


class ActorKind(StrEnum):
    """What kind of somebody caused an event."""

    STAFF = "staff"
    GATEWAY = "gateway"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who caused an event, and in which role (night-staff, patrol, assessor, manager, installer, sweeper …)."""

    kind: ActorKind
    id: str
    role: str


@dataclass(frozen=True, slots=True)
class Owner:
    """Who was responsible at the time: the organisation in law, and the unit that may see it."""

    organisation: UUID
    unit: UUID


@dataclass(frozen=True, slots=True)
class Context:
    """The circumstances that a command hands to every event that follows from it.

    `time` is when it happened (aware, UTC). `clock_trusted` is False where that time came from a clock that cannot be
    believed. `correlation` is shared by all that follows from one cause; `causation` is the id of the message or event
    that directly led here. `traceparent` is W3C Trace Context.
    """

    actor: Actor
    owner: Owner
    time: datetime
    correlation: UUID
    causation: UUID | None = None
    clock_trusted: bool = True
    traceparent: str | None = None


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event that is decided but not yet kept. Its personal fields are sealed before it is appended."""

    id: UUID
    event: Event
    context: Context


@dataclass(frozen=True, slots=True)
class Recorded:
    """An event in the log. `version` counts from 1 in its stream; `position` is its row's number in the log.

    Positions order the events of one stream. Across streams only `read_all` gives an order without gaps.
    """

    id: UUID
    stream: str
    version: int
    position: int
    recordedtime: datetime
    event: Event
    context: Context
