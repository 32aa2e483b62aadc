"""Incidents while somebody else acts at the same moment: nothing is held that nobody is asked about."""

from datetime import datetime
from uuid import UUID

import pytest

from events.types.incident import HomeBack
from events.types.unit import GatewayRegistered, GatewayStateChanged
from events.types.visit import VisitHeld
from services.tillsyn import incident as incidents
from services.tillsyn import visit as visits
from services.tillsyn.desk.incidents import Incidents
from tests.builders import ANNA, GATEWAY, HOME, PARTNER, SLOT, UNIT, an_id, at, own_visit
from tests.services.tillsyn.dark import NEIGHBOURS, beat, fall_silent, incident_of, watch
from tests.services.tillsyn.healthy import craft
from tests.services.tillsyn.house import (
    House,
    of_type,
    register_home,
    register_manager,
    register_neighbour,
    register_partner,
    slot_of,
)
from tests.services.tillsyn.meanwhile import meanwhile


async def asked_by(house: House) -> datetime | None:
    """When somebody is asked about HOME; None: nobody is."""
    homes_of_it = await Incidents(house.ledger).homes(UNIT, await incident_of(house))
    [home] = [one.row for one in homes_of_it if one.row.home == HOME]
    return home.until


@pytest.mark.parametrize("deferred", [False, True])
async def test_a_home_that_comes_back_while_its_check_runs_out_is_asked_about(
    dark: House, another: House, deferred: bool
) -> None:
    for clock in ("02:00:01", "02:10:02", "02:50:03"):
        await dark.time(clock)
        await watch(dark)
    if deferred:
        incident = await incident_of(dark)
        await Incidents(dark.ledger).defer(UNIT, incident, HOME, ANNA, at("06:00"), "the son is there until six")
    await dark.time("03:00:01")
    await meanwhile(dark, lambda: beat(dark), another.sweeper.sweep)

    assert len(of_type(await dark.log(), VisitHeld)) == NEIGHBOURS + 1
    assert await asked_by(dark) is not None
    assert await dark.breaches() == []


@pytest.mark.parametrize("back", [False, True])
async def test_whatever_led_to_it_about_a_home_with_a_held_visit_somebody_is_asked(dark: House, back: bool) -> None:
    incident, visit = await incident_of(dark), own_visit(SLOT)
    await dark.time("02:00")
    if back:
        await beat(dark)
    await dark.night_staff.concern(SLOT, ANNA)
    assert await asked_by(dark) is None
    await craft(dark, visits.stream_of(visit), VisitHeld(visit=visit, incident=incident))
    for _ in range(2):
        await watch(dark)

    assert await asked_by(dark) == at("02:10")
    assert len(of_type(await dark.events(incidents.stream_of(UNIT)), HomeBack)) == (NEIGHBOURS + 2 if back else 0)
    assert await dark.breaches() == []


async def test_a_gateway_heard_of_while_others_are_found_silent_is_not_silent(village: House, another: House) -> None:
    other = an_id("another gateway")
    await village.care.register_gateway(GatewayRegistered(gateway=other, unit=UNIT, public_key="UOTHER"))
    await village.time("01:00:30")
    await beat(village, other)
    await village.time("01:04")
    await meanwhile(village, lambda: fall_silent(village), lambda: beat(another, other))

    changes = of_type(await village.log(), GatewayStateChanged)
    assert [change.gateway for change in changes if not change.online] == [GATEWAY]


@pytest.mark.parametrize("at_once", [False, True])
async def test_a_couple_whose_held_visits_end_at_once_leave_nothing_to_decide(
    house: House, another: House, at_once: bool
) -> None:
    await register_home(house)
    await register_partner(house)
    for number in range(NEIGHBOURS):
        await register_neighbour(house, number)
    manager = await register_manager(house)
    await house.planner.plan_all()
    await house.time("01:00")
    await beat(house)
    await house.time("01:04")
    await fall_silent(house)
    await house.time("03:00:01")
    await watch(house)
    assert await asked_by(house) is not None

    async def close(where: House, visit: UUID) -> None:
        await where.patrol.close(visit, manager, "her daughter is there")

    hers, his = own_visit(SLOT), own_visit(slot_of(PARTNER))
    if at_once:
        await meanwhile(house, lambda: close(house, hers), lambda: close(another, his))
    else:
        await close(house, hers)
        await close(another, his)
    assert await asked_by(house) is None
    assert await house.breaches() == []
