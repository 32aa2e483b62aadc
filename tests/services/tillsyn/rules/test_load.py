"""Load: slots by quarter of an hour, and times that spread them, inside each window, never worse, the best there is."""

from collections import Counter
from datetime import datetime, timedelta
from itertools import product
from uuid import UUID
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from events.types.unit import NightRules
from services.tillsyn.load import QUARTER, Look, Quarter, quarter_of, quarters, spread
from tests.builders import STOCKHOLM, an_id, at, minutes

UTC = ZoneInfo("UTC")
TWO_A_QUARTER = NightRules(looks_a_quarter=2)
BEGINS = at("01:00")


def a_look(n: int, due: str, before: int = 15, after: int = 30) -> Look:
    due_at = at(due)
    return Look(an_id(f"look {n}"), due_at - minutes(before), due_at, due_at + minutes(after))


def test_slots_are_counted_by_the_quarter_in_which_they_are_due_with_empty_ones_between() -> None:
    looks = [a_look(0, "02:00"), a_look(1, "02:14:59"), a_look(2, "02:30")]
    assert quarters(looks, UTC, lambda _: 1, TWO_A_QUARTER) == (
        Quarter(at("02:00"), 2, 2),
        Quarter(at("02:15"), 0, 2),
        Quarter(at("02:30"), 1, 2),
    )


def test_a_quarter_is_over_by_what_its_staff_cannot_manage() -> None:
    looks = [a_look(n, "02:00") for n in range(5)]
    (quarter,) = quarters(looks, UTC, lambda _: 2, TWO_A_QUARTER)
    assert (quarter.slots, quarter.capacity, quarter.over) == (5, 4, 1)
    assert quarters(looks, UTC, lambda _: 0, TWO_A_QUARTER)[0].over == 5


def test_a_night_without_slots_has_no_quarters() -> None:
    assert quarters([], UTC, lambda _: 1, TWO_A_QUARTER) == ()


def test_quarters_are_those_of_the_clock_on_the_wall() -> None:
    kathmandu = ZoneInfo("Asia/Kathmandu")  # 05:45 ahead: quarters there are quarters here
    assert quarter_of(at("02:14"), kathmandu) == at("02:00")
    monrovia = datetime(1960, 1, 1, 12, 7, tzinfo=UTC)  # 44 min 30 s behind then
    assert quarter_of(monrovia, ZoneInfo("Africa/Monrovia")).astimezone(ZoneInfo("Africa/Monrovia")).minute == 15


def test_both_hours_of_the_autumn_change_have_their_own_quarters() -> None:
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)  # 02:30, summer time
    looks = [Look(an_id(f"{n}"), when, when, when) for n, when in enumerate([first, first + timedelta(hours=1)])]
    counted = quarters(looks, STOCKHOLM, lambda _: 1, TWO_A_QUARTER)
    assert [quarter.slots for quarter in counted] == [1, 0, 0, 0, 1]


def test_where_too_many_are_due_at_once_some_move_to_the_quarters_beside_and_no_further() -> None:
    looks = [a_look(n, "02:00") for n in range(4)]
    times = spread(looks, lambda _: 2, UTC)
    assert Counter(times.values()) == {at("02:00"): 2, at("01:59:59"): 2}


def test_nothing_moves_where_there_is_room() -> None:
    looks = [a_look(n, f"0{n}:00") for n in range(1, 5)]
    assert spread(looks, lambda _: 1, UTC) == {look.slot: look.due_at for look in looks}


def test_one_slot_makes_room_for_another_that_cannot_move() -> None:
    """The neighbour's quarter is full; its slot moves on, and the one with the narrow window takes the place."""
    narrow = [a_look(n, "02:00", before=0, after=20) for n in range(2)]
    neighbour = a_look(2, "02:16", before=0, after=20)
    times = spread([*narrow, neighbour], lambda _: 1, UTC)
    assert sorted(quarter_of(time, UTC) for time in times.values()) == [at("02:00"), at("02:15"), at("02:30")]
    assert times[neighbour.slot] == at("02:30")


def test_what_no_window_allows_to_move_stays_over() -> None:
    looks = [a_look(n, "02:00", before=0, after=5) for n in range(3)]
    assert set(spread(looks, lambda _: 1, UTC).values()) == {at("02:00")}


@st.composite
def nights(draw: st.DrawFn, most: int) -> tuple[list[Look], dict[datetime, int]]:
    """Slots in two hours, and a capacity for each quarter around them."""
    looks = []
    for number in range(draw(st.integers(1, most))):
        due = BEGINS + timedelta(minutes=draw(st.integers(0, 75)))
        before, after = draw(st.integers(0, 20)), draw(st.integers(0, 35))
        looks.append(Look(UUID(int=number), due - minutes(before), due, due + minutes(after)))
    first = BEGINS - minutes(60)
    return looks, {first + QUARTER * n: draw(st.integers(0, 2)) for n in range(16)}


def over(times: dict[UUID, datetime], capacity: dict[datetime, int]) -> int:
    held = Counter(quarter_of(time, UTC) for time in times.values())
    return sum(max(0, count - capacity[quarter]) for quarter, count in held.items())


def moved(looks: list[Look], times: dict[UUID, datetime]) -> timedelta:
    return sum((abs(times[look.slot] - look.due_at) for look in looks), timedelta())


@given(nights(most=40))
def test_spreading_stays_inside_every_window_and_is_never_worse(night: tuple[list[Look], dict[datetime, int]]) -> None:
    looks, capacity = night
    times = spread(looks, capacity.__getitem__, UTC)
    assert times.keys() == {look.slot for look in looks}
    assert all(look.opens_at <= times[look.slot] <= look.late_at for look in looks)
    assert over(times, capacity) <= over({look.slot: look.due_at for look in looks}, capacity)
    assert spread(reversed(looks), capacity.__getitem__, UTC) == times


@settings(deadline=None)
@given(nights(most=5))
def test_no_other_times_leave_less_over_or_leave_as_little_and_move_less(
    night: tuple[list[Look], dict[datetime, int]],
) -> None:
    looks, capacity = night
    times = spread(looks, capacity.__getitem__, UTC)
    every = product(*([look.opens_at, *_instants(look)] for look in looks))
    best = min(
        (over(choice, capacity), moved(looks, choice))
        for choice in (dict(zip((look.slot for look in looks), chosen, strict=True)) for chosen in every)
    )
    assert (over(times, capacity), moved(looks, times)) == best


def _instants(look: Look) -> list[datetime]:
    """Of each quarter in the window the instant that is nearest to when the slot is due."""
    found, start = [look.due_at], quarter_of(look.opens_at, UTC)
    while start <= look.late_at:
        earliest, latest = max(look.opens_at, start), min(look.late_at, start + QUARTER - timedelta(seconds=1))
        if earliest <= latest:
            found.append(min(max(look.due_at, earliest), latest))
        start += QUARTER
    return found
