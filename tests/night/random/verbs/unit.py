"""The unit at work: who comes and goes, whose role ends, incidents, alarms, notices."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from events.store import queries
from events.types.visit import PhoneOutcome
from tests.builders import ANNA, BERTIL, MANAGER, UNIT, hours, minutes
from tests.night.random.hours import Hours
from tests.night.random.plan import Act
from tests.night.random.town import AGENCY, NURSES, ROAD
from tests.night.random.verbs.verb import Verb, nth


async def sign_in(night: Hours, act: Act) -> None:
    await night.ask(lambda: night.staffing.sign_in(UNIT, "night-staff", nth(NURSES, act.who)))


async def sign_out(night: Hours, act: Act) -> None:
    to = nth((None, None, ANNA, BERTIL), act.how)
    await night.ask(lambda: night.staffing.sign_out(UNIT, nth((*NURSES, *ROAD), act.which), to))


async def road_signs_in(night: Hours, act: Act) -> None:
    who = nth(ROAD, act.which)
    role = "manager" if who == MANAGER else "patrol"
    await night.ask(lambda: night.staffing.sign_in(UNIT, role, who))


async def role(night: Hours, act: Act) -> None:
    until = night.clock.now() + nth((minutes(10), hours(2)), act.how)
    await night.ask(lambda: night.staffing.grant_role(AGENCY, UNIT, "night-staff", MANAGER, until=until, agency=True))


async def role_ends(night: Hours, act: Act) -> None:
    member = nth(NURSES, act.which)
    await night.ask(lambda: night.staffing.end_role(member, UNIT, "night-staff", MANAGER))


async def break_glass(night: Hours, act: Act) -> None:
    await night.ask(lambda: night.staffing.break_glass(UNIT, "night-staff", "nobody else", nth(ROAD, act.which)))


async def take(night: Hours, act: Act) -> None:
    await _incident(night, act, lambda incident: night.incidents.take(UNIT, incident, _who(act)))


async def close(night: Hours, act: Act) -> None:
    await _incident(night, act, lambda incident: night.incidents.close(UNIT, incident, _who(act), "power is back"))


async def phone(night: Hours, act: Act) -> None:
    outcome = nth(list(PhoneOutcome), act.how)
    await _home(night, act, lambda incident, home: night.incidents.phone(UNIT, incident, home, _who(act), outcome))


async def send(night: Hours, act: Act) -> None:
    await _home(night, act, lambda incident, home: night.incidents.send(UNIT, incident, home, _who(act)))


async def defer(night: Hours, act: Act) -> None:
    until = night.clock.now() + minutes(10 + 10 * act.how)
    await _home(
        night, act, lambda incident, home: night.incidents.defer(UNIT, incident, home, _who(act), until, "sleeps")
    )


async def acknowledge(night: Hours, act: Act) -> None:
    if row := await _alarm(night, act):
        await night.ask(lambda: night.alarms.acknowledge(row.id, _who(act)))


async def hand_over(night: Hours, act: Act) -> None:
    if row := await _alarm(night, act):
        await night.ask(
            lambda: night.alarms.hand_over(row.id, row.owner or ANNA, nth((ANNA, BERTIL, MANAGER), act.how))
        )


async def read(night: Hours, act: Act) -> None:
    notices = await night.notices.unread(UNIT)
    if notices:
        await night.ask(lambda: night.notices.read(nth(notices, act.which).id, _who(act)))


def _who(act: Act) -> UUID:
    return nth((ANNA, BERTIL, MANAGER), act.who)


async def _alarm(night: Hours, act: Act) -> queries.AlarmRow | None:
    standing = await night.alarms.standing(UNIT)
    return nth(standing, act.which) if standing else None


async def _incident(night: Hours, act: Act, asked: Callable[[UUID], Awaitable[None]]) -> None:
    incidents = await night.incidents.open(UNIT)
    if incidents:
        incident = nth(incidents, act.which).id
        await night.ask(lambda: asked(incident))


async def _home(night: Hours, act: Act, asked: Callable[[UUID, UUID], Awaitable[None]]) -> None:
    incidents = await night.incidents.open(UNIT)
    if incidents:
        incident = nth(incidents, act.how).id
        home = nth(sorted(one.row.home for one in await night.incidents.homes(UNIT, incident)), act.which)
        await night.ask(lambda: asked(incident, home))


VERBS: dict[str, Verb] = {
    "sign in": sign_in,
    "sign out": sign_out,
    "road signs in": road_signs_in,
    "role": role,
    "role ends": role_ends,
    "break glass": break_glass,
    "take incident": take,
    "phone in incident": phone,
    "send in incident": send,
    "defer in incident": defer,
    "close incident": close,
    "acknowledge alarm": acknowledge,
    "hand over alarm": hand_over,
    "read notice": read,
}
