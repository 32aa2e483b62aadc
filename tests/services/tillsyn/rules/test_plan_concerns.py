"""Watches: what keeps a granted decision from being carried out tonight, one thing at a time."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from events.schedule import ScheduleEntry, SlotKind, plan_night
from events.store.queries import PlanRow
from services.tillsyn import recipient as recipients
from services.tillsyn.recipient import EndDecision, PauseCamera, Recipient, ReportAbsence, SetSchedule, WithdrawConsent
from services.tillsyn.watches.plan_concerns import (
    PlanConcern,
    must_be_planned,
    plan_concerns,
    wanted,
)
from tests.builders import (
    ABSENCE,
    ANNA,
    CAMERA,
    GATEWAY,
    HOME,
    NIGHT,
    ORGANISATION,
    RECIPIENT,
    STOCKHOLM,
    UNIT,
    a_decision,
    a_handover,
    a_recipient,
    a_registered_recipient,
    a_schedule,
    after,
    an_entry,
    an_id,
    at,
)

UTC = ZoneInfo("UTC")
DAY = timedelta(days=1)
WORKS = PlanRow(
    id=RECIPIENT,
    organisation=ORGANISATION,
    unit=UNIT,
    home=HOME,
    camera=CAMERA,
    closed=None,
    gateway=GATEWAY,
    gateway_known=GATEWAY,
    heard_at=at("13:00"),
    commissioned=True,
    died_at=None,
    review_at=None,
    decision_handed_to=None,
    decision_warned=None,
)


def concerns(
    person: Recipient | None = None, *, night: date = NIGHT, when: str = "17:00", planned: bool = True, **row: Any
) -> tuple[PlanConcern, ...]:
    """Of a recipient with a check at 02:00, where the row says so."""
    now = at(when) + (night - NIGHT)
    return plan_concerns(person or a_recipient(), replace(WORKS, **row), night, UTC, now, planned=planned)


def until_last_night(to_night: date = NIGHT - DAY) -> Recipient:
    """Whose decision ran until the night before."""
    decision = a_decision(NIGHT - 30 * DAY, to_night)
    return after(recipients, a_registered_recipient(), decision, a_schedule("02:00", from_night=NIGHT - 30 * DAY))


def only_visits() -> SetSchedule:
    entry = ScheduleEntry(id=an_id("entry 0"), time=an_entry("02:00").time, kind=SlotKind.VISIT)
    return SetSchedule(NIGHT, (entry,), at("12:00"))


def test_a_plan_that_works_raises_no_concern() -> None:
    assert concerns() == ()


def test_a_decision_without_times_is_a_concern() -> None:
    assert concerns(after(recipients, a_registered_recipient(), a_decision())) == (PlanConcern.NO_SCHEDULE,)
    later = after(recipients, a_registered_recipient(), a_decision(), a_schedule("02:00", from_night=NIGHT + DAY))
    assert concerns(later) == (PlanConcern.NO_SCHEDULE,)


@pytest.mark.parametrize(
    ("row", "concern"),
    [
        ({"camera": None, "gateway": None, "gateway_known": None, "heard_at": None}, PlanConcern.NO_CAMERA),
        ({"commissioned": False}, PlanConcern.NOT_COMMISSIONED),
        ({"gateway_known": None, "heard_at": None}, PlanConcern.NO_GATEWAY),
        ({"heard_at": None}, PlanConcern.GATEWAY_NEVER_HEARD),
    ],
)
def test_each_device_that_is_missing_is_a_concern(row: dict[str, Any], concern: PlanConcern) -> None:
    assert concerns(**row) == (concern,)


def test_a_camera_from_before_tests_were_asked_for_is_no_concern() -> None:
    assert concerns(commissioned=None) == ()


@pytest.mark.parametrize("said", [WithdrawConsent(), PauseCamera(None, at("12:00")), only_visits()])
def test_where_nobody_looks_no_device_is_missing(said: recipients.Command) -> None:
    person = after(recipients, a_recipient(), said)
    assert concerns(person, camera=None, gateway=None, gateway_known=None, heard_at=None) == ()


def test_somebody_who_is_away_all_night_needs_no_device() -> None:
    away = after(recipients, a_recipient(), ReportAbsence(ABSENCE, at("16:00"), at("11:00"), "hospital"))
    assert concerns(away, camera=None) == ()
    back = after(recipients, a_recipient(), ReportAbsence(ABSENCE, at("16:00"), at("01:00"), "hospital"))
    assert concerns(back, camera=None) == (PlanConcern.NO_CAMERA,)


def test_an_absence_past_its_review_is_a_concern() -> None:
    assert concerns(review_at=at("17:01")) == ()
    assert concerns(review_at=at("17:00")) == (PlanConcern.ABSENCE_TO_REVIEW,)


def test_a_decision_that_ran_out_is_a_concern_until_somebody_answers_for_it() -> None:
    assert concerns(until_last_night()) == (PlanConcern.DECISION_ENDED,)
    assert concerns(until_last_night(), decision_handed_to=ANNA) == ()
    assert concerns(until_last_night(), died_at=at("12:30")) == ()


def test_a_decision_with_a_successor_is_no_concern() -> None:
    successor = a_decision(NIGHT, None, an_id("successor"))
    assert concerns(after(recipients, until_last_night(), successor)) == ()
    begins_later = a_decision(NIGHT + 3 * DAY, None, an_id("successor"))
    assert concerns(after(recipients, until_last_night(), begins_later)) == ()


def test_a_decision_that_somebody_ended_by_name_is_no_concern() -> None:
    assert (
        concerns(after(recipients, a_recipient(), a_handover(), EndDecision(at("13:00"), "moved to her daughter")))
        == ()
    )


def test_a_night_that_should_have_slots_and_has_none_is_a_concern() -> None:
    assert concerns(planned=False) == (PlanConcern.NOT_PLANNED,)


def test_what_was_agreed_a_moment_ago_still_waits_for_its_planner() -> None:
    assert concerns(planned=False, when="12:01") == ()
    assert concerns(planned=False, when="12:02") == (PlanConcern.NOT_PLANNED,)


def test_times_before_the_agreement_ask_for_no_slots() -> None:
    at_night = SetSchedule(NIGHT, (an_entry("22:00"),), at("23:00"))
    person = after(recipients, a_recipient(), at_night)
    assert wanted(person, NIGHT, UTC) == []
    assert not must_be_planned(person, NIGHT, UTC, at("23:30"))
    assert concerns(person, planned=False, when="23:30") == ()


@pytest.mark.parametrize("night", [date(2026, 3, 28), date(2026, 10, 24), date(2026, 11, 3), date(2027, 6, 20)])
@pytest.mark.parametrize("times", [("21:30", "00:45", "05:45"), ("12:00", "11:59"), ("23:59", "00:00")])
def test_the_watch_and_the_planner_agree_on_when_checks_are_due(night: date, times: tuple[str, ...]) -> None:
    entries = tuple(an_entry(one, n) for n, one in enumerate(times))
    long_ago = at("12:00") - timedelta(days=700)
    decided = recipients.GrantDecision(an_id("old"), NIGHT - 700 * DAY, None, 3, long_ago)
    agreed = SetSchedule(NIGHT - 700 * DAY, entries, long_ago)
    person = after(recipients, a_registered_recipient(), decided, agreed)

    planned = plan_night(RECIPIENT, entries, STOCKHOLM, night, extra_look_consented=False)

    extra_of_the_long_night = [slot for slot in planned if slot.n > 0]
    agreed_times = [slot.due_at for slot in planned if slot not in extra_of_the_long_night]
    assert wanted(person, night, STOCKHOLM) == agreed_times
