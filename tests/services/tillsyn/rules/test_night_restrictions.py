"""Withdrawn consent or a pause: visits. Absence or the end of a decision: cancelled. Back early: reinstated."""

from uuid import UUID

import pytest

from events.types.night import (
    CancelReason,
    SlotBecameVisit,
    SlotCancelled,
    SlotEscalated,
    SlotReinstated,
    VisitInstead,
)
from services.tillsyn import night as nights
from services.tillsyn.night import Night, Status, decide
from services.tillsyn.night.commands import Apply, Cancelled
from tests.builders import (
    ABSENCE,
    ANNA,
    DECISION,
    OTHER_SLOT,
    SLOT,
    THIRD_SLOT,
    a_claimed_slot,
    a_night,
    a_second_look_planned,
    a_served_look,
    after,
    all_well,
    an_id,
    apply_to,
    at,
    no_picture,
    own_visit,
    sweep,
)

AWAY = Cancelled(CancelReason.ABSENT, ABSENCE)
ENDED = Cancelled(CancelReason.DECISION_ENDED, DECISION)
CANCELLED = after(nights, a_night(), apply_to(SLOT, by=AWAY))


def nothing_stands(when: str) -> Apply:
    return Apply({}, at(when))


def statuses(night: Night) -> dict[UUID, Status]:
    return {slot.id: slot.status for slot in night.slots.values()}


# Visits, not nothing.


@pytest.mark.parametrize("why", list(VisitInstead))
def test_what_is_left_of_the_night_becomes_visits(why: VisitInstead) -> None:
    night = after(nights, a_served_look(ANNA, "22:00", "22:00", "02:00", "05:00"), all_well(ANNA, "22:00:20"))
    assert decide(night, apply_to(SLOT, OTHER_SLOT, THIRD_SLOT, by=why)) == [
        SlotBecameVisit(slot=OTHER_SLOT, reason=why, visit=own_visit(OTHER_SLOT), escalates_at=at("03:00")),
        SlotBecameVisit(slot=THIRD_SLOT, reason=why, visit=own_visit(THIRD_SLOT), escalates_at=at("06:00")),
    ]


@pytest.mark.parametrize(
    "night", [a_claimed_slot(ANNA), a_second_look_planned(), after(nights, a_night(), no_picture(1, "02:00"))]
)
def test_the_no_acts_at_once_whoever_has_the_slot_and_whatever_was_seen(night: Night) -> None:
    events = decide(night, apply_to(SLOT, by=VisitInstead.CONSENT_WITHDRAWN, when="02:01"))
    assert [type(event) for event in events] == [SlotBecameVisit]


def test_a_slot_becomes_a_visit_once() -> None:
    night = after(nights, a_night(), apply_to(SLOT, by=VisitInstead.CONSENT_WITHDRAWN))
    assert not decide(night, apply_to(SLOT, by=VisitInstead.CAMERA_PAUSED))


def test_a_slot_that_became_a_visit_stays_one_when_consent_is_back() -> None:
    night = after(nights, a_night(), apply_to(SLOT, by=VisitInstead.CONSENT_WITHDRAWN))
    assert not decide(night, nothing_stands("01:30"))


def test_a_slot_that_became_a_visit_has_until_its_deadline() -> None:
    night = after(nights, a_night(), no_picture(1, "02:00"), apply_to(SLOT, by=VisitInstead.CAMERA_PAUSED))
    assert night.slots[SLOT].escalates_at == at("03:00")


# Cancelled, by what.


@pytest.mark.parametrize("why", [AWAY, ENDED], ids=["absent", "decision ended"])
def test_a_slot_is_cancelled_with_its_reason_and_what_it_follows_from(why: Cancelled) -> None:
    assert decide(a_claimed_slot(ANNA), apply_to(SLOT, by=why)) == [
        SlotCancelled(slot=SLOT, reason=why.reason, because_of=why.because_of)
    ]


def test_a_slot_that_became_a_visit_is_cancelled_too() -> None:
    night = after(nights, a_night(), apply_to(SLOT, by=VisitInstead.CAMERA_PAUSED), apply_to(SLOT, by=AWAY))
    assert statuses(night) == {SLOT: Status.CANCELLED}


def test_only_the_slots_concerned_are_cancelled() -> None:
    night = after(nights, a_night("22:00", "02:00"), apply_to(OTHER_SLOT, by=AWAY))
    assert statuses(night) == {SLOT: Status.OPEN, OTHER_SLOT: Status.CANCELLED}


def test_a_slot_is_cancelled_once() -> None:
    assert not decide(CANCELLED, apply_to(SLOT, by=AWAY))


def test_a_cancelled_slot_is_not_swept() -> None:
    assert not decide(CANCELLED, sweep("03:00"))


# Back early.


def test_when_somebody_is_back_early_the_slots_that_can_still_be_done_are_reinstated() -> None:
    assert decide(CANCELLED, nothing_stands("01:30")) == [
        SlotReinstated(slot=SLOT, because_of=ABSENCE, escalates_at=at("03:00"))
    ]


def test_a_reinstated_slot_has_to_end_like_any_other() -> None:
    night = after(nights, CANCELLED, nothing_stands("01:30"))
    assert [type(event) for event in decide(night, sweep("03:00"))] == [SlotEscalated]


def test_what_is_past_its_deadline_stays_cancelled() -> None:
    assert not decide(CANCELLED, nothing_stands("03:00"))


def test_a_slot_is_reinstated_once_and_can_be_cancelled_again() -> None:
    night = after(nights, CANCELLED, nothing_stands("01:30"))
    assert not decide(night, nothing_stands("01:31"))
    again = Cancelled(CancelReason.ABSENT, an_id("another absence"))
    assert statuses(after(nights, night, apply_to(SLOT, by=again, when="01:32"))) == {SLOT: Status.CANCELLED}


def test_a_slot_stays_cancelled_while_another_reason_holds() -> None:
    assert not decide(CANCELLED, apply_to(SLOT, by=ENDED))


@pytest.mark.parametrize("why", list(VisitInstead))
def test_back_early_without_a_camera_to_use_means_a_visit_and_not_nothing(why: VisitInstead) -> None:
    assert decide(CANCELLED, apply_to(SLOT, by=why, when="01:30")) == [
        SlotReinstated(slot=SLOT, because_of=ABSENCE, escalates_at=at("03:00")),
        SlotBecameVisit(slot=SLOT, reason=why, visit=own_visit(SLOT), escalates_at=at("03:00")),
    ]


def test_a_slot_that_was_never_cancelled_is_not_reinstated() -> None:
    assert not decide(a_night(), nothing_stands("01:30"))
