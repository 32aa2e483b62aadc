"""What hypothesis draws random nights from, and makes them smaller by."""

from datetime import date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from events.schedule import SlotKind
from events.types.unit import NightRules
from tests.builders import minutes
from tests.night.random.plan import Act, Entry, Plan
from tests.night.random.verbs import THEMES

FIRST, LAST = date(2026, 2, 1), date(2036, 12, 30)
TIMES = tuple(time.fromisoformat(one) for one in ("22:00", "00:00", "01:30", "02:00", "02:30", "03:00", "05:00"))
"""Those around two are twice or never in nights when clocks change."""
QUICK = NightRules()
SLOW = NightRules(  # unanswered, a unit with quick limits repeats itself through most of the night
    acknowledge_within=minutes(45),
    alarm_answered_within=minutes(90),
    alarm_mended_within=minutes(90),
    second_look_after=minutes(5),
    undo=minutes(2),
)
WAITS = (0.0, 0.0, 0.0, 0.5, 1.0, 1.5, 4.0, 6.0, 11.0, 16.0, 35.0, 61.0)


@cache
def clock_changes(zone: str) -> tuple[date, ...]:
    """The nights of these years in which the clocks of a zone change."""
    place, days = ZoneInfo(zone), (LAST - FIRST).days
    nights = (FIRST + timedelta(days=n) for n in range(days))
    return tuple(night for night in nights if _offset(night, place) != _offset(night + timedelta(days=1), place))


def _offset(day: date, zone: ZoneInfo) -> timedelta | None:
    return datetime.combine(day, time(12), zone).utcoffset()


def nights(zone: str) -> st.SearchStrategy[date]:
    """Any night of these years; two of three are such in which clocks change."""
    changes = st.sampled_from(clock_changes(zone))
    return st.one_of(changes, changes, st.dates(FIRST, LAST))


def _acts(theme: str) -> st.SearchStrategy[list[Act]]:
    act = st.builds(
        Act,
        wait=st.sampled_from(WAITS),
        verb=st.sampled_from(THEMES[theme]),
        who=st.integers(0, 2),
        which=st.integers(0, 5),
        how=st.integers(0, 7),
    )
    return st.one_of(st.lists(act, max_size=12), st.lists(act, min_size=14, max_size=40))


ENTRIES = st.builds(
    Entry,
    at=st.sampled_from(TIMES),
    kind=st.sampled_from((SlotKind.REMOTE, SlotKind.REMOTE, SlotKind.REMOTE, SlotKind.VISIT)),
)
SCHEDULES = st.lists(ENTRIES, max_size=3, unique_by=lambda entry: entry.at).map(tuple)


def plans(zone: str) -> st.SearchStrategy[Plan]:
    """Nights in one zone."""
    return st.builds(
        Plan,
        zone=st.just(zone),
        night=nights(zone),
        schedules=st.tuples(SCHEDULES.filter(bool), *[SCHEDULES] * 3),
        rules=st.sampled_from((*(SLOW,) * 7, QUICK)),
        car=st.booleans(),
        signed_in=st.integers(0, 2),
        role_hours=st.integers(3, 9),
        begins=st.sampled_from((90.0, 5.0, -5.0, -20.0)),
        acts=st.sampled_from(list(THEMES)).flatmap(_acts).map(tuple),
    )
