"""Not seen: one second look after 15 minutes, window and deadline extended once, up to a hard maximum."""

from datetime import datetime

import pytest

from events.base import Event
from events.types.night import EscalationReason, NotSeen, SlotEscalated
from events.types.unit import NightRules
from services.tillsyn import night as nights
from services.tillsyn.night import Night, Status, decide
from services.tillsyn.night.errors import NoLivePictureError, TooEarlyError
from tests.builders import (
    ANNA,
    BERTIL,
    LOOK,
    OTHER_LOOK,
    OTHER_SLOT,
    SLOT,
    a_night_of,
    a_planned_slot,
    a_second_look_planned,
    a_served_look,
    after,
    all_well,
    at,
    claim,
    due,
    looks,
    minutes,
    no_picture,
    not_seen,
    own_visit,
    sweep,
    unreachable,
)

NO_SECOND = EscalationReason.NOT_SEEN
SECOND = {"second_look_after": minutes(15), "second_look_window": minutes(10)}


def said(night: Night, when: str, *, consented: bool = True) -> NotSeen:
    """The one event that "not seen" leads to."""
    [event] = decide(night, not_seen(ANNA, when, consented=consented))
    assert isinstance(event, NotSeen)
    return event


def escalated(events: object) -> list[tuple[object, object]]:
    assert isinstance(events, list)
    return [(event.slot, event.reason) for event in events if isinstance(event, SlotEscalated)]


def deadline(night: Night) -> datetime:
    return night.slots[SLOT].deadline


def test_not_seen_plans_a_second_look_after_fifteen_minutes() -> None:
    event = said(a_served_look(ANNA, "02:00"), "02:00:30")
    assert (event.by, event.look, event.second_look_at) == (ANNA, LOOK, at("02:15:30"))


def test_a_deadline_with_time_enough_for_the_second_look_stays() -> None:
    assert said(a_served_look(ANNA, "02:00"), "02:00:30").deadline == at("03:00")


def test_a_deadline_too_close_is_extended_so_that_the_second_look_has_its_window() -> None:
    assert said(a_served_look(ANNA, "02:50"), "02:50:30").deadline == at("03:15:30")


def test_no_extension_goes_beyond_the_hard_maximum() -> None:
    rules = NightRules(hard_maximum=minutes(80), **SECOND)
    assert said(a_served_look(ANNA, "02:59", rules=rules), "02:59:30").deadline == at("03:20")


def test_without_time_for_a_second_look_before_the_hard_maximum_somebody_is_sent() -> None:
    rules = NightRules(hard_maximum=minutes(70), **SECOND)
    night = a_served_look(ANNA, "02:58", rules=rules)
    assert escalated(decide(night, not_seen(ANNA, "02:58:30"))) == [(SLOT, NO_SECOND)]


def test_without_consent_to_second_looks_somebody_is_sent_at_once() -> None:
    events = decide(a_served_look(ANNA, "02:00"), not_seen(ANNA, "02:00:30", consented=False))
    assert events == [SlotEscalated(slot=SLOT, reason=NO_SECOND, visit=own_visit(SLOT))]


def test_a_deadline_longer_than_the_hard_maximum_is_not_cut_by_a_second_look() -> None:
    night = a_served_look(ANNA, "02:00", deadline=180)
    assert said(night, "02:00:30").deadline == at("05:00")


@pytest.mark.parametrize("hard_maximum", [76, 78, 81, 120])
@pytest.mark.parametrize("when", ["02:00:30", "02:35:00", "02:59:30"])
def test_window_and_deadline_stay_in_order_when_extended(hard_maximum: int, when: str) -> None:
    night = a_served_look(ANNA, when, rules=NightRules(hard_maximum=minutes(hard_maximum), **SECOND))
    event = said(night, when)
    assert at("02:00") <= event.second_look_at < event.deadline
    assert at("02:30") <= event.late_at < event.deadline
    assert at("03:00") <= event.deadline <= at("02:00") + minutes(hard_maximum)


def test_the_second_look_cannot_be_taken_before_its_time() -> None:
    with pytest.raises(TooEarlyError, match="02:15"):
        decide(a_second_look_planned("02:00"), claim(ANNA, "02:14:59"))


def test_not_seen_gives_the_slot_back_so_that_anybody_takes_the_second_look() -> None:
    night = after(nights, a_second_look_planned("02:00"), *looks(BERTIL, "02:15", look=OTHER_LOOK))
    assert after(nights, night, all_well(BERTIL, "02:15:30")).slots[SLOT].status is Status.COMPLETED


def test_the_picture_of_the_first_look_is_no_answer_to_the_second() -> None:
    night = after(nights, a_second_look_planned("02:00"), claim(ANNA, "02:15"))
    with pytest.raises(NoLivePictureError):
        decide(night, all_well(ANNA, "02:15:30"))


def test_not_seen_twice_sends_somebody() -> None:
    night = after(nights, a_second_look_planned("02:00"), *looks(ANNA, "02:15", look=OTHER_LOOK))
    assert escalated(decide(night, not_seen(ANNA, "02:15:30"))) == [(SLOT, NO_SECOND)]


def test_a_deadline_is_extended_once_only() -> None:
    night = after(nights, a_second_look_planned("02:50"), *looks(ANNA, "03:05", look=OTHER_LOOK))
    after_second = after(nights, night, not_seen(ANNA, "03:05:30"))
    assert after_second.slots[SLOT].deadline == deadline(night)
    assert after_second.slots[SLOT].status is Status.ESCALATED


def test_a_second_look_that_nobody_takes_is_escalated_as_not_seen() -> None:
    night = a_second_look_planned("02:50")
    assert not decide(night, sweep("03:14:59"))
    assert escalated(decide(night, sweep("03:15"))) == [(SLOT, NO_SECOND)]


def test_the_second_look_stands_though_the_first_deadline_passes() -> None:
    assert not decide(a_second_look_planned("02:50"), sweep("03:00:01"))


@pytest.mark.parametrize("late", [no_picture(1, "02:00"), unreachable(2, "02:02"), due(1, "02:00"), due(2, "02:03")])
def test_a_report_that_was_held_up_takes_nothing_from_the_second_look(late: object) -> None:
    night = a_second_look_planned("02:50")
    assert after(nights, night, late).slots[SLOT].escalates_at == deadline(night)


@pytest.mark.parametrize("report", [no_picture(1, "02:00"), unreachable(2, "02:02"), due(1, "02:00")])
def test_a_report_before_or_after_not_seen_leaves_the_same_night(report: object) -> None:
    looked, said_so = looks(ANNA, "02:01"), not_seen(ANNA, "02:01:30")
    night = a_night_of(a_planned_slot("02:00"))
    assert after(nights, night, report, *looked, said_so) == after(nights, night, *looked, said_so, report)


def test_a_second_look_for_two_slots_brings_neither_deadline_forward() -> None:
    short, long = a_planned_slot("02:00"), a_planned_slot("02:00", 1, late=60, deadline=110)
    night = after(nights, a_night_of(short, long), *looks(ANNA, "02:01"))
    after_it = after(nights, night, not_seen(ANNA, "02:01:30"))
    assert [after_it.slots[one].deadline for one in (SLOT, OTHER_SLOT)] == [at("03:00"), at("03:50")]
    assert [after_it.slots[one].late_at for one in (SLOT, OTHER_SLOT)] == [at("02:30"), at("03:00")]


def test_not_seen_is_recorded_once_for_each_slot() -> None:
    events: list[Event] = list(decide(a_served_look(ANNA, "02:00"), not_seen(ANNA, "02:00:30")))
    assert [type(event) for event in events] == [NotSeen]
