"""Which event is an alarm, and which ends one: slots, visits, staffing and emergency access. Devices: `devices.py`."""

from uuid import UUID

from events.base import Event
from events.envelope import Context
from events.store import queries
from events.types import visit as visited
from events.types.alarm import AlarmKind
from events.types.night import EscalationReason, SlotEscalated
from events.types.shift import SignedIn, Unstaffed
from events.types.staff import BreakGlassOpened, BreakGlassReviewed
from services.tillsyn import night as nights
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
        case visited.VisitRequested(reason=EscalationReason.RETURNED) as again:
            await _asked_again(tx, again, context)
        case visited.VisitLimitPassed(visit=visit, limit=visited.VisitLimit.ACKNOWLEDGE):
            state = (await tx.load(VISIT, stream_name)).state
            kind, cause = AlarmKind.VISIT_NOT_ACKNOWLEDGED, f"visit:{visit}"
            await raise_alarm(tx, context, kind, cause, NIGHT_STAFF, recipient=state.recipient, home=state.home)
        case visited.VisitAcknowledged() | visited.VisitArrived():
            await _clear_of_visit(tx, stream_name, "somebody is on the way", context)
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
        case SignedIn(unit=unit, night=night, role=role) if role == NIGHT_STAFF:
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
    night = (await tx.load(NIGHT, stream_name)).state
    if event.reason is EscalationReason.NOBODY_LOOKED and await _lost(tx, night.home):
        return  # nobody could look: the incident has an alarm of its own, and asks what is to be done
    kind, cause = OF_A_SLOT[event.reason], f"slot:{event.slot}"
    await raise_alarm(tx, context, kind, cause, NIGHT_STAFF, recipient=night.recipient, home=night.home)


async def _asked_again(tx: Transaction, event: visited.VisitRequested, context: Context) -> None:
    """What was an alarm before the visit was called off by mistake is one again."""
    night = nights.stream_of(event.recipient, event.night)
    decided = (await tx.load(NIGHT, night)).decided
    happened = [*(recorded.event for recorded in await tx.store.read(night)), *(one for one, _ in decided)]
    why = [one for one in happened if isinstance(one, SlotEscalated) and one.slot == event.slot]
    if why and why[-1].reason in OF_A_SLOT:
        await _escalated(tx, night, why[-1], context)


async def _lost(tx: Transaction, home: UUID | None) -> bool:
    return home is not None and await tx.store.query(queries.incident_of_home, home) is not None


async def _clear_of_visit(tx: Transaction, stream_name: str, because: str, context: Context) -> None:
    visit = (await tx.load(VISIT, stream_name)).state
    of_slot = [(kind, f"slot:{visit.slot}") for kind in OF_A_SLOT.values()]
    await clear_alarms(tx, context, because, (AlarmKind.VISIT_NOT_ACKNOWLEDGED, f"visit:{visit.visit}"), *of_slot)
