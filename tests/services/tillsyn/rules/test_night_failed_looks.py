"""Looks that fail, and looks of long ago: neither is an answer, and a found fault sends somebody."""

import pytest

from events.types.night import EscalationReason, LookFailed, SlotCompleted
from services.tillsyn import night as nights
from services.tillsyn.night import decide
from services.tillsyn.night.commands import RecordFailed
from services.tillsyn.night.errors import NoLivePictureError
from tests.builders import (
    ANNA,
    LOOK,
    SLOT,
    a_claimed_slot,
    a_served_look,
    after,
    all_well,
    at,
    claim,
    grant,
    served,
    sweep,
)

UNREACHABLE = EscalationReason.CAMERA_UNREACHABLE
BROKEN = RecordFailed(SLOT, LOOK, "gateway-silent", at("02:00:10"), UNREACHABLE)


def failed(command: RecordFailed) -> nights.Night:
    return after(nights, a_claimed_slot(ANNA, "02:00", "02:00"), grant(ANNA, "02:00:05"), command)


def test_a_camera_that_fails_a_look_is_a_found_fault_and_somebody_goes_within_the_grace() -> None:
    night = failed(BROKEN)
    assert night.slots[SLOT].escalates_at == at("02:05:10")
    [escalated] = decide(night, sweep("02:05:10"))
    assert getattr(escalated, "reason", None) is UNREACHABLE


def test_a_look_that_was_refused_is_no_fault_of_the_camera() -> None:
    night = failed(RecordFailed(SLOT, LOOK, "bad-grant", at("02:00:10")))
    assert night.slots[SLOT].escalates_at == night.slots[SLOT].deadline


def test_a_later_failure_does_not_move_the_escalation_on() -> None:
    night = failed(BROKEN)
    [again] = decide(
        after(nights, night, grant(ANNA, "02:01", look=SLOT)),
        RecordFailed(SLOT, SLOT, "?", at("02:01:10"), UNREACHABLE),
    )
    assert isinstance(again, LookFailed)
    assert again.escalates_at == at("02:05:10")


def test_a_look_that_shows_something_after_all_can_be_answered() -> None:
    night = after(nights, failed(BROKEN), grant(ANNA, "02:00:20", look=SLOT), served("02:00:25", look=SLOT))
    assert night.slots[SLOT].trouble is None
    assert isinstance(decide(night, all_well(ANNA, "02:00:40"))[0], SlotCompleted)


def test_an_answer_comes_within_two_minutes_of_the_picture() -> None:
    renewed = [claim(ANNA, clock) for clock in ("02:01", "02:02", "02:03")]
    night = after(nights, a_served_look(ANNA, "02:00", "02:00"), *renewed)
    seen_at = max(look.served_at for look in night.slots[SLOT].looks.values() if look.served_at)
    assert seen_at < at("02:00:30")
    with pytest.raises(NoLivePictureError):
        decide(night, all_well(ANNA, "02:03:30"))
