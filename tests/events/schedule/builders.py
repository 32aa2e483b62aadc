"""Schedules and nights in one line, and hypothesis strategies for them."""

import datetime as dt
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from functools import cache
from uuid import UUID
from zoneinfo import ZoneInfo

from hypothesis import settings
from hypothesis import strategies as st

from events.schedule import PlannedSlot, ScheduleEntry, plan_night

STOCKHOLM = ZoneInfo("Europe/Stockholm")
RECIPIENT = UUID(int=0xB0B)
SPRING_NIGHT = date(2026, 3, 28)  # 02:00 CET becomes 03:00 CEST on the 29th
AUTUMN_NIGHT = date(2026, 10, 24)  # 03:00 CEST becomes 02:00 CET on the 25th

FIRST_NIGHT, LAST_NIGHT = date(2026, 1, 1), date(2036, 12, 31)
ZONES = tuple(
    ZoneInfo(name)
    for name in (
        "Europe/Stockholm",
        "America/St_Johns",  # half-hour offset
        "Australia/Lord_Howe",  # half-hour shift
        "Antarctica/Troll",  # two-hour shift
        "Africa/Cairo",  # shifts at midnight
        "America/Nuuk",  # shifts in the evening
        "Africa/Casablanca",  # shifts back and forth around Ramadan
        "UTC",
    )
)

unhurried = settings(deadline=None)


def entry(number: int, time: str, **windows: timedelta) -> ScheduleEntry:
    """An entry whose id is its number."""
    return ScheduleEntry(id=UUID(int=number), time=dt.time.fromisoformat(time), **windows)


def schedule(*times: str) -> tuple[ScheduleEntry, ...]:
    """Entries with the ids 1, 2, … and default windows."""
    return tuple(entry(number, time) for number, time in enumerate(times, start=1))


def plan(
    entries: Iterable[ScheduleEntry],
    night: date,
    zone: ZoneInfo = STOCKHOLM,
    *,
    recipient: UUID = RECIPIENT,
    extra_look_consented: bool = False,
) -> tuple[PlannedSlot, ...]:
    return plan_night(recipient, entries, zone, night, extra_look_consented=extra_look_consented)


def utc(text: str) -> datetime:
    """`2026-03-29 01:00` in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def wall(text: str) -> datetime:
    """`2026-03-29 02:30` on the clock on the wall, naive."""
    return datetime.fromisoformat(text)


def due_times(slots: Iterable[PlannedSlot]) -> list[tuple[int, int, datetime]]:
    """(entry number, n, due_at) of each slot."""
    return [(slot.entry.int, slot.n, slot.due_at) for slot in slots]


def every_night() -> Iterable[date]:
    days = (LAST_NIGHT - FIRST_NIGHT).days
    return (FIRST_NIGHT + timedelta(days=day) for day in range(days + 1))


@cache
def nights_of_change(zone: ZoneInfo) -> tuple[date, ...]:
    """The nights from 2026 to 2036 in which the zone's offset changes between the noons."""

    def noon_offset(day: date) -> timedelta | None:
        return datetime.combine(day, dt.time(12), zone).utcoffset()

    return tuple(night for night in every_night() if noon_offset(night) != noon_offset(night + timedelta(days=1)))


def nights_in(zone: ZoneInfo) -> st.SearchStrategy[date]:
    """Any night, every other one a night in which clocks change if the zone has such nights."""
    any_night = st.dates(FIRST_NIGHT, LAST_NIGHT)
    changes = nights_of_change(zone)
    return st.one_of(any_night, st.sampled_from(changes)) if changes else any_night


zoned_nights = st.sampled_from(ZONES).flatmap(lambda zone: st.tuples(st.just(zone), nights_in(zone)))

times = st.one_of(
    st.builds(dt.time, st.integers(0, 23), st.sampled_from((0, 15, 30, 45))),
    st.builds(dt.time, st.integers(0, 3), st.integers(0, 59), st.integers(0, 59)),
    st.builds(dt.time, st.integers(0, 23), st.integers(0, 59), st.integers(0, 59)),
)


@st.composite
def entries(draw: st.DrawFn) -> ScheduleEntry:
    late, more = draw(st.integers(0, 120)), draw(st.integers(1, 120))
    return ScheduleEntry(
        id=draw(st.uuids()),
        time=draw(times),
        opens_before=timedelta(minutes=draw(st.integers(0, 60))),
        late_after=timedelta(minutes=late),
        deadline_after=timedelta(minutes=late + more),
    )


schedules = st.lists(entries(), max_size=8, unique_by=lambda one: one.id)
