"""Cars on the road: who acts for a car, who is asked first, what its list shows."""

import pytest

from events.store import queries
from events.types.patrol import PatrolState
from events.types.unit import UnitCarAdded
from events.types.visit import (
    DeclineReason,
    Found,
    Help,
    PhoneOutcome,
    VisitAcknowledged,
    VisitAssigned,
    VisitLimitPassed,
)
from services.tillsyn import visit as visits
from services.tillsyn.desk import Dispatch
from services.tillsyn.desk.dispatch import InAnotherPatrolError
from services.tillsyn.desk.who import NotInThisRoleError, NotOfThisUnitError
from services.tillsyn.patrol import Register
from services.tillsyn.patrol.decide import NoSuchPatrolError
from tests.builders import (
    ANNA,
    CHAIN,
    MANAGER,
    PATROL,
    RULES,
    UNIT,
    an_id,
    at,
    own_visit,
)
from tests.services.tillsyn.house import (
    ASSESSOR,
    House,
    of_type,
    register_neighbour,
    slot_of,
)
from tests.services.tillsyn.meanwhile import meanwhile
from tests.services.tillsyn.road import (
    NINA,
    NORTH,
    SOUTH,
    STEN,
    SVEN,
    THERE,
    VISIT,
    concern,
    register_planned_visit,
    responder,
)

# Cars.


async def test_nobody_is_in_two_cars(road: House) -> None:
    with pytest.raises(InAnotherPatrolError, match=str(NORTH)):
        await Dispatch(road.ledger, ASSESSOR).crew(SOUTH, (SVEN, NINA))


async def test_nobody_is_put_into_two_cars_at_the_same_time(road: House, another: House) -> None:
    here, there = Dispatch(road.ledger, ASSESSOR), Dispatch(another.ledger, ASSESSOR)
    with pytest.raises(InAnotherPatrolError, match=str(SOUTH)):
        await meanwhile(road, lambda: here.crew(NORTH, (PATROL,)), lambda: there.crew(SOUTH, (PATROL,)))


async def test_nobody_is_put_into_two_cars_of_which_one_was_registered_meanwhile(road: House, another: House) -> None:
    dispatch, new = Dispatch(another.ledger, ASSESSOR), an_id("new car")

    async def another_car() -> None:
        await dispatch.register(Register(new, UNIT, "Bil Ny", ("Norr",), 2))
        await dispatch.crew(new, (PATROL,))

    with pytest.raises(InAnotherPatrolError, match=str(new)):
        await meanwhile(road, lambda: Dispatch(road.ledger, ASSESSOR).crew(NORTH, (PATROL,)), another_car)


async def test_a_car_registered_twice_is_one_car_more(road: House) -> None:
    for _ in range(2):
        await Dispatch(road.ledger, ASSESSOR).register(Register(an_id("new car"), UNIT, "Bil Ny", ("Norr",), 2))
    added = of_type(await road.log(), UnitCarAdded)
    assert [event.patrol for event in added] == [SOUTH, NORTH, an_id("new car")]


async def test_a_crew_is_of_the_unit_and_may_go(road: House) -> None:
    dispatch = Dispatch(road.ledger, ASSESSOR)
    with pytest.raises(NotInThisRoleError):
        await dispatch.crew(NORTH, (ANNA,))
    with pytest.raises(NotOfThisUnitError):
        await dispatch.crew(NORTH, (an_id("a stranger"),))
    with pytest.raises(NoSuchPatrolError):
        await dispatch.crew(an_id("no car"), (NINA,))


async def test_what_a_car_is_doing_follows_from_its_visits(road: House) -> None:
    async def state() -> str:
        row = await road.store.query(queries.patrol, NORTH, road.clock.now())
        assert row is not None
        return row.state

    await concern(road)
    told = [await state()]
    for step in (road.patrol.acknowledge, road.patrol.arrive):
        await step(VISIT, NINA)
        told.append(await state())
    await road.patrol.complete(VISIT, NINA, **THERE, found=Found.ALL_WELL)
    assert [*told, await state()] == ["free", "driving", "with-somebody", "free"]


# Who is asked, and who acts.


async def test_the_nearest_free_car_is_asked_first(road: House) -> None:
    await concern(road)
    assert await responder(road) == NORTH


async def test_a_car_off_the_road_is_not_asked_until_it_said_it_would_be_back(road: House) -> None:
    dispatch = Dispatch(road.ledger, ASSESSOR)
    await dispatch.say_state(NORTH, NINA, PatrolState.OFF_THE_ROAD, at("02:04"))
    await concern(road)
    assert await responder(road) == SOUTH
    await road.time("02:05")
    await road.sweeper.sweep()
    assert await responder(road) == NORTH


async def test_a_car_that_is_with_somebody_is_asked_after_one_that_is_free(road: House) -> None:
    neighbour = await register_neighbour(road, 1, "02:00")
    await road.planner.plan_all()
    await concern(road)
    await road.patrol.acknowledge(VISIT, NINA)
    await road.night_staff.concern(slot_of(neighbour), ANNA)
    assert (await road.visit(own_visit(slot_of(neighbour)))).responder == SOUTH


async def test_each_in_the_line_is_asked_and_the_chains_last_again_and_louder(road: House) -> None:
    await concern(road)
    for minute in range(5, 35, 5):
        await road.time(f"02:{minute:02}")
        await road.sweeper.sweep()
    asked = of_type(await road.events(visits.stream_of(VISIT)), VisitAssigned)
    assert [event.responder for event in asked] == [NORTH, SOUTH, *CHAIN, MANAGER, MANAGER]
    assert [event.loudness for event in asked] == [0, 0, 0, 0, 0, 1, 2]
    assert len(of_type(await road.events(visits.stream_of(VISIT)), VisitLimitPassed)) == 6
    row = await road.visit(VISIT)
    assert (row.loudness, row.asked_at) == (2, at("02:20")), "still, 10 min"
    assert await road.breaches() == []


async def test_whoever_is_in_the_car_acts_for_it_by_name(road: House) -> None:
    await concern(road)
    await road.patrol.decline(VISIT, NINA, DeclineReason.STUCK)
    assert await responder(road) == SOUTH
    await road.patrol.acknowledge(VISIT, STEN)
    [taken] = of_type(await road.events(visits.stream_of(VISIT)), VisitAcknowledged)
    assert (taken.responder, taken.by, taken.people) == (SOUTH, STEN, 2)


async def test_whoever_takes_a_visit_while_the_crew_changes_goes_with_those_who_are_in_the_car(
    road: House, another: House
) -> None:
    await concern(road)
    both = Dispatch(another.ledger, ASSESSOR)
    await meanwhile(road, lambda: road.patrol.acknowledge(VISIT, NINA), lambda: both.crew(NORTH, (NINA, PATROL)))
    [taken] = of_type(await road.events(visits.stream_of(VISIT)), VisitAcknowledged)
    assert (taken.responder, taken.people) == (NORTH, 2)


async def test_a_manager_in_the_chain_acts_as_themself(road: House) -> None:
    await concern(road)
    await road.patrol.acknowledge(VISIT, MANAGER)
    assert await responder(road) == MANAGER


async def test_a_planned_visit_goes_to_the_nearest_car_though_it_is_not_on_duty_yet(road: House) -> None:
    dispatch = Dispatch(road.ledger, ASSESSOR)
    await dispatch.crew(NORTH, ())
    await register_planned_visit(road)
    row, *_ = await road.patrol.patrol_list(UNIT, SOUTH)
    assert (row.kind, row.not_before, row.recipient) == ("planned", at("04:45"), an_id("other"))
    assert await road.patrol.patrol_list(UNIT, NORTH) == []


async def test_a_patrols_list_shows_what_was_sent_before_what_is_planned(road: House) -> None:
    await register_planned_visit(road)
    await Dispatch(road.ledger, ASSESSOR).say_state(NORTH, NINA, PatrolState.OFF_THE_ROAD)
    await concern(road)
    listed = await road.patrol.patrol_list(UNIT, SOUTH)
    assert [(row.kind, row.id == VISIT) for row in listed[:2]] == [("sent", True), ("planned", False)]
    assert listed[1:] == sorted(listed[1:], key=lambda row: row.not_before)
    assert listed[0].asked_at == at("02:00")
    assert await road.patrol.open_visits(UNIT) == listed


# Two, the telephone, help.


async def test_where_two_are_needed_a_second_is_asked_and_followed_by_the_next(road: House) -> None:
    await concern(road)
    await road.patrol.acknowledge(VISIT, NINA)
    await road.patrol.need_two(VISIT, NINA)
    row = await road.visit(VISIT)
    assert (row.responder, row.second_responder, row.second_act_at) == (NORTH, SOUTH, at("02:05"))
    await road.time("02:05")
    await road.sweeper.sweep()
    assert (await road.visit(VISIT)).second_responder == PATROL
    await road.patrol.join(VISIT, SVEN)
    row = await road.visit(VISIT)
    assert (row.second_responder, row.second_act_at) == (SOUTH, at("02:05") + RULES.arrive_within)
    assert await road.breaches() == []


async def test_a_second_who_was_late_to_answer_and_goes_along_ends_the_alarm(road: House) -> None:
    await concern(road)
    await road.patrol.acknowledge(VISIT, NINA)
    await road.patrol.need_two(VISIT, NINA)
    await road.time("02:05")
    await road.sweeper.sweep()
    [alarm] = await road.store.query(queries.open_alarms, UNIT)
    assert (alarm.kind, alarm.cause) == ("visit-not-acknowledged", f"visit:{VISIT}")
    await road.patrol.join(VISIT, SVEN)
    assert await road.store.query(queries.open_alarms, UNIT) == []


async def test_a_second_who_has_not_answered_is_an_alarm_though_the_first_is_there(road: House) -> None:
    await concern(road)
    await road.patrol.acknowledge(VISIT, NINA)
    await road.patrol.need_two(VISIT, NINA)
    await road.time("02:05")
    await road.sweeper.sweep()
    await road.patrol.arrive(VISIT, NINA)
    [alarm] = await road.store.query(queries.open_alarms, UNIT)
    assert (alarm.kind, alarm.cause) == ("visit-not-acknowledged", f"visit:{VISIT}")
    await road.patrol.arrive(VISIT, PATROL)
    assert await road.store.query(queries.open_alarms, UNIT) == []


async def test_night_staff_may_telephone_and_call_help(road: House) -> None:
    await concern(road)
    await road.patrol.phone(VISIT, ANNA, PhoneOutcome.NO_ANSWER)
    await road.patrol.call_help(VISIT, ANNA, Help.EMERGENCY)
    row = await road.visit(VISIT)
    assert (row.phoned, row.stage) == ("no-answer", "assigned")
    assert await road.breaches() == []
