"""Whoever has died, or was fetched, while a carer was in the home is not asked for again when the carer has left: the
visit, which went on for as long as somebody was there, is called off.
"""

from datetime import datetime

from events.base import Event
from events.envelope import Context
from events.types.night import CancelReason
from events.types.recipient import AbsenceReported
from events.types.visit import VisitAssigned, VisitKind
from services.tillsyn import night as nights
from services.tillsyn import recipient as recipients
from services.tillsyn import visit as visits
from services.tillsyn.desk.follow import record_visit
from services.tillsyn.kinds import NIGHT, RECIPIENT, VISIT
from services.tillsyn.ledger import Stream, Transaction


async def nobody_is_asked_for_who_is_gone(tx: Transaction, stream: str, event: Event, context: Context) -> None:
    """VisitCalledOff, where somebody is asked to go to whoever is dead or away, and was not seen or heard since."""
    if not isinstance(event, VisitAssigned) or event.second:
        return
    visit = await tx.load(VISIT, stream)
    recipient = visit.state.recipient
    if recipient is None or visit.state.over:
        return
    person = (await tx.load(RECIPIENT, recipients.stream_of(recipient), rely=True)).state
    if person.died_at is not None:
        because = CancelReason.DEATH
    elif person.gone(context.time) and await _away(tx, visit, person, context):
        because = CancelReason.ABSENT
    else:
        return
    await record_visit(tx, visit, visits.decide(visit.state, visits.CallOff(because.value, because)), context)


async def _away(tx: Transaction, visit: Stream[visits.Visit], person: recipients.Recipient, context: Context) -> bool:
    """Whether they are away as far as anybody knows. A planned visit is left to its slot: it may be for later."""
    if visit.state.kind is VisitKind.PLANNED and await _slot_is_open(tx, visit.state):
        return False
    perceived = [told.context.time for told in await tx.store.read(visit.name) if visits.tells_of_somebody(told.event)]
    perceived += [said.time for event, said in visit.decided if visits.tells_of_somebody(event)]
    gone_since = await _gone_since(tx, person, context)
    return not any(time > gone_since for time in perceived)


async def _gone_since(tx: Transaction, person: recipients.Recipient, context: Context) -> datetime:
    """When they left, or when that was said first if they had said it ahead: what was seen after that is not over."""
    at = context.time
    away = {id_: one.starts_at for id_, one in person.absences.items() if one.starts_at <= at < one.ends_at}
    since = min(away.values(), default=at)
    if person.recipient is None:
        return since
    history = await tx.store.read(recipients.stream_of(person.recipient))
    said = [one.context.time for one in history if isinstance(one.event, AbsenceReported) and one.event.absence in away]
    return min([since, *said])


async def _slot_is_open(tx: Transaction, visit: visits.Visit) -> bool:
    if visit.recipient is None or visit.night is None or visit.slot is None:
        return False
    slot = (await tx.load(NIGHT, nights.stream_of(visit.recipient, visit.night))).state.slots.get(visit.slot)
    return slot is not None and slot.open
