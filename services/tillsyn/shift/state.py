"""The state of one unit's night at work, folded from its events."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from uuid import UUID, uuid5

from events.base import Event
from events.types.shift import ShiftEntered, ShiftRemoved, SignedIn, SignedOut, Unstaffed

SHIFT_NAMESPACE = UUID("373a097f-b5bd-4bb6-a9a0-9d037f30fcbb")
"""The UUIDv5 namespace of roster lines: the same line, entered again, has the same id."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the roster."""

    staff: UUID
    role: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Shift:
    """A night at work as it stands: the roster, who is signed in as what, who has gone, and whether nobody is there."""

    unit: UUID | None = None
    night: date | None = None
    roster: Mapping[UUID, Line] = field(default_factory=dict)
    signed_in: Mapping[UUID, str] = field(default_factory=dict)
    gone: frozenset[UUID] = frozenset()
    unstaffed: bool = False
    """It is on record that nobody is there; nobody has come since."""


EMPTY = Shift()


def stream_of(unit: UUID, night: date) -> str:
    """The stream of one unit's night at work."""
    return f"shift-{unit}-{night.isoformat()}"


def shift_id(unit: UUID, night: date, line: Line) -> UUID:
    """The id of a line of the roster."""
    times = f"{line.starts_at.timestamp():.0f}/{line.ends_at.timestamp():.0f}"
    return uuid5(SHIFT_NAMESPACE, f"{unit}/{night.isoformat()}/{line.staff}/{line.role}/{times}")


def evolve(shift: Shift, event: Event) -> Shift:
    """The night after `event`. Events of other streams change nothing."""
    match event:
        case ShiftEntered(shift=id_):
            line = Line(event.staff, event.role, event.starts_at, event.ends_at)
            return replace(shift, unit=event.unit, night=event.night, roster={**shift.roster, id_: line})
        case ShiftRemoved(shift=id_):
            return replace(shift, roster={key: line for key, line in shift.roster.items() if key != id_})
        case SignedIn(unit=unit, night=night, staff=staff, role=role):
            there = {**shift.signed_in, staff: role}
            return replace(shift, unit=unit, night=night, signed_in=there, gone=shift.gone - {staff}, unstaffed=False)
        case SignedOut(staff=staff):
            there = {key: role for key, role in shift.signed_in.items() if key != staff}
            return replace(shift, signed_in=there, gone=shift.gone | {staff})
        case Unstaffed(unit=unit, night=night):
            return replace(shift, unit=unit, night=night, unstaffed=True)
        case _:
            return shift
