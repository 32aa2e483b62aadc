"""Every slot ends as completed, escalated or cancelled no later than its deadline + 60 s.

Broken: a slot stands open after that, and somebody may lie on the floor until morning. Late: it ended after that, as
happens when database or sweeper were away; the lateness is on record.

A report that was held up can move a limit to a time that had passed when it came: from then on, and not before, the
slot is overdue.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from events.types.night import SlotCancelled, SlotCompleted, SlotEscalated
from services.tillsyn import night as nights
from services.tillsyn.invariants.world import Breach, Rule, Story, World
from services.tillsyn.kinds import NIGHT

GRACE = timedelta(seconds=60)
NAME = __name__.rpartition(".")[2].replace("_", " ")
ENDINGS = (SlotCompleted, SlotEscalated, SlotCancelled)
Limits = Mapping[UUID, datetime]
"""Of each slot: when it has to have ended."""


def check(world: World) -> Iterable[Breach]:
    """Every slot of every planned night."""
    for story in world.nights:
        yield from _in_one_night(story, world.now)


def _in_one_night(story: Story[nights.Night], now: datetime) -> Iterator[Breach]:
    state, limits = NIGHT.empty, dict[UUID, datetime]()
    for recorded in story.history:
        event, at = recorded.event, recorded.recordedtime
        if isinstance(event, ENDINGS) and at > limits[event.slot] + GRACE:
            what = f"slot {event.slot} ended {_seconds(at - limits[event.slot])} s after its limit"
            yield Breach(NAME, story.stream, what, late=True)
        before, state = state, NIGHT.evolve(state, event)
        limits |= _moved(limits, before, state, at)
    for slot in state.slots.values():
        if slot.open and now > limits[slot.id] + GRACE:
            since = _seconds(now - limits[slot.id])
            yield Breach(NAME, story.stream, f"slot {slot.id} should have ended {since} s ago and stands open")


def _moved(limits: Limits, before: nights.Night, after: nights.Night, at: datetime) -> Limits:
    """The limits that are others after an event recorded at `at`: none is moved back past `at`, nor past what it was
    if that had passed already; a slot planned too late was too late from the start.
    """
    now = {slot.id: slot.escalates_at for slot in after.slots.values()}
    was = {slot.id: slot.escalates_at for slot in before.slots.values()}
    return {
        slot: max(limit, min(limits[slot], at)) if slot in was else limit
        for slot, limit in now.items()
        if limit != was.get(slot)
    }


def _seconds(duration: timedelta) -> int:
    return int(duration.total_seconds())


RULE = Rule.of(__name__, __doc__, check)
