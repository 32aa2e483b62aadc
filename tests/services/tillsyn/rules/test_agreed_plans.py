"""Decisions that end, absences, deaths and moves: what somebody has to do about them."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.tillsyn import recipient as recipients
from services.tillsyn.recipient import DecisionConcern, decide, decision_concerns
from services.tillsyn.recipient.errors import (
    AbsenceOverError,
    AskedTooLateError,
    DeadError,
    EndsBeforeItBeginsError,
    NeitherEndNorReviewError,
    NoReasonError,
    NoSuccessorError,
    NoSuchDecisionError,
)
from tests.builders import (
    ABSENCE,
    ANNA,
    DECISION,
    NIGHT,
    RULES,
    a_consent,
    a_decision,
    a_handover,
    a_recipient,
    a_registered_recipient,
    a_schedule,
    after,
    an_id,
    at,
)

NEXT = an_id("next decision")


def until(nights: int) -> recipients.Recipient:
    """Somebody whose decision ends so many nights from now."""
    return after(recipients, a_registered_recipient(), a_decision(NIGHT, NIGHT + timedelta(days=nights)))


def concerns(recipient: recipients.Recipient, nights: int = 0) -> list[DecisionConcern]:
    return [found.concern for found in decision_concerns(recipient, NIGHT + timedelta(days=nights), RULES)]


# Decisions that end.


@pytest.mark.parametrize(("nights", "expected"), [(15, []), (14, [DecisionConcern.ENDS_SOON]), (0, ["ends-soon"])])
def test_fourteen_days_before_a_decision_ends_its_assessor_is_to_be_told(nights: int, expected: list[str]) -> None:
    assert concerns(until(nights)) == expected


def test_an_assessor_who_was_told_is_not_told_again_until_the_decision_has_ended() -> None:
    warned = after(recipients, until(10), recipients.WarnOfEnd(DECISION, NIGHT + timedelta(days=10)))
    assert concerns(warned) == []
    assert concerns(warned, 11) == [DecisionConcern.ENDED]
    assert not decide(warned, recipients.WarnOfEnd(DECISION, NIGHT + timedelta(days=10)))


def test_a_successor_that_begins_without_a_gap_ends_the_concern_and_one_with_a_gap_does_not() -> None:
    follows = after(recipients, until(10), a_decision(NIGHT + timedelta(days=11), None, NEXT))
    gap = after(recipients, until(10), a_decision(NIGHT + timedelta(days=12), None, NEXT))
    assert (concerns(follows), concerns(gap)) == ([], [DecisionConcern.ENDS_SOON])
    assert concerns(follows, 30) == []


def test_an_end_without_a_successor_needs_somebody_who_answers_by_name_and_with_a_reason() -> None:
    assert concerns(until(10), 11) == [DecisionConcern.ENDED]
    assert concerns(after(recipients, until(10), a_handover()), 11) == []
    with pytest.raises(NoReasonError):
        decide(until(10), recipients.HandOverDecision(DECISION, ANNA, ANNA, " "))
    with pytest.raises(NoSuchDecisionError):
        decide(until(10), recipients.HandOverDecision(NEXT, ANNA, ANNA, "moves"))


def test_ending_a_decision_early_is_refused_while_nothing_follows_it() -> None:
    end = recipients.EndDecision(at("01:00"), "better now")
    with pytest.raises(NoSuccessorError):
        decide(a_recipient(), end)
    assert decide(after(recipients, a_recipient(), a_decision(NIGHT, None, NEXT)), end)
    ended = after(recipients, a_recipient(), a_handover(), end)
    assert concerns(ended, 2) == []


def test_nobody_is_asked_about_the_decision_of_somebody_who_died() -> None:
    assert concerns(after(recipients, until(0), recipients.RecordDeath(at("01:00"), ANNA)), 3) == []


# Away, and dead.


def test_of_whoever_is_away_for_longer_than_a_fortnight_somebody_asks_within_it() -> None:
    starts, fortnight = at("20:00"), at("20:00") + timedelta(days=14)
    later = fortnight + timedelta(seconds=1)
    for ends, review in ((later, None), (later, later), (None, later)):
        with pytest.raises(AskedTooLateError):
            decide(a_recipient(), recipients.ReportAbsence(ABSENCE, starts, ends, "hospital", review))
    gone = after(recipients, a_recipient(), recipients.ReportAbsence(ABSENCE, starts, None, "hospital", fortnight))
    with pytest.raises(AskedTooLateError):
        decide(gone, recipients.ReviewAbsence(ABSENCE, ANNA, later, starts))
    assert decide(a_recipient(), recipients.ReportAbsence(ABSENCE, starts, later, "hospital", fortnight))
    again = recipients.ReportAbsence(ABSENCE, starts, later, "hospital")
    assert decide(gone, replace(again, at=fortnight))  # asked at the fortnight


def test_an_absence_said_again_and_again_puts_off_no_question() -> None:
    starts, fortnight = at("20:00"), at("20:00") + timedelta(days=14)
    gone = after(recipients, a_recipient(), recipients.ReportAbsence(ABSENCE, starts, None, "hospital", fortnight))
    again = recipients.ReportAbsence(ABSENCE, starts, None, "hospital", fortnight + timedelta(days=14), starts)
    with pytest.raises(AskedTooLateError):
        decide(gone, again)
    with pytest.raises(AskedTooLateError):
        decide(gone, replace(again, at=fortnight - timedelta(seconds=1)))
    assert decide(gone, replace(again, at=fortnight))


def test_an_absence_without_end_needs_a_time_to_ask_and_is_asked_about() -> None:
    with pytest.raises(NeitherEndNorReviewError):
        decide(a_recipient(), recipients.ReportAbsence(ABSENCE, at("20:00"), None, "hospital"))
    gone = after(
        recipients, a_recipient(), recipients.ReportAbsence(ABSENCE, at("20:00"), None, "hospital", at("23:00"))
    )
    assert (gone.review_due(at("22:59")), gone.review_due(at("23:00"))) == ([], [ABSENCE])
    asked = after(recipients, gone, recipients.ReviewAbsence(ABSENCE, ANNA, at("09:00"), at("23:00")))
    assert asked.review_due(at("23:30")) == []
    with pytest.raises(EndsBeforeItBeginsError):
        decide(gone, recipients.ReviewAbsence(ABSENCE, ANNA, at("22:00"), at("23:00")))
    back = after(recipients, gone, recipients.EndAbsence(ABSENCE, at("23:30")))
    assert back.review_due(at("23:40")) == []
    with pytest.raises(AbsenceOverError):
        decide(back, recipients.ReviewAbsence(ABSENCE, ANNA, at("09:00"), at("23:40")))


def test_after_a_death_nothing_is_agreed_and_a_death_is_taken_back_with_a_reason_only() -> None:
    dead = after(recipients, a_recipient(), recipients.RecordDeath(at("01:00"), ANNA))
    assert not decide(dead, recipients.RecordDeath(at("02:00"), ANNA))
    for command in (a_consent(), a_decision(NIGHT, None, NEXT), a_schedule("03:00")):
        with pytest.raises(DeadError):
            decide(dead, command)
    with pytest.raises(NoReasonError):
        decide(dead, recipients.TakeDeathBack(ANNA, ""))
    back = after(recipients, dead, recipients.TakeDeathBack(ANNA, "the wrong person"))
    assert back.died_at is None


def test_a_move_leaves_consent_and_pause_behind_and_takes_decision_and_times_along() -> None:
    moved = after(
        recipients,
        a_recipient(),
        recipients.PauseCamera(None, at("12:00")),
        recipients.Move(an_id("new home"), at("14:00")),
    )
    assert (moved.home, moved.consent, moved.paused) == (an_id("new home"), None, False)
    assert moved.decisions
    assert moved.periods
    assert not decide(moved, recipients.Move(an_id("new home"), at("15:00")))
