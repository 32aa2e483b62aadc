"""What can be asked of somebody's roles."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from events.types.night import ReviewVerdict


@dataclass(frozen=True, slots=True)
class GrantRole:
    """Let somebody act in a role in a unit, from an instant on, for ever or until another. An agency's people end."""

    staff: UUID
    unit: UUID
    role: str
    holds_from: datetime
    until: datetime | None
    agency: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class EndRole:
    """The role is over now. `registered` says whether they were registered with it, and so have it without an end."""

    staff: UUID
    unit: UUID
    role: str
    registered: bool


@dataclass(frozen=True, slots=True)
class OpenBreakGlass:
    """Take a role that one does not have, in an emergency, for so long."""

    access: UUID
    staff: UUID
    unit: UUID
    role: str
    reason: str
    at: datetime
    holds: timedelta


@dataclass(frozen=True, slots=True)
class ReviewBreakGlass:
    """A manager has looked at what was done under it."""

    access: UUID
    by: UUID
    verdict: ReviewVerdict
    note: str | None


Command = GrantRole | EndRole | OpenBreakGlass | ReviewBreakGlass
