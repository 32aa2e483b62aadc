"""Organisations in one installation are apart: whoever works for one cannot touch what is another's, in any direction.

Every public method of every class of the desk is tried across the border. A new one fails the first test until a line
in `CROSSINGS` tries it, or it stands in `READS` and is held to tell of its own unit alone.
"""

import inspect
import pkgutil
from collections.abc import Awaitable, Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from analytics import BOTKYRKA_DERIVED, effects_by_unit, fold_facts
from events.transport import subjects
from events.transport.dead_letters import DeadReason
from events.types.night import ReviewVerdict, SlotCompleted
from events.types.staff import StaffRoleGranted
from events.types.unit import DEFAULT_RULES, GatewayRegistered, StaffRegistered, UnitRegistered, UnitRulesChanged
from events.types.visit import Found, VisitAssigned
from services.tillsyn import desk
from services.tillsyn import home as homes
from services.tillsyn import recipient as recipients
from services.tillsyn.desk.who import NotOfThisUnitError
from services.tillsyn.shift import Line
from services.tillsyn.shift.errors import NotSignedInError
from services.tillsyn.staff.errors import NotOfThisOrganisationError
from tests.builders import NIGHT, an_id, at, minutes, secret
from tests.services.tillsyn.house import VIEWER_KEY, House, slot_of
from tests.services.tillsyn.plant import a_plant, due_report
from tests.services.tillsyn.two_organisations import ABROAD, EAST, SIDES, WEST, Side, World, a_world

Crossing = Callable[[World, Side, Side], Awaitable[Any]]
"""(the world, who tries, whose it is)"""

CROSSINGS: dict[str, Crossing] = {
    "NightStaff.claim": lambda w, me, it: w.house.night_staff.claim(it.slot, me.person),
    "NightStaff.release": lambda w, me, it: w.house.night_staff.release(it.slot, me.person),
    "NightStaff.look": lambda w, me, it: w.house.night_staff.look(it.slot, me.person, VIEWER_KEY),
    "NightStaff.all_well": lambda w, me, it: w.house.night_staff.all_well(it.slot, me.person),
    "NightStaff.undo": lambda w, me, it: w.house.night_staff.undo(it.slot, me.person),
    "NightStaff.not_seen": lambda w, me, it: w.house.night_staff.not_seen(it.slot, me.person),
    "NightStaff.concern": lambda w, me, it: w.house.night_staff.concern(it.slot, me.person, "ligger på golvet"),
    "Patrol.acknowledge": lambda w, me, it: w.house.patrol.acknowledge(it.visit, me.person),
    "Patrol.arrive": lambda w, me, it: w.house.patrol.arrive(it.visit, me.person),
    "Patrol.complete": lambda w, me, it: w.house.patrol.complete(
        it.visit, me.person, minutes=10, people=1, kilometres=1.0, found=Found.ALL_WELL
    ),
    "Patrol.close": lambda w, me, it: w.house.patrol.close(it.visit, me.person, "no need"),
    "Care.change_rules": lambda w, me, it: w.care(me.person).change_rules(
        UnitRulesChanged(unit=it.unit, rules=DEFAULT_RULES.model_copy(update={"looks_a_quarter": 99}))
    ),
    "Care.register_staff": lambda w, me, it: w.care(me.person).register_staff(
        StaffRegistered(staff=an_id("a mole"), unit=it.unit, roles=("manager",), name=secret("Sture"))
    ),
    "Care.register_gateway": lambda w, me, it: w.care(me.person).register_gateway(
        GatewayRegistered(gateway=an_id("a bug"), unit=it.unit, public_key="UABC")
    ),
    "Care.home": lambda w, me, it: w.care(me.person).home(it.home, me.unit, homes.UnlinkCamera("ours now")),
    "Care.home, in its own name": lambda w, me, it: w.care(me.person).home(
        it.home, it.unit, homes.UnlinkCamera("ours now")
    ),
    "Care.recipient": lambda w, me, it: w.care(me.person).recipient(
        it.recipient, me.unit, recipients.WithdrawConsent(secret("no"))
    ),
    "Care.recipient, in its own name": lambda w, me, it: w.care(me.person).recipient(
        it.recipient, it.unit, recipients.WithdrawConsent(secret("no"))
    ),
    "Staffing.grant_role": lambda w, me, it: w.staffing.grant_role(me.person, it.unit, "manager", me.person),
    "Staffing.end_role": lambda w, me, it: w.staffing.end_role(it.person, it.unit, "manager", me.person),
    "Staffing.break_glass": lambda w, me, it: w.staffing.break_glass(it.unit, "night-staff", "fire", me.person),
    "Staffing.review_access": lambda w, me, it: w.staffing.review_access(
        w.accesses[it.unit], me.person, ReviewVerdict.IN_ORDER
    ),
    "Staffing.enter_roster": lambda w, me, it: w.staffing.enter_roster(
        it.unit, [(NIGHT, Line(it.colleague, "patrol", at("21:00"), at("07:00")))], me.person
    ),
    "Staffing.remove_shift": lambda w, me, it: w.staffing.remove_shift(w.shifts[it.unit], me.person),
    "Staffing.sign_in": lambda w, me, it: w.staffing.sign_in(it.unit, "night-staff", me.person),
}
"""What somebody tries on a thing that is not theirs. `Class.method`, or that with what is particular after a comma."""

READS: dict[str, Callable[[World, Side], Awaitable[Sequence[Any]]]] = {
    "NightStaff.worklist": lambda w, me: w.house.night_staff.worklist(me.unit),
    "Patrol.open_visits": lambda w, me: w.house.patrol.open_visits(me.unit),
    "Staffing.roles": lambda w, me: w.staffing.roles(me.unit),
    "Staffing.accesses_to_review": lambda w, me: w.staffing.accesses_to_review(me.unit),
    "Staffing.roster": lambda w, me: w.staffing.roster(me.unit, NIGHT),
    "Staffing.at_work": lambda w, me: w.staffing.at_work(me.unit, NIGHT),
}
"""What tells of one unit: its rows are of that unit and no other."""

OF_ITS_OWN: frozenset[str] = frozenset(
    {
        "Care.register_unit",  # makes a unit; an id that is taken stays with whom it is
        "Staffing.sign_out",  # nobody is signed in where they have no role: see the test
        "Load.night_load",  # counts, without ids: see the test
        "Load.suggested",
    }
)
"""Tried in a test of their own."""

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
        except (NotOfThisUnitError, NotOfThisOrganisationError):
            pass
        else:
            allowed.append(name)
    assert allowed == []
    assert [recorded.id for recorded in await world.house.log()] == before


@pytest.mark.parametrize("me", SIDES.values(), ids=list(SIDES))
async def test_what_one_unit_is_told_is_its_own(world: World, me: Side) -> None:
    for name, read in READS.items():
        rows = await read(world, me)
        assert rows, name
        assert {row.unit for row in rows} == {me.unit}, name
        assert {row.organisation for row in rows} == {me.organisation}, name


async def test_a_units_load_counts_its_own_slots_and_staff(world: World) -> None:
    night = await world.load.night_load(EAST.unit, NIGHT)
    assert (
        set(night.look_at)
        == {slot_of(EAST.recipient, 0), EAST.slot}
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
    assert [recorded.id for recorded in await world.house.log()] == before


async def test_each_side_can_do_its_own(world: World) -> None:
    """Without this the refusals above could come from anything."""
    desk_, patrol = world.house.night_staff, world.house.patrol
    for me in SIDES.values():
        await desk_.claim(me.slot, me.person)
        await desk_.look(me.slot, me.person, VIEWER_KEY)
        await desk_.all_well(me.slot, me.person)
        await patrol.acknowledge(me.visit, me.person)
        await world.staffing.sign_in(me.unit, "night-staff", me.person)
        await world.staffing.review_access(world.accesses[me.unit], me.person, ReviewVerdict.IN_ORDER)


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
    return [side.unit, side.recipient, side.home, side.gateway, side.visit, side.person, side.colleague, side.patrol]


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
    done = [recorded.context.owner for recorded in log if isinstance(recorded.event, SlotCompleted)]
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
    chains = {side.owner: {side.patrol, side.person} for side in SIDES.values()}
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
