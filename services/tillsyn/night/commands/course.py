"""The course of a night around its looks: its plan, the visits that its slots stand for, the sweep."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from events.schedule import PlannedSlot
from events.types.unit import NightRules


@dataclass(frozen=True, slots=True)
class PlanNight:
    """Fix the night's slots."""

    recipient: UUID
    home: UUID
    night: date
    slots: tuple[PlannedSlot, ...]
    rules: NightRules


@dataclass(frozen=True, slots=True)
class RecordVisitArrived:
    """Somebody is at the door for the slots that this visit stands for; it may take until `until`."""

    visit: UUID
    until: datetime


@dataclass(frozen=True, slots=True)
class RecordVisitDone:
    """The visit that slots stand for was made."""

    visit: UUID
    by: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class RecordVisitClosed:
    """A named person ended the visit that slots stand for, and said why nobody goes."""

    visit: UUID
    by: UUID


@dataclass(frozen=True, slots=True)
class RecordCovered:
    """A visit met the recipient: whatever was open of them by then is done, whichever slot the visit was made for."""

    visit: UUID
    by: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class Sweep:
    """Escalate every slot whose time is up."""

    at: datetime
