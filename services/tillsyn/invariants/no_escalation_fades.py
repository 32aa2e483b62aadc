"""Each escalation ends in a completed visit or a named, reasoned closing; until then the chain goes on.

Broken: an escalated slot has no visit, or a visit waits for nobody: no limit runs that would ask the next in line.
"""

from collections.abc import Iterable
from datetime import timedelta

from events.schedule import SlotKind
from services.tillsyn import night as nights
from services.tillsyn.invariants.world import Breach, Rule, World

GRACE = timedelta(seconds=60)
NAME = __name__.rpartition(".")[2].replace("_", " ")


def check(world: World) -> Iterable[Breach]:
    """Every slot that became a visit, and every visit that is not over."""
    for story in world.nights:
        for slot in story.state.slots.values():
            needs_visit = slot.status is nights.Status.ESCALATED or (slot.open and slot.kind is SlotKind.VISIT)
            if needs_visit and slot.visit not in world.visits:
                yield Breach(NAME, story.stream, f"slot {slot.id} needs visit {slot.visit}, which nobody was asked for")
    for visit in world.visits.values():
        state = visit.state
        if not state.over and (state.act_at is None or world.now > state.act_at + GRACE):
            yield Breach(
                NAME, visit.stream, f"visit {state.visit} is {state.stage} and its limit {state.act_at} is past"
            )


RULE = Rule.of(__name__, __doc__, check)
