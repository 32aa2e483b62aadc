"""What follows from what, across streams: an escalation asks for a visit, a visit settles its slots, a withdrawn
consent turns the night's slots into visits. All of it in the transaction of its cause, so nothing can fall in between.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from events.base import Event
from events.envelope import Context, Owner
from events.schedule import SlotKind, night_of, zone_named
from events.store import queries
from events.types.night import (
    NightPlanned,
    SlotBecameVisit,
    SlotCancelled,
    SlotEscalated,
    SlotReinstated,
    VisitInstead,
)
from events.types.recipient import ConsentScope
from events.types.visit import VisitArrived, VisitCompleted, VisitKind
from services.tillsyn import home as homes
from services.tillsyn import night as nights
from services.tillsyn import recipient as recipients
from services.tillsyn import unit as units
from services.tillsyn import visit as visits
from services.tillsyn.horizon import still_to_plan
from services.tillsyn.kinds import HOME, NIGHT, RECIPIENT, UNIT, VISIT
from services.tillsyn.ledger import Stream, Transaction
from services.tillsyn.night.commands import Restriction

PLANNED_SLOT = "planned-visit"
"""The reason of a visit that was planned as one from the start."""
SUPERSEDED = "the slot was cancelled: {reason}"


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
            case SlotCancelled(slot=slot, reason=cancelled):
                await _call_off(tx, night.state.slots[slot], SUPERSEDED.format(reason=cancelled.value), context)
            case SlotReinstated(slot=slot) if slot not in becoming_visits:
                again = night.state.slots[slot]
                if again.kind is SlotKind.VISIT and again.visit is not None:
                    await _ask_for(tx, night.state, slot, again.visit, VisitKind.PLANNED, PLANNED_SLOT, context)
            case _:
                pass


async def record_visit(tx: Transaction, visit: Stream[visits.Visit], events: Sequence[Event], context: Context) -> None:
    """Record what was decided of a visit, with what it means for the slots it is made for."""
    tx.record(visit, events, context)
    for event in events:
        if not isinstance(event, VisitArrived | VisitCompleted):
            continue
        state = visit.state
        if state.recipient is None or state.night is None:
            continue
        night = await tx.load(NIGHT, nights.stream_of(state.recipient, state.night))
        command: nights.Command
        if isinstance(event, VisitArrived):
            command = nights.RecordVisitArrived(event.visit, event.complete_by)
        else:
            command = nights.RecordVisitDone(event.visit, event.responder, context.time)
        await record_night(tx, night, nights.decide(night.state, command), context)


async def hold_against_agreements(
    tx: Transaction, recipient: UUID, context: Context, night_dates: Sequence[date] | None = None
) -> None:
    """Hold a recipient's open slots against consent, pause, absences, decision and camera as they stand now.

    Without `night_dates` it is every night that is planned, and a plan that is being made meanwhile is in the way: the
    planner does not write to the recipient's stream, so it is the nights still to plan that must not have changed.
    """
    person = await tx.load(RECIPIENT, recipients.stream_of(recipient), rely=True)
    if person.state.home is None:
        return
    if night_dates is None:
        night_dates = await _nights(tx, recipient, person.state, context)
    home = await tx.load(HOME, homes.stream_of(person.state.home), rely=True)
    for date_ in night_dates:
        night = await tx.load(NIGHT, nights.stream_of(recipient, date_))
        restrictions = restrictions_of(person.state, home.state, night.state, context.time)
        events = nights.decide(night.state, nights.Apply(restrictions, context.time))
        await record_night(tx, night, events, context)


async def _nights(tx: Transaction, recipient: UUID, person: recipients.Recipient, context: Context) -> Sequence[date]:
    """The nights with slots that something may stand against; those still to plan are relied on as they are."""
    pending: list[date] = []
    if person.decisions and person.periods:
        unit = await tx.load(UNIT, units.stream_of(context.owner.unit))
        latest = await tx.store.query(queries.latest_planned_night, recipient)  # before the nights: none between them
        pending = still_to_plan(night_of(context.time, zone_named(unit.state.zone)), latest)
        for night in pending:
            await tx.load(NIGHT, nights.stream_of(recipient, night), rely=True)
    return sorted({*pending, *await tx.store.query(queries.open_nights, recipient)})


def restrictions_of(
    recipient: recipients.Recipient, home: homes.Home, night: nights.Night, now: datetime
) -> dict[UUID, Restriction]:
    """What stands against each slot of a night."""
    if night.night is None:
        return {}
    found: dict[UUID, Restriction] = {}
    for slot in night.slots.values():
        restriction = recipient.restriction(slot.plan.due_at, night.night, now)
        if restriction is None and home.camera is None:
            restriction = VisitInstead.NO_CAMERA
        if restriction is None and not _within_consent(recipient, slot):
            restriction = VisitInstead.CONSENT_WITHDRAWN
        if restriction is not None:
            found[slot.id] = restriction
    return found


def _within_consent(recipient: recipients.Recipient, slot: nights.Slot) -> bool:
    """Whether the consent that stands covers what the slot is: an extra look of the long night, or a second look."""
    if slot.plan.n > 0 and not recipient.consents_to(ConsentScope.EXTRA_AUTUMN_LOOK):
        return False
    return slot.second_look_at is None or recipient.consents_to(ConsentScope.SECOND_LOOKS)


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
    unit = await tx.load(UNIT, units.stream_of(context.owner.unit))
    request = visits.Request(
        visit=visit_id,
        kind=kind,
        reason=reason,
        recipient=night.recipient,
        home=night.home,
        night=night.night,
        slot=slot_id,
        not_before=context.time if kind is VisitKind.SENT else night.slots[slot_id].plan.opens_at,
        chain=unit.state.chain,
        rules=night.rules,
        at=context.time,
    )
    visit = await tx.load(VISIT, visits.stream_of(visit_id))
    await record_visit(tx, visit, visits.decide(visit.state, request), context)


async def _call_off(tx: Transaction, slot: nights.Slot, reason: str, context: Context) -> None:
    if slot.visit is None:
        return
    visit = await tx.load(VISIT, visits.stream_of(slot.visit))
    if visit.state.visit is None or visit.state.over:
        return
    await record_visit(tx, visit, visits.decide(visit.state, visits.CallOff(reason)), context)


class Owned(Protocol):
    """A row of something that an organisation and a unit answer for."""

    @property
    def organisation(self) -> UUID: ...

    @property
    def unit(self) -> UUID: ...


def owner_of(row: Owned) -> Owner:
    """Who answers for what a row speaks of."""
    return Owner(row.organisation, row.unit)
