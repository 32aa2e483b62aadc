"""What can happen in a random night, verb by verb. Whoever is asked for is picked from who and what there is then."""

from tests.builders import minutes
from tests.night.random.hours import Hours
from tests.night.random.plan import Act
from tests.night.random.verbs import agreements, desk, machines, road, unit
from tests.night.random.verbs.verb import Verb

VERBS: dict[str, Verb] = {
    **agreements.VERBS,
    **desk.VERBS,
    **machines.VERBS,
    **road.VERBS,
    **unit.VERBS,
}
ORDINARY = ("check", "check", "check", "sweep", "visit", "report", "report", "gateway off")
"""What nights are made of comes more often than what is rare."""
GOING = ("dies", "lives", "moves", "away", "away", "back", "back", "decision ends", "decision again")
OUTAGE = (*("gateway off",) * 3, "gateway on", "gateway on", "outage", "outage", "report")
THEMES: dict[str, tuple[str, ...]] = {
    "everything": (*ORDINARY, *ORDINARY, *VERBS),
    "desk": ("sweep", "check", "check", "report", "withdraw", "back", "role", "sign out", "gateway off", *desk.VERBS),
    "home": ("sweep", "check", "check", "look for two", "undo", "reopen", "carer enters", *agreements.VERBS),
    "road": ("sweep", "sweep", "concern", "manual alarm", "reopen", "sign out", *GOING, *road.VERBS),
    "outage": (*OUTAGE, "sweep", "sweep", "visit", "close visit", "sweeper down", *GOING, *unit.VERBS),
}
"""What a night is about: some verbs, often enough to meet each other. The first has them all."""


async def play(hours: Hours, act: Act) -> None:
    """Let the act's time come, and let it happen."""
    if act.wait:
        await hours.until(hours.clock.now() + minutes(act.wait))
    hours.told.append(f"{hours.clock.now():%d %H:%M:%S} {act.verb} who={act.who} which={act.which} how={act.how}")
    await VERBS[act.verb](hours, act)
    await hours.settle()
