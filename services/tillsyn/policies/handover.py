"""The end of somebody's shift: what they own goes to a named colleague, or belongs to nobody and is loud at once.

What is owned: slots under a live lease (given back, for whoever is quickest), alarms, incidents, and visits that they
are on their way to as themselves. With somebody in a home already they stay: that visit has a limit of its own.
"""

from datetime import datetime
from uuid import UUID

from events.base import Event
from events.envelope import Context
from events.store import queries
from events.types.alarm import AlarmKind
from events.types.shift import SignedOut
from events.types.unit import NightRules
from events.types.visit import DeclineReason
from services.tillsyn import alarm as alarms
from services.tillsyn import incident as incidents
from services.tillsyn import night as nights
from services.tillsyn import unit as units
from services.tillsyn import visit as visits
from services.tillsyn.desk.asking import line_of
from services.tillsyn.desk.follow import record_night, record_visit
from services.tillsyn.kinds import ALARM, INCIDENTS, NIGHT, UNIT, VISIT
from services.tillsyn.ledger import Transaction


async def handover(tx: Transaction, stream_name: str, event: Event, context: Context) -> None:
    """What becomes of the things of whoever signs out."""
    if not isinstance(event, SignedOut):
        return
    owned = await tx.store.query(queries.owned_by, event.unit, event.staff, context.time)
    rules = (await tx.load(UNIT, units.stream_of(event.unit))).state.rules
    for recipient, night, slot in owned.leases:
        await _give_back(tx, nights.stream_of(recipient, night), slot, event.staff, context)
    for kind, cause in owned.alarms:
        alarm = await tx.load(ALARM, alarms.stream_of(AlarmKind(kind), cause))
        tx.record(alarm, alarms.decide(alarm.state, _leave_alarm(event, rules, context.time)), context)
    for incident in owned.incidents:
        stream = await tx.load(INCIDENTS, incidents.stream_of(event.unit))
        leave = incidents.Leave(incident, event.staff, event.to)
        tx.record(stream, incidents.decide(stream.state, leave), context)
    for visit in owned.visits:
        await _pass_on(tx, visit, event.staff, context)


async def _give_back(tx: Transaction, night: str, slot: UUID, staff: UUID, context: Context) -> None:
    stream = await tx.load(NIGHT, night)
    lease = stream.state.slots[slot].lease
    if lease is not None and lease.by == staff:
        release = nights.Release(slot, staff, context.time)
        await record_night(tx, stream, nights.decide(stream.state, release), context)


def _leave_alarm(gone: SignedOut, rules: NightRules, at: datetime) -> alarms.Command:
    if gone.to is not None:
        return alarms.HandOver(gone.staff, gone.to)
    return alarms.Disown(gone.staff, at, rules)


async def _pass_on(tx: Transaction, visit: UUID, staff: UUID, context: Context) -> None:
    """The next in the chain is asked at once, as when somebody declines."""
    stream = await tx.load(VISIT, visits.stream_of(visit))
    state = stream.state
    if state.stage is not visits.Stage.ACKNOWLEDGED or state.responder != staff:
        return
    line = await line_of(tx, state, context)
    decline = visits.Decline(staff, DeclineReason.SHIFT_OVER, context.time, order=line.order)
    await record_visit(tx, stream, visits.decide(state, decline), context)
