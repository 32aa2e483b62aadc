"""Nobody is in a home for a visit that is over.

Broken: the cameras of the home stay shut for a carer who has gone, until somebody says it for them.
"""

from collections.abc import Iterable

from services.tillsyn.invariants.world import Breach, Rule, World

NAME = __name__.rpartition(".")[2].replace("_", " ")


def check(world: World) -> Iterable[Breach]:
    """Every home that somebody is in."""
    for home in world.homes.values():
        for by, id_ in home.state.carers.items():
            visit = world.visits.get(id_) if id_ is not None else None
            if visit is not None and visit.state.over:
                yield Breach(NAME, home.stream, f"carer {by} is there for visit {id_}, which is {visit.state.stage}")


RULE = Rule.of(__name__, __doc__, check)
