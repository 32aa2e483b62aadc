"""Patrols: take, decline, arrive, call for a second, find nobody, tell what was found; who is in which home."""

from uuid import UUID

from events.store import queries
from events.types.patrol import PatrolState
from events.types.visit import DeclineReason, Found, Help, PhoneOutcome
from tests.builders import UNIT, minutes
from tests.night.random.hours import Hours
from tests.night.random.plan import Act
from tests.night.random.town import CAR, DRIVER, HOMES, PEOPLE, ROAD
from tests.night.random.verbs.verb import Verb, nth

FOUND = (Found.ALL_WELL, Found.ALL_WELL, *Found)


async def _visit(night: Hours, act: Act) -> tuple[UUID, UUID] | None:
    """A visit that is not over, and who acts: mostly whoever is asked, or else somebody."""
    visits = sorted(await night.patrol.open_visits(UNIT), key=lambda row: (row.not_before, row.id))
    if not visits:
        return None
    visit = nth(visits, act.which)
    return visit.id, _asked(visit) if act.who else nth(ROAD, act.how)


def _asked(visit: queries.VisitRow) -> UUID:
    asked = visit.second_responder if visit.second_responder and visit.second_act_at else visit.responder
    if asked == CAR:
        return DRIVER
    return asked or ROAD[0]


async def whole(night: Hours, act: Act) -> None:
    """Take it, drive, arrive, tell."""
    await acknowledge(night, act)
    await night.until(night.clock.now() + minutes(5 * act.how))
    await arrive(night, act)
    await night.until(night.clock.now() + minutes(act.how))
    await complete(night, act)


async def acknowledge(night: Hours, act: Act) -> None:
    if found := await _visit(night, act):
        await night.ask(lambda: night.patrol.acknowledge(*found))


async def decline(night: Hours, act: Act) -> None:
    if found := await _visit(night, act):
        await night.ask(lambda: night.patrol.decline(*found, DeclineReason.STUCK))


async def arrive(night: Hours, act: Act) -> None:
    if found := await _visit(night, act):
        await night.ask(lambda: night.patrol.arrive(*found))


async def need_two(night: Hours, act: Act) -> None:
    if found := await _visit(night, act):
        await night.ask(lambda: night.patrol.need_two(*found))


async def join(night: Hours, act: Act) -> None:
    if found := await _visit(night, act):
        await night.ask(lambda: night.patrol.join(found[0], nth(ROAD, act.how)))


async def phone(night: Hours, act: Act) -> None:
    if found := await _visit(night, act):
        await night.ask(lambda: night.patrol.phone(*found, nth(list(PhoneOutcome), act.how)))


async def call_help(night: Hours, act: Act) -> None:
    if found := await _visit(night, act):
        await night.ask(lambda: night.patrol.call_help(*found, nth(list(Help), act.how)))


async def complete(night: Hours, act: Act) -> None:
    """With whatever was found, and sometimes with when they arrived; of a couple both may have been met."""
    if found := await _visit(night, act):
        also = PEOPLE[:2] if act.how % 4 == 1 else ()
        told = {
            "minutes": 10,
            "people": 1 + (act.which > 3),
            "kilometres": 3.5,
            "found": nth(FOUND, act.how + act.which),
            "arrived_at": None if act.how % 3 else night.clock.now() - minutes(5 * act.which),
        }
        await night.ask(lambda: night.patrol.complete(*found, **told, also_seen=also))


async def driven(night: Hours, act: Act) -> None:
    if found := await _visit(night, act):
        await night.ask(lambda: night.patrol.driven(*found, 4.0))


async def close(night: Hours, act: Act) -> None:
    if found := await _visit(night, act):
        await night.ask(lambda: night.patrol.close(*found, "her daughter is there"))


async def enter(night: Hours, act: Act) -> None:
    home, by = nth(HOMES, act.which), nth(ROAD, act.who)
    await night.ask(lambda: night.patrol.enter(home, by))


async def leave(night: Hours, act: Act) -> None:
    home, by = nth(HOMES, act.which), nth(ROAD, act.who)
    await night.ask(lambda: night.patrol.leave(home, by))


async def crew(night: Hours, act: Act) -> None:
    await night.ask(lambda: night.dispatch.crew(CAR, nth(((), (DRIVER,), (DRIVER, ROAD[1])), act.how)))


async def say(night: Hours, act: Act) -> None:
    state = nth(list(PatrolState), act.how)
    until = night.clock.now() + minutes(30) if act.who else None
    await night.ask(lambda: night.dispatch.say_state(CAR, DRIVER, state, until))


VERBS: dict[str, Verb] = {
    "visit": whole,
    "acknowledge": acknowledge,
    "decline": decline,
    "arrive": arrive,
    "need two": need_two,
    "join": join,
    "phone": phone,
    "call help": call_help,
    "complete": complete,
    "driven": driven,
    "close visit": close,
    "carer enters": enter,
    "carer leaves": leave,
    "crew": crew,
    "car says": say,
}
