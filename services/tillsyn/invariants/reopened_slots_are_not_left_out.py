"""A slot that somebody reopened is not left out for an absence that was over by then.

Broken: somebody was to be looked at again, or gone to, and was forgotten for a time at which they were long back.
"""

from collections.abc import Iterable
from uuid import UUID

from events.base import Event
from events.envelope import Recorded
from events.types.night import CancelReason, SlotCancelled
from services.tillsyn.invariants.world import Breach, Rule, Story, World
from services.tillsyn.kinds import NIGHT, RECIPIENT
from services.tillsyn.night import Night
from services.tillsyn.recipient import Recipient

NAME = __name__.rpartition(".")[2].replace("_", " ")


def check(world: World) -> Iterable[Breach]:
    """Every reopened slot that was cancelled for an absence, against what was known of that absence then."""
    for story in world.nights:
        if story.state.recipient in world.recipients:
            for slot in _left_out(story, world.recipients[story.state.recipient]):
                what = f"slot {slot} was reopened, and cancelled for an absence that was over by then"
                yield Breach(NAME, story.stream, what)


def _left_out(night: Story[Night], person: Story[Recipient]) -> Iterable[UUID]:
    if not any(slot.reopened_at for slot in night.state.slots.values()):
        return
    state = NIGHT.empty
    for recorded in night.history:
        event = recorded.event
        if isinstance(event, SlotCancelled) and event.reason is CancelReason.ABSENT:
            reopened_at = state.slots[event.slot].reopened_at
            absence = RECIPIENT.fold(_told_by(recorded, person)).absences.get(event.because_of)
            if reopened_at is not None and absence is not None and absence.ends_at <= reopened_at:
                yield event.slot
        state = NIGHT.evolve(state, event)


def _told_by(recorded: Recorded, person: Story[Recipient]) -> Iterable[Event]:
    """What was said of somebody before, or together with, what was recorded."""
    for told in person.history:
        if told.position < recorded.position or told.context.correlation == recorded.context.correlation:
            yield told.event


RULE = Rule.of(__name__, __doc__, check)
