"""Organisations in one installation side by side: each event, key, count, alarm and message is of one of them alone."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from analytics import BOTKYRKA_DERIVED, effects_by_unit, fold_facts
from events.base import Event
from events.transport import subjects
from events.transport.dead_letters import DeadReason
from events.types.alarm import AlarmRaised
from events.types.incident import IncidentOpened
from events.types.night import SlotCompleted
from events.types.notice import NoticeSent
from events.types.patrol import PatrolCrewed
from events.types.staff import StaffRoleGranted
from events.types.visit import VisitAssigned
from services.tillsyn.desk.who import NotOfThisUnitError
from tests.builders import at, minutes
from tests.services.tillsyn.house import VIEWER_KEY, House
from tests.services.tillsyn.plant import a_plant, due_report
from tests.services.tillsyn.two_organisations import ABROAD, EAST, SIDES, WEST, Side, World, a_world


@pytest.fixture
async def world(house_on: Callable[[str], Awaitable[House]], url: str) -> World:
    return await a_world(await house_on(url))


async def test_every_event_belongs_to_the_organisation_that_answers_for_it_and_travels_under_its_name(
    world: World,
) -> None:
    owner_of = {str(thing): side.owner for side in SIDES.values() for thing in _things(side)}
    checked = 0
    for recorded in await world.house.log():
        owners = {owner for thing, owner in owner_of.items() if thing in recorded.stream}
        if owners:
            assert owners == {recorded.context.owner}, recorded
            checked += 1
        owner = recorded.context.owner
        subject = subjects.feed(owner.organisation, owner.unit, recorded.event.NAME)
        assert subject.startswith(f"tillsyn.feed.{owner.organisation}.{owner.unit}.")
    assert checked > 3 * 10


def _things(side: Side) -> list[Any]:
    people = [side.person, side.colleague, side.patrol]
    return [side.unit, side.recipient, side.home, side.gateway, side.visit, side.car, *side.lost, *people]


@pytest.mark.parametrize("kind", [AlarmRaised, NoticeSent, IncidentOpened, PatrolCrewed])
async def test_alarms_notices_incidents_and_cars_name_nothing_of_another_unit(world: World, kind: type[Event]) -> None:
    """Through a whole night in which nobody answers."""
    await world.house.clock.run(at("05:00"))
    await world.house.sweeper.sweep()
    told = [recorded for recorded in await world.house.log() if isinstance(recorded.event, kind)]
    assert {recorded.context.owner for recorded in told} == {side.owner for side in SIDES.values()}
    for recorded in told:
        others = [side for side in SIDES.values() if side.owner != recorded.context.owner]
        words = recorded.event.model_dump_json()
        assert not any(str(thing) in words for side in others for thing in _things(side)), recorded


async def test_who_has_roles_in_two_organisations_works_in_both_and_each_event_is_its_owners(world: World) -> None:
    await world.staffing.grant_role(
        EAST.person, ABROAD.unit, "night-staff", ABROAD.person, until=at("07:00"), agency=True
    )
    for side in (EAST, ABROAD):
        await world.house.night_staff.claim(side.slot, EAST.person)
        await world.house.night_staff.look(side.slot, EAST.person, VIEWER_KEY)
        await world.house.night_staff.all_well(side.slot, EAST.person)
    with pytest.raises(NotOfThisUnitError):
        await world.house.night_staff.claim(WEST.slot, EAST.person)

    log = await world.house.log()
    done = [
        recorded.context.owner
        for recorded in log
        if isinstance(recorded.event, SlotCompleted) and recorded.event.slot in (EAST.slot, ABROAD.slot)
    ]
    assert done == [EAST.owner, ABROAD.owner]
    (granted,) = [recorded for recorded in log if isinstance(recorded.event, StaffRoleGranted)]
    assert granted.context.owner == ABROAD.owner


async def test_words_of_one_organisation_lie_under_its_own_key(world: World) -> None:
    """The same person, told of in two organisations: two data keys, each wrapped by its organisation's."""
    await world.staffing.grant_role(EAST.person, ABROAD.unit, "patrol", ABROAD.person, until=at("07:00"), agency=True)
    for unit in (WEST.unit, ABROAD.unit):
        await world.staffing.break_glass(unit, "night-staff", "fire", EAST.person)
    opened = [
        recorded
        for recorded in await world.house.log()
        if recorded.event.NAME == "staff.break-glass-opened" and recorded.context.actor.id == str(EAST.person)
    ]
    keys = [await world.house.store.key_by_id(one.event.reason.sealed().key) for one in opened]  # type: ignore[attr-defined]
    assert [key and key.organisation for key in keys] == [EAST.organisation, ABROAD.organisation]
    for one in opened:
        words = await world.house.ledger.keys.reveal(one.id, "reason", one.event.reason, str)  # type: ignore[attr-defined]
        assert words == "fire"


async def test_nobody_is_ever_asked_to_go_for_another_unit(world: World) -> None:
    """Whole chains run out: everybody who is asked, again and again, is of the unit's own chain."""
    for side in SIDES.values():
        await world.staffing.sign_in(side.unit, "patrol", side.person)
    for minute in range(0, 180, 5):
        await world.house.clock.run(at("02:00") + minutes(minute))
        await world.house.sweeper.sweep()
    asked = [recorded for recorded in await world.house.log() if isinstance(recorded.event, VisitAssigned)]
    chains = {side.owner: {side.patrol, side.person, side.car} for side in SIDES.values()}
    assert len(asked) > 3 * 4
    for recorded in asked:
        assert recorded.event.responder in chains[recorded.context.owner]  # type: ignore[attr-defined]


async def test_effects_are_counted_for_each_organisation_alone(world: World) -> None:
    for side in SIDES.values():
        await world.house.night_staff.claim(side.slot, side.person)
        await world.house.night_staff.look(side.slot, side.person, VIEWER_KEY)
        await world.house.night_staff.all_well(side.slot, side.person)
    log = await world.house.log()
    whole = fold_facts(log)
    by_unit = effects_by_unit(whole.slots, whole.visits, BOTKYRKA_DERIVED)
    assert set(by_unit) == {side.unit for side in SIDES.values()}
    for side in SIDES.values():
        own = fold_facts([one for one in log if one.context.owner.organisation == side.organisation])
        assert {fact.organisation for fact in own.slots} == {side.organisation}
        alone = effects_by_unit(own.slots, own.visits, BOTKYRKA_DERIVED)
        assert alone[side.unit] == by_unit[side.unit]


async def test_a_gateway_that_speaks_of_another_organisations_slot_is_buried(
    world: World, url: str, tmp_path: Path
) -> None:
    house = world.house
    async with a_plant(house, url, tmp_path) as plant:
        async with plant.serving():
            before = [recorded.id for recorded in await house.log() if "night-" in recorded.stream]
            for it in (WEST, ABROAD):
                for home in (it.home, EAST.home):
                    await plant.report(due_report(it.slot, recipient=it.recipient, home=home))
            await plant.settled()
            reasons = [(letter.headers or {})["Tillsyn-Dead-Reason"] for letter in await plant.dead()]
            after = [recorded.id for recorded in await house.log() if "night-" in recorded.stream]
        assert reasons == [DeadReason.NOT_ITS_OWN] * 4
        assert after == before
