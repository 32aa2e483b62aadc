"""Each home in an open incident that waits for a decision has a limit that runs; only for such homes is a visit held,
and where nobody has deferred it by name, the limit is no later than the unit's rules give from now.

Broken: a village is dark, and nobody is asked about it any more, or not before tomorrow.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from services.tillsyn.incident import HomeLost, Standing
from services.tillsyn.invariants.world import Breach, Rule, World
from services.tillsyn.visit import Visit

GRACE = timedelta(seconds=60)
NAME = __name__.rpartition(".")[2].replace("_", " ")


def check(world: World) -> Iterable[Breach]:
    """Every home of every open incident, and every visit that is held."""
    waiting: dict[tuple[UUID, UUID], HomeLost] = {}
    for story in world.incidents:
        for incident in story.state.open.values():
            for lost in incident.homes.values():
                if lost.until is None:
                    continue
                waiting[incident.incident, lost.home] = lost
                if world.now > lost.until + GRACE:
                    what = f"home {lost.home} should have been decided about by {lost.until:%F %H:%M:%S} UTC"
                    yield Breach(NAME, story.stream, what)
    for visit in world.visits.values():
        state, home = visit.state, visit.state.home
        if state.held_by is None or state.over or home is None:
            continue
        asked = waiting.get((state.held_by, home))
        if asked is None or asked.until is None:
            yield Breach(NAME, visit.stream, f"visit {state.visit} is held and nobody is asked about {home}")
        elif asked.standing is not Standing.DEFERRED and asked.until > _latest(world, home, state) + GRACE:
            what = f"visit {state.visit} is held and nobody is asked about {home} before {asked.until:%F %H:%M:%S} UTC"
            yield Breach(NAME, visit.stream, what)


def _latest(world: World, home: UUID, visit: Visit) -> datetime:
    """The latest that somebody must decide by, as the unit's rules stand or stood when the night was planned."""
    unit = world.homes[home].state.unit if home in world.homes else None
    rules = [visit.rules, *([world.units[unit].rules] if unit in world.units else [])]
    return world.now + max(one.incident_decided_within for one in rules)


RULE = Rule.of(__name__, __doc__, check)
