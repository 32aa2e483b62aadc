"""Carers in a home while others decide about the same home: who has gone is never kept there."""

from uuid import UUID

import pytest

from events.types.home import CarerArrived, OutageAgreement, RiskClass
from events.types.visit import Found
from services.tillsyn import home as homes
from services.tillsyn import recipient as recipients
from services.tillsyn.invariants import carers_leave_with_their_visit
from services.tillsyn.kinds import HOME as HOMES
from tests.builders import ANNA, HOME, PATROL, SLOT, UNIT, own_visit, secret
from tests.services.tillsyn.couple import NEW_HOME
from tests.services.tillsyn.healthy import craft, found
from tests.services.tillsyn.house import House, register_home, register_partner, slot_of
from tests.services.tillsyn.meanwhile import meanwhile
from tests.services.tillsyn.road import THERE


async def carers(house: House) -> dict[UUID, UUID | None]:
    return dict(HOMES.fold(await house.events(homes.stream_of(HOME))).carers)


@pytest.fixture
async def couple(house: House) -> tuple[UUID, UUID]:
    """PATROL is in a home for the visits to both who live there: came for the second first."""
    await register_home(house)
    partner = await register_partner(house)
    await house.planner.plan_all()
    await house.time("02:00")
    for slot in (SLOT, slot_of(partner)):
        await house.night_staff.concern(slot, ANNA)
    visits = own_visit(SLOT), own_visit(slot_of(partner))
    for visit in visits:
        await house.patrol.acknowledge(visit, PATROL)
    for visit in reversed(visits):
        await house.patrol.arrive(visit, PATROL)
    return visits


async def complete(house: House, visit: UUID) -> None:
    await house.patrol.complete(visit, PATROL, **THERE, found=Found.ALL_WELL)


async def test_a_carer_who_is_done_with_one_of_a_couple_is_there_for_the_other(
    house: House, couple: tuple[UUID, UUID]
) -> None:
    one, other = couple
    await complete(house, one)
    assert await carers(house) == {PATROL: other}
    await complete(house, other)
    assert await carers(house) == {}


@pytest.mark.parametrize("first", [0, 1])
async def test_a_couples_visits_completed_at_the_same_time_leave_nobody_in_the_home(
    house: House, another: House, couple: tuple[UUID, UUID], first: int
) -> None:
    mine, others = couple[first], couple[1 - first]
    await meanwhile(house, lambda: complete(house, mine), lambda: complete(another, others))
    assert await carers(house) == {}
    assert await house.breaches() == []


async def test_a_carer_who_is_kept_in_the_home_by_a_visit_that_is_over_is_told(
    house: House, couple: tuple[UUID, UUID]
) -> None:
    for visit in couple:
        await complete(house, visit)
    assert await house.breaches() == []
    await craft(house, homes.stream_of(HOME), CarerArrived(home=HOME, by=PATROL, visit=couple[0]))
    [breach] = await found(house, carers_leave_with_their_visit.NAME)
    assert str(couple[0]) in breach.what


async def test_who_moves_while_a_carer_is_late_leaves_the_carer_in_the_old_home_for_no_visit(
    house: House, couple: tuple[UUID, UUID]
) -> None:
    mine, partners = couple
    await house.care.home(
        NEW_HOME,
        UNIT,
        homes.Register(NEW_HOME, UNIT, secret("Nygatan 2"), RiskClass.MEDIUM, OutageAgreement.VISIT),
    )
    await complete(house, partners)
    assert await carers(house) == {PATROL: mine}
    await house.time("06:00")
    await house.sweeper.sweep()
    await house.tell(recipients.Move(NEW_HOME, house.clock.now()))
    assert await carers(house) == {PATROL: None}
    await house.patrol.close(mine, PATROL, "the neighbour helped")
    assert await house.breaches() == []
