"""Every slot ends as completed, escalated or cancelled no later than its deadline + 60 s.

Broken: a slot stands open after that, and somebody may lie on the floor until morning. Late: it ended after that, as
happens when database or sweeper were away; the lateness is on record.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from events.envelope import Recorded
from events.types.night import SlotCancelled, SlotCompleted, SlotEscalated
from services.tillsyn import night as nights
from services.tillsyn.invariants.world import Breach, Rule, Story, World
from services.tillsyn.kinds import NIGHT

GRACE = timedelta(seconds=60)
NAME = __name__.rpartition(".")[2].replace("_", " ")
ENDINGS = (SlotCompleted, SlotEscalated, SlotCancelled)


def check(world: World) -> Iterable[Breach]:
    """Every slot of every planned night."""
    for story in world.nights:
        for slot in story.state.slots.values():
            if slot.open and world.now > slot.escalates_at + GRACE:
                since = _seconds(world.now - slot.escalates_at)
                yield Breach(NAME, story.stream, f"slot {slot.id} should have ended {since} s ago and stands open")
        yield from _ended_late(story)


def _ended_late(story: Story[nights.Night]) -> Iterator[Breach]:
    state = NIGHT.empty
    for recorded in story.history:
        limit = _limit(state, recorded)
        if limit is not None and recorded.recordedtime > limit + GRACE:
            after = _seconds(recorded.recordedtime - limit)
            what = f"slot {recorded.event.slot} ended {after} s after its limit"  # type: ignore[attr-defined]
            yield Breach(NAME, story.stream, what, late=True)
        state = NIGHT.evolve(state, recorded.event)


def _limit(state: nights.Night, recorded: Recorded) -> datetime | None:
    """Until when the slot that `recorded` ends had to end."""
    event = recorded.event
    return state.slots[event.slot].escalates_at if isinstance(event, ENDINGS) else None


def _seconds(duration: timedelta) -> int:
    return int(duration.total_seconds())


RULE = Rule.of(__name__, __doc__, check)
