"""Incidents: what becomes one, when each of its homes must be decided about, and who is asked again."""

import pytest

from events.types import incident as happened
from events.types.incident import Cause
from events.types.visit import PhoneOutcome
from services.tillsyn import incident as incidents
from services.tillsyn.incident import (
    RunOut,
    Take,
    decide,
)
from tests.builders import BERTIL, MANAGER, after, an_id, at
from tests.services.tillsyn.rules.lost import (
    ANOTHER,
    INCIDENT,
    NORTH,
    a_lost_home,
    an_incident,
    back,
    defer,
    kinds,
    lose,
    phone,
    send,
    sweep,
    until,
)

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


def test_cameras_of_a_gateway_that_was_silent_before_are_another_incident() -> None:
    state = after(incidents, an_incident(), back(0), back(1))
    cameras = lose(a_lost_home(0), a_lost_home(1), when="02:10", cause=Cause.CAMERAS, incident=ANOTHER)

    opened, *joined = decide(state, cameras)
    assert isinstance(opened, happened.IncidentOpened)
    assert kinds(joined) == [happened.HomeJoined] * 2
    more = lose(*(a_lost_home(n) for n in (0, 1, 2)), when="02:30", cause=Cause.CAMERAS)
    assert kinds(decide(after(incidents, state, cameras), more)) == [happened.HomeJoined]


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
