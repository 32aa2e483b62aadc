"""The end of somebody's shift: what they own goes to a named colleague, or belongs to nobody and is loud at once.

What is owned: slots under a live lease (given back, for whoever is quickest), alarms, incidents, and visits that they
are on their way to, as the first or the second. They are in no car any more; what an empty car was asked for or drove
to is the next one's. With somebody in a home already they stay: that visit has a limit of its own.

Nobody hands over who is signed in to another night of the unit: at noon one night ends and they are in the next.
"""

from datetime import datetime
from uuid import UUID

from events.envelope import Context
from events.store import queries
from events.types.alarm import AlarmKind
from events.types.shift import SignedOut
from events.types.unit import NightRules
from events.types.visit import DeclineReason, VisitKind
from services.tillsyn import alarm as alarms
from services.tillsyn import incident as incidents
from services.tillsyn import night as nights
from services.tillsyn import patrol as patrols
from services.tillsyn import shift as shifts
from services.tillsyn import unit as units
from services.tillsyn import visit as visits
from services.tillsyn.desk.asking import line_of
from services.tillsyn.desk.follow import record_night, record_visit
from services.tillsyn.kinds import ALARM, INCIDENTS, NIGHT, PATROL, SHIFT, UNIT, VISIT
from services.tillsyn.ledger import Transaction


async def hand_over(tx: Transaction, gone: SignedOut, context: Context) -> None:
    """What somebody owns who signs out."""
    if await _is_in_another_night(tx, gone):
        return
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
        await pass_on(tx, visit, gone.staff, DeclineReason.SHIFT_OVER, context)
    await _leave_the_car(tx, gone, context)


async def hand_over_late(tx: Transaction, gone: SignedOut, context: Context) -> None:
    """The same once more, when they have gone: what they took while that was being decided was not theirs yet.

    From then on nothing is taken but by signing in again, which the append conflicts with.
    """
    shift = (await tx.load(SHIFT, shifts.stream_of(gone.unit, gone.night), rely=True)).state
    if gone.staff in shift.gone:
        there = gone.to if gone.to in shift.signed_in else None
        await hand_over(tx, gone.model_copy(update={"to": there}), context)


async def _is_in_another_night(tx: Transaction, gone: SignedOut) -> bool:
    """Whether they are at work all the same. Who goes from several nights at once goes with the last of them."""
    _, nights_in = await tx.store.query(queries.nights_signed_in, gone.unit, gone.staff)
    for night in nights_in:
        if night == gone.night:
            continue
        other = await tx.load(SHIFT, shifts.stream_of(gone.unit, night), rely=True)
        if gone.staff in other.state.signed_in or night > gone.night:
            return True
    return False


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


async def _leave_the_car(tx: Transaction, gone: SignedOut, context: Context) -> None:
    """They are in no crew any more. What the last one out leaves to the car is the next one's: `policies/cars.py`."""
    for row in await tx.store.query(queries.patrols_of_unit, gone.unit, context.time):
        if gone.staff not in row.crew:
            continue
        car = await tx.load(PATROL, patrols.stream_of(row.id))
        stay = tuple(one for one in car.state.crew if one != gone.staff)
        tx.record(car, patrols.decide(car.state, patrols.Crew(stay)), context)


async def pass_on(
    tx: Transaction,
    visit: UUID,
    responder: UUID,
    why: DeclineReason,
    context: Context,
    *,
    asked_too: bool = False,
) -> None:
    """What `responder` drives to, or is asked for now, is the next one's at once, as when somebody declines."""
    stream = await tx.load(VISIT, visits.stream_of(visit))
    state = stream.state
    if not (_is_coming(state, responder) or (asked_too and _is_asked_now(state, responder, context.time))):
        return
    line = await line_of(tx, state, context)
    others = tuple(one for one in line.order if one != responder)
    if not others and asked_too:
        return  # there is nobody else: its limit runs
    decline = visits.Decline(responder, why, context.time, order=others or line.order)
    await record_visit(tx, stream, visits.decide(state, decline), context)


def _is_coming(visit: visits.Visit, responder: UUID) -> bool:
    if visit.second is not None and visit.second.responder == responder:
        return visit.second.act_at is not None
    return visit.stage is visits.Stage.ACKNOWLEDGED and visit.responder == responder


def _is_asked_now(visit: visits.Visit, responder: UUID, at: datetime) -> bool:
    """A visit that is planned for later waits for the next crew of the car."""
    ahead = visit.kind is VisitKind.PLANNED and visit.not_before is not None and visit.not_before > at
    return visit.stage is visits.Stage.ASSIGNED and visit.responder == responder and not ahead
