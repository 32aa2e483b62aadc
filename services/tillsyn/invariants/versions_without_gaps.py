"""The versions of a stream are 1, 2, 3 … in the order in which the log is read, and no event stands in it twice.

Broken: the log lost, repeated or inverted something.
"""

from collections.abc import Iterable

from services.tillsyn.invariants.world import Breach, Rule, World

NAME = __name__.rpartition(".")[2].replace("_", " ")


def check(world: World) -> Iterable[Breach]:
    """Every stream, as the log was read."""
    seen: set[object] = set()
    for stream, history in world.histories.items():
        versions = [recorded.version for recorded in history]
        if versions != list(range(1, len(versions) + 1)):
            yield Breach(NAME, stream, f"versions run {versions[:10]} …")
        ids = {recorded.id for recorded in history}
        if len(ids) < len(history) or ids & seen:
            yield Breach(NAME, stream, "an event stands in the log twice")
        seen |= ids


RULE = Rule.of(__name__, __doc__, check)
