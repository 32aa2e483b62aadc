"""The long autumn night: nobody waits longer for the next check than the schedule ever lets them."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given

from events.schedule import (
    SHORTEST_EXTRA_STEP,
    DuplicateEntryError,
    ScheduleEntry,
    SlotKind,
    elapsed_gaps,
    longest_ordinary_gap,
    night_bounds,
    night_of,
)
from tests.events.schedule.builders import (
    AUTUMN_NIGHT,
    STOCKHOLM,
    due_times,
    entry,
    every_night,
    nights_of_change,
    plan,
    schedule,
    schedules,
    unhurried,
    utc,
    zoned_nights,
)

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


def test_the_swedish_autumn_night_has_an_extra_slot_where_the_next_check_would_have_stood() -> None:
    slots = plan(schedule("22:00", "02:00", "06:00"), AUTUMN_NIGHT)
    assert due_times(slots) == [
        (1, 0, utc("2026-10-24 20:00")),
        (2, 0, utc("2026-10-25 00:00")),  # 02:00 CEST, the first 02:00
        (2, 1, utc("2026-10-25 04:00")),  # 05:00 CET: four hours later, as on any other night
        (3, 0, utc("2026-10-25 05:00")),  # 06:00 CET
    ]


def test_a_gap_that_the_schedule_leaves_on_other_nights_too_gets_no_extra_slot() -> None:
    slots = plan(schedule("21:00", "02:00", "06:00"), AUTUMN_NIGHT)  # 5 h, then 4 h that become 5 h
    assert [slot.n for slot in slots] == [0, 0, 0]


def test_an_extra_slot_stands_after_the_pairs_own_gap_not_after_the_longest() -> None:
    slots = plan(schedule("18:00", "00:00", "05:30"), AUTUMN_NIGHT)  # 6 h, then 5.5 h that become 6.5 h
    assert [(slot.n, slot.due_at) for slot in slots[1:3]] == [
        (0, utc("2026-10-24 22:00")),
        (1, utc("2026-10-25 03:30")),
    ]


def test_an_extra_slot_is_a_visit_unless_the_consent_names_an_extra_look() -> None:
    entries = schedule("22:00", "02:00", "06:00")
    for consented, kind in ((False, SlotKind.VISIT), (True, SlotKind.REMOTE)):
        slots = plan(entries, AUTUMN_NIGHT, extra_look_consented=consented)
        assert [slot.kind for slot in slots] == [SlotKind.REMOTE, SlotKind.REMOTE, kind, SlotKind.REMOTE]


def test_an_extra_slot_has_the_windows_of_the_entry_before_the_gap() -> None:
    earlier = entry(1, "02:00", opens_before=5 * MINUTE, late_after=10 * MINUTE, deadline_after=20 * MINUTE)
    _, extra, _ = plan([earlier, entry(2, "06:00")], AUTUMN_NIGHT)
    due = utc("2026-10-25 04:00")
    assert (extra.entry, extra.due_at) == (earlier.id, due)
    assert (extra.opens_at, extra.late_at, extra.deadline) == (
        due - 5 * MINUTE,
        due + 10 * MINUTE,
        due + 20 * MINUTE,
    )


def test_of_entries_that_fall_together_only_the_last_has_the_extra_slot() -> None:
    entries = schedule("02:00", "02:00", "06:00")
    for in_any_order in (entries, reversed(entries)):
        slots = plan(in_any_order, AUTUMN_NIGHT)
        assert [(number, n) for number, n, _ in due_times(slots)] == [(1, 0), (2, 0), (2, 1), (3, 0)]


def test_an_entry_alone_has_no_extra_slot() -> None:
    for time in ("22:00", "02:00", "02:30", "06:00"):
        assert [slot.n for slot in plan(schedule(time), AUTUMN_NIGHT)] == [0]


def test_checks_closer_than_the_clock_change_get_as_many_extra_slots_as_it_takes() -> None:
    slots = plan(schedule("01:30", "02:00", "02:30", "03:00"), AUTUMN_NIGHT)
    assert due_times(slots)[2:] == [
        (3, 0, utc("2026-10-25 00:30")),
        (3, 1, utc("2026-10-25 01:00")),
        (3, 2, utc("2026-10-25 01:30")),
        (4, 0, utc("2026-10-25 02:00")),
    ]


def test_two_entries_minutes_apart_do_not_fill_the_repeated_hour_with_visits() -> None:
    slots = plan(schedule("02:55", "03:00"), AUTUMN_NIGHT)
    assert [slot.due_at - utc("2026-10-25 01:00") for slot in slots[1:]] == [
        0 * MINUTE,
        SHORTEST_EXTRA_STEP,
        2 * SHORTEST_EXTRA_STEP,
        3 * SHORTEST_EXTRA_STEP,
        HOUR,
    ]


def test_a_half_hour_shift_is_filled_like_an_hour() -> None:
    lord_howe = ZoneInfo("Australia/Lord_Howe")
    slots = plan(schedule("22:00", "01:00", "04:00"), date(2026, 4, 4), lord_howe)
    assert [(slot.n, slot.due_at) for slot in slots[1:]] == [
        (0, utc("2026-04-04 14:00")),
        (1, utc("2026-04-04 17:00")),
        (0, utc("2026-04-04 17:30")),
    ]


@pytest.mark.parametrize("zone", ["Europe/Stockholm", "America/St_Johns", "Australia/Lord_Howe"])
def test_from_2026_to_2036_no_gap_exceeds_the_schedules_own_and_only_long_nights_have_extra_slots(
    zone: str,
) -> None:
    entries, where = schedule("21:00", "00:30", "01:45", "05:15", "07:00"), ZoneInfo(zone)
    longest = longest_ordinary_gap(entries)
    extras = {}
    for night in every_night():
        slots = plan(entries, night, where)
        assert max(elapsed_gaps(slots)) <= longest
        assert all(night_of(slot.due_at, where) == night for slot in slots)
        if len(slots) > len(entries):
            extras[night] = len(slots) - len(entries)
    long_nights = [night for night in nights_of_change(where) if night_length(night, where) > DAY]
    assert extras == dict.fromkeys(long_nights, 1)
    assert len(long_nights) == 11  # one a year


def night_length(night: date, zone: ZoneInfo) -> timedelta:
    begins, ends = night_bounds(night, zone)
    return ends - begins


@unhurried
@given(schedules, zoned_nights)
def test_no_gap_exceeds_the_longest_ordinary_one(entries: list[ScheduleEntry], where: tuple[ZoneInfo, date]) -> None:
    zone, night = where
    most = max(longest_ordinary_gap(entries), SHORTEST_EXTRA_STEP)
    assert all(gap <= most for gap in elapsed_gaps(plan(entries, night, zone)))


@unhurried
@given(schedules, zoned_nights)
def test_only_long_nights_have_extra_slots(entries: list[ScheduleEntry], where: tuple[ZoneInfo, date]) -> None:
    zone, night = where
    if night_length(night, zone) <= DAY:
        assert len(plan(entries, night, zone)) == len(entries)


@unhurried
@given(schedules, zoned_nights)
def test_no_extra_slot_could_be_left_out(entries: list[ScheduleEntry], where: tuple[ZoneInfo, date]) -> None:
    zone, night = where
    slots = plan(entries, night, zone)
    for before, extra, after in zip(slots, slots[1:], slots[2:], strict=False):
        if extra.n:
            assert before.due_at < extra.due_at < after.due_at
            assert after.due_at - before.due_at > longest_ordinary_gap(entries)


@unhurried
@given(schedules, zoned_nights)
def test_extra_slots_count_up_from_one_for_each_entry(
    entries: list[ScheduleEntry], where: tuple[ZoneInfo, date]
) -> None:
    zone, night = where
    slots = plan(entries, night, zone)
    for one in entries:
        numbers = [slot.n for slot in slots if slot.entry == one.id]
        assert numbers == list(range(len(numbers)))


def test_the_longest_ordinary_gap_is_judged_on_the_wall_clock_and_within_the_night() -> None:
    assert longest_ordinary_gap(schedule("06:00", "22:00", "02:30")) == 4 * HOUR + 30 * MINUTE
    assert longest_ordinary_gap(schedule("11:00", "13:00")) == 22 * HOUR
    assert longest_ordinary_gap(schedule("02:00", "02:00")) == 0 * HOUR
    assert longest_ordinary_gap(schedule("02:00")) == 0 * HOUR
    assert longest_ordinary_gap([]) == 0 * HOUR


def test_the_longest_ordinary_gap_of_entries_with_one_id_is_refused() -> None:
    with pytest.raises(DuplicateEntryError):
        longest_ordinary_gap([entry(1, "22:00"), entry(1, "02:00")])


def test_elapsed_gaps_are_what_lies_between_slots_in_order_of_time() -> None:
    slots = plan(schedule("22:00", "02:00", "06:00"), AUTUMN_NIGHT, STOCKHOLM)
    assert elapsed_gaps(reversed(slots)) == (4 * HOUR, 4 * HOUR, HOUR)
    assert elapsed_gaps(slots[:1]) == ()
