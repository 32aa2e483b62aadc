"""What was agreed, held against the nights: a withdrawn consent turns slots into visits, an absence cancels them.
All of it in the transaction of its cause, so nothing can fall in between.
"""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from events.envelope import Context
from events.schedule import night_of, zone_named
from events.store import queries
from events.types.night import CancelReason, VisitInstead
from events.types.recipient import ConsentScope
from events.types.visit import VisitKind
from services.tillsyn import home as homes
from services.tillsyn import night as nights
from services.tillsyn import recipient as recipients
from services.tillsyn import unit as units
from services.tillsyn import visit as visits
from services.tillsyn.desk.asking import line_for
from services.tillsyn.desk.follow import record_night, record_visit
from services.tillsyn.desk.outside_times import SCOPE_OF
from services.tillsyn.horizon import still_to_plan
from services.tillsyn.household import Household, load_household
from services.tillsyn.kinds import NIGHT, RECIPIENT, UNIT, VISIT
from services.tillsyn.ledger import Transaction
from services.tillsyn.night.commands import Restriction


async def hold_home_against_agreements(tx: Transaction, home: UUID, context: Context) -> None:
    """Hold the nights of everybody who is checked on in a home: one's no is a no for all."""
    household = await load_household(tx, home)
    for recipient in sorted(household.people):
        await hold_against_agreements(tx, recipient, context)


async def hold_against_agreements(
    tx: Transaction, recipient: UUID, context: Context, night_dates: Sequence[date] | None = None
) -> None:
    """Hold a recipient's open slots against what was agreed with them and all who live with them, as it stands now.

    Without `night_dates` it is every night that is planned, and a plan that is being made meanwhile is in the way: the
    planner does not write to the recipient's stream, so it is the nights still to plan that must not have changed.
    """
    person = await tx.load(RECIPIENT, recipients.stream_of(recipient), rely=True)
    if person.state.home is None:
        return
    if night_dates is None:
        night_dates = await _nights(tx, recipient, person.state, context)
    household = await load_household(tx, person.state.home)
    for date_ in night_dates:
        night = await tx.load(NIGHT, nights.stream_of(recipient, date_))
        restrictions = restrictions_of(household, recipient, night.state, context.time)
        events = nights.decide(night.state, nights.Apply(restrictions, context.time))
        await record_night(tx, night, events, context)


async def escalate_what_was_left_out(
    tx: Transaction, recipient: UUID, command: nights.Returned, context: Context
) -> bool:
    """Somebody goes at once, for the latest slot that was left out: once, however many they were. Whether any was."""
    for date_ in reversed(await tx.store.query(queries.open_nights, recipient)):
        night = await tx.load(NIGHT, nights.stream_of(recipient, date_))
        events = nights.decide(night.state, command)
        if events:
            await record_night(tx, night, events, context)
            return True
    return False


async def call_off_visits(
    tx: Transaction, recipient: UUID, because: CancelReason, context: Context, gone_since: datetime | None = None
) -> None:
    """Nobody is on the way any more to somebody who has died; nobody who was sent, to somebody who is away.

    A planned visit ends with its slot: whoever is away now may be back by then. Whoever is in the home already finishes
    the visit. With `gone_since` what somebody saw or heard of the recipient after that is believed more than that they
    are gone.
    """
    for id_ in await tx.store.query(queries.open_visits_of, recipient):
        visit = await tx.load(VISIT, visits.stream_of(id_))
        with_its_slot = because is CancelReason.ABSENT and visit.state.kind is VisitKind.PLANNED
        believed = gone_since is not None and await _perceived(tx, visit.name, gone_since)
        if not visit.state.over and not with_its_slot and not believed:
            command = visits.CallOff(because.value, because)
            await record_visit(tx, visit, visits.decide(visit.state, command), context)


async def _perceived(tx: Transaction, visit: str, since: datetime) -> bool:
    """Whether somebody has been seen or heard since then, as far as the visit tells."""
    return any(
        recorded.context.time > since and visits.tells_of_somebody(recorded.event)
        for recorded in await tx.store.read(visit)
    )


async def move_nights(tx: Transaction, recipient: UUID, to: homes.Home, context: Context) -> None:
    """What is still open of a recipient's nights, visits included, is to be done in another home."""
    if to.home is None:
        return
    for date_ in await tx.store.query(queries.open_nights, recipient):
        night = await tx.load(NIGHT, nights.stream_of(recipient, date_))
        await record_night(tx, night, nights.decide(night.state, nights.MoveNight(to.home)), context)
    for id_ in await tx.store.query(queries.open_visits_of, recipient):
        visit = await tx.load(VISIT, visits.stream_of(id_))
        if not visit.state.over:
            line = await line_for(tx, context.owner.unit, to.home, context.time, visit.state.people_needed)
            move = visits.Move(to.home, to.area, line.order, context.time)
            await record_visit(tx, visit, visits.decide(visit.state, move), context)


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
    household: Household, recipient: UUID, night: nights.Night, now: datetime
) -> dict[UUID, Restriction]:
    """What stands against each slot of a recipient's night."""
    person = household.people.get(recipient)
    if night.night is None or person is None:
        return {}
    found: dict[UUID, Restriction] = {}
    for slot in night.slots.values():
        restriction = person.restriction(slot.due_at, night.night, now)
        if restriction is None:
            restriction = household.shut(recipient, slot.due_at)
        if restriction is None and not _within_consent(household.scope(recipient), slot):
            restriction = VisitInstead.CONSENT_WITHDRAWN
        if restriction is not None:
            found[slot.id] = restriction
    return found


def _within_consent(scope: frozenset[ConsentScope], slot: nights.Slot) -> bool:
    """Whether everybody's consent covers what the slot is: an extra look, a second look, or one on an alarm."""
    if slot.caller is not None and SCOPE_OF[slot.caller] not in scope:
        return False
    if slot.plan.n > 0 and ConsentScope.EXTRA_AUTUMN_LOOK not in scope:
        return False
    return slot.second_look_at is None or ConsentScope.SECOND_LOOKS in scope
