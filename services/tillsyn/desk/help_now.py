"""Somebody in a home needs help now, whatever was to be checked there and when."""

from collections.abc import Collection
from uuid import UUID

from events.envelope import Context
from events.schedule import night_of, zone_named
from events.store import queries
from events.types.night import AlarmCaller
from events.types.visit import VisitKind
from services.tillsyn import night as nights
from services.tillsyn import unit as units
from services.tillsyn import visit as visits
from services.tillsyn.desk.follow import record_night
from services.tillsyn.household import load_household
from services.tillsyn.kinds import NIGHT, UNIT, VISIT
from services.tillsyn.ledger import Transaction

ASKED_FOR_HELP = "on the telephone somebody in the home asked for help"


async def send_help(tx: Transaction, home: UUID, by: UUID, context: Context) -> None:
    """Somebody is sent to the home at once, unless somebody is on the way, or asked to be, already."""
    living = (await load_household(tx, home)).living
    if not living or await somebody_goes(tx, home, living.keys()):
        return
    unit = (await tx.load(UNIT, units.stream_of(context.owner.unit))).state
    tonight = night_of(context.time, zone_named(unit.zone))
    decided = (id_ for id_, person in living.items() if person.decision_of(tonight) is not None)
    recipient = min(decided, key=str, default=min(living, key=str))
    night = await tx.load(NIGHT, nights.stream_of(recipient, tonight))
    command = nights.RaiseManualAlarm(
        slot=tx.ledger.ids.thing(),
        recipient=recipient,
        home=home,
        night=tonight,
        rules=unit.rules,
        caller=AlarmCaller.STAFF,
        by=by,
        reason=ASKED_FOR_HELP,
        camera=False,
        at=context.time,
    )
    await record_night(tx, night, nights.decide(night.state, command), context)


async def somebody_goes(tx: Transaction, home: UUID, recipients: Collection[UUID]) -> bool:
    """Whether a visit to one of these, that is not for later, is asked for: in the log or in this transaction."""
    for recipient in recipients:
        for id_ in await tx.store.query(queries.open_visits_of, recipient):
            await tx.load(VISIT, visits.stream_of(id_))
    asked = [one.state for one in tx.loaded(VISIT) if one.state.kind is VisitKind.SENT and one.state.held_by is None]
    return any(one.home == home and one.recipient in recipients and not one.over for one in asked)
