"""Nobody is asked, or on the way, to somebody who is dead: who is in the home already finishes there.

Broken: a carer drives to an empty home, and is asked again and again, while somebody else may wait.
"""

from collections.abc import Iterable

from services.tillsyn import visit as visits
from services.tillsyn.invariants.world import Breach, Rule, World

NAME = __name__.rpartition(".")[2].replace("_", " ")


def check(world: World) -> Iterable[Breach]:
    """Every visit that is not over, to whoever is dead as far as is known."""
    for visit in world.visits.values():
        person = world.recipients.get(visit.state.recipient) if visit.state.recipient is not None else None
        if person is None or person.state.died_at is None:
            continue
        if not visit.state.over and visit.state.stage is not visits.Stage.ARRIVED:
            yield Breach(NAME, visit.stream, f"visit {visit.state.visit} goes on, and {visit.state.recipient} is dead")


RULE = Rule.of(__name__, __doc__, check)
