"""Seen, but uncertain whether all is well: a colleague looks within five minutes, or somebody goes."""

import pytest

from events.base import Event
from events.types.night import (
    CancelReason,
    DelayReason,
    EscalationDelayed,
    EscalationReason,
    SeenUncertain,
    SlotCancelled,
    SlotEscalated,
    VisitInstead,
)
from events.types.unit import NightRules
from services.tillsyn import night as nights
from services.tillsyn.night import Night, Status, decide
from services.tillsyn.night.commands import Cancelled
from services.tillsyn.night.errors import NoLeaseError, NoLivePictureError, OwnDoubtError
from tests.builders import (
    ABSENCE,
    ANNA,
    BERTIL,
    LOOK,
    OTHER_LOOK,
    OTHER_SLOT,
    SLOT,
    THIRD_SLOT,
    a_claimed_slot,
    a_night,
    a_served_look,
    after,
    all_well,
    apply_to,
    at,
    claim,
    concern,
    due,
    looks,
    minutes,
    no_picture,
    not_seen,
    own_visit,
    sweep,
    uncertain,
    undo,
)


def a_doubt(*due_times: str) -> Night:
    """ANNA looked at 02:00 and could not tell; a colleague has until 02:05:20."""
    return after(nights, a_served_look(ANNA, "02:00", *due_times), uncertain(ANNA, "02:00:20"))


def a_second_opinion(*due_times: str, slot: object = SLOT) -> Night:
    """BERTIL looks, too."""
    return after(nights, a_doubt(*due_times), *looks(BERTIL, "02:03", slot, OTHER_LOOK))  # type: ignore[arg-type]


def escalated(events: object) -> list[tuple[object, object]]:
    assert isinstance(events, list)
    return [(event.slot, event.reason) for event in events if isinstance(event, SlotEscalated)]


def test_seen_uncertain_gives_the_slot_back_and_says_until_when_a_colleague_has_to_answer() -> None:
    [event] = decide(a_served_look(ANNA, "02:00"), uncertain(ANNA, "02:00:20"))
    assert event == SeenUncertain(slot=SLOT, look=LOOK, by=ANNA, answer_by=at("02:05:20"))
    slot = a_doubt().slots[SLOT]
    assert (slot.open, slot.lease, slot.uncertain_by, slot.escalates_at) == (True, None, ANNA, at("02:05:20"))


def test_seen_uncertain_takes_a_live_picture_and_a_lease() -> None:
    with pytest.raises(NoLivePictureError):
        decide(a_claimed_slot(ANNA, "02:00"), uncertain(ANNA, "02:00:20"))
    with pytest.raises(NoLeaseError):
        decide(a_served_look(ANNA, "02:00"), uncertain(BERTIL, "02:00:20"))


def test_whoever_was_uncertain_does_not_look_again_and_is_told_what_they_may_do() -> None:
    with pytest.raises(OwnDoubtError, match="a colleague may look until 02:05:20 UTC, or send somebody"):
        decide(a_doubt(), claim(ANNA, "02:01"))


def test_whoever_was_uncertain_can_still_send_somebody() -> None:
    assert escalated(decide(a_doubt(), concern(ANNA, "02:01"))) == [(SLOT, EscalationReason.CONCERN)]


def test_a_colleague_who_sees_that_all_is_well_completes_the_slot() -> None:
    night = after(nights, a_second_opinion(), all_well(BERTIL, "02:03:20"))
    assert night.slots[SLOT].status is Status.COMPLETED


def test_two_who_cannot_tell_send_somebody_at_once() -> None:
    events = decide(a_second_opinion(), uncertain(BERTIL, "02:03:20"))
    assert escalated(events) == [(SLOT, EscalationReason.UNCERTAIN)]


def test_a_colleague_who_sees_nobody_does_not_wait_for_a_second_look() -> None:
    assert escalated(decide(a_second_opinion(), not_seen(BERTIL, "02:03:20"))) == [(SLOT, EscalationReason.NOT_SEEN)]


def test_where_no_colleague_answers_somebody_goes() -> None:
    assert not decide(a_doubt(), sweep("02:05:19"))
    assert escalated(decide(a_doubt(), sweep("02:05:20"))) == [(SLOT, EscalationReason.UNCERTAIN)]


def test_a_colleague_who_has_claimed_the_slot_is_waited_for_once() -> None:
    night = after(nights, a_doubt(), claim(BERTIL, "02:05"))
    assert decide(night, sweep("02:05:20")) == [
        EscalationDelayed(slot=SLOT, reason=DelayReason.LIVE_LEASE, until=at("02:06:30"))
    ]
    night = after(nights, night, sweep("02:05:20"), claim(BERTIL, "02:06:29"))
    assert escalated(decide(night, sweep("02:06:30"))) == [(SLOT, EscalationReason.UNCERTAIN)]


def test_all_well_taken_back_leaves_the_colleague_the_time_that_was_left() -> None:
    night = after(nights, a_second_opinion(), all_well(BERTIL, "02:03:20"), undo(BERTIL, "02:03:24"))
    assert night.slots[SLOT].escalates_at == at("02:05:20")


def test_in_the_last_minutes_of_the_hard_maximum_there_is_no_time_for_a_colleague() -> None:
    rules = NightRules(hard_maximum=minutes(60))
    night = after(nights, a_night("02:00", rules=rules), *looks(ANNA, "02:58"))
    [event] = decide(night, uncertain(ANNA, "02:58:30"))
    assert isinstance(event, SeenUncertain)
    assert event.answer_by == at("03:00")


@pytest.mark.parametrize("report", [due(1, "02:02"), no_picture(2, "02:02"), no_picture(1, "02:04")])
def test_a_report_from_the_gateway_neither_prolongs_nor_shortens_the_doubt(report: object) -> None:
    assert after(nights, a_doubt(), report).slots[SLOT].escalates_at == at("02:05:20")


def test_where_the_camera_may_not_be_used_any_more_somebody_goes_at_once() -> None:
    events = decide(a_doubt(), apply_to(SLOT, by=VisitInstead.CONSENT_WITHDRAWN, when="02:01"))
    assert escalated(events) == [(SLOT, EscalationReason.UNCERTAIN)]


def test_an_absence_ends_the_doubt_and_its_end_brings_it_back() -> None:
    away = apply_to(SLOT, by=Cancelled(CancelReason.ABSENT, ABSENCE), when="02:01")
    assert [type(event) for event in decide(a_doubt(), away)] == [SlotCancelled]
    back = after(nights, a_doubt(), away, apply_to(by=VisitInstead.NO_CAMERA, when="02:02"))
    assert (back.slots[SLOT].open, back.slots[SLOT].escalates_at) == (True, at("02:05:20"))


def test_two_that_fell_together_are_in_doubt_together() -> None:
    events: list[Event] = list(decide(a_served_look(ANNA, "02:00", "02:00", "02:00"), uncertain(ANNA, "02:00:20")))
    assert {event.slot for event in events if isinstance(event, SeenUncertain)} == {SLOT, OTHER_SLOT}
    with pytest.raises(OwnDoubtError):
        decide(a_doubt("02:00", "02:00"), claim(ANNA, "02:01", OTHER_SLOT))
    answered = after(
        nights, a_second_opinion("02:00", "02:00", slot=OTHER_SLOT), all_well(BERTIL, "02:03:20", OTHER_SLOT)
    )
    assert {slot.status for slot in answered.slots.values()} == {Status.COMPLETED}


def test_a_slot_at_another_time_is_not_in_doubt() -> None:
    night = a_doubt("02:00", "02:00", "02:10")
    assert night.slots[THIRD_SLOT].uncertain_by is None
    assert decide(night, claim(ANNA, "02:01", THIRD_SLOT))


def test_an_absence_told_late_does_not_overrule_eyes_that_saw_somebody_after_it_began() -> None:
    away = Cancelled(CancelReason.ABSENT, ABSENCE, since=at("20:00"))
    assert decide(a_doubt(), apply_to(SLOT, by=away)) == [
        SlotEscalated(slot=SLOT, reason=EscalationReason.UNCERTAIN, visit=own_visit(SLOT))
    ]
    both = decide(a_doubt("02:00", "02:00"), apply_to(SLOT, OTHER_SLOT, by=away))
    assert len({event.visit for event in both if isinstance(event, SlotEscalated)}) == 1
    assert len(both) == 2


def test_whoever_was_seen_before_they_left_is_not_sent_to() -> None:
    fetched = Cancelled(CancelReason.ABSENT, ABSENCE, since=at("02:03"))
    assert decide(a_doubt(), apply_to(SLOT, by=fetched)) == [
        SlotCancelled(slot=SLOT, reason=CancelReason.ABSENT, because_of=ABSENCE)
    ]
