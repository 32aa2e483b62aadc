"""Organisations in one installation are apart: whoever works for one cannot touch what is another's, in any direction.

Every public method of every class of the desk is tried across the border. A new one fails the first test until a line
in `crossings.CROSSINGS` tries it, or it stands in `READS` and is held to tell of its own unit alone.
"""

import inspect
import pkgutil
from collections.abc import Awaitable, Callable
from importlib import import_module
from pathlib import Path

import pytest

from events.envelope import Actor, ActorKind
from events.transport import subjects
from events.transport.buried import Buried
from events.types.night import ReviewVerdict
from events.types.patrol import PatrolState
from events.types.unit import GatewayRegistered, UnitRegistered
from events.types.visit import PhoneOutcome
from services.tillsyn import desk
from services.tillsyn import home as homes
from services.tillsyn import patrol as patrols
from services.tillsyn import recipient as recipients
from services.tillsyn.desk import Care
from services.tillsyn.desk.letters import DeadLetterDesk
from services.tillsyn.desk.who import NotInThisRoleError, NotOfThisUnitError
from services.tillsyn.refused import RefusedError
from services.tillsyn.shift.errors import NotSignedInError
from services.tillsyn.staff.errors import NotOfThisOrganisationError
from tests.builders import NIGHT, an_id, at, secret
from tests.services.tillsyn.crossings import BORDER, CROSSINGS, OF_ITS_OWN, READS, SMUGGLED, WRONG_ROLE
from tests.services.tillsyn.house import VIEWER_KEY, House, slot_of
from tests.services.tillsyn.plant import STRANGER, a_plant
from tests.services.tillsyn.two_organisations import ABROAD, EAST, SIDES, WEST, Side, World, a_world, acting

DIRECTIONS = [
    pytest.param(me, it, id=f"{name} to {other}")
    for name, me in SIDES.items()
    for other, it in SIDES.items()
    if me is not it
]


@pytest.fixture
async def world(house_on: Callable[[str], Awaitable[House]], url: str) -> World:
    return await a_world(await house_on(url))


def public_methods() -> set[str]:
    """`Class.method` of every class of the desk that works on the ledger."""
    found = set()
    for module in pkgutil.iter_modules(desk.__path__):
        for name, kind in inspect.getmembers(import_module(f"{desk.__name__}.{module.name}"), inspect.isclass):
            ours = kind.__module__.startswith(desk.__name__) and not issubclass(kind, Exception)
            if ours and "ledger" in inspect.signature(kind).parameters:
                found |= {f"{name}.{each}" for each, _ in inspect.getmembers(kind, inspect.iscoroutinefunction)}
    return {method for method in found if not method.rpartition(".")[2].startswith("_")}


def test_every_public_method_of_the_desk_is_tried_across_the_border() -> None:
    tried = {name.partition(",")[0] for name in CROSSINGS} | set(READS) | OF_ITS_OWN
    assert public_methods() - tried == set()
    assert tried - public_methods() == set()


@pytest.mark.parametrize(("me", "it"), DIRECTIONS)
async def test_nobody_acts_across_the_border(world: World, me: Side, it: Side) -> None:
    before = [recorded.id for recorded in await world.house.log()]
    allowed: list[str] = []
    for name, crossing in CROSSINGS.items():
        if name == "Staffing.break_glass" and me.organisation == it.organisation:
            continue  # in one's own organisation that is what it is for
        try:
            await crossing(world, me, it)
        except BORDER:
            pass
        except RefusedError as other:
            allowed.append(f"{name}, refused for something else: {other}")
        else:
            allowed.append(name)
    assert allowed == []
    assert [recorded.id for recorded in await world.house.log()] == before


@pytest.mark.parametrize(("me", "it"), DIRECTIONS)
async def test_nobody_brings_what_is_anothers_into_their_own_unit(world: World, me: Side, it: Side) -> None:
    before = [recorded.id for recorded in await world.house.log()]
    for name, (crossing, error) in SMUGGLED.items():
        try:
            await crossing(world, me, it)
        except error:
            pass
        else:
            pytest.fail(f"{name} is allowed")
    assert [recorded.id for recorded in await world.house.log()] == before


@pytest.mark.parametrize("me", SIDES.values(), ids=list(SIDES))
async def test_what_one_unit_is_told_is_its_own(world: World, me: Side) -> None:
    for name, read in READS.items():
        rows = await read(world, me)
        assert rows, name
        assert {row.unit for row in rows} == {me.unit}, name
        assert {row.organisation for row in rows} == {me.organisation}, name


@pytest.mark.parametrize(("me", "it"), DIRECTIONS)
async def test_a_list_of_ones_own_unit_tells_nothing_of_what_is_anothers(world: World, me: Side, it: Side) -> None:
    desk_ = world.of_incidents
    assert [row.id for row in await desk_.open(me.unit)] == [world.incidents[me.unit]]
    assert {one.row.home for one in await desk_.homes(me.unit, world.incidents[me.unit])} == set(me.lost)
    assert await desk_.homes(me.unit, world.incidents[it.unit]) == []
    assert await world.house.patrol.patrol_list(me.unit, it.car) == []


async def test_a_units_load_counts_its_own_slots_and_staff(world: World) -> None:
    night = await world.load.night_load(EAST.unit, NIGHT)
    assert (
        set(night.look_at)
        == {slot_of(EAST.recipient, 0), EAST.slot, world.looks[EAST.unit][0]}
        == set(await world.load.suggested(EAST.unit, NIGHT))
    )
    assert {night.staff(at("02:00"))} == {1}


async def test_who_signs_out_takes_nothing_from_another_unit(world: World) -> None:
    before = [recorded.id for recorded in await world.house.log()]
    for me in SIDES.values():
        for it in SIDES.values():
            if me is not it:
                with pytest.raises(NotSignedInError):
                    await world.staffing.sign_out(it.unit, me.person)
    assert [recorded.id for recorded in await world.house.log()] == before


async def test_an_id_of_a_unit_that_is_taken_stays_with_its_organisation(world: World) -> None:
    before = [recorded.id for recorded in await world.house.log()]
    stolen = UnitRegistered(
        unit=EAST.unit, organisation=ABROAD.organisation, name="ours", zone="UTC", chain=(ABROAD.patrol,)
    )
    await world.care().register_unit(stolen)
    await world.dispatch().register(patrols.Register(EAST.car, ABROAD.unit, "ours", (), 0))
    assert [recorded.id for recorded in await world.house.log()] == before


async def test_who_works_for_no_unit_of_an_organisation_begins_none_there(world: World) -> None:
    before = [recorded.id for recorded in await world.house.log()]
    ours = UnitRegistered(
        unit=an_id("a new unit"), organisation=EAST.organisation, name="ours", zone="UTC", chain=(EAST.person,)
    )
    with pytest.raises(NotOfThisOrganisationError):
        await world.care(ABROAD.person, "manager").register_unit(ours)
    assert [recorded.id for recorded in await world.house.log()] == before
    await world.care(WEST.person, "manager").register_unit(ours)


async def test_whose_roles_were_all_ended_enters_nothing_any_more(world: World) -> None:
    """They are known by name still: nobody vouches for them as for one whom the service does not know."""
    await world.staffing.end_role(WEST.patrol, WEST.unit, "patrol", WEST.person)
    before = [recorded.id for recorded in await world.house.log()]
    for unit in (WEST.unit, EAST.unit):
        with pytest.raises(NotOfThisUnitError):
            await world.care(WEST.patrol).register_gateway(
                GatewayRegistered(gateway=an_id("a bug"), unit=unit, public_key="UABC")
            )
    assert [recorded.id for recorded in await world.house.log()] == before


@pytest.mark.parametrize("says", ["patrol", "assessor", "manager"])
async def test_nobody_enters_what_takes_another_role_whatever_role_they_say_they_have(world: World, says: str) -> None:
    before = [recorded.id for recorded in await world.house.log()]
    for me in SIDES.values():
        for name, crossing in WRONG_ROLE.items():
            try:
                await crossing(world, me, acting(me.patrol, says))
            except NotInThisRoleError:
                pass
            else:
                pytest.fail(f"{name} is allowed to a patrol who says they are {says}")
    assert [recorded.id for recorded in await world.house.log()] == before


async def test_whom_nobody_registered_enters_nothing_as_staff(world: World) -> None:
    before = [recorded.id for recorded in await world.house.log()]
    for who in (str(an_id("a stranger")), "the assessor"):
        by = Actor(ActorKind.STAFF, who, "manager")
        with pytest.raises(NotOfThisUnitError):
            await Care(world.house.ledger, by).recipient(
                EAST.recipient, EAST.unit, recipients.RecordDeath(at("01:00"), EAST.person)
            )
        with pytest.raises(NotOfThisUnitError):
            await world.staffing.grant_role(EAST.patrol, EAST.unit, "manager", by)
    assert [recorded.id for recorded in await world.house.log()] == before


async def test_a_no_is_entered_by_whoever_hears_it_in_the_role_that_they_have(world: World) -> None:
    no = recipients.WithdrawConsent(secret("no"))
    await world.care(EAST.patrol, "patrol").recipient(EAST.recipient, EAST.unit, no)
    assert (await world.house.log())[-1].context.actor.role == "patrol"


async def test_each_side_can_do_its_own(world: World) -> None:
    """Without this the refusals above could come from anything."""
    desk_, patrol = world.house.night_staff, world.house.patrol
    for me in SIDES.values():
        await desk_.claim(me.slot, me.person)
        await desk_.look(me.slot, me.person, VIEWER_KEY)
        await desk_.all_well(me.slot, me.person)
        await patrol.acknowledge(me.visit, me.person)
        await world.staffing.sign_in(me.unit, "night-staff", me.person)
        await world.house.alarms.acknowledge(world.alarms[me.unit], me.person)
        await world.staffing.review_access(world.accesses[me.unit], me.person, ReviewVerdict.IN_ORDER)
        await world.house.notices.read(world.notices[me.unit], me.person)
        await world.house.reviews.review_look(*world.looks[me.unit], me.colleague, ReviewVerdict.IN_ORDER)
        incidents, incident = world.of_incidents, world.incidents[me.unit]
        await incidents.take(me.unit, incident, me.person)
        for home in me.lost:
            await incidents.phone(me.unit, incident, home, me.person, PhoneOutcome.ANSWERED_WELL)
        await incidents.close(me.unit, incident, me.person, "over")
        await world.dispatch(me.person).change_areas(me.car, ("Söder",))
        await world.dispatch(me.person).crew(me.car, (me.colleague, me.patrol))
        await world.dispatch().say_state(me.car, me.colleague, PatrolState.OFF_THE_ROAD)
        await world.house.patrol.enter(me.home, me.person)
        await world.house.patrol.leave(me.home, me.person)
        await world.care(me.person).home(
            me.lost[0], me.unit, homes.LinkCamera(an_id(f"a camera of {me.unit}"), me.gateway)
        )
        await world.house.installing.begin(
            me.lost[0], an_id(f"a camera of {me.unit}"), me.person, recipient_present=True
        )
        await world.house.installing.break_off(me.lost[0], me.person)


async def test_a_letter_of_another_unit_is_dealt_with_by_nobody_else(world: World, url: str, tmp_path: Path) -> None:
    """Of a gateway that is known its unit; of one that nobody registered, the organisation whose line it came on."""
    house = world.house
    async with a_plant(house, url, tmp_path) as plant:
        async with plant.serving():
            await plant.say(b"no event at all")
            await plant.say(b"no event at all", line=plant.stranger)
            await plant.settled()
        letters = DeadLetterDesk(house.ledger, Buried(plant.nats.jetstream(timeout=5)))
        before = [recorded.id for recorded in await house.log()]
        sent_by = {
            subjects.sender(letter.subject)[1]: letter.sequence
            for letter in await Buried(plant.nats.jetstream()).letters()
        }
        known, unknown = sent_by[EAST.gateway], sent_by[STRANGER]
        for sequence, by in ((known, WEST.person), (known, ABROAD.person), (unknown, ABROAD.person)):
            with pytest.raises(BORDER):
                await letters.replay(sequence, by)
            with pytest.raises(BORDER):
                await letters.drop(sequence, by, "ours now")
        assert [recorded.id for recorded in await house.log()] == before
        assert len(await Buried(plant.nats.jetstream()).letters()) == 2
        await letters.drop(known, EAST.person, "no event")
        await letters.drop(unknown, WEST.person, "no event")
