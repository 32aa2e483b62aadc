"""What a schedule entry may say."""

import datetime as dt
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from pydantic import ValidationError

from events.schedule import LONGEST_WINDOW, ScheduleEntry
from tests.events.schedule.builders import entries, entry, unhurried, wall


def refused(**fields: Any) -> str:
    with pytest.raises(ValidationError) as error:
        ScheduleEntry.model_validate({"id": UUID(int=1), "time": "02:00"} | fields)
    return str(error.value)


def test_windows_default_to_15_30_and_60_minutes() -> None:
    one = entry(1, "02:00")
    minutes = [window / timedelta(minutes=1) for window in (one.opens_before, one.late_after, one.deadline_after)]
    assert minutes == [15, 30, 60]


@pytest.mark.parametrize("name", ["opens_before", "late_after", "deadline_after"])
def test_a_window_counts_away_from_the_due_time(name: str) -> None:
    assert f"{name} is -0:05:00" in refused(**{name: timedelta(minutes=-5)})


@pytest.mark.parametrize("late", [60, 61])
def test_the_deadline_comes_after_the_slot_is_late(late: int) -> None:
    message = refused(late_after=timedelta(minutes=late), deadline_after=timedelta(minutes=60))
    assert f"deadline_after is 1:00:00 and late_after is 1:0{late - 60}:00" in message


def test_a_slot_may_open_when_due_be_late_at_once_and_end_a_moment_after() -> None:
    zero, moment = timedelta(0), timedelta(seconds=1)
    assert entry(1, "02:00", opens_before=zero, late_after=zero, deadline_after=moment).late_after == zero


def test_no_window_is_longer_than_a_night() -> None:
    longest = entry(1, "02:00", opens_before=LONGEST_WINDOW, deadline_after=LONGEST_WINDOW)
    assert longest.opens_before == longest.deadline_after == LONGEST_WINDOW
    assert "opens_before is 1 day, 0:00:01" in refused(opens_before=LONGEST_WINDOW + timedelta(seconds=1))
    assert "deadline_after is 999999999 days" in refused(deadline_after=timedelta(days=999999999))


def test_the_time_is_what_the_clock_on_the_wall_shows_without_an_offset() -> None:
    assert "time is 02:00:00+00:00" in refused(time="02:00Z")
    assert "time is 02:00:00+00:00" in refused(time=dt.time(2, tzinfo=UTC))


def test_the_time_has_seconds_but_no_parts_of_them() -> None:
    assert entry(1, "02:00:59").time == dt.time(2, 0, 59)
    assert "time is 02:00:00.500000" in refused(time="02:00:00.5")


def test_the_time_does_not_say_which_of_two_occurrences_it_is() -> None:
    assert ScheduleEntry(id=UUID(int=1), time=dt.time(2, fold=1)).time.fold == 0


def test_an_entry_with_an_unknown_field_is_refused() -> None:
    assert "late_before" in refused(late_before=timedelta(minutes=5))


def test_an_entry_cannot_be_changed() -> None:
    one, field = entry(1, "02:00"), "time"
    with pytest.raises(ValidationError, match="frozen"):
        setattr(one, field, dt.time(3))


@pytest.mark.parametrize(
    ("time", "stands_at"),
    [
        ("12:00", wall("2026-05-01 12:00")),
        ("23:59:59", wall("2026-05-01 23:59:59")),
        ("00:00", wall("2026-05-02 00:00")),
        ("11:59:59", wall("2026-05-02 11:59:59")),
    ],
)
def test_an_entry_from_noon_on_stands_on_the_evening_and_before_noon_on_the_next_morning(
    time: str, stands_at: datetime
) -> None:
    assert entry(1, time).wall_time(date(2026, 5, 1)) == stands_at


@unhurried
@given(entries())
def test_an_entry_survives_json(one: ScheduleEntry) -> None:
    assert ScheduleEntry.model_validate_json(one.model_dump_json()) == one


def test_the_json_of_an_entry_is_what_other_programs_read() -> None:
    assert entry(1, "02:30").model_dump(mode="json") == {
        "id": "00000000-0000-0000-0000-000000000001",
        "time": "02:30:00",
        "kind": "remote",
        "opens_before": "PT15M",
        "late_after": "PT30M",
        "deadline_after": "PT1H",
    }
