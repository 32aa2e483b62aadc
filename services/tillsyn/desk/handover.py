"""The end of somebody's shift: what they own goes to a named colleague, or belongs to nobody and is loud at once.

What is owned: slots under a live lease (given back, for whoever is quickest), alarms, incidents, and visits that they
are on their way to as themselves. With somebody in a home already they stay: that visit has a limit of its own.
"""

from datetime import datetime
from uuid import UUID

from events.envelope import Context
from events.store import queries
from events.types.alarm import AlarmKind
from events.types.shift import SignedOut
from events.types.unit import NightRules
from events.types.visit import DeclineReason
from services.tillsyn import alarm as alarms
from services.tillsyn import incident as incidents
from services.tillsyn import night as nights
from services.tillsyn import shift as shifts
from services.tillsyn import unit as units
from services.tillsyn import visit as visits
from services.tillsyn.desk.asking import line_of
from services.tillsyn.desk.follow import record_night, record_visit
from services.tillsyn.kinds import ALARM, INCIDENTS, NIGHT, SHIFT, UNIT, VISIT
from services.tillsyn.ledger import Transaction


async def hand_over(tx: Transaction, gone: SignedOut, context: Context) -> None:
    """What somebody owns who signs out."""
    owned = await tx.store.query(queries.owned_by, gone.unit, gone.staff, context.time)
    rules = (await tx.load(UNIT, units.stream_of(gone.unit))).state.rules
    for recipient, night, slot in owned.leases:
        await _give_back(tx, nights.stream_of(recipient, night), slot, gone.staff, context)
    for kind, cause in owned.alarms:
        alarm = await tx.load(ALARM, alarms.stream_of(AlarmKind(kind), cause))
        tx.record(alarm, alarms.decide(alarm.state, _leave_alarm(gone, rules, context.time)), context)
    for incident in owned.incidents:
        stream = await tx.load(INCIDENTS, incidents.stream_of(gone.unit))
        leave = incidents.Leave(incident, gone.staff, gone.to)
        tx.record(stream, incidents.decide(stream.state, leave), context)
    for visit in owned.visits:
        await _pass_on(tx, visit, gone.staff, context)


async def hand_over_late(tx: Transaction, gone: SignedOut, context: Context) -> None:
    """The same once more, when they have gone: what they took while that was being decided was not theirs yet.

    From then on nothing is taken but by signing in again, which the append conflicts with.
    """
    shift = (await tx.load(SHIFT, shifts.stream_of(gone.unit, gone.night), rely=True)).state
    if gone.staff in shift.gone:
        there = gone.to if gone.to in shift.signed_in else None
        await hand_over(tx, gone.model_copy(update={"to": there}), context)


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
