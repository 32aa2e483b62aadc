"""One fact a slot: its times, its outcome, and the staff time of its looks."""

from uuid import UUID

import pytest

from analytics import ConflictingEventsError, IncompleteStreamError, SlotOutcome, fold_facts
from events.schedule import SlotKind
from events.types import night as nights
from events.types.check import PictureQuality
from tests.analytics.builders import (
    ASTRID,
    BENGT,
    MINUTE,
    NIGHT,
    UNIT,
    NightLog,
    only_slot,
    seconds,
)


def test_a_slot_that_nothing_happened_to_is_open_as_planned() -> None:
    night = NightLog()
    fact = only_slot(night.log())
    planned = night.planned[0]
    assert (fact.slot, fact.recipient, fact.unit, fact.night) == (planned.slot, night.recipient, UNIT, NIGHT)
    assert (fact.planned, fact.outcome, fact.settled_at) == (SlotKind.REMOTE, SlotOutcome.OPEN, None)
    assert (fact.opens_at, fact.due_at, fact.late_at, fact.deadline) == (
        planned.opens_at,
        planned.due_at,
        planned.late_at,
        planned.deadline,
    )


def test_a_completed_check_tells_when_each_thing_happened() -> None:
    night = NightLog()
    quality = PictureQuality(verdict="usable", mean_grey=80, edge_share=4, movement_share=None, infrared=True)
    reported = nights.CheckDueReported(
        slot=night.slot(), attempt=1, quality=quality, escalates_at=night.at(0, 60 * MINUTE)
    )
    night.write(reported, night.at(0, seconds(3)))
    fact = only_slot(night.all_well(looking=seconds(12)).log())
    assert fact.outcome is SlotOutcome.COMPLETED_REMOTE
    assert fact.due_reported_at == night.at(0, seconds(3))
    assert fact.claimed_at == fact.looked_at == night.at(0, MINUTE)
    assert fact.settled_at == night.at(0, MINUTE + seconds(12))


def test_a_fact_names_the_events_it_comes_from_in_their_order() -> None:
    night = NightLog(slots=2).all_well(0).all_well(1)
    first, second = fold_facts(night.log()).slots
    planned, *rest = [recorded.id for recorded in night.log()]
    assert first.events == (planned, *rest[:4])
    assert second.events == (planned, *rest[4:])


def test_looking_is_from_asking_for_the_picture_to_the_answer() -> None:
    assert only_slot(NightLog().all_well(looking=seconds(30)).log()).looking_seconds == 30


def test_the_wait_for_a_second_look_is_no_looking_time() -> None:
    night = NightLog()
    night.not_seen(night.look(number=1), after=MINUTE + seconds(20))
    night.complete(night.look(number=2, after=17 * MINUTE), after=17 * MINUTE + seconds(10))
    fact = only_slot(night.log())
    assert (fact.looking_seconds, fact.second_looks, len(fact.looks)) == (30, 1, 2)
    assert fact.extended_to == night.at(0, MINUTE + seconds(20) + 25 * MINUTE)
    assert fact.outcome is SlotOutcome.COMPLETED_REMOTE


def test_an_escalation_by_the_one_who_looks_answers_the_look() -> None:
    fact = only_slot(NightLog().concern(looking=seconds(45)).log())
    assert (fact.outcome, fact.reason, fact.looking_seconds) == (SlotOutcome.ESCALATED, "concern", 45)
    assert [look.answered for look in fact.looks] == [True]


def test_a_look_that_nobody_answered_lasts_until_the_camera_closed() -> None:
    night = NightLog()
    night.look()
    still_open = only_slot(night.log())
    night.escalate(after=60 * MINUTE)
    fact = only_slot(night.log())
    assert still_open.looking_seconds == fact.looking_seconds == 30
    assert [look.answered for look in fact.looks] == [False]


def test_a_look_ends_when_the_person_gives_the_slot_back() -> None:
    night = NightLog()
    night.look()
    night.write(nights.SlotReleased(slot=night.slot(), by=ASTRID), night.at(0, MINUTE + seconds(7)), ASTRID)
    assert only_slot(night.log()).looking_seconds == 7


def test_a_colleague_who_takes_over_ends_the_first_look_but_not_their_own() -> None:
    night = NightLog()
    night.look()
    night.complete(night.look(by=BENGT, after=MINUTE + seconds(25), number=2), by=BENGT, after=2 * MINUTE)
    assert [look.seconds for look in only_slot(night.log()).looks] == [25, 35]


def test_a_renewed_claim_does_not_end_the_look_under_it() -> None:
    night = NightLog()
    look = night.look()
    at = night.at(0, MINUTE + seconds(25))
    night.write(nights.SlotClaimed(slot=night.slot(), by=ASTRID, until=at + seconds(90), renewed=True), at, ASTRID)
    assert only_slot(night.complete(look, after=2 * MINUTE).log()).looking_seconds == 60


def test_waiting_for_a_picture_that_never_came_is_looking_time() -> None:
    night = NightLog()
    look = UUID(int=7)
    night.grant(look, at=night.at(0, MINUTE))
    failed = nights.LookFailed(
        slot=night.slot(), look=look, fault="timed-out", trouble=None, escalates_at=night.at(0, 60 * MINUTE)
    )
    night.write(failed, night.at(0, MINUTE + seconds(6)))
    fact = only_slot(night.log())
    assert (fact.looking_seconds, fact.looked_at) == (6, None)


def test_a_taken_back_all_well_opens_the_slot_and_the_look_goes_on() -> None:
    night = NightLog().all_well(looking=seconds(10))
    night.undo(after=MINUTE + seconds(14))
    reopened = only_slot(night.log())
    assert (reopened.outcome, reopened.settled_at, reopened.undone) == (SlotOutcome.OPEN, None, 1)
    night.escalate(by=ASTRID, after=MINUTE + seconds(16), reason=nights.EscalationReason.CONCERN)
    fact = only_slot(night.log())
    assert (fact.outcome, fact.looking_seconds) == (SlotOutcome.ESCALATED, 16)


def test_staff_time_up_to_an_undo_counts_even_if_the_camera_had_closed() -> None:
    night = NightLog().all_well(looking=seconds(40))
    night.undo(after=MINUTE + seconds(44))
    assert only_slot(night.log()).looking_seconds == 44


def test_one_look_that_settles_two_slots_is_counted_once() -> None:
    night = NightLog(slots=2, apart=0 * MINUTE)
    look = night.look(0)
    night.complete(look, 0, after=MINUTE + seconds(20))
    night.complete(look, 1, after=MINUTE + seconds(20))
    first, second = fold_facts(night.log()).slots
    assert (first.looking_seconds, second.looking_seconds) == (20, 0)
    assert first.looked_at == second.looked_at == night.at(0, MINUTE)


def test_what_settled_a_slot_first_stands() -> None:
    night = NightLog().concern()
    night.complete(UUID(int=9), after=90 * MINUTE)
    assert only_slot(night.log()).outcome is SlotOutcome.ESCALATED


def test_a_slot_may_become_a_visit_be_cancelled_or_hear_a_late_report() -> None:
    became = only_slot(NightLog().became_visit().visited(minutes=10).log())
    assert (became.outcome, became.became_visit) == (SlotOutcome.COMPLETED_VISIT, nights.VisitInstead.CAMERA_PAUSED)
    assert not became.by_camera
    earlier = NightLog().became_visit().became_visit(reason=nights.VisitInstead.VISITED_EARLIER)
    assert only_slot(earlier.log()).became_visit is nights.VisitInstead.CAMERA_PAUSED
    cancelled = NightLog().cancel()
    late = nights.LateReportReceived(
        slot=cancelled.slot(), attempt=1, report="check.due", reported_at=cancelled.at(0, MINUTE)
    )
    cancelled.write(late, cancelled.at(0, MINUTE))
    fact = only_slot(cancelled.log())
    assert (fact.outcome, fact.reason, fact.late_reports) == (SlotOutcome.CANCELLED, "absent", 1)


def test_a_cancelled_slot_that_is_to_be_done_after_all_is_open_again() -> None:
    night = NightLog().cancel()
    home_early = nights.SlotReinstated(
        slot=night.slot(), because_of=UUID(int=0xAB5), escalates_at=night.planned[0].deadline
    )
    night.write(home_early, night.at(0, seconds(1)))
    fact = only_slot(night.log())
    assert (fact.outcome, fact.reason, fact.undone) == (SlotOutcome.OPEN, None, 0)
    assert only_slot(night.all_well().log()).outcome is SlotOutcome.COMPLETED_REMOTE


def test_a_hole_in_a_stream_is_an_error_and_no_figure() -> None:
    log = NightLog().all_well().log()
    with pytest.raises(IncompleteStreamError, match="version 3 of night-"):
        fold_facts(log[:2] + log[3:])


def test_two_logs_cannot_be_folded_into_one() -> None:
    one, other = NightLog().all_well().log(), NightLog().concern().log()
    other[1] = type(other[1])(**{name: getattr(other[1], name) for name in other[1].__slots__} | {"id": UUID(int=5)})
    with pytest.raises(ConflictingEventsError, match="version 2 of night-"):
        fold_facts(one + other)
