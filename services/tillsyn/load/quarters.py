"""Slots counted by quarter of an hour, against what the staff of that quarter can manage."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from events.types.unit import NightRules

QUARTER = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Look:
    """What of a slot decides when it can be looked at: `opens_at ≤ due_at ≤ late_at`."""

    slot: UUID
    opens_at: datetime
    due_at: datetime
    late_at: datetime


@dataclass(frozen=True, slots=True)
class Quarter:
    """A quarter of an hour: when it starts (UTC), how many slots fall into it, and how many the staff there manage."""

    start: datetime
    slots: int
    capacity: int

    @property
    def over(self) -> int:
        """How many slots are too many."""
        return max(0, self.slots - self.capacity)


def quarter_of(at: datetime, zone: ZoneInfo) -> datetime:
    """The start, in UTC, of the quarter of an hour that clocks in `zone` show at `at`."""
    local = at.astimezone(zone)
    into = timedelta(minutes=local.minute % 15, seconds=local.second, microseconds=local.microsecond)
    return at.astimezone(UTC) - into


def quarters(
    slots: Iterable[Look],
    zone: ZoneInfo,
    staff: Callable[[datetime], int],
    rules: NightRules,
    look_at: Mapping[UUID, datetime] | None = None,
) -> tuple[Quarter, ...]:
    """Every quarter from the first slot's to the last one's, empty ones between included.

    A slot counts where it is due, or where `look_at` has it. `staff` says how many people are there in the quarter that
    starts at an instant; each manages `rules.looks_a_quarter`.
    """
    moved = look_at or {}
    count = Counter(quarter_of(moved.get(slot.slot, slot.due_at), zone) for slot in slots)
    if not count:
        return ()
    start, last = min(count), max(count)
    found = []
    while start <= last:
        found.append(Quarter(start, count[start], staff(start) * rules.looks_a_quarter))
        start += QUARTER
    return tuple(found)
