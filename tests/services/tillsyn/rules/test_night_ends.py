"""The end of a slot at the desk: that an end is an end, and how "all well" is taken back."""

import pytest

from events.types.night import AllWellUndone, CancelReason, EscalationReason, SlotEscalated, VisitInstead
from services.tillsyn import night as nights
from services.tillsyn.night import Night, Status, decide
from services.tillsyn.night.commands import Cancelled, RaiseConcern, RecordVisitDone
from services.tillsyn.night.errors import NotForTheCameraError, SlotSettledError, UndoTooLateError
from tests.builders import (
    ABSENCE,
    ANNA,
    BERTIL,
    OTHER_LOOK,
    PATROL,
    SLOT,
    a_claimed_slot,
    a_night,
    a_served_look,
    after,
    all_well,
    apply_to,
    at,
    claim,
    concern,
    grant,
    looks,
    not_seen,
    own_visit,
    secret,
    served,
    sweep,
    undo,
)

AWAY = Cancelled(CancelReason.ABSENT, ABSENCE)
COMPLETED = after(nights, a_served_look(ANNA, "02:00"), all_well(ANNA, "02:00:20"))
ESCALATED = after(nights, a_night(), concern(ANNA, "02:00"))
CANCELLED = after(nights, a_night(), apply_to(SLOT, by=AWAY))
BECAME_VISIT = after(nights, a_night(), apply_to(SLOT, by=VisitInstead.CONSENT_WITHDRAWN))
VISITED = after(nights, BECAME_VISIT, RecordVisitDone(own_visit(SLOT), PATROL, at("02:05")))


# A concern sends somebody at once.


@pytest.mark.parametrize(
    "night",
    [a_night(), a_claimed_slot(ANNA), a_claimed_slot(BERTIL), a_served_look(ANNA), BECAME_VISIT],
    ids=["nobody's", "own", "a colleague's", "looked", "a visit"],
)
def test_a_concern_sends_somebody_at_once_lease_or_not(night: Night) -> None:
    [event] = decide(night, concern(ANNA, "02:00"))
    assert event == SlotEscalated(slot=SLOT, reason=EscalationReason.CONCERN, visit=own_visit(SLOT))


def test_the_words_of_a_concern_go_with_the_escalation() -> None:
    note = secret("lies on the floor")
    [event] = decide(a_night(), RaiseConcern(SLOT, ANNA, at("02:00"), note))
    assert isinstance(event, SlotEscalated)
    assert event.note == note


def test_the_same_concern_twice_sends_nobody_twice() -> None:
    with pytest.raises(SlotSettledError):
        decide(ESCALATED, concern(ANNA, "02:00"))


# An end is an end.


@pytest.mark.parametrize("command", [claim, grant, all_well, not_seen, concern])
@pytest.mark.parametrize(
    "night", [COMPLETED, ESCALATED, CANCELLED, VISITED], ids=["completed", "escalated", "cancelled", "visited"]
)
def test_nothing_more_is_done_at_the_desk_to_a_settled_slot(night: Night, command: object) -> None:
    with pytest.raises(SlotSettledError):
        decide(night, command(ANNA, "02:00:30"))  # type: ignore[operator]


@pytest.mark.parametrize(
    "command",
    [
        sweep("09:00"),
        apply_to(SLOT, by=VisitInstead.CAMERA_PAUSED),
        RecordVisitDone(own_visit(SLOT), PATROL, at("03:00")),
    ],
    ids=["swept", "restricted", "visited"],
)
@pytest.mark.parametrize("night", [COMPLETED, ESCALATED, VISITED], ids=["completed", "escalated", "visited"])
def test_a_settled_slot_stays_as_it_is_whatever_comes(night: Night, command: object) -> None:
    assert not decide(night, command)  # type: ignore[arg-type]


@pytest.mark.parametrize("night", [COMPLETED, ESCALATED, VISITED], ids=["completed", "escalated", "visited"])
def test_an_absence_does_not_cancel_what_is_settled(night: Night) -> None:
    assert not decide(night, apply_to(SLOT, by=AWAY, when="02:30"))


def test_a_picture_served_after_the_end_is_on_record_and_settles_nothing() -> None:
    night = after(nights, a_claimed_slot(ANNA), grant(ANNA, "02:00"), concern(BERTIL, "02:00:05"))
    after_it = after(nights, night, served("02:00:06"))
    assert after_it.slots[SLOT].status is Status.ESCALATED


@pytest.mark.parametrize("command", [claim, grant, all_well, not_seen])
def test_the_camera_stays_shut_for_a_slot_that_is_a_visit(command: object) -> None:
    with pytest.raises(NotForTheCameraError):
        decide(BECAME_VISIT, command(ANNA, "02:00"))  # type: ignore[operator]


def test_a_slot_that_became_a_visit_gives_up_its_lease() -> None:
    night = after(nights, a_claimed_slot(ANNA), apply_to(SLOT, by=VisitInstead.CONSENT_WITHDRAWN))
    assert night.slots[SLOT].lease is None


# Taking "all well" back.


def test_all_well_can_be_taken_back_within_five_seconds() -> None:
    assert decide(COMPLETED, undo(ANNA, "02:00:25")) == [
        AllWellUndone(slot=SLOT, by=ANNA, escalates_at=at("03:00")),
    ]


def test_after_five_seconds_all_well_stands() -> None:
    with pytest.raises(UndoTooLateError, match="02:00:25"):
        decide(COMPLETED, undo(ANNA, "02:00:25.001"))


def test_only_whoever_said_all_well_takes_it_back() -> None:
    with pytest.raises(UndoTooLateError):
        decide(COMPLETED, undo(BERTIL, "02:00:21"))


@pytest.mark.parametrize(
    "night", [a_night(), ESCALATED, CANCELLED, VISITED], ids=["open", "escalated", "cancelled", "visited"]
)
def test_only_an_all_well_can_be_taken_back(night: Night) -> None:
    with pytest.raises(SlotSettledError):
        decide(night, undo(PATROL, "02:05"))


def test_all_well_is_taken_back_once() -> None:
    with pytest.raises(SlotSettledError):
        decide(after(nights, COMPLETED, undo(ANNA, "02:00:22")), undo(ANNA, "02:00:23"))


def test_what_was_taken_back_has_to_end_again_by_its_deadline() -> None:
    night = after(nights, COMPLETED, undo(ANNA, "02:00:22"))
    assert night.slots[SLOT].status is Status.OPEN
    assert [type(event) for event in decide(night, sweep("03:00"))] == [SlotEscalated]


def test_what_was_taken_back_needs_a_new_look() -> None:
    night = after(nights, COMPLETED, undo(ANNA, "02:00:22"))
    again = after(nights, night, *looks(BERTIL, "02:00:30", look=OTHER_LOOK), all_well(BERTIL, "02:00:50"))
    assert again.slots[SLOT].status is Status.COMPLETED
    completion = again.slots[SLOT].completion
    assert completion is not None
    assert completion.by == BERTIL
