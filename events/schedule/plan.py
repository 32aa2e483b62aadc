"""All slots of one recipient's night, and the extra ones that keep a long autumn night as safe as any other.

When clocks go back an hour passes twice, and two checks that stand four hours apart on the wall are five
hours apart for the person in the bed. Where that is longer than the schedule ever leaves them on an ordinary
night, an extra slot is planned.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from itertools import pairwise
from uuid import UUID
from zoneinfo import ZoneInfo

from events.schedule.entry import ScheduleEntry
from events.schedule.slot import PlannedSlot, SlotKind, slot_id
from events.schedule.wallclock import instant_of

SHORTEST_EXTRA_STEP = timedelta(minutes=15)
"""What the clock change adds is cut into no shorter pieces than this, else two entries that stand minutes
apart would fill the repeated hour with visits minutes apart. Our own choice: Kungsbacka waits as long for a
second look."""


class DuplicateEntryError(ValueError):
    """Two schedule entries have the same id, so their slots would too. Give each entry an id of its own."""

    def __init__(self, entry: UUID) -> None:
        super().__init__(f"more than one schedule entry has the id {entry}; give each an id of its own")
        self.entry = entry


def plan_night(
    recipient: UUID,
    entries: Iterable[ScheduleEntry],
    zone: ZoneInfo,
    night: date,
    *,
    extra_look_consented: bool,
) -> tuple[PlannedSlot, ...]:
    """Every slot of `night`, sorted by (due_at, entry, n): one for each entry, and a long night's extra
    slots.

    `entries` are all that are in force that night; gaps are judged between them.

    Entries that fall together stay separate slots. A skipped time is due when the clocks have jumped, a
    repeated one at its first occurrence (see `instant_of`); windows are elapsed time from there. Extra slots
    belong to the entry before the gap, have its windows, and are visits unless the consent names an extra
    look.

    `due_at` lies within `night_bounds`. The one exception is a zone that skips a noon, as Apia did in 2011:
    what was to be done in the skipped morning is due at the moment the night ends.

    Raises DuplicateEntryError if two entries have the same id.
    """
    ordered = _in_order(entries)
    longest = longest_ordinary_gap(ordered)
    due = {entry.id: instant_of(entry.wall_time(night), zone) for entry in ordered}

    slots = [_slot(recipient, night, entry, 0, entry.kind, due[entry.id]) for entry in ordered]
    for earlier, later in pairwise(ordered):
        ordinary = later.after_noon - earlier.after_noon
        extras = _extra_due_times(due[earlier.id], due[later.id], ordinary, longest)
        kind = earlier.kind if extra_look_consented else SlotKind.VISIT
        slots += [_slot(recipient, night, earlier, n, kind, at) for n, at in enumerate(extras, start=1)]
    return tuple(sorted(slots, key=lambda slot: (slot.due_at, slot.entry, slot.n)))


def longest_ordinary_gap(entries: Iterable[ScheduleEntry]) -> timedelta:
    """The longest time between consecutive entries in a night without clock change; zero for one or none.

    The day between a night's last check and the next night's first is no gap: no checks were agreed for it.

    Raises DuplicateEntryError if two entries have the same id.
    """
    ordered = _in_order(entries)
    return max((later.after_noon - earlier.after_noon for earlier, later in pairwise(ordered)), default=timedelta(0))


def elapsed_gaps(slots: Iterable[PlannedSlot]) -> tuple[timedelta, ...]:
    """The elapsed time between each slot's due time and the next one's, in order of time."""
    return tuple(later - earlier for earlier, later in pairwise(sorted(slot.due_at for slot in slots)))


def _in_order(entries: Iterable[ScheduleEntry]) -> list[ScheduleEntry]:
    ordered = sorted(entries, key=lambda entry: (entry.after_noon, entry.id))
    for entry, times in Counter(entry.id for entry in ordered).items():
        if times > 1:
            raise DuplicateEntryError(entry)
    return ordered


def _extra_due_times(due: datetime, next_due: datetime, ordinary: timedelta, longest: timedelta) -> Iterator[datetime]:
    """When extra slots are due between two consecutive slots; none unless the two exceed `longest`.

    The first stands where the next check would have stood had the clocks not changed: as long after the
    earlier slot as on any other night. What then remains is the clock change itself, usually an hour. Only a
    schedule with closer checks than that needs more extra slots: as few as keep to its longest gap.
    """
    if next_due - due <= longest:
        return
    step = max(longest, SHORTEST_EXTRA_STEP)
    extra = due + ordinary
    yield extra
    while next_due - extra > step:
        extra += step
        yield extra


def _slot(recipient: UUID, night: date, entry: ScheduleEntry, n: int, kind: SlotKind, due_at: datetime) -> PlannedSlot:
    return PlannedSlot(
        slot=slot_id(recipient, night, entry.id, n),
        entry=entry.id,
        n=n,
        kind=kind,
        opens_at=due_at - entry.opens_before,
        due_at=due_at,
        late_at=due_at + entry.late_after,
        deadline=due_at + entry.deadline_after,
    )
