"""One slot of a night as it stands: its lease, its looks, and how it ended. No clock, no personal field, no I/O."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid5

from events.looks.grant import LookPurpose
from events.schedule import PlannedSlot, SlotKind
from events.types.night import AlarmCaller, CompletedBy, DelayReason, EscalationReason, ReviewVerdict

MOST_LOOKS = 3
"""So many looks are one agreed check, at most: a person not seen is looked for again, and whoever cannot tell what they
then see asks a colleague.
"""


class Status(StrEnum):
    """How a slot stands. Everything but OPEN is an end."""

    OPEN = "open"
    COMPLETED = "completed"
    ESCALATED = "escalated"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Lease:
    """Who holds a slot, and until when."""

    by: UUID
    until: datetime

    def live(self, at: datetime) -> bool:
        """Whether the lease still holds at `at`."""
        return at < self.until


@dataclass(frozen=True, slots=True)
class Look:
    """One look: whose, until when it may be served, and whether a live picture was."""

    by: UUID
    valid_until: datetime
    served_at: datetime | None = None
    failed: bool = False
    purpose: LookPurpose = LookPurpose.SLOT
    reviewed: tuple[UUID, ReviewVerdict] | None = None
    """By whom, and what they found."""


@dataclass(frozen=True, slots=True)
class Completion:
    """How a slot was completed."""

    how: CompletedBy
    by: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class Slot:
    """One slot as it stands now. `reports` maps each attempt to the trouble it told of, or to None."""

    plan: PlannedSlot
    kind: SlotKind
    status: Status
    late_at: datetime
    deadline: datetime
    escalates_at: datetime
    reports: Mapping[int, EscalationReason | None] = field(default_factory=dict)
    heard: frozenset[tuple[int, str]] = frozenset()
    """Every report that was kept, late ones included: attempt and what it said."""
    lease: Lease | None = None
    looks: Mapping[UUID, Look] = field(default_factory=dict)
    answerable: frozenset[UUID] = frozenset()
    """Looks granted under the present lease: only these can be answered."""
    look_trouble: EscalationReason | None = None
    visit: UUID | None = None
    second_look_at: datetime | None = None
    delayed: frozenset[DelayReason] = frozenset()
    completion: Completion | None = None
    because_of: UUID | None = None
    cancelled_by: UUID | None = None
    """Who cancelled it by name: nothing that changes takes it up again, but they, or a colleague, may reopen it."""
    caller: AlarmCaller | None = None
    """On whose word the slot is there: a manual alarm, which no schedule asked for."""
    raised_by: UUID | None = None
    """Who raised that alarm."""
    uncertain_by: UUID | None = None
    answer_by: datetime | None = None
    """Until when a colleague of `uncertain_by` has to answer."""
    reopened_by: UUID | None = None
    reopened_at: datetime | None = None
    reopenings: int = 0
    seen_before: bool = False
    """Somebody had looked before it was reopened: the look that was agreed on has been."""
    reason: EscalationReason | None = None
    """Why it was escalated; until it is completed, for who reopens a slot in doubt ends the visit and not the doubt."""

    @property
    def id(self) -> UUID:
        """The slot's id."""
        return self.plan.slot

    @property
    def due_at(self) -> datetime:
        """When it is to be done: its agreed time, or when it was reopened. What stands against it is judged by that."""
        return self.reopened_at or self.plan.due_at

    @property
    def open(self) -> bool:
        """Whether the slot still has to end."""
        return self.status is Status.OPEN

    @property
    def looked_enough(self) -> bool:
        """Whether there were as many looks as were agreed to; one of which nobody knows what came may have been one."""
        return sum(not look.failed for look in self.looks.values()) >= MOST_LOOKS

    @property
    def for_the_camera(self) -> bool:
        """Whether somebody is to look still."""
        return self.open and self.kind is SlotKind.REMOTE

    @property
    def trouble(self) -> EscalationReason | None:
        """What stands against the camera: a look that failed since, else what the gateway's latest attempt told.

        What gateways told before a slot was reopened was of another hour.
        """
        if self.look_trouble or self.reopened_at is not None or not self.reports:
            return self.look_trouble
        return self.reports[max(self.reports)]

    @property
    def own_visit(self) -> UUID:
        """The id of the visit that this slot leads to, if it ever does and leads it; another after each reopening."""
        return self.visit_after(self.reopenings)

    def visit_after(self, reopenings: int) -> UUID:
        """The visit that the slot leads to when it has been reopened so often."""
        return uuid5(self.id, f"visit {reopenings}" if reopenings else "visit")

    @property
    def ends_by(self) -> datetime:
        """When it has to end by what is agreed and said: a colleague's answer is awaited sooner than the deadline."""
        return self.answer_by or self.deadline
