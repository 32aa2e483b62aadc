"""What a signed grant opens, and when."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from camera_gateway.look_rules import refusal
from events.home_schedule import GatewaySchedule
from events.looks.grant import Grant, LookPurpose
from events.looks.messages import LookFault
from tests.camera_gateway.builders import GATEWAY, NIGHT, at, camera_id, home, home_id, recipient, schedule, slots

SOMEONE = recipient(1, "23:00", "03:00")
FIRST, SECOND = slots(SOMEONE)
AGREED = schedule(home(1, SOMEONE))


def grant(time: str, **changes: Any) -> Grant:
    """A grant of that time for the first slot, by a service that knows what the gateway knows."""
    stated: dict[str, Any] = {
        "look": UUID(int=1),
        "slot": FIRST.slot,
        "home": home_id(1),
        "camera": camera_id(1),
        "gateway": GATEWAY,
        "viewer": UUID(int=2),
        "viewer_key": "",
        "valid_from": at(time),
        "valid_until": at(time) + timedelta(minutes=1),
        "max_seconds": 30,
        "max_frames": 1,
        "recipient": SOMEONE.recipient,
        "recipient_version": SOMEONE.version,
    }
    return Grant(**(stated | changes))


def fault(time: str, document: GatewaySchedule | None = AGREED, **changes: Any) -> LookFault | None:
    refused = refusal(grant(time, **changes), document, GATEWAY, at(time))
    return refused.fault if refused else None


@pytest.mark.parametrize("time", ["22:45", "23:00", "23:59", "00:30", "01:30"])
def test_from_the_opening_of_the_slot_to_the_hard_maximum_a_grant_opens_the_camera(time: str) -> None:
    assert fault(time) is None


@pytest.mark.parametrize("time", ["12:00", "22:44:59", "01:30:01", "05:00"])
def test_outside_it_nobody_opens_the_camera(time: str) -> None:
    assert fault(time) is LookFault.NOT_NOW


def test_another_slots_window_is_no_reason_to_look_for_this_one() -> None:
    assert fault("03:00") is LookFault.NOT_NOW
    assert fault("03:00", slot=SECOND.slot) is None
    assert fault("23:00", slot=UUID(int=7)) is LookFault.NOT_NOW


def test_a_slot_that_was_cancelled_since_is_shut() -> None:
    closed = recipient(1, "23:00", "03:00", closed_slots=(FIRST.slot,), version=4)
    assert fault("23:00", schedule(home(1, closed))) is LookFault.NOT_NOW


def test_an_agreed_deadline_beyond_the_hard_maximum_holds() -> None:
    entry = SOMEONE.periods[0].entries[0].model_copy(update={"deadline_after": timedelta(hours=4)})
    period = SOMEONE.periods[0].model_copy(update={"entries": (entry,)})
    someone = SOMEONE.model_copy(update={"periods": (period,)})
    assert fault("02:59", schedule(home(1, someone))) is None
    assert fault("03:01", schedule(home(1, someone))) is LookFault.NOT_NOW


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"gateway": UUID(int=9)}, LookFault.BAD_GRANT),
        ({"valid_from": at("23:00:06")}, LookFault.NOT_NOW),
        ({"valid_from": at("23:00:04")}, None),
        ({"valid_from": at("22:58"), "valid_until": at("23:00")}, LookFault.NOT_NOW),
        ({"recipient_version": SOMEONE.version + 1}, LookFault.OUTDATED_SCHEDULE),
        ({"recipient_version": SOMEONE.version - 1}, None),
        ({"recipient": UUID(int=9)}, LookFault.OUTDATED_SCHEDULE),
        ({"home": UUID(int=9)}, LookFault.OUTDATED_SCHEDULE),
        ({"camera": camera_id(2)}, LookFault.UNKNOWN_CAMERA),
    ],
    ids=[
        "another gateway",
        "not yet",
        "a clock a few seconds ahead",
        "no longer",
        "the service knows more",
        "the service knows less, and nothing speaks against it",
        "nobody we know",
        "no home we know",
        "another home's camera",
    ],
)
def test_what_a_grant_says_is_held_against_the_schedule(changes: dict[str, Any], expected: LookFault | None) -> None:
    assert fault("23:00", **changes) is expected


def test_without_consent_or_while_paused_the_camera_is_shut() -> None:
    shut = recipient(1, "23:00", "03:00", camera_allowed=False)
    assert fault("23:00", schedule(home(1, shut))) is LookFault.SUSPENDED


def test_without_a_schedule_nothing_is_agreed() -> None:
    assert fault("23:00", None) is LookFault.OUTDATED_SCHEDULE
    assert fault("23:00", schedule()) is LookFault.OUTDATED_SCHEDULE


def test_no_machine_openings_does_not_shut_out_people() -> None:
    machine_off = recipient(1, "23:00", "03:00", machine_openings=False)
    assert fault("23:00", schedule(home(1, machine_off))) is None


def test_the_night_after_has_slots_of_its_own() -> None:
    tomorrow = slots(SOMEONE, NIGHT + timedelta(days=1))[0]
    assert fault("23:00", slot=tomorrow.slot) is LookFault.NOT_NOW


def in_test(**changes: Any) -> GatewaySchedule:
    """The home's camera is being tested; nobody there may be looked at."""
    untested = recipient(1, "23:00", "03:00", camera_allowed=False)
    test = {"in_test": camera_id(1), "in_test_until": at("23:30")}
    return schedule(home(1, untested).model_copy(update=test | changes))


def test_a_test_opens_the_camera_in_test_at_any_time_and_no_other() -> None:
    tests = {"purpose": LookPurpose.COMMISSIONING, "recipient": None, "recipient_version": 0}
    assert fault("14:00", in_test(), **tests) is None
    assert fault("14:00", in_test(), **tests, camera=camera_id(2)) is LookFault.NOT_NOW
    assert fault("14:00", in_test(in_test=None), **tests) is LookFault.NOT_NOW
    assert fault("23:00", AGREED, **tests) is LookFault.NOT_NOW
    assert fault("23:00", None, **tests) is LookFault.NOT_NOW
    assert fault("23:00", in_test()) is LookFault.SUSPENDED, "a test opens it for nothing else"


def test_a_test_is_over_at_its_time_whatever_else_the_gateway_hears() -> None:
    tests = {"purpose": LookPurpose.COMMISSIONING, "recipient": None, "recipient_version": 0}
    assert fault("23:29:59", in_test(), **tests) is None
    assert fault("23:30", in_test(), **tests) is LookFault.NOT_NOW
    assert fault("23:00", in_test(in_test_until=None), **tests) is LookFault.NOT_NOW


def test_a_test_opens_nothing_while_a_carer_is_in_the_home() -> None:
    tests = {"purpose": LookPurpose.COMMISSIONING, "recipient": None, "recipient_version": 0}
    assert fault("14:00", in_test(carer=True), **tests) is LookFault.SUSPENDED


def test_an_alarm_opens_the_camera_at_any_time_where_consent_covers_that() -> None:
    consented = schedule(home(1, recipient(1, "23:00", "03:00", alarm_looks=True)))
    assert fault("14:00", consented, purpose=LookPurpose.ALARM) is None
    assert fault("14:00", consented) is LookFault.NOT_NOW
    assert fault("23:00", AGREED, purpose=LookPurpose.ALARM) is LookFault.SUSPENDED
    shut = schedule(home(1, recipient(1, "23:00", "03:00", alarm_looks=True, camera_allowed=False)))
    assert fault("14:00", shut, purpose=LookPurpose.ALARM) is LookFault.SUSPENDED


@pytest.mark.parametrize("purpose", [LookPurpose.SLOT, LookPurpose.ALARM])
def test_a_carer_in_the_home_keeps_the_camera_shut(purpose: LookPurpose) -> None:
    someone = recipient(1, "23:00", "03:00", alarm_looks=True)
    there = schedule(home(1, someone).model_copy(update={"carer": True}))
    assert fault("23:00", there, purpose=purpose) is LookFault.SUSPENDED


def test_of_two_cameras_the_one_that_shows_the_person_is_opened() -> None:
    by_the_window = schedule(home(1, recipient(1, "23:00", "03:00", camera=camera_id(2))))
    assert fault("23:00", by_the_window, camera=camera_id(2)) is None
    assert fault("23:00", by_the_window) is LookFault.UNKNOWN_CAMERA
