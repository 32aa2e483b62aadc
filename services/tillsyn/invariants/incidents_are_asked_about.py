"""Each home in an open incident that waits for a decision has a limit that runs; only for such homes is a visit held.

Broken: a village is dark, and nobody is asked about it any more.
"""

from collections.abc import Iterable
from datetime import timedelta

from services.tillsyn.invariants.world import Breach, Rule, World

GRACE = timedelta(seconds=60)
NAME = __name__.rpartition(".")[2].replace("_", " ")


def check(world: World) -> Iterable[Breach]:
    """Every home of every open incident, and every visit that is held."""
    waiting = set()
    for story in world.incidents:
        for incident in story.state.open.values():
            for lost in incident.homes.values():
                if lost.until is None:
                    continue
                waiting.add((incident.incident, lost.home))
                if world.now > lost.until + GRACE:
                    what = f"home {lost.home} should have been decided about by {lost.until:%F %H:%M:%S} UTC"
                    yield Breach(NAME, story.stream, what)
    for visit in world.visits.values():
        held_by, home = visit.state.held_by, visit.state.home
        if held_by is not None and not visit.state.over and (held_by, home) not in waiting:
            yield Breach(NAME, visit.stream, f"visit {visit.state.visit} is held and nobody is asked about {home}")


RULE = Rule.of(__name__, __doc__, check)
