"""Each escalation ends in a completed visit or a named, reasoned closing; until then the chain goes on.

Broken: a slot that somebody is to go for has no visit, or one that is over; or a visit waits for nobody: no limit runs
that would ask the next in line, and no open incident holds it, where a named person decides; or it is to be made where
nobody is any more. Broken, too: its visit was called off for a death or an absence that, as is known now, was none
then, or told of a death that was none, and nobody was asked again.
"""

from collections.abc import Iterable
from datetime import timedelta

from events.schedule import SlotKind
from events.types.recipient import AbsenceReported, RecipientDied
from events.types.visit import VisitCalledOff, VisitCompleted
from services.tillsyn import night as nights
from services.tillsyn import visit as visits
from services.tillsyn.invariants.world import Breach, Rule, Story, World

GRACE = timedelta(seconds=60)
_SAID_GONE = (AbsenceReported, RecipientDied)
NAME = __name__.rpartition(".")[2].replace("_", " ")


def check(world: World) -> Iterable[Breach]:
    """Every slot that became a visit, and every visit that is not over."""
    for story in world.nights:
        for slot in story.state.slots.values():
            needs_visit = slot.status is nights.Status.ESCALATED or (slot.open and slot.kind is SlotKind.VISIT)
            if needs_visit and slot.visit not in world.visits:
                yield Breach(NAME, story.stream, f"slot {slot.id} needs visit {slot.visit}, which nobody was asked for")
            elif needs_visit and slot.open and slot.visit and world.visits[slot.visit].state.over:
                what = f"slot {slot.id} is open, and its visit {slot.visit} is over: nobody is asked"
                yield Breach(NAME, story.stream, what)
            elif slot.status is nights.Status.ESCALATED and slot.visit and _forgotten(world, world.visits[slot.visit]):
                what = f"slot {slot.id} needs visit {slot.visit}, called off though there was somebody to go to"
                yield Breach(NAME, story.stream, what)
    for visit in world.visits.values():
        if visit.state.told_death and _forgotten(world, visit):
            yield Breach(NAME, visit.stream, f"visit {visit.state.visit} told of a death that was none")
        why = _fades(world, visit.state)
        if why is not None:
            yield Breach(NAME, visit.stream, f"visit {visit.state.visit} is {visit.state.stage} and {why}")


def _fades(world: World, visit: visits.Visit) -> str | None:
    """Why nobody would be asked any more for a visit that is not over."""
    if visit.over:
        return None
    person = world.recipients.get(visit.recipient) if visit.recipient is not None else None
    if person is not None and visit.stage is not visits.Stage.ARRIVED and visit.home != person.state.home:
        return f"is to be made at {visit.home}, where {visit.recipient} no longer lives"
    if visit.held_by is not None:
        return None if visit.held_by in world.open_incidents else f"incident {visit.held_by}, which is over, holds it"
    limits = [visit.act_at, visit.second.act_at if visit.second else None]
    past = [limit for limit in limits if limit is not None and world.now > limit + GRACE]
    if visit.act_at is None or past:
        return f"its limit {past[0] if past else None} is past"
    return None


def _forgotten(world: World, visit: Story[visits.Visit]) -> bool:
    """Whether the visit ended for want of a recipient who was there, and nobody has seen them or been asked since.

    Who said later that they are away, or dead, knew of them by then.
    """
    ended = [recorded for recorded in visit.history if isinstance(recorded.event, VisitCalledOff | VisitCompleted)]
    recipient = visit.state.recipient
    if not _in_vain(visit.state) or not ended or recipient not in world.recipients:
        return False
    off = ended[-1].context.time
    person = world.recipients[recipient]
    gone_by = (told.context.time for told in person.history if isinstance(told.event, _SAID_GONE))
    if person.state.gone(off) or any(person.state.gone(later) for later in gone_by if later > off):
        return False
    asked = any(
        one.state.recipient == recipient and not _in_vain(one.state) and one.history[-1].context.time >= off
        for one in world.visits.values()
    )
    seen = any(
        slot.completion is not None and slot.completion.at >= off and slot.visit != visit.state.visit
        for story in world.nights
        if story.state.recipient == recipient
        for slot in story.state.slots.values()
    )
    return not asked and not seen


def _in_vain(visit: visits.Visit) -> bool:
    return visit.called_off or visit.told_death


RULE = Rule.of(__name__, __doc__, check)
