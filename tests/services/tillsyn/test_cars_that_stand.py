"""A car that nobody is in, or that is off the road, keeps nothing; and two are needed, and nobody else is there."""

import pytest

from events.store import queries
from events.types.alarm import AlarmKind
from events.types.patrol import PatrolState
from events.types.unit import StaffRegistered, UnitChainChanged, UnitRegistered
from events.types.visit import DeclineReason, Found, VisitDeclined
from services.tillsyn import unit as units
from services.tillsyn.desk import Dispatch, Staffing
from services.tillsyn.desk.who import RoleExpiredError
from tests.builders import CHAIN, ORGANISATION, PATROL, UNIT, an_id, at, secret
from tests.services.tillsyn.healthy import craft
from tests.services.tillsyn.house import ASSESSOR, House, of_type, register_manager
from tests.services.tillsyn.meanwhile import meanwhile
from tests.services.tillsyn.road import NINA, NORTH, SOUTH, STEN, SVEN, THERE, VISIT, concern, responder

OLLE, POOL = an_id("olle"), an_id("pool")
NOT_ANSWERED = (AlarmKind.VISIT_NOT_ACKNOWLEDGED.value, f"visit:{VISIT}")


async def alarms_of(house: House) -> set[tuple[str, str]]:
    return {(row.kind, row.cause) for row in await house.store.query(queries.open_alarms, UNIT)}


async def with_a_passenger(road: House) -> None:
    """OLLE of another unit is in the southern car beside STEN, in a role that ends at 02:01."""
    manager = await register_manager(road)
    pool = UnitRegistered(unit=POOL, organisation=ORGANISATION, name="Pool", zone="UTC", chain=CHAIN)
    await road.setting_up.register_unit(pool)
    olle = StaffRegistered(staff=OLLE, unit=POOL, roles=("patrol",), name=secret("Olle"))
    await road.setting_up.register_staff(olle)
    await Staffing(road.ledger).grant_role(OLLE, UNIT, "patrol", manager, until=at("02:01"), agency=True)
    await Dispatch(road.ledger, ASSESSOR).crew(SOUTH, (STEN, OLLE))


async def test_a_car_that_is_stuck_hands_on_what_it_drives_to(road: House) -> None:
    await concern(road)
    await road.patrol.acknowledge(VISIT, NINA)
    await Dispatch(road.ledger, ASSESSOR).say_state(NORTH, NINA, PatrolState.OFF_THE_ROAD)
    assert await responder(road) == SOUTH
    [declined] = of_type(await road.log(), VisitDeclined)
    assert (declined.responder, declined.reason) == (NORTH, DeclineReason.STUCK)
    assert await road.breaches() == []


async def test_a_car_that_is_off_the_road_is_not_waited_for(road: House) -> None:
    await concern(road)
    await Dispatch(road.ledger, ASSESSOR).say_state(NORTH, NINA, PatrolState.OFF_THE_ROAD)
    assert await responder(road) == SOUTH


async def test_a_car_that_a_manager_empties_leaves_nothing(road: House) -> None:
    await concern(road)
    await road.patrol.acknowledge(VISIT, NINA)
    await Dispatch(road.ledger, ASSESSOR).crew(NORTH, ())
    assert await responder(road) == SOUTH


async def test_a_crew_that_stands_in_a_home_finishes_there_though_the_car_is_stuck(road: House) -> None:
    await concern(road)
    await road.patrol.arrive(VISIT, NINA)
    await Dispatch(road.ledger, ASSESSOR).say_state(NORTH, NINA, PatrolState.OFF_THE_ROAD)
    await road.patrol.complete(VISIT, NINA, **THERE, found=Found.ALL_WELL)  # type: ignore[arg-type]
    assert (await road.visit(VISIT)).stage == "completed"


async def test_nobody_is_asked_in_a_car_whose_last_one_gets_out_at_that_moment(road: House, another: House) -> None:
    await Staffing(road.ledger).sign_in(UNIT, "patrol", NINA)
    await meanwhile(road, lambda: concern(road), lambda: Staffing(another.ledger).sign_out(UNIT, NINA))
    assert await responder(road) == SOUTH


async def test_two_are_needed_and_there_is_nobody_else_is_an_alarm_at_once_until_somebody_comes(road: House) -> None:
    dispatch = Dispatch(road.ledger, ASSESSOR)
    await craft(road, units.stream_of(UNIT), UnitChainChanged(unit=UNIT, chain=(PATROL,)))
    for car, one in ((NORTH, NINA), (SOUTH, SVEN)):
        await dispatch.say_state(car, one, PatrolState.OFF_THE_ROAD)
    await concern(road)
    await road.patrol.arrive(VISIT, PATROL)
    await road.patrol.need_two(VISIT, PATROL)
    assert (await road.visit(VISIT)).second_responder is None
    assert NOT_ANSWERED in await alarms_of(road)

    await dispatch.say_state(SOUTH, SVEN, PatrolState.FREE)
    await road.patrol.need_two(VISIT, PATROL)
    assert (await road.visit(VISIT)).second_responder == SOUTH, "said again, it is asked again"
    assert NOT_ANSWERED in await alarms_of(road)
    await road.patrol.join(VISIT, SVEN)
    assert NOT_ANSWERED not in await alarms_of(road)
    assert await road.breaches() == []


async def test_whose_role_has_ended_goes_in_no_colleagues_name(road: House) -> None:
    await with_a_passenger(road)
    await road.time("02:05")
    await concern(road)
    await road.patrol.decline(VISIT, NINA, DeclineReason.WITH_SOMEBODY)
    await road.patrol.acknowledge(VISIT, STEN)
    with pytest.raises(RoleExpiredError):
        await road.patrol.arrive(VISIT, OLLE)


async def test_whose_role_has_ended_closes_no_visit(road: House) -> None:
    await with_a_passenger(road)
    await concern(road)
    await road.patrol.decline(VISIT, NINA, DeclineReason.WITH_SOMEBODY)
    await road.patrol.arrive(VISIT, OLLE)
    await road.time("02:06")
    with pytest.raises(RoleExpiredError):
        await road.patrol.close(VISIT, OLLE, "not needed")
    await road.patrol.complete(VISIT, OLLE, **THERE, found=Found.ALL_WELL)  # type: ignore[arg-type]
