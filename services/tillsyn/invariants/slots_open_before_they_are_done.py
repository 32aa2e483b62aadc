"""No slot is completed before it opens, by camera or by visit.

Broken: a check that was agreed for later is on record as made, and nobody looks or goes when it is due.
"""

from collections.abc import Iterable

from events.types.night import SlotCompleted
from services.tillsyn.invariants.world import Breach, Rule, World
from services.tillsyn.kinds import NIGHT

NAME = __name__.rpartition(".")[2].replace("_", " ")


def check(world: World) -> Iterable[Breach]:
    """Every completion in the history of every night."""
    for story in world.nights:
        state = NIGHT.empty
        for recorded in story.history:
            event = recorded.event
            if isinstance(event, SlotCompleted):
                opens_at, done_at = state.opens_at(state.slots[event.slot]), min(event.at, recorded.context.time)
                if done_at < opens_at:
                    what = f"slot {event.slot} opens {opens_at:%Y-%m-%d %H:%MZ}"
                    yield Breach(NAME, story.stream, f"{what} and was completed {done_at:%Y-%m-%d %H:%MZ}")
            state = NIGHT.evolve(state, event)


RULE = Rule.of(__name__, __doc__, check)
