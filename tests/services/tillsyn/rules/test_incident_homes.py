"""Homes in an incident: what a person decides about each, and when they are back."""

from dataclasses import replace
from datetime import timedelta

import pytest

from events.types import incident as happened
from events.types.home import OutageAgreement, RiskClass
from events.types.visit import PhoneOutcome
from services.tillsyn import incident as incidents
from services.tillsyn.incident import (
    Close,
    RunOut,
    Send,
    Settle,
    Standing,
    decide,
)
from services.tillsyn.incident.errors import (
    DeferredForTooLongError,
    DeferredIntoThePastError,
    HomesWaitError,
    NoReasonError,
    NoSuchIncidentError,
    NotInTheIncidentError,
)
from services.tillsyn.incident.state import urgency
from tests.builders import ANNA, RULES, after, an_id, at
from tests.services.tillsyn.rules.lost import (
    ANOTHER,
    INCIDENT,
    a_lost_home,
    an_incident,
    back,
    defer,
    kinds,
    lose,
    phone,
    send,
    until,
)

# What a person decides.


def test_a_home_that_answers_and_is_well_is_decided_about() -> None:
    state = after(incidents, an_incident(), phone(0, PhoneOutcome.ANSWERED_WELL))

    assert state.open[INCIDENT].homes[an_id("home 0")].standing is Standing.PHONED


def test_a_home_that_does_not_answer_still_has_to_be_decided_about() -> None:
    assert until(after(incidents, an_incident(), phone(0, PhoneOutcome.NO_ANSWER, "02:05")), 0) == at("02:15")


def test_where_help_is_needed_somebody_is_sent_at_once() -> None:
    assert kinds(decide(an_incident(), phone(0, PhoneOutcome.NEEDS_HELP))) == [happened.HomePhoned, happened.HomeSent]


def test_sending_twice_sends_once() -> None:
    assert decide(after(incidents, an_incident(), send(0)), send(0)) == []


def test_deferring_takes_a_reason_and_a_time_ahead() -> None:
    with pytest.raises(NoReasonError):
        decide(an_incident(), defer(0, "04:00", reason=" "))
    with pytest.raises(DeferredIntoThePastError):
        decide(an_incident(), defer(0, "01:00"))


def test_a_home_is_deferred_for_twelve_hours_at_most() -> None:
    assert decide(an_incident(), replace(defer(0, "02:00"), until=at("01:05") + timedelta(hours=12)))
    with pytest.raises(DeferredForTooLongError):
        decide(an_incident(), replace(defer(0, "02:00"), until=at("01:05") + timedelta(hours=12, seconds=1)))


def test_only_homes_of_the_incident_are_decided_about() -> None:
    with pytest.raises(NotInTheIncidentError):
        decide(an_incident(), send(7))
    with pytest.raises(NoSuchIncidentError):
        decide(an_incident(), Send(ANOTHER, an_id("home 0"), ANNA))


def test_homes_are_listed_by_risk_then_agreement_then_time() -> None:
    state = an_incident(
        a_lost_home(0, "01:00", risk=RiskClass.LOW),
        a_lost_home(1, "03:00", risk=RiskClass.HIGH),
        a_lost_home(2, "02:00", risk=RiskClass.HIGH),
        a_lost_home(3, "00:30", risk=RiskClass.HIGH, agreed=OutageAgreement.WAIT_UNTIL_MORNING),
    )

    in_order = sorted(state.open[INCIDENT].homes.values(), key=urgency)
    assert [lost.home for lost in in_order] == [an_id(f"home {n}") for n in (2, 1, 3, 0)]


# Coming back, and closing.


def test_a_home_that_is_back_with_nothing_held_needs_no_decision() -> None:
    state = after(incidents, an_incident(), back(0))

    assert until(state, 0) is None
    assert state.holding(an_id("home 0")) is None


def test_a_home_that_is_back_with_a_visit_held_still_needs_a_decision() -> None:
    state = after(incidents, an_incident(), back(0, held=True))

    assert until(state, 0) == at("02:10")


def test_a_deferred_home_that_is_back_with_a_visit_held_is_asked_about_at_once_whatever_the_deferral_says() -> None:
    state = after(incidents, an_incident(), defer(0, "06:00"), back(0, "03:00", held=True))

    assert until(state, 0) == at("03:00") + RULES.incident_decided_within
    assert until(after(incidents, an_incident(), defer(0, "03:02"), back(0, "03:00", held=True)), 0) == at("03:02")


def test_an_incident_never_closes_by_itself() -> None:
    both = [back(n) for n in (0, 1)]

    assert INCIDENT in after(incidents, an_incident(), *both).open


def test_an_incident_does_not_close_over_a_home_that_waits_or_a_visit_that_is_held() -> None:
    with pytest.raises(HomesWaitError):
        decide(an_incident(), Close(INCIDENT, ANNA, "power is back", held=0))
    with pytest.raises(HomesWaitError):
        decide(after(incidents, an_incident(), send(0), send(1)), Close(INCIDENT, ANNA, "power is back", held=1))


def test_an_incident_is_closed_by_name_and_with_a_reason() -> None:
    state = after(incidents, an_incident(), send(0), send(1))

    with pytest.raises(NoReasonError):
        decide(state, Close(INCIDENT, ANNA, "", held=0))
    [closed] = decide(state, Close(INCIDENT, ANNA, "power is back", held=0))
    assert isinstance(closed, happened.IncidentClosed)
    assert incidents.evolve(state, closed).open == {}


def test_a_home_lost_again_after_it_was_back_waits_again() -> None:
    state = after(incidents, an_incident(), back(0))
    again = lose(a_lost_home(0, "03:00"), a_lost_home(1), when="02:30", incident=ANOTHER)

    assert until(after(incidents, state, again), 0) == at("03:10")


def test_a_home_lost_again_while_a_visit_is_held_there_keeps_the_limit_it_had() -> None:
    state = after(incidents, an_incident(), back(0, "02:01", held=True))
    for next_check in ("02:00", "11:00", None):
        again = lose(a_lost_home(0, next_check), a_lost_home(1), when="02:05", incident=ANOTHER)
        assert until(after(incidents, state, again), 0) == at("02:10")


def test_an_incident_holds_a_home_that_was_lost_until_it_is_back() -> None:
    assert an_incident().holding(an_id("home 0")) is not None


def test_about_a_home_with_nothing_left_to_decide_nobody_is_asked_until_another_check_is_due() -> None:
    home = an_id("home 0")
    [settled] = decide(an_incident(), Settle(home))
    assert settled == happened.HomeSettled(incident=INCIDENT, home=home, back=False)
    state = after(incidents, an_incident(), Settle(home))
    assert until(state, 0) is None
    assert not decide(state, Settle(home))
    assert until(after(incidents, state, RunOut(home, at("05:10"))), 0) == at("05:10")


def test_a_home_that_is_back_is_done_with_when_nothing_is_left_to_decide() -> None:
    home = an_id("home 0")
    state = after(incidents, an_incident(), back(0, held=True), Settle(home))
    assert state.open[INCIDENT].homes[home].standing is Standing.BACK
