"""What ends a slot without an answer: agreements that changed, visits, and time running out."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import reduce
from uuid import UUID, uuid5

from events.base import Event
from events.schedule import SlotKind
from events.types.night import (
    CancelReason,
    CompletedBy,
    DelayReason,
    EscalationDelayed,
    EscalationReason,
    SlotBecameVisit,
    SlotCancelled,
    SlotCompleted,
    SlotEscalated,
    SlotReinstated,
    VisitInstead,
)
from services.tillsyn.night import commands as asked
from services.tillsyn.night.slot import Slot
from services.tillsyn.night.state import Night, evolve

SEEN = frozenset({EscalationReason.CONCERN, EscalationReason.UNCERTAIN})
"""Escalations of a slot in which somebody was seen."""


def apply(night: Night, restrictions: Mapping[UUID, asked.Restriction], at: datetime) -> Sequence[Event]:
    """Whoever is back is first taken up again: without a camera to use, the slot is then a visit, not nothing."""
    back = [
        SlotReinstated(slot=slot.id, because_of=slot.because_of, escalates_at=slot.ends_by)
        for slot in night.slots.values()
        if slot.because_of is not None and at < slot.deadline
        if not isinstance(restrictions.get(slot.id), asked.Cancelled)
    ]
    night = reduce(evolve, back, night)
    return [*back, *(event for slot in night.slots.values() for event in _restrict(night, slot, restrictions))]


def _restrict(night: Night, slot: Slot, restrictions: Mapping[UUID, asked.Restriction]) -> Sequence[Event]:
    match restrictions.get(slot.id):
        case asked.Cancelled() as gone if slot.open and _not_left_at_that(slot, gone):
            # what somebody saw is believed more than what is told late
            visit = slot.visit or night.fallen_together(slot)[0].own_visit
            why = slot.reason if slot.reason in SEEN else None
            return [SlotEscalated(slot=slot.id, reason=why or _why(slot), visit=visit)]
        case asked.Cancelled(reason, because_of) if slot.open:
            return [SlotCancelled(slot=slot.id, reason=reason, because_of=because_of)]
        case VisitInstead() as reason if slot.open and slot.kind is SlotKind.REMOTE:
            visit = night.fallen_together(slot)[0].own_visit
            if (doubt := _doubt(slot)) is not None:  # somebody is worried already: nobody waits for the deadline
                return [SlotEscalated(slot=slot.id, reason=doubt, visit=visit)]
            return [SlotBecameVisit(slot=slot.id, reason=reason, visit=visit, escalates_at=slot.deadline)]
        case _:
            return []


def _not_left_at_that(slot: Slot, gone: asked.Cancelled) -> bool:
    """Whether somebody goes all the same: nobody who is in doubt is left for a decision that ended meanwhile."""
    if gone.reason is CancelReason.DECISION_ENDED:
        return _doubt(slot) is not None or slot.second_look_at is not None
    return gone.since is not None and _perceived(slot, gone.since)


def _perceived(slot: Slot, since: datetime) -> bool:
    """Whether somebody is worried about whom they saw, or heard of, when they are said to have been away already."""
    if slot.uncertain_by is not None:
        return any(look.served_at is not None and look.served_at > since for look in slot.looks.values())
    if slot.reopened_at is not None and slot.reason in SEEN:
        return slot.reopened_at > since
    return slot.caller is not None and slot.plan.opens_at > since


def stood_for(night: Night, visit: UUID) -> list[Slot]:
    """The open slots that `visit` is made for."""
    return [slot for slot in night.slots.values() if slot.open and slot.visit == visit]


def covered(night: Night, at: datetime) -> list[Slot]:
    """The open slots, for the camera or for a visit, that somebody who met the person at `at` has done with it."""
    return [slot for slot in night.slots.values() if slot.open and slot.plan.opens_at <= at]


def visit_arrived(night: Night, slot: Slot, until: datetime) -> Sequence[Event]:
    if DelayReason.VISIT_ARRIVED in slot.delayed:
        return []
    later = max(min(until, night.hard_maximum(slot)), slot.escalates_at)
    return [EscalationDelayed(slot=slot.id, reason=DelayReason.VISIT_ARRIVED, until=later)]


def visit_done(night: Night, slot: Slot, visit: UUID, by: UUID, at: datetime) -> Event:
    """No slot is done before it opens: somebody who was needed sooner, and met, is gone to again when it is due."""
    if at < night.opens_at(slot):
        again, until = uuid5(visit, "again"), slot.escalates_at
        return SlotBecameVisit(slot=slot.id, reason=VisitInstead.VISITED_EARLIER, visit=again, escalates_at=until)
    return SlotCompleted(slot=slot.id, how=CompletedBy.VISIT, by=by, at=at, look=None, visit=visit)


def visit_closed(slot: Slot, visit: UUID, by: UUID) -> Event:
    """Who closed the visit has said why nobody goes: the slot does not ask for another."""
    return SlotCancelled(slot=slot.id, reason=CancelReason.BY_NAME, because_of=visit, by=by)


def sweep(night: Night, at: datetime) -> Sequence[Event]:
    events: list[Event] = []
    swept: set[UUID] = set()
    for slot in night.slots.values():
        if not slot.open or slot.escalates_at > at or slot.id in swept:
            continue
        held = night.held_until(slot, at)
        if held is not None and held > at and DelayReason.LIVE_LEASE not in slot.delayed:
            events.append(EscalationDelayed(slot=slot.id, reason=DelayReason.LIVE_LEASE, until=held))
            continue
        escalated = escalate(night, slot, _why(slot))
        swept |= {event.slot for event in escalated}
        events += escalated
    return events


def _why(slot: Slot) -> EscalationReason:
    if (doubt := _doubt(slot)) is not None:
        return doubt
    if slot.kind is SlotKind.VISIT:
        return EscalationReason.VISIT_NOT_MADE
    if slot.second_look_at is not None:
        return EscalationReason.NOT_SEEN
    return slot.trouble or EscalationReason.NOBODY_LOOKED


def _doubt(slot: Slot) -> EscalationReason | None:
    """Why somebody goes to a slot that was in doubt before its time ran out."""
    if slot.uncertain_by is not None:
        return EscalationReason.UNCERTAIN
    return EscalationReason.ALARM if slot.caller is not None else None


def escalate(night: Night, slot: Slot, reason: EscalationReason) -> list[SlotEscalated]:
    together = night.fallen_together(slot)
    visit = slot.visit or together[0].own_visit
    return [SlotEscalated(slot=one.id, reason=reason, visit=visit) for one in together]
