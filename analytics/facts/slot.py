"""One slot as a fact: what was planned, when each thing happened, and how it ended."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction
from typing import Self
from uuid import UUID

from analytics.facts.look import LookFact
from events.schedule import SlotKind
from events.types.night import AlarmCaller, VisitInstead


class SlotOutcome(StrEnum):
    """How a slot ended."""

    OPEN = "open"
    COMPLETED_REMOTE = "completed-remote"
    COMPLETED_VISIT = "completed-visit"
    ESCALATED = "escalated"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class SlotFact:
    """All that the figures need of one slot. Times are when things happened, aware; nothing personal is in it."""

    slot: UUID
    recipient: UUID
    """A pseudonym: the random id, which nothing leads back from once the person's keys are destroyed."""
    home: UUID
    organisation: UUID
    unit: UUID
    """Whose slot it was when the night was planned."""
    night: date

    planned: SlotKind
    planned_at: datetime
    opens_at: datetime
    due_at: datetime
    late_at: datetime
    deadline: datetime
    """As planned; `extended_to` is where a second look moved it."""
    extended_to: datetime | None = None
    became_visit: VisitInstead | None = None
    caller: AlarmCaller | None = None
    """On whose word it was there, outside the agreed times: a manual alarm. No visit was planned that it stands for."""

    due_reported_at: datetime | None = None
    claimed_at: datetime | None = None
    """First claim."""
    looked_at: datetime | None = None
    """First picture that reached somebody."""
    settled_at: datetime | None = None
    outcome: SlotOutcome = SlotOutcome.OPEN
    reason: str | None = None
    """Why it was escalated or cancelled."""

    second_looks: int = 0
    """How often the person was not seen and a second look was planned."""
    undone: int = 0
    """How often "all well" was taken back."""
    second_opinions: int = 0
    """How often somebody was seen and a colleague was asked to look."""
    reopened_by_name: int = 0
    """How often a named person had second thoughts after it was settled; the last outcome counts."""
    late_reports: int = 0
    """Gateway reports that came when all was settled."""
    looks: tuple[LookFact, ...] = ()
    events: tuple[UUID, ...] = ()
    """The events that this fact comes from, in the order of their stream."""

    @property
    def looking_seconds(self) -> Fraction:
        """Staff seconds of all looks. A look that settles two slots counts in the one that it was granted for."""
        return sum((look.seconds for look in self.looks), Fraction(0))

    @property
    def by_camera(self) -> bool:
        """Whether the camera was to stand in for a planned visit here, and still was at the end."""
        return self.planned is SlotKind.REMOTE and self.became_visit is None and self.caller is None

    def settled(self, outcome: SlotOutcome, at: datetime, reason: str | None = None) -> Self:
        """Ended so; what came first stands until it is reopened."""
        if self.outcome is not SlotOutcome.OPEN:
            return self
        return replace(self, outcome=outcome, reason=reason, settled_at=at)

    def reopened(self) -> Self:
        """What settled it holds no longer."""
        return replace(self, outcome=SlotOutcome.OPEN, reason=None, settled_at=None)
