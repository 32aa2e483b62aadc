"""A slot that has ended does not end again, unless it was reopened by an event of its own.

Broken: something was settled twice, and a figure counts it twice.
"""

from collections.abc import Iterable

from events.types.night import SlotCancelled, SlotCompleted, SlotEscalated
from services.tillsyn.invariants.world import Breach, Rule, World
from services.tillsyn.kinds import NIGHT

NAME = __name__.rpartition(".")[2].replace("_", " ")


def check(world: World) -> Iterable[Breach]:
    """Every ending in the history of every night."""
    for story in world.nights:
        state = NIGHT.empty
        for recorded in story.history:
            event = recorded.event
            if isinstance(event, SlotCompleted | SlotEscalated | SlotCancelled) and not state.slots[event.slot].open:
                status = state.slots[event.slot].status
                yield Breach(NAME, story.stream, f"slot {event.slot} was {status} and ended again, event {recorded.id}")
            state = NIGHT.evolve(state, event)


RULE = Rule.of(__name__, __doc__, check)
