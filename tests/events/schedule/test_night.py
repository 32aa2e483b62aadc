"""From noon to noon: which night a moment belongs to."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.schedule import night_bounds, night_of
from tests.events.schedule.builders import (
    AUTUMN_NIGHT,
    SPRING_NIGHT,
    STOCKHOLM,
    unhurried,
    utc,
    wall,
    zoned_nights,
)

MOMENT = timedelta(microseconds=1)
HOUR = timedelta(hours=1)


def test_a_night_is_from_noon_to_noon_by_the_clocks_of_the_zone() -> None:
    assert night_bounds(date(2026, 1, 15), STOCKHOLM) == (utc("2026-01-15 11:00"), utc("2026-01-16 11:00"))
    assert night_bounds(date(2026, 7, 15), STOCKHOLM) == (utc("2026-07-15 10:00"), utc("2026-07-16 10:00"))


def test_a_night_is_an_hour_shorter_in_spring_and_an_hour_longer_in_autumn() -> None:
    assert night_bounds(SPRING_NIGHT, STOCKHOLM) == (utc("2026-03-28 11:00"), utc("2026-03-29 10:00"))
    assert night_bounds(AUTUMN_NIGHT, STOCKHOLM) == (utc("2026-10-24 10:00"), utc("2026-10-25 11:00"))


@pytest.mark.parametrize(
    ("instant", "night"),
    [
        ("2026-10-24 09:59:59", date(2026, 10, 23)),
        ("2026-10-24 10:00", AUTUMN_NIGHT),
        ("2026-10-25 00:30", AUTUMN_NIGHT),  # 02:30, the first time
        ("2026-10-25 01:30", AUTUMN_NIGHT),  # 02:30, the second time
        ("2026-10-25 10:59:59", AUTUMN_NIGHT),
        ("2026-10-25 11:00", date(2026, 10, 25)),
    ],
)
def test_a_night_carries_the_date_it_begins_on_until_the_next_noon(instant: str, night: date) -> None:
    assert night_of(utc(instant), STOCKHOLM) == night


def test_the_offset_a_moment_is_written_with_does_not_matter() -> None:
    in_tokyo = utc("2026-10-24 10:00").astimezone(ZoneInfo("Asia/Tokyo"))
    assert night_of(in_tokyo, STOCKHOLM) == AUTUMN_NIGHT


@unhurried
@given(zoned_nights, st.integers(0, 25 * 3600 - 1))
def test_a_moment_lies_within_the_bounds_of_its_night(where: tuple[ZoneInfo, date], seconds: int) -> None:
    zone, night = where
    instant = night_bounds(night, zone)[0] + timedelta(seconds=seconds)
    begins, ends = night_bounds(night_of(instant, zone), zone)
    assert begins <= instant < ends


@pytest.mark.parametrize(
    ("zone", "around"),
    [
        ("Europe/Stockholm", date(2026, 3, 28)),
        ("Europe/Stockholm", date(2026, 10, 24)),
        ("Africa/Cairo", date(2026, 4, 23)),
        ("Africa/Cairo", date(2026, 10, 29)),
        ("Africa/Juba", date(2000, 1, 15)),  # noon is skipped: 12:00 becomes 13:00
        ("Pacific/Apia", date(2011, 12, 30)),  # the whole day is skipped
        ("Pacific/Kwajalein", date(1969, 9, 30)),  # 23 hours are repeated, noon among them
    ],
)
def test_nights_follow_each_other_without_gap_or_overlap(zone: str, around: date) -> None:
    for days in range(-3, 4):
        night = around + timedelta(days=days)
        begins, ends = night_bounds(night, ZoneInfo(zone))
        assert begins < ends == night_bounds(night + timedelta(days=1), ZoneInfo(zone))[0]
        hours = (begins + hour * HOUR for hour in range((ends - begins) // HOUR))
        assert {night_of(instant, ZoneInfo(zone)) for instant in (*hours, ends - MOMENT)} == {night}
        assert night_of(ends, ZoneInfo(zone)) == night + timedelta(days=1)


def test_where_noon_is_skipped_the_night_begins_right_after_the_jump() -> None:
    begins, _ = night_bounds(date(2000, 1, 15), ZoneInfo("Africa/Juba"))
    assert begins.astimezone(ZoneInfo("Africa/Juba")).replace(tzinfo=None) == wall("2000-01-15 13:00")


def test_where_noon_occurs_twice_the_night_begins_at_the_first() -> None:
    begins, ends = night_bounds(date(1969, 9, 30), ZoneInfo("Pacific/Kwajalein"))
    assert begins == utc("1969-09-30 01:00")
    assert ends - begins == 47 * HOUR
