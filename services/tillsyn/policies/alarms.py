"""Which event is an alarm, and which ends one: slots, visits, staffing and emergency access. Devices: `devices.py`."""

from events.base import Event
from events.envelope import Context
from events.store import queries
from events.types import visit as visited
from events.types.alarm import AlarmKind
from events.types.night import EscalationReason, SlotEscalated
from events.types.shift import SignedIn, Unstaffed
from events.types.staff import BreakGlassOpened, BreakGlassReviewed
from services.tillsyn import night as nights
from services.tillsyn import shift as shifts
from services.tillsyn import visit as visits
from services.tillsyn.kinds import NIGHT, VISIT
from services.tillsyn.ledger import Transaction
from services.tillsyn.policies.alarming import MANAGER, NIGHT_STAFF, clear_alarms, raise_alarm

OF_A_SLOT = {
    EscalationReason.NOBODY_LOOKED: AlarmKind.OVERDUE,
    EscalationReason.NOT_SEEN: AlarmKind.NOT_SEEN_TWICE,
}
"""Escalations that are an alarm until somebody is on the way. The others are a task, and were found by somebody."""


async def alarms_follow(tx: Transaction, stream_name: str, event: Event, context: Context) -> None:
    """Raise what `event` makes an alarm of; clear what it ends."""
    match event:
        case SlotEscalated(reason=reason) if reason in OF_A_SLOT:
            await _escalated(tx, stream_name, event, context)
        case visited.VisitRequested(reason=EscalationReason.RETURNED.value):
            await _asked_again(tx, event, context)
        case visited.VisitLimitPassed(visit=visit, limit=visited.VisitLimit.ACKNOWLEDGE):
            state = (await tx.load(VISIT, stream_name)).state
            kind, cause = AlarmKind.VISIT_NOT_ACKNOWLEDGED, f"visit:{visit}"
            await raise_alarm(tx, context, kind, cause, NIGHT_STAFF, recipient=state.recipient, home=state.home)
        case visited.VisitNeedsTwo() | visited.VisitDeclined():
            await _nobody_else(tx, stream_name, context)
        case visited.VisitAcknowledged() | visited.VisitArrived():
            await _clear_of_visit(tx, stream_name, "somebody is on the way", context)
            await _nobody_else(tx, stream_name, context)
        case visited.VisitJoined() if (await tx.load(VISIT, stream_name)).state.taken:
            await _clear_of_visit(tx, stream_name, "somebody goes along", context)
        case visited.VisitCompleted() | visited.VisitMadeWith() | visited.VisitClosed() | visited.VisitCalledOff():
            await _clear_of_visit(tx, stream_name, "the visit is over", context)
        case visited.VisitHeld(incident=incident):
            await _clear_of_visit(tx, stream_name, f"incident:{incident}", context)
        case _:
            await _of_people(tx, event, context)


async def _of_people(tx: Transaction, event: Event, context: Context) -> None:
    match event:
        case Unstaffed(unit=unit, night=night):
            await raise_alarm(tx, context, AlarmKind.NOBODY_SIGNED_IN, f"shift:{unit}:{night}", MANAGER)
        case SignedIn(unit=unit, night=night, role=role):
            to_come = await tx.store.query(queries.night_to_staff, unit, night, context.time)
            if to_come is None or role in shifts.covering(by_camera=to_come.by_camera):
                gone = AlarmKind.NOBODY_SIGNED_IN, f"shift:{unit}:{night}"
                await clear_alarms(tx, context, "somebody signed in", gone)
        case BreakGlassOpened(access=access):
            await raise_alarm(tx, context, AlarmKind.BREAK_GLASS, f"access:{access}", MANAGER)
        case BreakGlassReviewed(access=access):
            await clear_alarms(tx, context, "reviewed", (AlarmKind.BREAK_GLASS, f"access:{access}"))
        case _:
            pass


async def _escalated(tx: Transaction, stream_name: str, event: SlotEscalated, context: Context) -> None:
    visit = (await tx.load(VISIT, visits.stream_of(event.visit))).state
    if visit.stage in (visits.Stage.ACKNOWLEDGED, visits.Stage.ARRIVED):
        return  # somebody was on the way there already
    if visit.held_by is not None:
        return  # nobody could look: the incident has an alarm of its own, and asks what is to be done
    night = (await tx.load(NIGHT, stream_name)).state
    kind, cause = OF_A_SLOT[event.reason], f"slot:{event.slot}"
    await raise_alarm(tx, context, kind, cause, NIGHT_STAFF, recipient=night.recipient, home=night.home)


async def _asked_again(tx: Transaction, event: visited.VisitRequested, context: Context) -> None:
    """The alarm that was cleared when the visit was called off stands again: nobody is on the way any more."""
    night = nights.stream_of(event.recipient, event.night)
    decided = (await tx.load(NIGHT, night)).decided
    happened = [*(told.event for told in await tx.store.read(night)), *(one for one, _ in decided)]
    escalated = [one for one in happened if isinstance(one, SlotEscalated) and one.visit == event.visit]
    for one in {one.slot: one for one in escalated}.values():
        if one.reason in OF_A_SLOT:
            await _escalated(tx, night, one, context)


async def _clear_of_visit(tx: Transaction, stream_name: str, because: str, context: Context) -> None:
    """Of every slot that the visit is made for: several that ran out together have one visit and an alarm each."""
    visit = (await tx.load(VISIT, stream_name)).state
    if visit.visit is None or visit.recipient is None or visit.night is None:
        return
    ran_out = await tx.store.query(queries.slots_of_visit, visit.recipient, visit.night, visit.visit)
    made_for = {visit.slot, *ran_out}
    gone = [(kind, f"slot:{slot}") for slot in sorted(made_for, key=str) for kind in OF_A_SLOT.values()]
    if not await _second_unanswered(tx, visit):
        gone.insert(0, (AlarmKind.VISIT_NOT_ACKNOWLEDGED, f"visit:{visit.visit}"))
    await clear_alarms(tx, context, because, *gone)


async def _nobody_else(tx: Transaction, stream_name: str, context: Context) -> None:
    """Two are needed, and there is nobody to ask: no limit runs for anybody, so it is an alarm at once."""
    visit = (await tx.load(VISIT, stream_name)).state
    if not visit.over and visit.short_of_people:
        kind, cause = AlarmKind.VISIT_NOT_ACKNOWLEDGED, f"visit:{visit.visit}"
        await raise_alarm(tx, context, kind, cause, NIGHT_STAFF, recipient=visit.recipient, home=visit.home)


async def _second_unanswered(tx: Transaction, visit: visits.Visit) -> bool:
    """Whether somebody who was asked to go along before this has still not answered: two are needed, one goes."""
    if not visit.over and visit.short_of_people:
        return True
    if visit.over or visit.second is None or visit.second.joined:
        return False
    before = await tx.store.query(queries.visit, visit.visit) if visit.visit is not None else None
    return before is not None and before.second_responder is not None
