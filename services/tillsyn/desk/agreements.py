"""What was agreed, held against the nights: a withdrawn consent turns slots into visits, an absence cancels them.
All of it in the transaction of its cause, so nothing can fall in between.
"""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from events.envelope import Context
from events.schedule import night_of, zone_named
from events.store import queries
from events.types.night import VisitInstead
from events.types.recipient import ConsentScope
from services.tillsyn import home as homes
from services.tillsyn import night as nights
from services.tillsyn import recipient as recipients
from services.tillsyn import unit as units
from services.tillsyn.desk.follow import record_night
from services.tillsyn.horizon import still_to_plan
from services.tillsyn.kinds import HOME, NIGHT, RECIPIENT, UNIT
from services.tillsyn.ledger import Transaction
from services.tillsyn.night.commands import Restriction


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
