"""Every stream makes sense from its first event to its last.

Broken: an event speaks of something that was never there (a look without a grant, a slot nobody planned). The rest
of the rules cannot be judged for that stream.
"""

from collections.abc import Iterable

from services.tillsyn.invariants.world import Breach, Rule, World

NAME = __name__.rpartition(".")[2].replace("_", " ")


def check(world: World) -> Iterable[Breach]:
    """Every stream that could not be folded."""
    for stream, why in world.unfoldable.items():
        yield Breach(NAME, stream, f"cannot be folded: {why}")


RULE = Rule.of(__name__, __doc__, check)
