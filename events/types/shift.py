"""Shifts: who is to work in a unit's night, who has signed in, and to whom they hand over."""

from datetime import date
from enum import StrEnum
from uuid import UUID

from pydantic import AwareDatetime, Field

from events.base import Event


class RosterSource(StrEnum):
    """Where a line of the roster comes from."""

    ENTERED = "entered"
    IMPORTED = "imported"


class ShiftEntered(Event, name="shift.entered"):
    """Somebody is to work in this night, in this role, between these instants."""

    shift: UUID
    unit: UUID
    night: date
    staff: UUID
    role: str = Field(max_length=40)
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    source: RosterSource


class ShiftRemoved(Event, name="shift.removed"):
    """They are not, after all."""

    shift: UUID
    unit: UUID
    night: date


class SignedIn(Event, name="shift.signed-in"):
    """Somebody is at work now."""

    unit: UUID
    night: date
    staff: UUID
    role: str = Field(max_length=40)


class SignedOut(Event, name="shift.signed-out"):
    """Somebody's shift is over. What they owned goes to `to`, by name, or to nobody, and is loud."""

    unit: UUID
    night: date
    staff: UUID
    to: UUID | None


class Unstaffed(Event, name="shift.unstaffed"):
    """So shortly before the night's first slot nobody is signed in."""

    unit: UUID
    night: date
    first_slot_at: AwareDatetime
