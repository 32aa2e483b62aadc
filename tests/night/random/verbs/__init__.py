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
OFTEN = ("check", "check", "check", "check", "sweep", "visit", "visit", "report", "report", "report", "gateway off")
"""What ordinary nights are made of comes more often."""
WEIGHTED = (*OFTEN, *VERBS)


async def play(hours: Hours, act: Act) -> None:
    """Let the act's time come, and let it happen."""
    if act.wait:
        await hours.until(hours.clock.now() + minutes(act.wait))
    hours.told.append(f"{hours.clock.now():%d %H:%M:%S} {act.verb} who={act.who} which={act.which} how={act.how}")
    await VERBS[act.verb](hours, act)
    await hours.settle()
