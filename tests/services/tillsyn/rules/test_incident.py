"""Incidents: what becomes one, who decides about each home, and what is never done without a person."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from events.base import Event
from events.types import incident as happened
from events.types.home import OutageAgreement, RiskClass
from events.types.incident import Cause
from events.types.visit import PhoneOutcome
from services.tillsyn import incident as incidents
from services.tillsyn.incident import (
    Close,
    ComeBack,
    Defer,
    Incidents,
    Lose,
    LostHome,
    Phone,
    RunOut,
    Send,
    Settle,
    Standing,
    Sweep,
    Take,
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
from tests.builders import ANNA, BERTIL, MANAGER, RULES, UNIT, after, an_id, at

INCIDENT, ANOTHER = an_id("incident"), an_id("another incident")
NORTH = "north"


def a_lost_home(
    n: int,
    due: str | None = "02:00",
    *,
    gateway: str = "gateway",
    area: str | None = NORTH,
    risk: RiskClass = RiskClass.MEDIUM,
    agreed: OutageAgreement = OutageAgreement.VISIT,
) -> LostHome:
    return LostHome(an_id(f"home {n}"), an_id(gateway), area, risk, agreed, at(due) if due else None)


def lose(*homes: LostHome, when: str = "01:00", cause: Cause = Cause.GATEWAY, incident: object = INCIDENT) -> Lose:
    return Lose(incident, UNIT, cause, homes, RULES, at(when))  # type: ignore[arg-type]


def an_incident(*homes: LostHome, when: str = "01:00") -> Incidents:
    """An incident with these homes, else with two."""
    return after(incidents, incidents.EMPTY, lose(*(homes or (a_lost_home(0), a_lost_home(1))), when=when))


def phone(n: int, outcome: PhoneOutcome, when: str = "01:05") -> Phone:
    return Phone(INCIDENT, an_id(f"home {n}"), ANNA, outcome, RULES, at(when))


def send(n: int) -> Send:
    return Send(INCIDENT, an_id(f"home {n}"), ANNA)


def defer(n: int, until: str, when: str = "01:05", reason: str = "the neighbour is there") -> Defer:
    return Defer(INCIDENT, an_id(f"home {n}"), ANNA, at(until), reason, at(when))


def back(n: int, when: str = "02:05", *, held: bool = False) -> ComeBack:
    return ComeBack(an_id(f"home {n}"), held, at(when) + RULES.incident_decided_within)


def sweep(when: str) -> Sweep:
    return Sweep(MANAGER, RULES, at(when))


def kinds(events: Sequence[Event]) -> list[type[Event]]:
    return [type(event) for event in events]


def until(state: Incidents, n: int) -> datetime | None:
    return state.open[INCIDENT].homes[an_id(f"home {n}")].until


# What becomes an incident.


def test_a_gateway_with_several_homes_lost_is_one_incident_with_all_of_them() -> None:
    events = decide(incidents.EMPTY, lose(*(a_lost_home(n) for n in range(90))))

    assert kinds(events) == [happened.IncidentOpened, *[happened.HomeJoined] * 90]


def test_a_single_home_lost_is_no_incident() -> None:
    assert decide(incidents.EMPTY, lose(a_lost_home(0))) == []


@pytest.mark.parametrize(
    ("second_area", "cause", "area"),
    [(NORTH, Cause.AREA, NORTH), ("south", Cause.NETWORK, None), (None, Cause.NETWORK, None)],
)
def test_gateways_lost_together_share_a_cause_as_wide_as_their_areas(
    second_area: str | None, cause: Cause, area: str | None
) -> None:
    events = decide(incidents.EMPTY, lose(a_lost_home(0), a_lost_home(1, gateway="other", area=second_area)))

    assert (events[0].cause, events[0].area, events[0].gateway) == (cause, area, None)  # type: ignore[attr-defined]


def test_a_gateway_lost_soon_after_joins_the_incident_and_widens_its_cause() -> None:
    state = an_incident()
    late = [a_lost_home(n, gateway="other") for n in (2, 3)]
    events = decide(state, lose(*late, when="01:04", incident=ANOTHER))

    assert kinds(events) == [happened.IncidentWidened, happened.HomeJoined, happened.HomeJoined]
    assert {event.incident for event in events} == {INCIDENT}  # type: ignore[attr-defined]
    assert events[0].cause is Cause.AREA  # type: ignore[attr-defined]


def test_a_gateway_lost_long_after_is_another_incident() -> None:
    late = [a_lost_home(n, gateway="other", area="south") for n in (2, 3)]
    events = decide(an_incident(), lose(*late, when="01:06", incident=ANOTHER))

    assert kinds(events)[0] is happened.IncidentOpened


def test_a_single_home_lost_later_in_the_area_that_is_out_joins_the_incident() -> None:
    state = an_incident(a_lost_home(0), a_lost_home(1, gateway="other"))
    events = decide(state, lose(a_lost_home(2, gateway="third"), when="03:00", incident=ANOTHER))

    assert kinds(events) == [happened.HomeJoined]


def test_cameras_out_of_reach_are_not_mixed_up_with_gateways_that_fell_silent() -> None:
    cameras = lose(
        *(a_lost_home(n, gateway="other") for n in (2, 3)), when="01:01", cause=Cause.CAMERAS, incident=ANOTHER
    )

    assert kinds(decide(an_incident(), cameras))[0] is happened.IncidentOpened


def test_the_same_homes_lost_again_change_nothing() -> None:
    assert decide(an_incident(), lose(a_lost_home(0), a_lost_home(1), when="01:02", incident=ANOTHER)) == []


def test_while_we_have_no_broker_ourselves_the_cause_is_the_broker() -> None:
    events = decide(incidents.EMPTY, lose(a_lost_home(0), a_lost_home(1, gateway="other"), cause=Cause.BROKER))

    assert events[0].cause is Cause.BROKER  # type: ignore[attr-defined]


# When a home must be decided about.


def test_a_home_is_decided_about_within_ten_minutes_of_its_next_check() -> None:
    assert until(an_incident(a_lost_home(0, "02:00"), a_lost_home(1, "00:50")), 0) == at("02:10")
    assert until(an_incident(a_lost_home(0, "02:00"), a_lost_home(1, "00:50")), 1) == at("01:10")


def test_a_home_without_a_check_tonight_waits_for_nobody() -> None:
    assert until(an_incident(a_lost_home(0, None), a_lost_home(1)), 0) is None


def test_a_check_that_runs_out_in_a_lost_home_asks_for_a_decision() -> None:
    state = after(incidents, an_incident(a_lost_home(0, None), a_lost_home(1)), RunOut(an_id("home 0"), at("03:10")))

    assert until(state, 0) == at("03:10")


@pytest.mark.parametrize("decided", [send(0), defer(0, "06:00")])
def test_a_check_that_runs_out_asks_for_nothing_where_somebody_has_decided(decided: incidents.Command) -> None:
    assert decide(after(incidents, an_incident(), decided), RunOut(an_id("home 0"), at("03:10"))) == []


def test_a_check_that_runs_out_asks_again_after_a_call() -> None:
    state = after(incidents, an_incident(), phone(0, PhoneOutcome.ANSWERED_WELL))

    assert until(state, 0) is None
    assert until(after(incidents, state, RunOut(an_id("home 0"), at("04:10"))), 0) == at("04:10")


def test_a_check_that_runs_out_in_a_home_that_was_not_lost_is_no_matter_of_an_incident() -> None:
    assert decide(an_incident(), RunOut(an_id("home 7"), at("03:10"))) == []


# Asking again, louder.


def test_homes_nobody_decided_about_are_asked_about_again_and_louder_each_time() -> None:
    state = an_incident(a_lost_home(0, "00:50"), a_lost_home(1, "05:00"))
    [first] = decide(state, sweep("01:10"))
    [second] = decide(after(incidents, state, sweep("01:10")), sweep("01:20"))

    assert isinstance(first, happened.IncidentLimitPassed)
    assert (first.homes, first.asked, first.loudness) == ((an_id("home 0"),), MANAGER, 1)
    assert isinstance(second, happened.IncidentLimitPassed)
    assert second.loudness == 2


def test_nothing_is_asked_before_its_time() -> None:
    assert decide(an_incident(a_lost_home(0, "00:50"), a_lost_home(1)), sweep("01:09")) == []


def test_taking_an_incident_decides_about_no_home() -> None:
    state = after(incidents, an_incident(a_lost_home(0, "00:50"), a_lost_home(1)), Take(INCIDENT, BERTIL))

    assert state.open[INCIDENT].taken_by == BERTIL
    assert decide(state, Take(INCIDENT, BERTIL)) == []
    assert kinds(decide(state, sweep("01:10"))) == [happened.IncidentLimitPassed]


def test_a_deferred_home_waits_until_its_time_and_is_asked_about_again() -> None:
    state = after(incidents, an_incident(), defer(0, "04:00"), send(1))

    assert decide(state, sweep("03:59")) == []
    assert kinds(decide(state, sweep("04:00"))) == [happened.IncidentLimitPassed]


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
