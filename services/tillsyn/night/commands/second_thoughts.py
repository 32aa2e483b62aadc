"""What is asked past the plan: a slot opened again, an alarm, a check called off by name, and the reviews of that."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from events.types.night import AlarmCaller, ReviewVerdict
from events.types.unit import NightRules


@dataclass(frozen=True, slots=True)
class ReopenSlot:
    """Second thoughts about a settled slot. The shell knows when the night ends, and whether the visit is taken."""

    slot: UUID
    by: UUID
    reason: str
    at: datetime
    night_ends: datetime
    visit_taken: bool = False
    """Somebody has acknowledged the visit that the slot was escalated to."""
    visit_made: bool = False
    """Somebody has made it, and met whoever it was for."""
    visit_ended: bool = False
    """Nobody makes it any more: somebody closed it, it was called off, or the death that it told was taken back."""


@dataclass(frozen=True, slots=True)
class CancelSlot:
    """A named person says why this one check is not to be made."""

    slot: UUID
    by: UUID
    reason: str
    carer_there: bool = False
    """Somebody is in the home for it: the shell knows."""


@dataclass(frozen=True, slots=True)
class RaiseManualAlarm:
    """Somebody is worried: look now, outside the agreed times, or with `camera=False` send somebody at once.

    The shell has seen to it that a decision stands, and that consent covers the look. `rules` are the unit's, for a
    night that is not planned.
    """

    slot: UUID
    recipient: UUID
    home: UUID
    night: date
    rules: NightRules
    caller: AlarmCaller
    by: UUID
    reason: str
    camera: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class ReviewLook:
    """Somebody who did not look says whether a look outside the agreed times was in order."""

    slot: UUID
    look: UUID
    by: UUID
    verdict: ReviewVerdict
    note: str = ""
