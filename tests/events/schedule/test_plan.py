"""The slots of a night: one for each entry, with its windows, its night and its lasting id."""

import datetime as dt
import random
from datetime import date, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.schedule import DuplicateEntryError, ScheduleEntry, SlotKind, night_bounds, night_of, slot_id
from tests.events.schedule.builders import (
    RECIPIENT,
    SPRING_NIGHT,
    due_times,
    entry,
    plan,
    schedule,
    schedules,
    times,
    unhurried,
    utc,
    zoned_nights,
)

ORDINARY_NIGHT = date(2026, 5, 1)


def test_an_ordinary_night_has_each_entry_at_its_time_with_its_windows() -> None:
    evening = entry(1, "22:00")
    morning = entry(
        2,
        "05:30:10",
        opens_before=timedelta(minutes=5),
        late_after=timedelta(minutes=10),
        deadline_after=timedelta(minutes=20),
    )
    first, second = plan([morning, evening], ORDINARY_NIGHT)
    assert first.model_dump() == {
        "slot": slot_id(RECIPIENT, ORDINARY_NIGHT, evening.id),
        "entry": evening.id,
        "n": 0,
        "kind": SlotKind.REMOTE,
        "opens_at": utc("2026-05-01 19:45"),
        "due_at": utc("2026-05-01 20:00"),
        "late_at": utc("2026-05-01 20:30"),
        "deadline": utc("2026-05-01 21:00"),
    }
    assert (second.opens_at, second.due_at, second.late_at, second.deadline) == (
        utc("2026-05-02 03:25:10"),
        utc("2026-05-02 03:30:10"),
        utc("2026-05-02 03:40:10"),
        utc("2026-05-02 03:50:10"),
    )


def test_a_schedule_without_entries_gives_a_night_without_slots() -> None:
    assert plan([], ORDINARY_NIGHT) == ()


def test_the_swedish_spring_night_moves_the_skipped_hour_to_three_and_has_no_extra_slot() -> None:
    slots = plan(schedule("23:00", "01:59", "02:30", "03:30", "06:00"), SPRING_NIGHT)
    assert due_times(slots) == [
        (1, 0, utc("2026-03-28 22:00")),
        (2, 0, utc("2026-03-29 00:59")),
        (3, 0, utc("2026-03-29 01:00")),  # 03:00 CEST
        (4, 0, utc("2026-03-29 01:30")),
        (5, 0, utc("2026-03-29 04:00")),
    ]


def test_windows_are_elapsed_time_also_across_a_clock_change() -> None:
    (slot,) = plan([entry(1, "03:10", opens_before=timedelta(minutes=30))], SPRING_NIGHT)
    assert slot.opens_at == utc("2026-03-29 00:40")  # 01:40 CET, half an hour before 03:10 CEST


def test_entries_that_fall_together_stay_separate_slots() -> None:
    together = plan(schedule("02:15", "02:45", "03:00"), SPRING_NIGHT)
    assert due_times(together) == [(number, 0, utc("2026-03-29 01:00")) for number in (1, 2, 3)]
    assert len({slot.slot for slot in together}) == 3


def test_two_entries_with_one_id_are_refused_by_that_id() -> None:
    twice = [entry(7, "22:00"), entry(8, "23:00"), entry(7, "02:00")]
    with pytest.raises(DuplicateEntryError, match=str(UUID(int=7))) as error:
        plan(twice, ORDINARY_NIGHT)
    assert error.value.entry == UUID(int=7)


def test_a_whole_day_that_is_skipped_loses_no_slot() -> None:
    apia = ZoneInfo("Pacific/Apia")
    entries = schedule("22:00", "02:00", "13:00")
    assert [due_times(plan(entries, date(2011, 12, day), apia)) for day in (29, 30)] == [
        [
            (3, 0, utc("2011-12-29 23:00")),
            (1, 0, utc("2011-12-30 08:00")),
            (2, 0, utc("2011-12-30 10:00")),  # midnight to the 31st, the moment the night ends
        ],
        [
            (1, 0, utc("2011-12-30 10:00")),
            (3, 0, utc("2011-12-30 10:00")),
            (2, 0, utc("2011-12-30 12:00")),
        ],
    ]


Where = tuple[ZoneInfo, date]


@unhurried
@given(schedules, zoned_nights)
def test_every_entry_has_exactly_one_slot_of_its_own_every_night(entries: list[ScheduleEntry], where: Where) -> None:
    zone, night = where
    own = [slot for slot in plan(entries, night, zone) if slot.n == 0]
    assert sorted(slot.entry for slot in own) == sorted(one.id for one in entries)
    assert all(slot.slot == slot_id(RECIPIENT, night, slot.entry) for slot in own)
    assert all(slot.kind is SlotKind.REMOTE for slot in own)


@unhurried
@given(schedules, zoned_nights, st.randoms(use_true_random=False))
def test_the_order_of_the_entries_does_not_matter(
    entries: list[ScheduleEntry], where: Where, shuffling: random.Random
) -> None:
    zone, night = where
    shuffled = shuffling.sample(entries, len(entries))
    assert plan(shuffled, night, zone) == plan(entries, night, zone)


@unhurried
@given(schedules, zoned_nights, st.data())
def test_an_entry_keeps_its_slot_id_when_its_time_changes(
    entries: list[ScheduleEntry], where: Where, data: st.DataObject
) -> None:
    zone, night = where
    moved = [one.model_copy(update={"time": data.draw(times)}) for one in entries]
    before, after = (
        {slot.entry: slot.slot for slot in plan(which, night, zone) if slot.n == 0} for which in (entries, moved)
    )
    assert before == after


@unhurried
@given(schedules, zoned_nights)
def test_no_two_slots_of_any_night_or_recipient_share_an_id(entries: list[ScheduleEntry], where: Where) -> None:
    zone, night = where
    slots = [
        *plan(entries, night, zone),
        *plan(entries, night + timedelta(days=1), zone),
        *plan(entries, night, zone, recipient=UUID(int=0xA11CE)),
    ]
    assert len({slot.slot for slot in slots}) == len(slots)


@unhurried
@given(schedules, zoned_nights)
def test_slots_are_due_within_the_bounds_of_their_night(entries: list[ScheduleEntry], where: Where) -> None:
    zone, night = where
    begins, ends = night_bounds(night, zone)
    for slot in plan(entries, night, zone):
        assert begins <= slot.due_at < ends
        assert night_of(slot.due_at, zone) == night


@unhurried
@given(schedules, zoned_nights)
def test_slots_come_in_order_of_due_time_then_entry_then_number(entries: list[ScheduleEntry], where: Where) -> None:
    zone, night = where
    keys = [(slot.due_at, slot.entry, slot.n) for slot in plan(entries, night, zone)]
    assert keys == sorted(keys)


@unhurried
@given(schedules, zoned_nights)
def test_every_slot_has_the_windows_of_its_entry(entries: list[ScheduleEntry], where: Where) -> None:
    zone, night = where
    by_id = {one.id: one for one in entries}
    for slot in plan(entries, night, zone):
        one = by_id[slot.entry]
        assert slot.due_at - slot.opens_at == one.opens_before
        assert slot.late_at - slot.due_at == one.late_after
        assert slot.deadline - slot.due_at == one.deadline_after


@unhurried
@given(schedules, zoned_nights)
def test_entries_are_due_in_the_order_they_stand_in_whatever_the_clocks_do(
    entries: list[ScheduleEntry], where: Where
) -> None:
    zone, night = where
    due = {slot.entry: slot.due_at for slot in plan(entries, night, zone) if slot.n == 0}
    in_wall_clock_order = [due[one.id] for one in sorted(entries, key=lambda one: one.wall_time(night))]
    assert in_wall_clock_order == sorted(in_wall_clock_order)


@unhurried
@given(times, zoned_nights)
def test_a_time_that_exists_is_what_the_clock_shows_when_the_slot_is_due(time: dt.time, where: Where) -> None:
    zone, night = where
    one = entry(1, time.isoformat())
    (slot,) = plan([one], night, zone)
    shown = slot.due_at.astimezone(zone).replace(tzinfo=None)
    just_before = (slot.due_at - timedelta(seconds=1)).astimezone(zone).replace(tzinfo=None)
    assert shown == one.wall_time(night) or just_before < one.wall_time(night) < shown
