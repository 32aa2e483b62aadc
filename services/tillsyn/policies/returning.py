"""Somebody who is back unannounced is an alarm, a check missed or not, until a look or a visit has found out how they
are. It ends as well where nobody is to be found there any more: they died, or are away again. (That no decision stands
any more is no event: `watches/ended_causes.py`.)
"""

from uuid import UUID

from events.base import Event
from events.envelope import Context
from events.schedule import night_of, zone_named
from events.types.alarm import AlarmKind
from events.types.night import SlotCompleted, SlotEscalated
from events.types.recipient import AbsenceEnded, AbsenceReported, RecipientDied
from events.types.visit import VisitArrived, VisitClosed, VisitCompleted
from services.tillsyn import night as nights
from services.tillsyn import recipient as recipients
from services.tillsyn import unit as units
from services.tillsyn.kinds import NIGHT, RECIPIENT, UNIT, VISIT
from services.tillsyn.ledger import Transaction
from services.tillsyn.policies.alarming import NIGHT_STAFF, clear_alarms, raise_alarm


async def returning(tx: Transaction, stream_name: str, event: Event, context: Context) -> None:
    """Raise the alarm of an unannounced return; clear it when somebody has looked or come, or is not needed."""
    match event:
        case AbsenceEnded(recipient=id_, announced=False):
            await _back(tx, id_, context)
        case SlotCompleted():
            await _found(tx, (await tx.load(NIGHT, stream_name)).state.recipient, "somebody was there", context)
        case SlotEscalated(reason=reason) if reason in nights.SEEN:  # who goes there has a visit of its own
            await _found(tx, (await tx.load(NIGHT, stream_name)).state.recipient, "somebody has looked", context)
        case VisitClosed() if await _reopened(tx, stream_name):
            pass  # nobody has been there, and somebody is to look
        case VisitArrived() | VisitClosed():
            await _found(tx, (await tx.load(VISIT, stream_name)).state.recipient, "somebody was there", context)
        case VisitCompleted(also_seen=others):
            for met in ((await tx.load(VISIT, stream_name)).state.recipient, *others):
                await _found(tx, met, "somebody was there", context)
        case RecipientDied(recipient=id_):
            await _found(tx, id_, "they have died", context)
        case AbsenceReported(recipient=id_, starts_at=since) if since <= context.time:
            await _found(tx, id_, "they are away again", context)
        case _:
            pass


async def decision_stands(tx: Transaction, recipient: UUID, context: Context) -> bool:
    """Whether there is a decision about somebody now: without one nobody can be asked to look, or to go."""
    person = (await tx.load(RECIPIENT, recipients.stream_of(recipient))).state
    zone = (await tx.load(UNIT, units.stream_of(context.owner.unit))).state.zone
    decision = person.decision_of(night_of(context.time, zone_named(zone)))
    return decision is not None and (decision.ended_at is None or context.time < decision.ended_at)


async def _back(tx: Transaction, recipient: UUID, context: Context) -> None:
    person = (await tx.load(RECIPIENT, recipients.stream_of(recipient))).state
    if person.died_at is not None or not await decision_stands(tx, recipient, context):
        return
    kind, cause = AlarmKind.RETURNED, cause_of(recipient)
    await raise_alarm(tx, context, kind, cause, NIGHT_STAFF, recipient=recipient, home=person.home)


def cause_of(recipient: UUID) -> str:
    """What the alarm of somebody's return is known by."""
    return f"recipient:{recipient}"


async def _reopened(tx: Transaction, visit: str) -> bool:
    """Whether the visit was closed because its slot was reopened: of one that somebody closed none is left open."""
    state = (await tx.load(VISIT, visit)).state
    if state.recipient is None or state.night is None or state.slot is None:
        return False
    night = (await tx.load(NIGHT, nights.stream_of(state.recipient, state.night))).state
    slot = night.slots.get(state.slot)
    return slot is not None and slot.open


async def _found(tx: Transaction, recipient: UUID | None, because: str, context: Context) -> None:
    if recipient is not None:
        await clear_alarms(tx, context, because, (AlarmKind.RETURNED, cause_of(recipient)))
