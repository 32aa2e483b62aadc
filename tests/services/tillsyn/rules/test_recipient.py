"""Recipients: whether and when somebody may be looked at, by decision, consent, pauses, absences and schedule."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from events.types.night import CancelReason, VisitInstead
from events.types.recipient import (
    AbsenceEnded,
    AbsenceReported,
    CameraPaused,
    CameraResumed,
    ConsentGiven,
    ConsentScope,
    ConsentWithdrawn,
    DecisionEnded,
    DecisionGranted,
)
from services.tillsyn import recipient as recipients
from services.tillsyn.night.commands import Cancelled
from services.tillsyn.recipient import (
    EndAbsence,
    EndDecision,
    PauseCamera,
    Recipient,
    ReportAbsence,
    ResumeCamera,
    SetSchedule,
    WithdrawConsent,
    decide,
)
from services.tillsyn.recipient.errors import (
    EndsBeforeItBeginsError,
    EntryTwiceError,
    NoDecisionError,
    NoSuchAbsenceError,
    NoSuchRecipientError,
)
from tests.builders import (
    ABSENCE,
    DECISION,
    HOME,
    NIGHT,
    RECIPIENT,
    STOCKHOLM,
    UNIT,
    a_consent,
    a_decision,
    a_handover,
    a_recipient,
    a_registered_recipient,
    a_schedule,
    after,
    an_entry,
    an_id,
    at,
    secret,
)

NEXT = an_id("next decision")
AWAY = ReportAbsence(ABSENCE, at("23:00"), at("06:00"), "hospital")
ABSENT = Cancelled(CancelReason.ABSENT, ABSENCE)
OVER = Cancelled(CancelReason.DECISION_ENDED, DECISION)


def after_days(days: int) -> date:
    return NIGHT + timedelta(days=days)


def slots_of(recipient: Recipient, night: date) -> list[UUID]:
    return [slot.entry for slot in recipient.slots(night, STOCKHOLM)]


# Registering.


def test_somebody_is_registered_once() -> None:
    register = recipients.Register(RECIPIENT, HOME, UNIT, secret("Astrid"))
    assert len(decide(recipients.EMPTY, register)) == 1
    assert not decide(a_registered_recipient(), register)


@pytest.mark.parametrize("command", [a_decision(), a_consent(), WithdrawConsent(), AWAY, a_schedule("02:00")])
def test_nothing_is_decided_about_somebody_who_is_not_registered(command: object) -> None:
    with pytest.raises(NoSuchRecipientError):
        decide(recipients.EMPTY, command)  # type: ignore[arg-type]


# Decision.


def test_a_decision_holds_from_its_first_night_to_its_last() -> None:
    [event] = decide(a_registered_recipient(), a_decision(NIGHT, after_days(2)))
    assert isinstance(event, DecisionGranted)
    recipient = after(recipients, a_recipient(), a_decision(NIGHT, after_days(2)))
    covered = [bool(slots_of(recipient, after_days(n))) for n in (-1, 0, 2, 3)]
    assert covered == [False, True, True, False]


def test_without_a_decision_nothing_is_planned() -> None:
    assert slots_of(after(recipients, a_registered_recipient(), a_schedule("02:00")), NIGHT) == []


def test_a_decision_does_not_end_before_it_begins() -> None:
    with pytest.raises(EndsBeforeItBeginsError):
        decide(a_registered_recipient(), a_decision(NIGHT, after_days(-1)))


def test_a_successor_granted_ahead_takes_nothing_from_the_decision_that_stands() -> None:
    recipient = after(recipients, a_recipient(), a_decision(NIGHT, after_days(30)))
    recipient = after(recipients, recipient, a_decision(after_days(31), None, NEXT))
    assert [len(slots_of(recipient, after_days(n))) for n in (0, 30, 31)] == [1, 1, 1]


def test_ending_the_decision_that_stands_leaves_its_successor() -> None:
    recipient = after(recipients, a_recipient(), a_decision(after_days(31), None, NEXT), a_handover())
    [event] = decide(recipient, EndDecision(at("01:00"), "moved"))
    assert isinstance(event, DecisionEnded)
    assert event.decision == DECISION


def test_the_end_of_the_decision_cancels_what_is_due_from_then_on() -> None:
    recipient = after(recipients, a_recipient(), a_handover(), EndDecision(at("01:00"), "moved"))
    assert [recipient.restriction(at(due), NIGHT) for due in ("00:59", "01:00", "05:00")] == [None, OVER, OVER]


def test_ending_a_decision_twice_ends_it_once() -> None:
    ended = EndDecision(at("01:00"), "moved")
    assert not decide(after(recipients, a_recipient(), a_handover(), ended), ended)


def test_an_end_to_come_can_be_brought_forward() -> None:
    ends = EndDecision(at("05:00"), "moves"), EndDecision(at("01:00"), "moved already")
    recipient = after(recipients, a_recipient(), a_handover(), *ends)
    assert recipient.restriction(at("02:00"), NIGHT) == OVER


def test_only_a_decision_that_stands_can_be_ended() -> None:
    with pytest.raises(NoDecisionError):
        decide(a_registered_recipient(), EndDecision(at("01:00"), "moved"))


# Consent and pause: visits, not nothing.


def test_without_consent_slots_are_visits() -> None:
    recipient = after(recipients, a_registered_recipient(), a_decision(), a_schedule("02:00"))
    assert recipient.restriction(at("02:00"), NIGHT) is VisitInstead.CONSENT_WITHDRAWN
    assert slots_of(recipient, NIGHT)


def test_consent_says_what_it_covers() -> None:
    [event] = decide(a_registered_recipient(), a_consent([ConsentScope.SECOND_LOOKS]))
    assert isinstance(event, ConsentGiven)
    recipient = recipients.evolve(a_registered_recipient(), event)
    assert recipient.consents_to(ConsentScope.SECOND_LOOKS)
    assert not recipient.consents_to(ConsentScope.EXTRA_AUTUMN_LOOK)
    assert not after(recipients, recipient, WithdrawConsent()).consents_to(ConsentScope.SECOND_LOOKS)


def test_a_no_shuts_the_camera_at_once_for_every_slot_left() -> None:
    [event] = decide(a_recipient(), WithdrawConsent(secret("enough")))
    assert isinstance(event, ConsentWithdrawn)
    recipient = after(recipients, a_recipient(), WithdrawConsent())
    assert recipient.camera_shut(at("22:00")) is VisitInstead.CONSENT_WITHDRAWN
    assert recipient.restriction(at("05:00"), NIGHT) is VisitInstead.CONSENT_WITHDRAWN


def test_a_no_is_never_refused_and_is_kept_once() -> None:
    assert not decide(after(recipients, a_recipient(), WithdrawConsent()), WithdrawConsent())
    assert not decide(a_registered_recipient(), WithdrawConsent())


def test_a_new_yes_opens_the_camera_again() -> None:
    recipient = after(recipients, a_recipient(), WithdrawConsent(), a_consent())
    assert recipient.restriction(at("02:00"), NIGHT) is None


def test_a_pause_makes_visits_of_what_is_due_before_its_end() -> None:
    recipient = after(recipients, a_recipient(), PauseCamera(at("03:00"), at("22:00")))
    assert [recipient.restriction(at(due), NIGHT) for due in ("02:59", "03:00")] == [VisitInstead.CAMERA_PAUSED, None]
    assert recipient.camera_shut(at("02:59")) is VisitInstead.CAMERA_PAUSED


def test_a_pause_without_end_lasts_until_somebody_ends_it() -> None:
    paused = after(recipients, a_recipient(), PauseCamera(None, at("22:00")))
    assert [type(event) for event in decide(paused, ResumeCamera())] == [CameraResumed]
    assert paused.restriction(at("05:00"), NIGHT) is VisitInstead.CAMERA_PAUSED
    assert after(recipients, paused, ResumeCamera()).restriction(at("05:00"), NIGHT) is None


def test_a_pause_that_would_be_over_already_is_refused() -> None:
    with pytest.raises(EndsBeforeItBeginsError):
        decide(a_recipient(), PauseCamera(at("22:00"), at("22:00")))
    assert [type(event) for event in decide(a_recipient(), PauseCamera(at("22:01"), at("22:00")))] == [CameraPaused]


def test_what_is_not_paused_is_not_resumed() -> None:
    assert not decide(a_recipient(), ResumeCamera())


# Absence.


def test_an_absence_cancels_what_is_due_in_between_and_says_which_absence() -> None:
    assert [type(event) for event in decide(a_recipient(), AWAY)] == [AbsenceReported]
    recipient = after(recipients, a_recipient(), AWAY)
    dues = [recipient.restriction(at(due), NIGHT) for due in ("22:59", "23:00", "05:59", "06:00")]
    assert dues == [None, ABSENT, ABSENT, None]


def test_an_absence_is_reported_once() -> None:
    assert not decide(after(recipients, a_recipient(), AWAY), AWAY)


def test_an_absence_ends_after_it_begins() -> None:
    with pytest.raises(EndsBeforeItBeginsError):
        decide(a_recipient(), ReportAbsence(ABSENCE, at("23:00"), at("23:00"), "hospital"))


def test_when_somebody_is_back_early_what_is_due_from_then_on_is_no_longer_cancelled() -> None:
    recipient = after(recipients, a_recipient(), AWAY)
    [event] = decide(recipient, EndAbsence(ABSENCE, at("01:00")))
    assert isinstance(event, AbsenceEnded)
    recipient = recipients.evolve(recipient, event)
    assert [recipient.restriction(at(due), NIGHT) for due in ("00:59", "01:00")] == [ABSENT, None]


def test_an_absence_that_ends_before_it_began_cancels_nothing() -> None:
    recipient = after(recipients, a_recipient(), AWAY, EndAbsence(ABSENCE, at("22:00")))
    assert recipient.restriction(at("02:00"), NIGHT) is None


def test_an_absence_never_grows_by_being_ended() -> None:
    recipient = after(recipients, a_recipient(), AWAY, EndAbsence(ABSENCE, at("01:00")))
    assert not decide(recipient, EndAbsence(ABSENCE, at("03:00")))


def test_an_absence_that_is_not_known_cannot_end() -> None:
    with pytest.raises(NoSuchAbsenceError):
        decide(a_recipient(), EndAbsence(ABSENCE, at("01:00")))


def test_who_is_back_is_back_whatever_else_was_said_of_the_same_time() -> None:
    longer = ReportAbsence(an_id("holiday"), at("23:00"), at("09:00"), "holiday")
    recipient = after(recipients, a_recipient(), AWAY, longer)
    ended = decide(recipient, EndAbsence(ABSENCE, at("01:00")))
    assert {event.absence for event in ended if isinstance(event, AbsenceEnded)} == {ABSENCE, an_id("holiday")}
    recipient = after(recipients, recipient, EndAbsence(ABSENCE, at("01:00")))
    assert recipient.restriction(at("02:00"), NIGHT) is None


def test_an_absence_that_only_begins_later_still_holds_when_another_ends() -> None:
    later = ReportAbsence(an_id("holiday"), at("01:30"), at("09:00"), "holiday")
    recipient = after(recipients, a_recipient(), AWAY, later, EndAbsence(ABSENCE, at("01:00")))
    assert recipient.restriction(at("02:00"), NIGHT) == Cancelled(CancelReason.ABSENT, an_id("holiday"))


def test_an_absence_outranks_a_shut_camera_and_the_end_of_a_decision_outranks_an_absence() -> None:
    recipient = after(recipients, a_recipient(), AWAY, WithdrawConsent())
    assert recipient.restriction(at("02:00"), NIGHT) == ABSENT
    assert (
        after(recipients, recipient, a_handover(), EndDecision(at("01:00"), "moved")).restriction(at("02:00"), NIGHT)
        == OVER
    )


# Schedule.


def test_agreed_times_hold_from_their_night_on() -> None:
    recipient = after(recipients, a_recipient("02:00"), a_schedule("01:00", "04:00", from_night=after_days(2)))
    assert [len(slots_of(recipient, after_days(n))) for n in (0, 1, 2, 9)] == [1, 1, 2, 2]


def test_a_schedule_names_each_entry_once() -> None:
    with pytest.raises(EntryTwiceError):
        decide(a_recipient(), SetSchedule(NIGHT, (an_entry("02:00"), an_entry("03:00")), at("12:00")))


def test_nothing_is_due_before_it_was_agreed() -> None:
    recipient = after(recipients, a_registered_recipient(), a_decision(), a_consent())
    late = SetSchedule(NIGHT, (an_entry("23:00", 0), an_entry("03:00", 1)), at("23:30"))
    assert slots_of(after(recipients, recipient, late), NIGHT) == [an_id("entry 1")]
