"""Alarms: one cause, one owner; acknowledging does not close one; only the end of its cause does."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import pytest

from events.types.alarm import (
    AlarmAcknowledged,
    AlarmCleared,
    AlarmDisowned,
    AlarmHandedOver,
    AlarmKind,
    AlarmRaised,
    AlarmRepeated,
)
from services.tillsyn import alarm as alarms
from services.tillsyn.alarm import (
    Acknowledge,
    Alarm,
    AlarmClearedError,
    AlarmOwnedError,
    Clear,
    Disown,
    HandOver,
    NoSuchAlarmError,
    NotTheOwnerError,
    Raise,
    State,
    Sweep,
    roles_reached,
    still,
    stream_of,
)
from tests.builders import ANNA, BERTIL, HOME, RECIPIENT, RULES, SLOT, UNIT, after, at, hours, minutes

CAUSE = f"slot:{SLOT}"


def raised(when: str = "02:00", kind: AlarmKind = AlarmKind.OVERDUE) -> Raise:
    return Raise(kind, CAUSE, UNIT, "night-staff", RECIPIENT, HOME, at(when), RULES)


def acknowledged(by: UUID, when: str) -> Acknowledge:
    return Acknowledge(by, at(when), RULES)


def swept(when: str) -> Sweep:
    return Sweep(at(when), RULES)


def an_alarm(*commands: alarms.Command) -> Alarm:
    """Raised at 02:00, and then this."""
    return after(alarms, alarms.EMPTY, raised(), *commands)


def test_an_alarm_waits_for_an_answer_from_the_start() -> None:
    (event,) = alarms.decide(alarms.EMPTY, raised())

    assert isinstance(event, AlarmRaised)
    assert (event.kind, event.cause, event.role, event.recipient) == (
        AlarmKind.OVERDUE,
        CAUSE,
        "night-staff",
        RECIPIENT,
    )
    assert (event.since, event.answer_by) == (at("02:00"), at("02:05"))
    assert stream_of(AlarmKind.OVERDUE, CAUSE) == f"alarm-{event.alarm}"


def test_raising_an_alarm_that_stands_changes_nothing() -> None:
    assert alarms.decide(an_alarm(), raised("02:03")) == []
    assert alarms.decide(an_alarm(acknowledged(ANNA, "02:01")), raised("02:03")) == []


def test_the_same_cause_after_it_was_cleared_is_another_alarm() -> None:
    first, again = an_alarm(), an_alarm(Clear("over"), raised("04:00"))

    assert again.state is State.OPEN
    assert (again.raised, again.since, again.owner, again.repeats) == (2, at("04:00"), None, 0)
    assert again.alarm != first.alarm
    assert an_alarm(Clear("over"), raised("05:00")).alarm == again.alarm, "the second of a cause has one id"


def test_acknowledging_gives_an_alarm_an_owner_and_does_not_close_it() -> None:
    (event,) = alarms.decide(an_alarm(), acknowledged(ANNA, "02:01"))

    assert isinstance(event, AlarmAcknowledged)
    assert (event.by, event.mend_by) == (ANNA, at("02:16"))
    held = an_alarm(acknowledged(ANNA, "02:01"))
    assert (held.state, held.owner, held.stands) == (State.ACKNOWLEDGED, ANNA, True)
    assert alarms.decide(held, acknowledged(ANNA, "02:05")) == []


def test_an_alarm_that_a_colleague_has_is_not_taken_from_them() -> None:
    with pytest.raises(AlarmOwnedError, match=r"until 02:16 UTC; they can hand it over"):
        alarms.decide(an_alarm(acknowledged(ANNA, "02:01")), acknowledged(BERTIL, "02:05"))


def test_an_alarm_that_nobody_answers_is_repeated() -> None:
    assert alarms.decide(an_alarm(), swept("02:04:59")) == []
    (event,) = alarms.decide(an_alarm(), swept("02:05"))

    assert isinstance(event, AlarmRepeated)
    assert (event.repeats, event.since, event.answer_by) == (1, at("02:00"), at("02:10"))
    assert an_alarm(swept("02:05"), swept("02:10"), swept("02:15")).repeats == 3


def test_an_alarm_that_is_not_mended_in_time_is_open_again() -> None:
    held = an_alarm(acknowledged(ANNA, "02:01"))
    assert alarms.decide(held, swept("02:15:59")) == []

    again = after(alarms, held, swept("02:16"))

    assert (again.state, again.repeats, again.since, again.act_at) == (State.OPEN, 1, at("02:00"), at("02:21"))
    assert after(alarms, again, acknowledged(BERTIL, "02:17")).owner == BERTIL


def test_an_alarm_is_handed_over_by_name_and_by_its_owner_only() -> None:
    held = an_alarm(acknowledged(ANNA, "02:01"))

    assert alarms.decide(held, HandOver(ANNA, BERTIL)) == [AlarmHandedOver(alarm=held.alarm, by=ANNA, to=BERTIL)]
    assert after(alarms, held, HandOver(ANNA, BERTIL)).owner == BERTIL
    assert alarms.decide(held, HandOver(BERTIL, ANNA)) == [], "it is hers already"
    with pytest.raises(NotTheOwnerError, match=f"{ANNA} can"):
        alarms.decide(held, HandOver(BERTIL, BERTIL))
    with pytest.raises(NotTheOwnerError, match="nobody's"):
        alarms.decide(an_alarm(), HandOver(ANNA, BERTIL))


def test_an_alarm_that_its_owner_left_behind_is_open_and_has_no_owner() -> None:
    held = an_alarm(acknowledged(ANNA, "02:01"))

    (event,) = alarms.decide(held, Disown(ANNA, at("02:10"), RULES))

    assert event == AlarmDisowned(alarm=held.alarm, was=ANNA, answer_by=at("02:15"))
    left = after(alarms, held, Disown(ANNA, at("02:10"), RULES))
    assert (left.state, left.owner) == (State.OPEN, None)
    assert alarms.decide(held, Disown(BERTIL, at("02:10"), RULES)) == [], "it was not his"


@pytest.mark.parametrize("commands", [(), (acknowledged(ANNA, "02:01"),), (swept("02:05"),)])
def test_an_alarm_is_over_when_its_cause_is_gone_and_only_once(commands: tuple[alarms.Command, ...]) -> None:
    alarm = an_alarm(*commands)
    assert alarms.decide(alarm, Clear("somebody is on the way")) == [
        AlarmCleared(alarm=alarm.alarm, because="somebody is on the way")
    ]
    over = after(alarms, alarm, Clear("somebody is on the way"))
    assert (over.stands, over.act_at) == (False, None)
    assert alarms.decide(over, Clear("again")) == []
    assert alarms.decide(over, swept("09:00")) == []
    assert alarms.decide(over, Disown(ANNA, at("09:00"), RULES)) == []
    with pytest.raises(AlarmClearedError, match="its cause is gone"):
        alarms.decide(over, acknowledged(ANNA, "09:00"))


def test_an_alarm_that_was_never_raised_cannot_be_acknowledged() -> None:
    with pytest.raises(NoSuchAlarmError):
        alarms.decide(alarms.EMPTY, acknowledged(ANNA, "02:00"))
    assert alarms.decide(alarms.EMPTY, Clear("nothing")) == []


@pytest.mark.parametrize(
    ("kind", "answer", "mend"),
    [
        (AlarmKind.OVERDUE, minutes(5), minutes(15)),
        (AlarmKind.VISIT_NOT_ACKNOWLEDGED, minutes(5), minutes(15)),
        (AlarmKind.DEVICE_LOST, minutes(5), hours(3)),
        (AlarmKind.NO_PLAN, hours(1), hours(3)),
        (AlarmKind.BREAK_GLASS, hours(1), hours(3)),
    ],
)
def test_an_alarm_that_is_mended_by_day_has_longer_limits(kind: AlarmKind, answer: object, mend: object) -> None:
    limits = alarms.limits_of(kind, RULES)
    assert (limits.answer, limits.mend) == (answer, mend)


def test_the_manager_hears_of_an_alarm_that_was_repeated_three_times() -> None:
    assert roles_reached("night-staff", 2) == ("night-staff",)
    assert roles_reached("night-staff", 3) == ("night-staff", "manager")
    assert roles_reached("manager", 9) == ("manager",)


@dataclass(frozen=True)
class Stood:
    since: datetime | None


@pytest.mark.parametrize(
    ("now", "english", "swedish"),
    [
        ("02:00:59", "still, 0 min", "fortfarande, 0 min"),
        ("02:12", "still, 12 min", "fortfarande, 12 min"),
        ("03:05", "still, 1 h 5 min", "fortfarande, 1 tim 5 min"),
        ("01:59", "still, 0 min", "fortfarande, 0 min"),
    ],
)
def test_how_long_an_alarm_has_stood_is_said_in_both_languages(now: str, english: str, swedish: str) -> None:
    alarm = Stood(at("02:00"))
    assert still(alarm, at(now)) == still(alarm, at(now), "en") == english
    assert still(alarm, at(now), "sv") == swedish
