"""Patrols: registered, crewed, what they say of themselves; and who of them is asked first."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.types.patrol import PatrolAreasChanged, PatrolCrewed, PatrolRegistered, PatrolState, PatrolStateSaid
from services.tillsyn import patrol as patrols
from services.tillsyn.patrol import (
    ChangeAreas,
    Crew,
    PatrolView,
    Register,
    SayState,
    asking_order,
    decide,
    everybody,
)
from services.tillsyn.patrol.decide import NoSuchPatrolError, NotInTheCrewError, UntilPastError
from tests.builders import ANNA, BERTIL, CHAIN, MANAGER, UNIT, after, an_id, at

NORTH, SOUTH = an_id("north"), an_id("south")
REGISTER = Register(NORTH, UNIT, "Bil Ett", ("Norr",), 0)
CREWED = after(patrols, patrols.EMPTY, REGISTER, Crew((ANNA,)))
OFF, FREE, DRIVING = PatrolState.OFF_THE_ROAD, PatrolState.FREE, PatrolState.DRIVING
WITH = PatrolState.WITH_SOMEBODY


def a_car(name: str, place: int = 0, area: str = "", crew: int = 1, state: PatrolState = FREE) -> PatrolView:
    return PatrolView(an_id(name), (area,) if area else (), place, crew, state)


# What is said of a patrol.


def test_a_patrol_is_registered_once() -> None:
    [event] = decide(patrols.EMPTY, REGISTER)
    assert event == PatrolRegistered(patrol=NORTH, unit=UNIT, name="Bil Ett", areas=("Norr",), place=0)
    assert not decide(after(patrols, patrols.EMPTY, REGISTER), REGISTER)


@pytest.mark.parametrize("command", [Crew((ANNA,)), ChangeAreas(("Söder",)), SayState(OFF, ANNA, at("22:00"))])
def test_a_patrol_that_is_not_registered_is_refused(command: patrols.Command) -> None:
    with pytest.raises(NoSuchPatrolError):
        decide(patrols.EMPTY, command)


def test_a_crew_changes_and_saying_it_again_changes_nothing() -> None:
    assert decide(CREWED, Crew((ANNA, BERTIL, ANNA))) == [PatrolCrewed(patrol=NORTH, staff=(ANNA, BERTIL))]
    assert not decide(CREWED, Crew((ANNA,)))


def test_areas_change_and_saying_it_again_changes_nothing() -> None:
    assert decide(CREWED, ChangeAreas(("Söder",))) == [PatrolAreasChanged(patrol=NORTH, areas=("Söder",))]
    assert not decide(CREWED, ChangeAreas(("Norr",)))


def test_the_crew_says_what_they_are_doing() -> None:
    said = PatrolStateSaid(patrol=NORTH, state=OFF, by=ANNA, until=at("23:00"))
    assert decide(CREWED, SayState(OFF, ANNA, at("22:00"), at("23:00"))) == [said]
    again = after(patrols, CREWED, SayState(OFF, ANNA, at("22:00"), at("23:00")))
    assert not decide(again, SayState(OFF, ANNA, at("22:10"), at("23:00")))


def test_whoever_is_not_in_the_car_does_not_speak_for_it() -> None:
    with pytest.raises(NotInTheCrewError, match=str(ANNA)):
        decide(CREWED, SayState(OFF, BERTIL, at("22:00")))


def test_what_a_crew_says_holds_until_a_time_ahead() -> None:
    with pytest.raises(UntilPastError, match="22:00:00"):
        decide(CREWED, SayState(OFF, ANNA, at("22:00"), at("21:00")))


# Who is asked first.


def test_the_nearest_free_patrol_is_asked_first_then_other_free_ones_then_busy_ones_then_people() -> None:
    cars = [
        a_car("busy and near", 0, "Norr", state=DRIVING),
        a_car("busy and first", 1, "Söder", state=WITH),
        a_car("free and far", 2, "Söder"),
        a_car("free and near", 3, "Norr"),
    ]
    names = ("free and near", "free and far", "busy and near", "busy and first")
    assert asking_order("Norr", 1, cars, CHAIN) == (*map(an_id, names), *CHAIN)


def test_a_car_off_the_road_or_without_a_crew_is_not_asked() -> None:
    cars = [a_car("stuck", state=OFF), a_car("empty", crew=0), a_car("free", 9)]
    assert asking_order("Norr", 1, cars, (MANAGER,)) == (an_id("free"), MANAGER)


def test_where_two_are_needed_a_car_with_two_comes_before_a_nearer_one_with_one() -> None:
    cars = [a_car("near", 0, "Norr"), a_car("two", 1, "Söder", crew=2), a_car("busy two", 2, crew=2, state=WITH)]
    assert asking_order("Norr", 2, cars, (MANAGER,)) == (an_id("two"), an_id("near"), an_id("busy two"), MANAGER)


def test_a_patrol_that_is_in_the_chain_too_stands_in_line_only_once() -> None:
    cars = [a_car("one", 1), a_car("two", 0)]
    assert asking_order(None, 1, cars, (an_id("one"), an_id("two"), MANAGER)) == (an_id("two"), an_id("one"), MANAGER)


def test_a_unit_without_patrols_asks_its_chain() -> None:
    assert asking_order("Norr", 1, [], CHAIN) == CHAIN


def test_with_every_car_off_the_road_and_no_person_the_chain_is_asked_all_the_same() -> None:
    assert asking_order("Norr", 1, [a_car("stuck", state=OFF)], (an_id("stuck"),)) == (an_id("stuck"),)


def test_everybody_may_take_a_visit_those_off_the_road_too() -> None:
    cars = [a_car("stuck", 1, state=OFF), a_car("empty", 0, crew=0)]
    assert everybody(cars, (MANAGER,)) == (an_id("empty"), an_id("stuck"), MANAGER)


views = st.builds(
    PatrolView,
    st.uuids(),
    st.lists(st.sampled_from(["Norr", "Söder"]), max_size=2).map(tuple),
    st.integers(0, 3),
    st.integers(0, 2),
    st.sampled_from(PatrolState),
)


@given(st.sampled_from(["Norr", "Söder", None]), st.integers(1, 2), st.lists(views, max_size=5))
def test_everybody_who_can_go_is_in_the_line_once_and_the_last_in_the_chain_is_last(
    area: str | None, people: int, cars: list[PatrolView]
) -> None:
    order = asking_order(area, people, cars, CHAIN)
    assert sorted(order, key=str) == sorted([*(car.patrol for car in cars if car.can_go), *CHAIN], key=str)
    assert order[-1] == CHAIN[-1]
    assert order == asking_order(area, people, list(reversed(cars)), CHAIN)
