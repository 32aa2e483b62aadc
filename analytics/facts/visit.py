"""One visit as a fact: why somebody was to go, when each thing happened, and what it took."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction
from uuid import UUID

from events.types.visit import Found, VisitKind


class VisitOutcome(StrEnum):
    """How a visit ended."""

    UNDER_WAY = "under-way"
    MADE = "made"
    MADE_WITH = "made-with"
    """Whoever it was for was met on another visit; what that took is told there."""
    CLOSED = "closed"
    """A named person ended it without its being made."""
    CALLED_OFF = "called-off"
    """The slot that it was planned for was cancelled."""


@dataclass(frozen=True, slots=True)
class VisitFact:
    """All that the figures need of one visit. Times are when things happened, aware; nothing personal is in it."""

    visit: UUID
    slot: UUID
    recipient: UUID
    home: UUID
    organisation: UUID
    unit: UUID
    night: date
    kind: VisitKind
    reason: str

    requested_at: datetime
    assigned_at: datetime | None = None
    """When the first responder was asked."""
    acknowledged_at: datetime | None = None
    """When one of them first took it."""
    arrived_at: datetime | None = None
    ended_at: datetime | None = None
    """When it was completed, or closed."""
    hastened_at: datetime | None = None
    """When a visit that was planned for later was needed at once."""
    asked: int = 0
    """How many times somebody was asked."""
    limits_passed: int = 0
    """How many times somebody did not answer, arrive or finish in time."""

    outcome: VisitOutcome = VisitOutcome.UNDER_WAY
    minutes: int = 0
    """On site, each person."""
    people: int = 0
    kilometres: Fraction = Fraction(0)
    found: Found | None = None
    vain_person_minutes: Fraction = Fraction(0)
    """On site of those who met nobody, minutes × people."""
    vain_kilometres: Fraction = Fraction(0)
    """Driven by those who met nobody, or were called back on the way."""
    events: tuple[UUID, ...] = ()
    """The events that this fact comes from, in the order of their stream."""

    @property
    def cost_anything(self) -> bool:
        """Whether anybody was there or drove, the visit made or not."""
        return self.outcome is VisitOutcome.MADE or bool(self.vain_person_minutes or self.vain_kilometres)

    @property
    def person_minutes(self) -> Fraction:
        """Recorded minutes on site × people; 0 for a visit that was not made."""
        return Fraction(self.minutes * self.people)
