"""Slots that fall together (a night when clocks go forward): two stay two, and one look settles both."""

from uuid import UUID

import pytest

from events.types.night import EscalationReason, SlotBecameVisit, SlotEscalated, VisitInstead
from services.tillsyn import night as nights
from services.tillsyn.night import Night, Status, decide
from services.tillsyn.night.commands import RecordVisitDone
from services.tillsyn.night.errors import LeaseHeldByOtherError
from tests.builders import (
    ANNA,
    BERTIL,
    LOOK,
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
    concern,
    looks,
    no_picture,
    not_seen,
    sweep,
    undo,
)

EACH = pytest.mark.parametrize("slot", [SLOT, OTHER_SLOT], ids=["first", "second"])


def together(*more: str) -> Night:
    return a_night("02:00", "02:00", *more)


def statuses(night: Night) -> list[Status]:
    return [slot.status for slot in night.slots.values()]


@EACH
def test_one_look_settles_both(slot: UUID) -> None:
    night = after(nights, together(), *looks(ANNA, "02:00", slot), all_well(ANNA, "02:00:20", slot))
    assert statuses(night) == [Status.COMPLETED, Status.COMPLETED]


def test_a_slot_at_another_time_is_not_settled_by_that_look() -> None:
    night = after(nights, together("02:01"), *looks(ANNA, "02:00"), all_well(ANNA, "02:00:20"))
    assert night.slots[THIRD_SLOT].status is Status.OPEN


@EACH
def test_taking_all_well_back_opens_both(slot: UUID) -> None:
    night = after(nights, a_served_look(ANNA, "02:00", "02:00", "02:00"), all_well(ANNA, "02:00:20"))
    assert statuses(after(nights, night, undo(ANNA, "02:00:25", slot))) == [Status.OPEN, Status.OPEN]


def test_taking_all_well_back_opens_nothing_that_was_settled_by_another_look() -> None:
    night = after(nights, a_served_look(ANNA, "02:00", "02:00", "02:01"), all_well(ANNA, "02:00:20"))
    night = after(
        nights, night, *looks(ANNA, "02:00:21", OTHER_SLOT, OTHER_LOOK), all_well(ANNA, "02:00:22", OTHER_SLOT)
    )
    assert statuses(after(nights, night, undo(ANNA, "02:00:23"))) == [Status.OPEN, Status.COMPLETED]


def test_one_not_seen_plans_one_second_look_for_both() -> None:
    night = after(nights, a_served_look(ANNA, "02:00", "02:00", "02:00"), not_seen(ANNA, "02:00:30"))
    assert {slot.second_look_at for slot in night.slots.values()} == {at("02:15:30")}


@EACH
def test_a_concern_about_either_sends_one_visit_for_both(slot: UUID) -> None:
    events = decide(together(), concern(ANNA, "02:00", slot))
    assert {event.slot for event in events if isinstance(event, SlotEscalated)} == {SLOT, OTHER_SLOT}
    assert len({event.visit for event in events if isinstance(event, SlotEscalated)}) == 1


def test_the_sweeper_sends_one_visit_for_both_and_each_ends_once() -> None:
    events = [event for event in decide(together(), sweep("03:00")) if isinstance(event, SlotEscalated)]
    assert sorted(event.slot for event in events) == sorted([SLOT, OTHER_SLOT])
    assert len({event.visit for event in events}) == 1


def test_both_become_one_visit_that_settles_both() -> None:
    night = together()
    events = decide(night, apply_to(SLOT, OTHER_SLOT, by=VisitInstead.CONSENT_WITHDRAWN))
    [visit] = {event.visit for event in events if isinstance(event, SlotBecameVisit)}
    night = after(nights, night, apply_to(SLOT, OTHER_SLOT, by=VisitInstead.CONSENT_WITHDRAWN))
    after_it = after(nights, night, RecordVisitDone(visit, PATROL, at("02:10")))
    assert statuses(after_it) == [Status.COMPLETED, Status.COMPLETED]


def test_a_colleague_cannot_claim_the_other_of_the_two() -> None:
    with pytest.raises(LeaseHeldByOtherError):
        decide(a_claimed_slot(ANNA, "02:00", "02:00", "02:00"), claim(BERTIL, "02:01", OTHER_SLOT))


@EACH
def test_a_live_lease_on_either_delays_both(slot: UUID) -> None:
    night = after(nights, together(), *looks(ANNA, "02:59", slot), sweep("03:00"))
    assert statuses(night) == [Status.OPEN, Status.OPEN]
    assert {one.escalates_at for one in night.slots.values()} == {at("03:00:30")}
    assert statuses(after(nights, night, all_well(ANNA, "03:00:20", slot))) == [Status.COMPLETED, Status.COMPLETED]


@EACH
def test_a_live_lease_on_either_delays_both_once_only(slot: UUID) -> None:
    night = after(nights, together(), claim(ANNA, "02:59", slot), sweep("03:00"), claim(ANNA, "03:00:20", slot))
    assert statuses(after(nights, night, sweep("03:00:30"))) == [Status.ESCALATED, Status.ESCALATED]


@EACH
def test_no_event_of_one_sweep_delays_and_ends_the_same_slot(slot: UUID) -> None:
    events = decide(after(nights, together(), claim(ANNA, "02:59", slot)), sweep("03:00"))
    touched = [getattr(event, "slot", None) for event in events]
    assert len(set(touched)) == len(touched)


def test_the_camera_that_fails_for_one_has_failed_for_both() -> None:
    events = decide(after(nights, together(), no_picture(2, "02:02")), sweep("02:07"))
    assert [(type(event), getattr(event, "reason", None)) for event in events] == [
        (SlotEscalated, EscalationReason.NO_USABLE_PICTURE)
    ] * 2


def test_the_look_is_named_in_both_completions() -> None:
    events = decide(a_served_look(ANNA, "02:00", "02:00", "02:00"), all_well(ANNA, "02:00:20"))
    assert [getattr(event, "look", None) for event in events] == [LOOK, LOOK]
