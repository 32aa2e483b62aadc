"""What follows from what, across streams: an escalation asks for a visit, a visit settles its slots. All of it in the
transaction of its cause, so nothing can fall in between. (What agreements do to nights stands in `agreements`.)
"""

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

from events.base import Event
from events.envelope import Context, Owner
from events.schedule import SlotKind
from events.store import queries
from events.types.night import (
    NightPlanned,
    SlotBecameVisit,
    SlotCancelled,
    SlotCompleted,
    SlotEscalated,
    SlotReinstated,
    SlotReopened,
)
from events.types.visit import VisitArrived, VisitClosed, VisitCompleted, VisitKind, VisitMadeWith
from services.tillsyn import night as nights
from services.tillsyn import visit as visits
from services.tillsyn.desk import asking
from services.tillsyn.kinds import NIGHT, VISIT
from services.tillsyn.ledger import Stream, Transaction

PLANNED_SLOT = "planned-visit"
"""The reason of a visit that was planned as one from the start."""
REOPENED_SLOT = "reopened"
"""The reason of a visit to somebody who was visited already, before somebody had second thoughts."""
SUPERSEDED = "the slot was cancelled: {reason}"
MADE_WITH = "several checks are done with visit {visit}"
COVERED = "the slot was completed by visit {visit}"


async def record_night(tx: Transaction, night: Stream[nights.Night], events: Sequence[Event], context: Context) -> None:
    """Record what was decided of a night, with the visits that it asks for or makes needless."""
    tx.record(night, events, context)
    becoming_visits = {event.slot for event in events if isinstance(event, SlotBecameVisit)}
    for event in events:
        match event:
            case NightPlanned(slots=slots):
                for plan in slots:
                    if plan.kind is SlotKind.VISIT:
                        visit = night.state.slots[plan.slot].own_visit
                        await _ask_for(tx, night.state, plan.slot, visit, VisitKind.PLANNED, PLANNED_SLOT, context)
            case SlotBecameVisit(slot=slot, visit=visit, reason=instead):
                await _ask_for(tx, night.state, slot, visit, VisitKind.PLANNED, instead.value, context)
            case SlotEscalated(slot=slot, visit=visit, reason=reason):
                await _ask_for(tx, night.state, slot, visit, VisitKind.SENT, reason.value, context)
                if (planned := night.state.slots[slot].own_visit) != visit:  # several fell together: one visit is made
                    await asking.call_off(tx, planned, MADE_WITH.format(visit=visit), context)
            case SlotCancelled(slot=slot, reason=cancelled):
                await _call_off(tx, night.state.slots[slot], SUPERSEDED.format(reason=cancelled.value), context)
            case SlotCompleted(slot=slot, visit=made):
                await _covered(tx, night.state.slots[slot], made, context)
            case SlotReinstated(slot=slot) if slot not in becoming_visits:
                again = night.state.slots[slot]
                if again.kind is SlotKind.VISIT and again.visit is not None:
                    await _ask_for(tx, night.state, slot, again.visit, VisitKind.PLANNED, PLANNED_SLOT, context)
            case SlotReopened(slot=slot, visit=UUID() as again_by):
                await _ask_for(tx, night.state, slot, again_by, VisitKind.PLANNED, REOPENED_SLOT, context)
            case _:
                pass


async def record_visit(tx: Transaction, visit: Stream[visits.Visit], events: Sequence[Event], context: Context) -> None:
    """Record what was decided of a visit, with what it means for the slots it is made for."""
    tx.record(visit, events, context)
    for event in events:
        state = visit.state
        if state.recipient is None or state.night is None:
            continue
        match event:
            case VisitArrived():
                night = await tx.load(NIGHT, nights.stream_of(state.recipient, state.night))
                arrived = nights.RecordVisitArrived(event.visit, event.complete_by)
                await record_night(tx, night, nights.decide(night.state, arrived), context)
            case VisitCompleted():
                night = await tx.load(NIGHT, nights.stream_of(state.recipient, state.night))
                done = nights.RecordVisitDone(event.visit, event.responder, context.time)
                await record_night(tx, night, nights.decide(night.state, done), context)
                for met in (state.recipient, *event.also_seen):
                    await _cover(tx, met, event, context)
                    await _make_with(tx, met, event, context)
            case VisitClosed():
                night = await tx.load(NIGHT, nights.stream_of(state.recipient, state.night))
                closed = nights.RecordVisitClosed(event.visit, event.by)
                await record_night(tx, night, nights.decide(night.state, closed), context)
            case VisitMadeWith():
                night = await tx.load(NIGHT, nights.stream_of(state.recipient, state.night))
                done = nights.RecordVisitDone(event.visit, event.responder, context.time)
                await record_night(tx, night, nights.decide(night.state, done), context)
            case _:
                pass


async def _cover(tx: Transaction, recipient: UUID, made: VisitCompleted, context: Context) -> None:
    """Every open slot of somebody who was met, whose window had opened by then, is completed by the visit."""
    if made.found in visits.MET_NOBODY:
        return
    for date_ in await tx.store.query(queries.nights_under_way, recipient, context.time):
        night = await tx.load(NIGHT, nights.stream_of(recipient, date_))
        covered = nights.RecordCovered(made.visit, made.responder, context.time)
        await record_night(tx, night, nights.decide(night.state, covered), context)


async def _make_with(tx: Transaction, recipient: UUID, made: VisitCompleted, context: Context) -> None:
    """Who was met needs nobody else who was sent, held in an incident or not: one visit ends every escalation."""
    if made.found in visits.MET_NOBODY:
        return
    for id_ in await tx.store.query(queries.open_visits_of, recipient):
        other = await tx.load(VISIT, visits.stream_of(id_))
        if not other.state.over:
            command = visits.MakeWith(made.visit, made.responder)
            await record_visit(tx, other, visits.decide(other.state, command), context)


async def _ask_for(
    tx: Transaction,
    night: nights.Night,
    slot_id: UUID,
    visit_id: UUID,
    kind: VisitKind,
    reason: str,
    context: Context,
) -> None:
    if night.recipient is None or night.home is None or night.night is None:
        return
    wanted = visits.Request(
        visit=visit_id,
        kind=kind,
        reason=reason,
        recipient=night.recipient,
        home=night.home,
        night=night.night,
        slot=slot_id,
        not_before=context.time if kind is VisitKind.SENT else night.slots[slot_id].plan.opens_at,
        chain=(),
        rules=night.rules,
        at=context.time,
    )
    await asking.request(tx, wanted, context)


async def _call_off(tx: Transaction, slot: nights.Slot, reason: str, context: Context) -> None:
    if slot.visit is not None:
        await asking.call_off(tx, slot.visit, reason, context)


async def _covered(tx: Transaction, slot: nights.Slot, made: UUID | None, context: Context) -> None:
    """A slot that somebody's visit covered needs no visit of its own."""
    if made is not None and slot.visit not in (None, made):
        await _call_off(tx, slot, COVERED.format(visit=made), context)


class Owned(Protocol):
    """A row of something that an organisation and a unit answer for."""

    @property
    def organisation(self) -> UUID: ...

    @property
    def unit(self) -> UUID: ...


def owner_of(row: Owned) -> Owner:
    """Who answers for what a row speaks of."""
    return Owner(row.organisation, row.unit)
