"""Time running out: what nobody settled is escalated, a live lease delays it once, and nothing outlasts the maximum."""

import pytest

from events.schedule import SlotKind
from events.types.night import (
    DelayReason,
    EscalationDelayed,
    EscalationReason,
    SlotEscalated,
    VisitInstead,
)
from events.types.unit import NightRules
from services.tillsyn import night as nights
from services.tillsyn.night import Night, Status, decide
from services.tillsyn.night.commands import RecordVisitArrived, RecordVisitDone
from tests.builders import (
    ANNA,
    BERTIL,
    OTHER_LOOK,
    OTHER_SLOT,
    PATROL,
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
    looks,
    minutes,
    not_seen,
    own_visit,
    sweep,
    undo,
)

NOBODY = EscalationReason.NOBODY_LOOKED
BECAME_VISIT = after(nights, a_night(), apply_to(SLOT, by=VisitInstead.CONSENT_WITHDRAWN))


def escalated(night: Night, when: str) -> list[tuple[object, EscalationReason]]:
    events = decide(night, sweep(when))
    return [(event.slot, event.reason) for event in events if isinstance(event, SlotEscalated)]


def delayed(night: Night, when: str) -> list[object]:
    return [event.until for event in decide(night, sweep(when)) if isinstance(event, EscalationDelayed)]


def test_before_the_deadline_the_sweeper_leaves_a_slot_alone() -> None:
    assert not decide(a_night(), sweep("02:59:59"))


def test_a_slot_that_nobody_looked_at_by_its_deadline_is_escalated() -> None:
    assert decide(a_night(), sweep("03:00")) == [SlotEscalated(slot=SLOT, reason=NOBODY, visit=own_visit(SLOT))]


def test_a_sweeper_that_comes_late_escalates_all_that_it_missed() -> None:
    night = a_night("22:00", "02:00", "06:00")
    assert [slot for slot, _ in escalated(night, "03:30")] == [SLOT, OTHER_SLOT]


def test_sweeping_twice_escalates_once() -> None:
    assert not decide(after(nights, a_night(), sweep("03:00")), sweep("03:00"))


def test_a_look_that_led_to_no_answer_does_not_hold_the_slot_open() -> None:
    assert escalated(a_served_look(ANNA, "02:00"), "03:00") == [(SLOT, NOBODY)]


# A live lease delays escalation once, by at most its remainder.


def test_a_live_lease_delays_escalation_by_what_remains_of_it() -> None:
    assert decide(a_claimed_slot(ANNA, "02:59"), sweep("03:00")) == [
        EscalationDelayed(slot=SLOT, reason=DelayReason.LIVE_LEASE, until=at("03:00:30"))
    ]


def test_a_lease_that_ran_out_delays_nothing() -> None:
    assert escalated(a_claimed_slot(ANNA, "02:58"), "03:00") == [(SLOT, NOBODY)]


def test_whoever_is_looking_when_the_deadline_passes_may_still_say_all_well() -> None:
    night = after(nights, a_served_look(ANNA, "02:59"), sweep("03:00"), all_well(ANNA, "03:00:20"))
    assert night.slots[SLOT].status is Status.COMPLETED


@pytest.mark.parametrize("who", [ANNA, BERTIL], ids=["renewed", "taken over"])
def test_a_second_lease_delays_nothing_more(who: object) -> None:
    night = after(nights, a_claimed_slot(ANNA, "02:59"), sweep("03:00"))
    night = after(nights, night, claim(who, "03:00:30" if who == BERTIL else "03:00:20"))  # type: ignore[arg-type]
    assert escalated(night, "03:00:30") == [(SLOT, NOBODY)]


def test_a_late_sweeper_honours_a_live_lease_once_too() -> None:
    assert delayed(a_claimed_slot(ANNA, "03:19"), "03:20") == [at("03:20:30")]


def test_what_is_taken_back_after_the_deadline_is_escalated_at_the_next_sweep() -> None:
    night = after(nights, a_served_look(ANNA, "02:59"), sweep("03:00"), all_well(ANNA, "03:00:20"))
    assert escalated(after(nights, night, undo(ANNA, "03:00:24")), "03:00:25") == [(SLOT, NOBODY)]


def test_a_lease_on_another_slot_delays_nothing() -> None:
    night = a_claimed_slot(ANNA, "02:59", "02:00", "01:59:30")
    assert escalated(night, "02:59:30") == [(OTHER_SLOT, NOBODY)]


# Nothing stays open past the hard maximum.


def at_the_hard_maximum(by: str) -> Night:
    """A slot due 02:00 whose deadline a second look has moved to the hard maximum, 04:00; claimed again at `by`."""
    rules = NightRules(second_look_after=minutes(65))
    night = after(nights, a_served_look(ANNA, "02:54", rules=rules), not_seen(ANNA, "02:54:30"))
    return after(nights, night, *looks(ANNA, by, look=OTHER_LOOK))


def test_no_lease_delays_past_the_hard_maximum() -> None:
    assert escalated(at_the_hard_maximum("03:59:45"), "04:00") == [(SLOT, EscalationReason.NOT_SEEN)]


@pytest.mark.parametrize("when", ["04:00", "04:30", "07:00"])
def test_after_a_sweep_nothing_is_open_past_the_hard_maximum_lease_or_not(when: str) -> None:
    night = after(nights, a_night("02:00"), claim(ANNA, when), sweep(when))
    assert night.slots[SLOT].status is Status.ESCALATED


def test_a_lease_that_is_live_at_the_hard_maximum_delays_no_further_than_that() -> None:
    assert delayed(after(nights, a_night("02:00"), claim(ANNA, "03:59")), "03:59:10") == [at("04:00")]


def test_an_arrived_visit_holds_a_slot_no_longer_than_the_hard_maximum() -> None:
    night = after(nights, a_night("02:00", deadline=100), apply_to(SLOT, by=VisitInstead.CAMERA_PAUSED))
    night = after(nights, night, RecordVisitArrived(own_visit(SLOT), at("04:35")))
    assert escalated(night, "04:00") == [(SLOT, EscalationReason.VISIT_NOT_MADE)]


# Slots that are visits.


@pytest.mark.parametrize("night", [BECAME_VISIT, a_night(kind=SlotKind.VISIT)], ids=["became one", "planned as one"])
def test_a_visit_that_is_not_made_by_the_deadline_is_escalated(night: Night) -> None:
    assert decide(night, sweep("03:00")) == [
        SlotEscalated(slot=SLOT, reason=EscalationReason.VISIT_NOT_MADE, visit=own_visit(SLOT))
    ]


@pytest.mark.parametrize("night", [BECAME_VISIT, a_night(kind=SlotKind.VISIT)], ids=["became one", "planned as one"])
def test_a_visit_made_completes_its_slot(night: Night) -> None:
    after_it = after(nights, night, RecordVisitDone(own_visit(SLOT), PATROL, at("02:10"))).slots[SLOT]
    assert after_it.status is Status.COMPLETED
    assert after_it.completion is not None
    assert (after_it.completion.how, after_it.completion.by) == ("visit", PATROL)


def test_somebody_at_the_door_delays_escalation_until_the_visit_should_be_over() -> None:
    night = after(nights, BECAME_VISIT, RecordVisitArrived(own_visit(SLOT), at("03:40")))
    assert not decide(night, sweep("03:39:59"))
    assert escalated(night, "03:40") == [(SLOT, EscalationReason.VISIT_NOT_MADE)]


def test_somebody_at_the_door_delays_escalation_once() -> None:
    night = after(nights, BECAME_VISIT, RecordVisitArrived(own_visit(SLOT), at("03:30")))
    assert not decide(night, RecordVisitArrived(own_visit(SLOT), at("03:50")))


def test_an_arrival_never_brings_escalation_forward() -> None:
    night = after(nights, BECAME_VISIT, RecordVisitArrived(own_visit(SLOT), at("02:30")))
    assert not decide(night, sweep("02:59:59"))


def test_a_visit_for_something_else_settles_nothing() -> None:
    assert not decide(a_night(), RecordVisitDone(own_visit(SLOT), PATROL, at("02:10")))
    assert not decide(BECAME_VISIT, RecordVisitDone(own_visit(THIRD_SLOT), PATROL, at("02:10")))
