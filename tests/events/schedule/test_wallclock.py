"""Which moment a wall-clock time is, when clocks go forward, back, or over a whole day."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given

from events.schedule import NaiveInstantError, ScheduleEntry, UnknownZoneError, instant_of, night_of, zone_named
from tests.events.schedule.builders import STOCKHOLM, entries, unhurried, utc, wall, zoned_nights

QUARTER = timedelta(minutes=15)


def shown(instant: datetime, zone: ZoneInfo) -> datetime:
    return instant.astimezone(zone).replace(tzinfo=None)


@pytest.mark.parametrize(
    ("zone", "local", "first_that_exists"),
    [
        ("Europe/Stockholm", "2026-03-29 02:00", "2026-03-29 03:00"),
        ("Europe/Stockholm", "2026-03-29 02:30", "2026-03-29 03:00"),
        ("Europe/Stockholm", "2026-03-29 02:59:59", "2026-03-29 03:00"),
        ("Australia/Lord_Howe", "2026-10-04 02:15", "2026-10-04 02:30"),
        ("Antarctica/Troll", "2026-03-29 01:10", "2026-03-29 03:00"),
        ("Africa/Cairo", "2026-04-24 00:00", "2026-04-24 01:00"),
        ("America/Asuncion", "2023-10-01 00:45", "2023-10-01 01:00"),
        ("America/Nuuk", "2026-03-28 23:30", "2026-03-29 00:00"),
        ("Africa/Juba", "2000-01-15 12:20", "2000-01-15 13:00"),
        ("Pacific/Apia", "2011-12-30 00:00", "2011-12-31 00:00"),
        ("Pacific/Apia", "2011-12-30 23:59:59", "2011-12-31 00:00"),
        ("Africa/Monrovia", "1972-01-07 00:20", "1972-01-07 00:44:30"),
    ],
)
def test_a_time_that_does_not_exist_moves_to_the_first_instant_that_does(
    zone: str, local: str, first_that_exists: str
) -> None:
    moved = instant_of(wall(local), ZoneInfo(zone))
    assert shown(moved, ZoneInfo(zone)) == wall(first_that_exists)
    assert shown(moved - timedelta(seconds=1), ZoneInfo(zone)) < wall(local)


@pytest.mark.parametrize(
    ("zone", "local", "first"),
    [
        ("Europe/Stockholm", "2026-10-25 02:00", "2026-10-25 00:00"),
        ("Europe/Stockholm", "2026-10-25 02:59:59", "2026-10-25 00:59:59"),
        ("Australia/Lord_Howe", "2026-04-05 01:45", "2026-04-04 14:45"),
        ("Africa/Cairo", "2026-10-29 23:30", "2026-10-29 20:30"),
        ("Pacific/Kwajalein", "1969-09-30 12:00", "1969-09-30 01:00"),
    ],
)
def test_a_time_that_occurs_twice_is_the_first_occurrence(zone: str, local: str, first: str) -> None:
    assert instant_of(wall(local), ZoneInfo(zone)) == utc(first)
    assert instant_of(wall(local).replace(fold=1), ZoneInfo(zone)) == utc(first)


def by_search(local: datetime, zone: ZoneInfo) -> datetime:
    """The same answer by trial: every offset of the hours around, else every quarter of an hour."""
    the_hour = local.replace(minute=0, second=0, tzinfo=UTC)
    around = [the_hour + QUARTER * step for step in range(-4 * 16, 4 * 16)]
    offsets = {at.astimezone(zone).utcoffset() or timedelta(0) for at in around}
    readings = (local.replace(tzinfo=UTC) - offset for offset in offsets)
    found = [at for at in readings if shown(at, zone) == local]
    return min(found) if found else next(at for at in around if shown(at, zone) > local)


@unhurried
@given(entries(), zoned_nights)
def test_every_wall_clock_time_is_the_moment_that_a_search_finds(
    one: ScheduleEntry, where: tuple[ZoneInfo, date]
) -> None:
    zone, night = where
    local = one.wall_time(night)
    assert instant_of(local, zone) == by_search(local, zone)


def test_parts_of_a_second_are_kept() -> None:
    local = wall("2026-05-01 02:00:00.123457")
    assert instant_of(local, STOCKHOLM).replace(tzinfo=None) == local - timedelta(hours=2)


def test_a_moment_is_not_taken_for_a_wall_clock_time() -> None:
    with pytest.raises(ValueError, match=r"2026-05-01T02:00:00\+00:00"):
        instant_of(utc("2026-05-01 02:00"), STOCKHOLM)


def test_a_wall_clock_time_is_not_taken_for_a_moment() -> None:
    with pytest.raises(NaiveInstantError, match="2026-05-01T02:00:00") as error:
        night_of(wall("2026-05-01 02:00"), STOCKHOLM)
    assert error.value.at == wall("2026-05-01 02:00")


def test_a_zone_has_its_iana_name() -> None:
    assert zone_named("Europe/Stockholm") == STOCKHOLM


@pytest.mark.parametrize("name", ["Europe/Botkyrka", "Europe", "", "../passwd", "/etc/passwd", "a\0b", "x" * 300])
def test_an_unknown_zone_is_named_in_the_error(name: str) -> None:
    with pytest.raises(UnknownZoneError) as error:
        zone_named(name)
    assert error.value.name == name
    assert repr(name) in str(error.value)
