"""Second thoughts: a settled slot is open again for fifteen minutes, by name and with a reason."""

from dataclasses import replace

import pytest

from events.looks.grant import LookPurpose
from events.schedule import SlotKind
from events.types.night import (
    CancelReason,
    EscalationReason,
    LookGranted,
    NotSeen,
    SlotCancelled,
    SlotCompleted,
    SlotEscalated,
    SlotReopened,
    VisitInstead,
)
from services.tillsyn import night as nights
from services.tillsyn.night import Night, Status, decide
from services.tillsyn.night.commands import Apply, Cancelled, CancelSlot, RecordVisitClosed, RecordVisitDone, Sweep
from services.tillsyn.night.errors import (
    CancelledError,
    InDoubtError,
    NightOverError,
    NoLivePictureError,
    NoReasonError,
    NotSettledError,
    SomebodyGoesError,
    VisitMadeError,
)
from tests.builders import (
    ABSENCE,
    ANNA,
    BERTIL,
    MANAGER,
    OTHER_LOOK,
    OTHER_SLOT,
    PATROL,
    RULES,
    SLOT,
    THIRD_SLOT,
    a_night,
    a_second_look_planned,
    a_served_look,
    after,
    all_well,
    an_id,
    apply_to,
    at,
    claim,
    concern,
    due,
    grant,
    looks,
    minutes,
    no_picture,
    not_seen,
    own_visit,
    reopen,
    seconds,
    sweep,
    uncertain,
    undo,
)


def done(*due_times: str) -> Night:
    """ANNA saw at 02:00 that all was well."""
    return after(nights, a_served_look(ANNA, "02:00", *due_times), all_well(ANNA, "02:00:20"))


def visited() -> Night:
    """A planned visit that was made."""
    night = a_night("02:00", kind=SlotKind.VISIT)
    return after(nights, night, RecordVisitDone(own_visit(SLOT), PATROL, at("02:10")))


def reopened(when: str = "02:30") -> Night:
    return after(nights, done(), reopen(BERTIL, when))


def test_a_completed_slot_is_open_again_for_a_quarter_of_an_hour() -> None:
    [event] = decide(done(), reopen(BERTIL, "02:30"))
    assert isinstance(event, SlotReopened)
    assert (event.by, event.at, event.deadline, event.visit) == (BERTIL, at("02:30"), at("02:45"), None)
    assert event.late_at < event.deadline
    slot = reopened().slots[SLOT]
    assert (slot.status, slot.completion, slot.escalates_at) == (Status.OPEN, None, at("02:45"))
    assert slot.reopened_by == BERTIL


@pytest.mark.parametrize("reason", ["", "  ", "\n"])
def test_nobody_reopens_without_a_reason(reason: str) -> None:
    with pytest.raises(NoReasonError, match="say why"):
        decide(done(), replace(reopen(BERTIL, "02:30"), reason=reason))


def test_a_reopened_slot_is_looked_at_like_any_other() -> None:
    night = after(nights, reopened(), *looks(ANNA, "02:35", look=OTHER_LOOK))
    [event] = decide(night, all_well(ANNA, "02:35:20"))
    assert isinstance(event, SlotCompleted)
    assert event.look == OTHER_LOOK


def test_the_picture_that_was_answered_before_is_no_answer_any_more() -> None:
    night = after(nights, done(), reopen(ANNA, "02:00:30"), claim(ANNA, "02:00:31"))
    with pytest.raises(NoLivePictureError):
        decide(night, all_well(ANNA, "02:00:40"))


def test_a_reopened_slot_that_nobody_settles_is_escalated_to_a_visit_of_its_own() -> None:
    assert not decide(reopened(), sweep("02:44:59"))
    [event] = decide(reopened(), sweep("02:45"))
    assert event == SlotEscalated(slot=SLOT, reason=EscalationReason.NOBODY_LOOKED, visit=own_visit(SLOT, reopenings=1))


def test_what_the_gateway_told_of_the_agreed_time_is_no_reason_after_a_reopening() -> None:
    night = after(nights, a_night(), no_picture(1, "02:00"), *looks(ANNA, "02:01"), all_well(ANNA, "02:01:20"))
    [event] = decide(after(nights, night, reopen(ANNA, "02:30")), sweep("02:45"))
    assert isinstance(event, SlotEscalated)
    assert event.reason is EscalationReason.NOBODY_LOOKED


@pytest.mark.parametrize("report", [due(1, "02:00"), no_picture(2, "02:02")])
def test_a_report_that_was_held_up_moves_no_limit_of_a_reopened_slot(report: object) -> None:
    assert after(nights, reopened(), report).slots[SLOT].escalates_at == at("02:45")


def test_a_reopened_slot_can_have_its_second_look() -> None:
    night = after(nights, reopened(), *looks(ANNA, "02:35", look=OTHER_LOOK))
    [event] = decide(night, not_seen(ANNA, "02:35:30"))
    assert isinstance(event, NotSeen)
    assert event.second_look_at == at("02:50:30")


def test_a_second_look_that_was_taken_before_does_not_count_against_the_reopened_slot() -> None:
    night = after(nights, a_second_look_planned("02:00"), *looks(ANNA, "02:15", look=OTHER_LOOK))
    night = after(nights, night, all_well(ANNA, "02:15:20"), reopen(BERTIL, "02:30"))
    assert night.slots[SLOT].second_look_at is None


def test_all_well_of_a_reopened_slot_taken_back_leaves_the_same_deadline() -> None:
    night = after(nights, reopened(), *looks(ANNA, "02:35", look=OTHER_LOOK), all_well(ANNA, "02:35:20"))
    assert after(nights, night, undo(ANNA, "02:35:24")).slots[SLOT].escalates_at == at("02:45")


def test_a_live_lease_holds_a_reopened_slot_though_it_held_it_before() -> None:
    night = after(nights, a_night(), *looks(ANNA, "02:59"), sweep("03:00"), all_well(ANNA, "03:00:10"))
    night = after(nights, night, reopen(ANNA, "03:10"), claim(ANNA, "03:24:30"), sweep("03:25"))
    assert (night.slots[SLOT].open, night.slots[SLOT].escalates_at) == (True, at("03:26"))


def test_a_slot_is_reopened_as_often_as_somebody_doubts_and_each_time_is_on_record() -> None:
    night = after(nights, reopened(), *looks(ANNA, "02:35", look=OTHER_LOOK), all_well(ANNA, "02:35:20"))
    night = after(nights, night, reopen(ANNA, "02:50"))
    assert (night.slots[SLOT].reopenings, night.slots[SLOT].deadline) == (2, at("03:05"))
    [event] = decide(night, sweep("03:05"))
    assert isinstance(event, SlotEscalated)
    assert event.visit == own_visit(SLOT, reopenings=2)


def test_an_open_slot_is_not_reopened() -> None:
    with pytest.raises(NotSettledError, match="look at it, or send somebody"):
        decide(reopened(), reopen(ANNA, "02:31"))


def test_a_cancelled_slot_is_not_reopened_but_its_absence_can_be_ended() -> None:
    night = after(nights, a_night(), apply_to(SLOT, by=Cancelled(CancelReason.ABSENT, ABSENCE)))
    with pytest.raises(CancelledError, match=str(ABSENCE)):
        decide(night, reopen(ANNA, "02:00"))


def test_an_escalated_slot_is_reopened_as_long_as_nobody_has_taken_the_visit() -> None:
    night = after(nights, a_night(), concern(ANNA, "02:00"))
    slot = after(nights, night, reopen(ANNA, "02:01")).slots[SLOT]
    assert (slot.status, slot.visit) == (Status.OPEN, None)
    with pytest.raises(SomebodyGoesError, match="raise an alarm"):
        decide(night, reopen(ANNA, "02:01", taken=True))


def test_a_visit_that_was_not_made_in_time_is_not_reopened() -> None:
    night = after(nights, a_night("02:00", kind=SlotKind.VISIT), sweep("03:00"))
    with pytest.raises(SomebodyGoesError):
        decide(night, reopen(ANNA, "03:01"))


def test_an_escalated_slot_is_reopened_when_nobody_goes_any_more_but_not_when_its_visit_was_made() -> None:
    night = after(nights, a_night("02:00", kind=SlotKind.VISIT), sweep("03:00"))
    assert decide(night, replace(reopen(ANNA, "03:01"), visit_ended=True))
    with pytest.raises(VisitMadeError, match="its visit was made"):
        decide(night, replace(reopen(ANNA, "03:01"), visit_ended=True, visit_made=True))


def test_a_slot_completed_by_a_visit_leads_to_another_visit() -> None:
    [event] = decide(visited(), reopen(ANNA, "02:30"))
    assert isinstance(event, SlotReopened)
    assert event.visit == own_visit(SLOT, reopenings=1)
    night = after(nights, visited(), reopen(ANNA, "02:30"))
    assert not decide(night, RecordVisitDone(own_visit(SLOT), PATROL, at("02:40")))
    assert decide(night, RecordVisitDone(event.visit, PATROL, at("02:40")))


def test_a_slot_is_reopened_in_its_own_night_only() -> None:
    assert decide(done(), reopen(ANNA, "11:59"))
    after_noon = replace(reopen(ANNA, "11:59"), at=at("11:59:59") + seconds(1))
    with pytest.raises(NightOverError, match="2026-11-04 12:00"):
        decide(done(), after_noon)


def test_two_that_were_settled_by_one_look_are_reopened_together() -> None:
    night = after(nights, done("02:00", "02:00", "02:10"), reopen(BERTIL, "02:30", OTHER_SLOT))
    assert [night.slots[one].open for one in (SLOT, OTHER_SLOT)] == [True, True]
    assert night.slots[THIRD_SLOT].reopened_by is None


def test_two_of_one_instant_that_were_settled_apart_are_reopened_apart() -> None:
    night = after(nights, done("02:00", "02:01"), *looks(ANNA, "02:00:21", OTHER_SLOT, OTHER_LOOK))
    night = after(nights, night, all_well(ANNA, "02:00:40", OTHER_SLOT), reopen(BERTIL, "02:30"))
    assert [night.slots[one].open for one in (SLOT, OTHER_SLOT)] == [True, False]


def test_a_reopened_slot_whose_camera_is_shut_meanwhile_becomes_a_visit_of_its_own() -> None:
    night = after(nights, reopened(), apply_to(SLOT, by=VisitInstead.CAMERA_PAUSED, when="02:31"))
    assert (night.slots[SLOT].kind, night.slots[SLOT].visit) == (SlotKind.VISIT, own_visit(SLOT, reopenings=1))


def test_a_doubt_from_before_the_reopening_binds_nobody() -> None:
    night = after(nights, a_served_look(ANNA, "02:00"), uncertain(ANNA, "02:00:20"))
    night = after(nights, night, *looks(BERTIL, "02:03", look=OTHER_LOOK), all_well(BERTIL, "02:03:20"))
    night = after(nights, night, reopen(BERTIL, "02:30"))
    assert decide(night, claim(ANNA, "02:31"))


@pytest.mark.parametrize(
    ("when", "purpose"), [("04:00", LookPurpose.SLOT), ("04:00:01", LookPurpose.ALARM)], ids=["agreed", "outside"]
)
def test_a_look_long_after_the_agreed_time_counts_as_a_look_on_an_alarm(when: str, purpose: LookPurpose) -> None:
    assert RULES.hard_maximum == minutes(120)
    night = after(nights, a_night("02:00"), concern(ANNA, "02:00"), reopen(BERTIL, "03:58"), claim(ANNA, "03:59:30"))
    [event] = decide(night, grant(ANNA, when, look=OTHER_LOOK))
    assert isinstance(event, LookGranted)
    assert event.purpose is purpose


# Cancelled by name.

BY_ANNA = CancelSlot(SLOT, ANNA, "her daughter is with her")


def test_one_check_is_cancelled_by_name_and_with_a_reason() -> None:
    [cancelled] = decide(a_night(), BY_ANNA)
    assert isinstance(cancelled, SlotCancelled)
    assert (cancelled.reason, cancelled.by, cancelled.because_of) == (CancelReason.BY_NAME, ANNA, SLOT)
    with pytest.raises(NoReasonError, match="say why"):
        decide(a_night(), CancelSlot(SLOT, ANNA, " "))


def test_what_was_cancelled_by_name_is_not_taken_up_again_when_agreements_change() -> None:
    assert not decide(after(nights, a_night(), BY_ANNA), Apply({}, at("01:00")))


def test_what_was_cancelled_by_name_can_be_reopened() -> None:
    again = after(nights, a_night(), BY_ANNA, reopen(BERTIL, "02:30"))
    assert again.slots[SLOT].open
    assert again.slots[SLOT].cancelled_by is None


def test_a_check_in_doubt_is_not_cancelled_by_name() -> None:
    with pytest.raises(InDoubtError):
        decide(after(nights, a_served_look(ANNA, "02:00"), uncertain(ANNA, "02:00:20")), BY_ANNA)


def test_whoever_closes_a_planned_visit_by_name_has_cancelled_its_check() -> None:
    night = after(nights, a_night(), apply_to(SLOT, by=VisitInstead.CONSENT_WITHDRAWN))
    closed = RecordVisitClosed(own_visit(SLOT), MANAGER)
    [cancelled] = decide(night, closed)
    assert isinstance(cancelled, SlotCancelled)
    assert (cancelled.reason, cancelled.by) == (CancelReason.BY_NAME, MANAGER)
    assert not decide(after(nights, night, closed), Sweep(at("04:00")))


def test_a_look_after_one_that_was_doubted_counts_as_a_look_on_an_alarm_and_so_does_every_further_one() -> None:
    night = reopened("02:02")
    for when in ("02:05", "02:10"):
        night = after(nights, night, *looks(ANNA, when, look=an_id(when)), all_well(ANNA, f"{when}:20"))
        assert night.slots[SLOT].looks[an_id(when)].purpose is LookPurpose.ALARM
        night = after(nights, night, reopen(BERTIL, f"{when}:40"))
