"""What can be asked of a unit's night at work."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from events.types.shift import RosterSource


@dataclass(frozen=True, slots=True)
class EnterShift:
    """Somebody is to work, in a role, between two instants."""

    unit: UUID
    night: date
    staff: UUID
    role: str
    starts_at: datetime
    ends_at: datetime
    source: RosterSource


@dataclass(frozen=True, slots=True)
class RemoveShift:
    """They are not, after all."""

    shift: UUID


@dataclass(frozen=True, slots=True)
class SignIn:
    """Somebody is at work now."""

    unit: UUID
    night: date
    staff: UUID
    role: str


@dataclass(frozen=True, slots=True)
class SignOut:
    """Somebody goes, and hands over to a colleague who is signed in, or to nobody."""

    staff: UUID
    to: UUID | None = None


@dataclass(frozen=True, slots=True)
class CheckStaffed:
    """Hold the night against who is signed in: its next open slot is due then, and one of these roles must be there.

    `without_role` are those whose role has ended since they signed in: they can claim nothing any more.
    """

    unit: UUID
    night: date
    first_slot_at: datetime
    roles: frozenset[str]
    without_role: frozenset[UUID] = frozenset()


Command = EnterShift | RemoveShift | SignIn | SignOut | CheckStaffed
