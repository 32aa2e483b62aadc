"""Cars whose crew goes home, or whose role ends, while they are on the road."""

from uuid import UUID

import pytest

from events.types.unit import StaffRegistered, UnitRegistered
from events.types.visit import (
    DeclineReason,
    Found,
    Help,
    VisitCompleted,
    VisitDeclined,
)
from services.tillsyn.desk import Care, Dispatch, Staffing
from services.tillsyn.desk.care import INSTALLER
from services.tillsyn.desk.who import RoleExpiredError
from tests.builders import (
    CHAIN,
    ORGANISATION,
    PATROL,
    UNIT,
    an_id,
    at,
    secret,
)
from tests.services.tillsyn.house import (
    ASSESSOR,
    House,
    of_type,
)
from tests.services.tillsyn.road import (
    NINA,
    NORTH,
    SOUTH,
    STEN,
    SVEN,
    THERE,
    VISIT,
    concern,
    responder,
)

AGNETA, POOL = an_id("agneta"), an_id("pool")


async def sent(house: House) -> UUID:
    """Somebody has been sent: the visit."""
    await concern(house)
    return VISIT


async def on_the_road_until(house: House, clock: str) -> None:
    """AGNETA of another unit is alone in the northern car, in a role that ends then."""
    care = Care(house.ledger, INSTALLER)
    await care.register_unit(UnitRegistered(unit=POOL, organisation=ORGANISATION, name="Pool", zone="UTC", chain=CHAIN))
    await care.register_staff(StaffRegistered(staff=AGNETA, unit=POOL, roles=("patrol",), name=secret("Agneta")))
    await Staffing(house.ledger).grant_role(AGNETA, UNIT, "patrol", INSTALLER, until=at(clock), agency=True)
    await Dispatch(house.ledger, ASSESSOR).crew(NORTH, (AGNETA,))


async def test_a_car_whose_crew_goes_home_hands_its_visits_on_and_is_asked_no_more(road: House) -> None:
    staffing = Staffing(road.ledger)
    await concern(road)
    await road.patrol.acknowledge(VISIT, NINA)  # that signs her in
    await staffing.sign_out(UNIT, NINA)
    assert await responder(road) == SOUTH
    declined = of_type(await road.log(), VisitDeclined)
    assert [(event.responder, event.reason) for event in declined] == [(NORTH, DeclineReason.SHIFT_OVER)]
    assert [row.crew for row in await Dispatch(road.ledger, ASSESSOR).cars(UNIT)] == [(SVEN, STEN), ()]


async def test_a_car_that_is_asked_when_its_crew_goes_home_is_not_waited_for(road: House) -> None:
    staffing = Staffing(road.ledger)
    await staffing.sign_in(UNIT, "patrol", NINA)
    await concern(road)
    assert await responder(road) == NORTH
    await staffing.sign_out(UNIT, NINA)
    assert await responder(road) == SOUTH


async def test_a_car_goes_on_while_somebody_is_in_it(road: House) -> None:
    await road.patrol.acknowledge(await sent(road), SVEN)
    await Staffing(road.ledger).sign_out(UNIT, SVEN)
    assert await responder(road) == SOUTH
    await road.patrol.arrive(VISIT, STEN)


async def test_a_second_who_goes_home_is_followed_by_the_next(road: House) -> None:
    await road.patrol.acknowledge(await sent(road), NINA)
    await road.patrol.need_two(VISIT, NINA)
    await Staffing(road.ledger).sign_in(UNIT, "patrol", PATROL)
    await road.patrol.join(VISIT, PATROL)
    await Staffing(road.ledger).sign_out(UNIT, PATROL)
    row = await road.visit(VISIT)
    assert row.second_responder not in (None, PATROL)


async def test_who_is_with_somebody_when_their_shift_ends_completes_the_visit_for_the_car(road: House) -> None:
    await road.patrol.arrive(await sent(road), NINA)
    await Staffing(road.ledger).sign_in(UNIT, "patrol", NINA)
    await Staffing(road.ledger).sign_out(UNIT, NINA)
    await road.patrol.complete(VISIT, NINA, **THERE, found=Found.ALL_WELL)
    (made,) = of_type(await road.log(), VisitCompleted)
    assert (made.responder, made.by) == (NORTH, NINA)


async def test_a_role_that_ends_locks_nobody_out_of_the_home_that_they_stand_in(road: House) -> None:
    await on_the_road_until(road, "02:10")
    await road.patrol.arrive(await sent(road), AGNETA)
    await road.time("02:14")
    await road.patrol.need_two(VISIT, AGNETA)
    await road.patrol.call_help(VISIT, AGNETA, Help.NURSE)
    await road.patrol.complete(VISIT, AGNETA, **THERE, found=Found.ALL_WELL, note="she could stand")
    assert (await road.visit(VISIT)).stage == "completed"


async def test_a_role_that_has_ended_begins_nothing_new(road: House) -> None:
    await on_the_road_until(road, "02:10")
    await sent(road)
    await road.time("02:14")
    with pytest.raises(RoleExpiredError):
        await road.patrol.acknowledge(VISIT, AGNETA)
