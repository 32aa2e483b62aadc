"""The end of somebody's shift: what they own goes to a named colleague, or belongs to nobody and is loud at once.

What is owned: slots under a live lease (given back, for whoever is quickest), alarms, incidents, and visits that they
are on their way to as themselves. With somebody in a home already they stay: that visit has a limit of its own.
"""

from datetime import datetime
from uuid import UUID

from events.base import Event
from events.envelope import Context
from events.store import queries
from events.types.alarm import AlarmDisowned, AlarmHandedOver
from events.types.incident import IncidentDisowned, IncidentTaken
from events.types.shift import SignedOut
from events.types.unit import NightRules
from events.types.visit import DeclineReason, VisitAssigned, VisitDeclined
from services.tillsyn import night as nights
from services.tillsyn import unit as units
from services.tillsyn import visit as visits
from services.tillsyn.desk.follow import record_night, record_visit
from services.tillsyn.kinds import NIGHT, UNIT, VISIT
from services.tillsyn.ledger import Kind, Transaction

_UNFOLDED: Kind[None] = Kind(None, lambda state, _: state)
"""Alarms and incidents, of whose state nothing is asked here: the rows say who owns them."""


async def handover(tx: Transaction, stream_name: str, event: Event, context: Context) -> None:
    """What becomes of the things of whoever signs out."""
    if not isinstance(event, SignedOut):
        return
    owned = await tx.store.query(queries.owned_by, event.unit, event.staff, context.time)
    rules = (await tx.load(UNIT, units.stream_of(event.unit))).state.rules
    for recipient, night, slot in owned.leases:
        await _give_back(tx, nights.stream_of(recipient, night), slot, event.staff, context)
    for alarm in owned.alarms:
        stream = await tx.load(_UNFOLDED, f"alarm-{alarm}", rely=True)
        tx.record(stream, [_alarm(alarm, event, rules, context.time)], context)
    for incident in owned.incidents:
        stream = await tx.load(_UNFOLDED, f"incident-{incident}", rely=True)
        tx.record(stream, [_incident(incident, event, rules, context.time)], context)
    for visit in owned.visits:
        await _pass_on(tx, visit, event.staff, context)


async def _give_back(tx: Transaction, night: str, slot: UUID, staff: UUID, context: Context) -> None:
    stream = await tx.load(NIGHT, night)
    lease = stream.state.slots[slot].lease
    if lease is not None and lease.by == staff:
        release = nights.Release(slot, staff, context.time)
        await record_night(tx, stream, nights.decide(stream.state, release), context)


def _alarm(alarm: UUID, gone: SignedOut, rules: NightRules, at: datetime) -> Event:
    if gone.to is not None:
        return AlarmHandedOver(alarm=alarm, by=gone.staff, to=gone.to)
    return AlarmDisowned(alarm=alarm, was=gone.staff, answer_by=at + rules.alarm_answered_within)


def _incident(incident: UUID, gone: SignedOut, rules: NightRules, at: datetime) -> Event:
    decide_by = at + rules.incident_decided_within
    if gone.to is not None:
        return IncidentTaken(incident=incident, by=gone.to, decide_by=decide_by)
    return IncidentDisowned(incident=incident, was=gone.staff, decide_by=decide_by)


async def _pass_on(tx: Transaction, visit: UUID, staff: UUID, context: Context) -> None:
    """The next in the chain is asked at once, as when somebody declines."""
    stream = await tx.load(VISIT, visits.stream_of(visit))
    state = stream.state
    if state.stage is not visits.Stage.ACKNOWLEDGED or state.responder != staff:
        return
    declined = VisitDeclined(visit=visit, responder=staff, by=staff, reason=DeclineReason.SHIFT_OVER)
    step = state.step + 1
    answer_by = context.time + state.rules.acknowledge_within
    asked = VisitAssigned(visit=visit, responder=state.next_responder(step), step=step, acknowledge_by=answer_by)
    await record_visit(tx, stream, [declined, asked], context)
