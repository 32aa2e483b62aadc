"""Manual alarms: a slot outside the agreed times on somebody's word, and the review of every look that it leads to."""

from dataclasses import replace

import pytest

from events.looks.grant import LookPurpose
from events.schedule import SlotKind
from events.types.night import (
    AlarmCaller,
    CancelReason,
    EscalationReason,
    LookGranted,
    LookReviewed,
    ManualAlarmRaised,
    ReviewVerdict,
    SlotCancelled,
    SlotEscalated,
    VisitInstead,
)
from services.tillsyn import night as nights
from services.tillsyn.night import EMPTY, Night, Status, decide
from services.tillsyn.night.commands import Cancelled
from services.tillsyn.night.errors import (
    NightNotPlannedError,
    NoReasonError,
    NoSuchLookError,
    NothingToReviewError,
    OwnAlarmError,
    OwnLookError,
)
from tests.builders import (
    ABSENCE,
    ALARM,
    ANNA,
    BERTIL,
    LOOK,
    MANAGER,
    NIGHT,
    OTHER_LOOK,
    RECIPIENT,
    RULES,
    SLOT,
    a_night,
    a_planned_slot,
    a_served_look,
    after,
    alarm,
    all_well,
    apply_to,
    at,
    claim,
    grant,
    looks,
    not_seen,
    own_visit,
    plan_of,
    review,
    sweep,
    uncertain,
)


def alarmed() -> Night:
    """The daughter phoned at 03:20; the next planned check is at 05:00."""
    return after(nights, a_night("05:00"), alarm("03:20"))


def looked() -> Night:
    """ANNA looked on a relative's word."""
    return after(nights, alarmed(), *looks(ANNA, "03:21", ALARM))


def escalated(events: object) -> list[tuple[object, object]]:
    assert isinstance(events, list)
    return [(event.slot, event.reason) for event in events if isinstance(event, SlotEscalated)]


def test_an_alarm_adds_a_slot_that_is_open_now_and_due_within_ten_minutes() -> None:
    [event] = decide(a_night(), alarm("03:20"))
    assert isinstance(event, ManualAlarmRaised)
    assert (event.caller, event.by, event.plan.entry, event.plan.kind) == (
        AlarmCaller.RELATIVE,
        ANNA,
        ALARM,
        SlotKind.REMOTE,
    )
    assert (event.plan.opens_at, event.plan.deadline) == (at("03:20"), at("03:30"))
    assert decide(alarmed(), claim(ANNA, "03:20", ALARM))


@pytest.mark.parametrize("reason", ["", " "])
def test_no_alarm_is_raised_without_a_reason(reason: str) -> None:
    with pytest.raises(NoReasonError):
        decide(a_night(), replace(alarm("03:20"), reason=reason))


def test_the_same_alarm_said_twice_is_one() -> None:
    assert not decide(alarmed(), alarm("03:21"))


def test_where_no_camera_is_to_be_used_somebody_is_sent_at_once() -> None:
    raised, sent = decide(a_night(), alarm("03:20", camera=False))
    assert isinstance(raised, ManualAlarmRaised)
    assert sent == SlotEscalated(slot=ALARM, reason=EscalationReason.ALARM, visit=own_visit(ALARM))


def test_an_alarm_that_nobody_looks_at_is_escalated_as_an_alarm() -> None:
    assert not decide(alarmed(), sweep("03:29:59"))
    assert escalated(decide(alarmed(), sweep("03:30"))) == [(ALARM, EscalationReason.ALARM)]


def test_a_look_on_an_alarm_says_what_it_is_for() -> None:
    [event] = decide(after(nights, alarmed(), claim(ANNA, "03:21", ALARM)), grant(ANNA, "03:21", ALARM))
    assert isinstance(event, LookGranted)
    assert event.purpose is LookPurpose.ALARM


def test_an_alarm_never_falls_together_with_a_planned_slot() -> None:
    night = after(
        nights, a_night("03:20"), alarm("03:20"), *looks(ANNA, "03:20", ALARM), all_well(ANNA, "03:20:20", ALARM)
    )
    assert (night.slots[ALARM].status, night.slots[SLOT].status) == (Status.COMPLETED, Status.OPEN)
    night = after(nights, a_served_look(ANNA, "03:20", "03:20"), alarm("03:20"), all_well(ANNA, "03:20:20"))
    assert (night.slots[ALARM].status, night.slots[SLOT].status) == (Status.OPEN, Status.COMPLETED)


def test_nobody_waits_for_a_second_look_at_somebody_who_is_missed() -> None:
    assert escalated(decide(looked(), not_seen(ANNA, "03:21:20", ALARM))) == [(ALARM, EscalationReason.NOT_SEEN)]


def test_an_alarm_can_be_in_doubt_like_any_slot() -> None:
    night = after(nights, looked(), uncertain(ANNA, "03:21:20", ALARM))
    assert night.slots[ALARM].escalates_at == at("03:26:20")


def test_where_the_camera_is_shut_meanwhile_somebody_goes_at_once() -> None:
    events = decide(alarmed(), apply_to(ALARM, by=VisitInstead.CONSENT_WITHDRAWN, when="03:21"))
    assert escalated(events) == [(ALARM, EscalationReason.ALARM)]


def test_an_absence_that_is_told_of_answers_the_alarm() -> None:
    [event] = decide(alarmed(), apply_to(ALARM, by=Cancelled(CancelReason.ABSENT, ABSENCE), when="03:21"))
    assert isinstance(event, SlotCancelled)


# A night without a plan.


def test_an_alarm_needs_no_planned_night_and_plans_none() -> None:
    night = after(nights, EMPTY, alarm("03:20"))
    assert (night.planned, night.recipient, night.night) == (False, RECIPIENT, NIGHT)
    assert escalated(decide(night, sweep("03:30"))) == [(ALARM, EscalationReason.ALARM)]


def test_a_night_that_is_planned_after_an_alarm_has_both() -> None:
    night = after(nights, EMPTY, alarm("03:20"), plan_of(a_planned_slot("05:00")))
    assert (night.planned, set(night.slots)) == (True, {ALARM, SLOT})
    assert night.slots[ALARM].caller is AlarmCaller.RELATIVE


def test_a_planned_night_judges_an_alarm_by_its_own_rules() -> None:
    rules = RULES.model_copy(update={"alarm_look_within": 2 * RULES.alarm_look_within})
    night = after(nights, a_night(rules=rules), alarm("03:20"))
    assert night.slots[ALARM].deadline == at("03:40")


# Reviews.


def test_somebody_who_did_not_look_reviews_a_look_on_an_alarm() -> None:
    [event] = decide(looked(), review(MANAGER, ALARM))
    assert isinstance(event, LookReviewed)
    assert (event.by, event.look, event.verdict) == (MANAGER, LOOK, ReviewVerdict.IN_ORDER)


def test_a_look_is_reviewed_whatever_became_of_its_slot() -> None:
    night = after(nights, looked(), all_well(ANNA, "03:21:20", ALARM))
    assert decide(night, review(MANAGER, ALARM))


def test_nobody_reviews_their_own_look() -> None:
    with pytest.raises(OwnLookError, match="somebody else"):
        decide(looked(), review(ANNA, ALARM))


def test_nobody_reviews_a_look_on_an_alarm_that_they_raised() -> None:
    night = after(nights, a_night("05:00"), replace(alarm("03:20"), by=MANAGER), *looks(ANNA, "03:21", ALARM))
    with pytest.raises(OwnAlarmError, match="somebody else"):
        decide(night, review(MANAGER, ALARM))
    assert decide(night, review(BERTIL, ALARM))


def test_a_look_is_reviewed_once_and_the_same_word_again_changes_nothing() -> None:
    night = after(nights, looked(), review(MANAGER, ALARM))
    assert not decide(night, review(MANAGER, ALARM))
    for again in (review(BERTIL, ALARM), replace(review(MANAGER, ALARM), verdict=ReviewVerdict.NOT_IN_ORDER)):
        with pytest.raises(NothingToReviewError, match="once"):
            decide(night, again)


def test_a_look_at_an_agreed_time_is_not_reviewed() -> None:
    with pytest.raises(NothingToReviewError, match="agreed time"):
        decide(a_served_look(ANNA, "02:00"), review(MANAGER, SLOT))


def test_a_look_that_was_never_made_is_not_reviewed() -> None:
    with pytest.raises(NoSuchLookError):
        decide(looked(), review(MANAGER, ALARM, OTHER_LOOK))
    with pytest.raises(NightNotPlannedError):
        decide(EMPTY, review(MANAGER, ALARM))
