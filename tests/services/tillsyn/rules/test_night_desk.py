"""At the desk: who may claim a slot, what a look needs, and what may be said after it."""

from uuid import UUID

import pytest

from events.base import Event
from events.looks.grant import LookPurpose
from events.types.night import CompletedBy, LookFailed, LookGranted, LookServed, SlotClaimed, SlotCompleted
from services.tillsyn import night as nights
from services.tillsyn.night import Night, Status, decide
from services.tillsyn.night.commands import Claim, RecordFailed, Release
from services.tillsyn.night.errors import (
    LeaseHeldByOtherError,
    NightNotPlannedError,
    NoLeaseError,
    NoLivePictureError,
    NoSuchSlotError,
    TooEarlyError,
)
from tests.builders import (
    ANNA,
    BERTIL,
    LOOK,
    OTHER_LOOK,
    OTHER_SLOT,
    RULES,
    SLOT,
    a_claimed_slot,
    a_night,
    a_served_look,
    after,
    all_well,
    an_id,
    at,
    claim,
    grant,
    looks,
    not_seen,
    own_visit,
    plan_of,
    seconds,
    served,
    sweep,
    uncertain,
    undo,
)

SLOT_LOOK, ALARM_LOOK = LookPurpose.SLOT, LookPurpose.ALARM
FAILED = RecordFailed(SLOT, LOOK, "covered", at("02:01"))


def claimed_by(events: list[Event]) -> list[object]:
    return [event.by for event in events if isinstance(event, SlotClaimed)]


# Claims.


def test_a_slot_cannot_be_claimed_before_its_window_opens() -> None:
    with pytest.raises(TooEarlyError, match="01:45"):
        decide(a_night("02:00"), claim(ANNA, "01:44:59"))


def test_a_slot_can_be_claimed_from_the_instant_its_window_opens() -> None:
    assert claimed_by(list(decide(a_night("02:00"), claim(ANNA, "01:45")))) == [ANNA]


def test_a_claim_holds_for_the_length_of_a_lease() -> None:
    [event] = decide(a_night(), claim(ANNA, "02:00"))
    assert event == SlotClaimed(slot=SLOT, by=ANNA, until=at("02:00") + RULES.lease)


def test_a_slot_under_a_live_lease_is_refused_to_a_colleague_who_is_told_by_whom_and_until_when() -> None:
    with pytest.raises(LeaseHeldByOtherError) as refused:
        decide(a_claimed_slot(ANNA, "02:00"), claim(BERTIL, "02:01:29"))
    assert (refused.value.by, refused.value.until) == (ANNA, at("02:01:30"))


def test_a_lease_that_ran_out_can_be_taken_over() -> None:
    assert claimed_by(list(decide(a_claimed_slot(ANNA, "02:00"), claim(BERTIL, "02:01:30")))) == [BERTIL]


def test_two_people_never_look_at_the_same_home_at_once() -> None:
    with pytest.raises(LeaseHeldByOtherError):
        decide(a_claimed_slot(ANNA, "02:00", "02:00", "02:10"), claim(BERTIL, "02:01", OTHER_SLOT))


def test_whoever_holds_one_slot_of_a_home_may_claim_another() -> None:
    night = a_claimed_slot(ANNA, "02:00", "02:00", "02:10")
    assert claimed_by(list(decide(night, claim(ANNA, "02:01", OTHER_SLOT)))) == [ANNA]


def test_a_released_slot_can_be_claimed_at_once() -> None:
    night = after(nights, a_claimed_slot(ANNA, "02:00"), Release(SLOT, ANNA, at("02:00:10")))
    assert claimed_by(list(decide(night, claim(BERTIL, "02:00:11")))) == [BERTIL]


def test_nobody_can_release_what_a_colleague_holds() -> None:
    night = after(nights, a_claimed_slot(ANNA, "02:00"), Release(SLOT, BERTIL, at("02:00:10")))
    with pytest.raises(LeaseHeldByOtherError):
        decide(night, claim(BERTIL, "02:00:11"))


def test_a_lease_renewed_in_time_keeps_the_looks_made_under_it() -> None:
    night = after(nights, a_served_look(ANNA, "02:00"), claim(ANNA, "02:01"), all_well(ANNA, "02:02"))
    assert night.slots[SLOT].status is Status.COMPLETED


# Looks.


def test_a_look_is_granted_to_whoever_holds_the_slot() -> None:
    [event] = decide(a_claimed_slot(ANNA, "02:00"), grant(ANNA, "02:00:10"))
    assert isinstance(event, LookGranted)
    assert (event.look, event.by, event.valid_from) == (LOOK, ANNA, at("02:00:10"))
    assert event.valid_until == at("02:00:10") + RULES.look


def test_a_grant_never_outlasts_the_lease() -> None:
    [event] = decide(a_claimed_slot(ANNA, "02:00"), grant(ANNA, "02:01:20"))
    assert isinstance(event, LookGranted)
    assert event.valid_until == at("02:01:30")


@pytest.mark.parametrize(
    "night", [a_night(), a_claimed_slot(BERTIL, "02:00"), a_claimed_slot(ANNA, "01:50")], ids=["none", "other's", "old"]
)
def test_nobody_looks_without_holding_a_live_lease(night: Night) -> None:
    with pytest.raises(NoLeaseError):
        decide(night, grant(ANNA, "02:00:30"))


def test_the_same_grant_asked_for_twice_is_one_grant() -> None:
    night = after(nights, a_claimed_slot(ANNA, "02:00"), grant(ANNA, "02:00:10"))
    assert not decide(night, grant(ANNA, "02:00:12"))


def test_a_look_is_served_once() -> None:
    assert not decide(a_served_look(ANNA, "02:00"), served("02:00"))


def test_a_look_fails_once() -> None:
    night = after(nights, a_claimed_slot(ANNA, "02:00"), grant(ANNA, "02:00:10"))
    assert [type(event) for event in decide(night, FAILED)] == [LookFailed]
    assert not decide(after(nights, night, FAILED), FAILED)


def test_a_picture_that_came_after_all_counts() -> None:
    night = after(nights, a_claimed_slot(ANNA, "02:00"), grant(ANNA, "02:00:10"), FAILED)
    assert [type(event) for event in decide(night, served("02:00:20"))] == [LookServed]


# Looked at again and again.


def looked_at(times: int) -> Night:
    """A slot that ANNA was served so many pictures of from 02:00 on, every half minute."""
    night = a_night("02:00")
    for n in range(times):
        night = after(nights, night, *looks(ANNA, f"02:{n // 2:02}:{n % 2 * 30:02}", look=an_id(f"look {n}")))
    return night


def purpose_of_another(night: Night, by: UUID = ANNA, when: str = "02:02") -> LookPurpose:
    [granted] = decide(after(nights, night, claim(by, when)), grant(by, when, look=OTHER_LOOK))
    assert isinstance(granted, LookGranted)
    return granted.purpose


def test_a_check_is_three_looks_at_most_and_what_is_over_counts_as_a_look_on_an_alarm() -> None:
    assert [purpose_of_another(looked_at(n)) for n in (0, 2, 3, 4)] == [SLOT_LOOK, SLOT_LOOK, ALARM_LOOK, ALARM_LOOK]


def test_all_well_taken_back_gives_no_further_looks() -> None:
    undone = after(nights, looked_at(3), all_well(ANNA, "02:01:05"), undo(ANNA, "02:01:10"))
    assert purpose_of_another(undone) is ALARM_LOOK


def test_another_who_looks_has_no_further_looks() -> None:
    assert purpose_of_another(after(nights, looked_at(3), uncertain(ANNA, "02:01:05")), BERTIL) is ALARM_LOOK


def test_a_look_that_failed_showed_nobody_and_is_not_counted() -> None:
    failed = RecordFailed(SLOT, LOOK, "covered", at("02:01:05"))
    night = after(nights, looked_at(2), grant(ANNA, "02:01"))
    assert purpose_of_another(after(nights, night, failed)) is SLOT_LOOK
    assert purpose_of_another(night) is ALARM_LOOK, "nobody knows what came of it: it may have shown somebody"


# All well.


def test_all_well_completes_the_slot_and_names_who_saw_what_and_when() -> None:
    assert decide(a_served_look(ANNA, "02:00"), all_well(ANNA, "02:00:20")) == [
        SlotCompleted(slot=SLOT, how=CompletedBy.REMOTE_CHECK, by=ANNA, at=at("02:00:20"), look=LOOK, visit=None)
    ]


@pytest.mark.parametrize("answer", [all_well, not_seen])
@pytest.mark.parametrize(
    "night",
    [
        a_claimed_slot(ANNA, "02:00"),
        after(nights, a_claimed_slot(ANNA, "02:00"), grant(ANNA, "02:00")),
        after(nights, a_claimed_slot(ANNA, "02:00"), grant(ANNA, "02:00"), FAILED),
        after(nights, a_served_look(BERTIL, "01:58"), claim(ANNA, "02:00")),
        after(nights, a_served_look(ANNA, "01:58"), claim(ANNA, "02:00")),
        after(nights, a_served_look(ANNA, "01:59"), Release(SLOT, ANNA, at("01:59:30")), claim(ANNA, "02:00")),
    ],
    ids=["no look", "granted only", "failed", "a colleague's", "an earlier lease's", "released since"],
)
def test_an_answer_needs_a_live_picture_served_to_that_person_under_that_lease(night: Night, answer: object) -> None:
    with pytest.raises(NoLivePictureError):
        decide(night, answer(ANNA, "02:00:30"))  # type: ignore[operator]


@pytest.mark.parametrize("answer", [all_well, not_seen])
def test_no_answer_is_taken_after_the_lease_ran_out(answer: object) -> None:
    with pytest.raises(NoLeaseError):
        decide(a_served_look(ANNA, "02:00"), answer(ANNA, "02:01:30"))  # type: ignore[operator]


@pytest.mark.parametrize("answer", [all_well, not_seen])
def test_nobody_answers_for_a_colleague(answer: object) -> None:
    with pytest.raises(NoLeaseError):
        decide(a_served_look(ANNA, "02:00"), answer(BERTIL, "02:00:30"))  # type: ignore[operator]


def test_the_latest_of_several_looks_is_the_one_that_counts() -> None:
    night = after(nights, a_served_look(ANNA, "02:00"), grant(ANNA, "02:00:40", look=OTHER_LOOK))
    night = after(nights, night, served("02:00:45", look=OTHER_LOOK))
    [event] = decide(night, all_well(ANNA, "02:00:50"))
    assert isinstance(event, SlotCompleted)
    assert event.look == OTHER_LOOK


# What there is, and what there is not.


def test_a_night_that_is_planned_is_not_planned_anew() -> None:
    assert not decide(a_night("02:00"), plan_of())


@pytest.mark.parametrize("command", [claim(ANNA, "02:00"), grant(ANNA, "02:00"), all_well(ANNA, "02:00")])
def test_nothing_can_be_done_in_a_night_that_is_not_planned(command: object) -> None:
    with pytest.raises(NightNotPlannedError):
        decide(nights.EMPTY, command)  # type: ignore[arg-type]


def test_a_slot_that_is_not_there_is_refused() -> None:
    with pytest.raises(NoSuchSlotError):
        decide(a_night(), Claim(an_id("nowhere"), ANNA, at("02:00")))


def test_an_unplanned_night_has_nothing_to_sweep() -> None:
    assert not decide(nights.EMPTY, sweep("02:00"))


def test_a_slot_leads_to_a_visit_with_an_id_of_its_own() -> None:
    assert a_night().slots[SLOT].own_visit == own_visit(SLOT) != own_visit(OTHER_SLOT)


def test_a_lease_is_over_at_its_last_instant() -> None:
    lease = a_claimed_slot(ANNA, "02:00").slots[SLOT].lease
    assert lease is not None
    assert lease.live(lease.until - seconds(0.001))
    assert not lease.live(lease.until)
