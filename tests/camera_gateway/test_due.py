"""What is due when, as a table and for all schedules."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from camera_gateway.due import Check, Reported, as_agreed_now, by_camera, outstanding
from events.home_schedule import RecipientSchedule
from tests.camera_gateway.builders import NIGHT, at, camera_id, granted, home, recipient, schedule, slots

SOMEONE = recipient(1, "23:00", "03:00")
FIRST, SECOND = slots(SOMEONE)


def tonight(now: str, *reported: tuple[int, Reported]) -> list[tuple[str, int, str]]:
    """Which of the two slots, at which attempt, when: of this night alone."""
    known = {slots(SOMEONE)[number].slot: what for number, what in reported}
    names = {FIRST.slot: "first", SECOND.slot: "second"}
    found = outstanding(schedule(home(1, SOMEONE)), known, at(now))
    return [(names[c.slot.slot], c.attempt, f"{c.at - at('12:00')}") for c in found if c.night == NIGHT]


def no_picture(attempt: int, time: str) -> Reported:
    return Reported(attempt, picture=False, at=at(time))


def picture(attempt: int, time: str) -> Reported:
    return Reported(attempt, picture=True, at=at(time))


@pytest.mark.parametrize(
    ("now", "reported", "expected"),
    [
        ("20:00", [], [("first", 1, "11:00:00"), ("second", 1, "15:00:00")]),
        ("23:00", [], [("first", 1, "11:00:00"), ("second", 1, "15:00:00")]),
        ("23:59", [], [("first", 1, "11:00:00"), ("second", 1, "15:00:00")]),
        ("00:00", [], [("second", 1, "15:00:00")]),
        ("23:01", [(0, picture(1, "23:00"))], [("second", 1, "15:00:00")]),
        ("23:01", [(0, no_picture(1, "23:00"))], [("first", 2, "11:02:00"), ("second", 1, "15:00:00")]),
        ("23:30", [(0, no_picture(1, "23:10"))], [("first", 2, "11:12:00"), ("second", 1, "15:00:00")]),
        ("23:58", [(0, no_picture(1, "23:58"))], [("second", 1, "15:00:00")]),
        ("23:03", [(0, no_picture(2, "23:02"))], [("second", 1, "15:00:00")]),
        ("23:03", [(0, picture(2, "23:02"))], [("second", 1, "15:00:00")]),
        ("04:00", [], []),
    ],
    ids=[
        "ahead of the night",
        "at the due time",
        "late, before the deadline",
        "past the deadline it is no longer ours",
        "done",
        "one retry, counted from the report",
        "a late report's retry is late too",
        "no retry at or past the deadline",
        "after the retry it is for people",
        "the retry had a picture",
        "the night is over",
    ],
)
def test_what_is_outstanding(
    now: str, reported: list[tuple[int, Reported]], expected: list[tuple[str, int, str]]
) -> None:
    assert tonight(now, *reported) == expected


def test_last_nights_window_reaches_past_noon() -> None:
    someone = recipient(1, "11:45")
    found = outstanding(schedule(home(1, someone)), {}, at("12:10", NIGHT) + timedelta(days=1))
    assert found[0].night == NIGHT


def test_the_next_night_is_seen_before_it_begins() -> None:
    found = outstanding(schedule(home(1, SOMEONE)), {}, at("11:59"))
    assert found[0].at == FIRST.due_at + timedelta(days=1)


@pytest.mark.parametrize(
    "shut",
    [
        recipient(1, "23:00", camera_allowed=False),
        recipient(1, "23:00", closed_slots=(FIRST.slot,), granted=(granted(last=NIGHT),)),
        recipient(1, "23:00", granted=(granted(last=NIGHT - timedelta(days=1)),)),
        recipient(1, "23:00", granted=(granted(NIGHT + timedelta(days=2)),)),
    ],
    ids=["no consent", "closed slot", "decision ended", "decision not begun"],
)
def test_what_is_not_the_cameras_is_never_due(shut: RecipientSchedule) -> None:
    assert outstanding(schedule(home(1, shut)), {}, at("23:00")) == ()


def test_two_people_in_one_home_are_served_by_one_opening() -> None:
    found = outstanding(
        schedule(home(1, SOMEONE, recipient(2, "23:00")), home(3, recipient(3, "23:00"))), {}, at("23:00")
    )
    due = [check for check in found if check.at <= at("23:00")]
    assert [[check.camera for check in group] for group in by_camera(due)] == [[camera_id(1)] * 2, [camera_id(3)]]


def test_a_check_is_asked_again_for_right_before_the_opening() -> None:
    check = outstanding(schedule(home(1, SOMEONE)), {}, at("23:00"))[0]
    machine_off = recipient(1, "23:00", "03:00", machine_openings=False)
    withdrawn = recipient(1, "23:00", "03:00", camera_allowed=False)
    assert as_agreed_now(schedule(home(1, SOMEONE)), check, at("23:00")) == check
    assert as_agreed_now(schedule(home(1, withdrawn)), check, at("23:00")) is None
    assert as_agreed_now(schedule(), check, at("23:00")) is None
    assert as_agreed_now(None, check, at("23:00")) is None
    still = as_agreed_now(schedule(home(1, machine_off)), check, at("23:00"))
    assert still is not None
    assert not still.may_open


times = st.times().map(lambda t: t.replace(second=0, microsecond=0).isoformat())
instants = st.integers(min_value=0, max_value=72 * 60).map(lambda m: at("12:00") - timedelta(hours=24, minutes=-m))


@settings(max_examples=60, deadline=None)
@given(st.lists(times, max_size=6, unique=True), instants, st.data())
def test_for_any_schedule_each_slot_has_at_most_one_attempt_ahead(
    agreed: list[str], now: datetime, data: st.DataObject
) -> None:
    someone = recipient(1, *agreed)
    document = schedule(home(1, someone))
    everything = outstanding(document, {}, now)
    outcomes = st.none() | st.builds(Reported, st.integers(1, 2), st.booleans(), st.just(now))
    reported = {c.slot.slot: r for c in everything if (r := data.draw(outcomes)) is not None}
    found = outstanding(document, reported, now)
    assert len({check.slot.slot for check in found}) == len(found)
    assert [check.at for check in found] == sorted(check.at for check in found)
    for check in found:
        _holds(check, reported.get(check.slot.slot), now)
    settled = {slot for slot, what in reported.items() if what.picture or what.attempt == 2}
    assert settled.isdisjoint(check.slot.slot for check in found)


def _holds(check: Check, before: Reported | None, now: datetime) -> None:
    assert check.slot.deadline > now
    assert check.slot.due_at <= check.at < check.slot.deadline
    assert check.attempt == (1 if before is None else before.attempt + 1) <= 2


def test_while_a_carer_is_there_the_gateway_opens_nothing_by_itself() -> None:
    there = schedule(home(1, SOMEONE).model_copy(update={"carer": True}))
    checks = [check for check in outstanding(there, {}, at("20:00")) if check.night == NIGHT]
    assert [check.may_open for check in checks] == [False, False], "it says that the time has come, and opens nothing"
    agreed = as_agreed_now(there, outstanding(schedule(home(1, SOMEONE)), {}, at("20:00"))[0], at("23:00"))
    assert agreed is not None
    assert not agreed.may_open
