"""What members of staff may do in which unit, for how long; and what was opened beyond that, in an emergency."""

from uuid import UUID

from pydantic import AwareDatetime, Field

from events.base import Event
from events.personal import Personal
from events.types.night import ReviewVerdict


class StaffRoleGranted(Event, name="staff.role-granted"):
    """Somebody may act in a role in a unit: their own or another, of the same organisation or not.

    An agency's people always have an end.
    """

    staff: UUID
    unit: UUID
    role: str = Field(min_length=1, max_length=40)
    holds_from: AwareDatetime
    until: AwareDatetime | None
    agency: bool


class StaffRoleEnded(Event, name="staff.role-ended"):
    """The role is over, before its end or because it had none."""

    staff: UUID
    unit: UUID
    role: str = Field(min_length=1, max_length=40)


class BreakGlassOpened(Event, name="staff.break-glass-opened"):
    """Somebody takes a role that they do not have, in an emergency, for a short time. It is loud, and reviewed."""

    access: UUID
    staff: UUID
    unit: UUID
    role: str = Field(min_length=1, max_length=40)
    until: AwareDatetime
    reason: Personal[str]


class BreakGlassReviewed(Event, name="staff.break-glass-reviewed"):
    """Somebody else has looked at what was done under it."""

    access: UUID
    staff: UUID
    unit: UUID
    by: UUID
    verdict: ReviewVerdict
    note: Personal[str] | None
