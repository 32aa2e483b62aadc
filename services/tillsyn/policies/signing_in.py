"""Who takes something is at work. A nurse is never kept from it by not having signed in: taking it signs them in, once
a night, so that the shift's end knows of them and "nobody signed in" is never said while somebody works.
"""

from uuid import UUID

from events.base import Event
from events.envelope import ActorKind, Context
from events.schedule import night_of, zone_named
from events.types.alarm import AlarmAcknowledged
from events.types.incident import IncidentTaken
from events.types.night import SlotClaimed
from events.types.visit import VisitAcknowledged
from services.tillsyn import shift as shifts
from services.tillsyn import staff
from services.tillsyn import unit as units
from services.tillsyn.kinds import SHIFT, UNIT
from services.tillsyn.ledger import Transaction

TAKES = (SlotClaimed, VisitAcknowledged, AlarmAcknowledged, IncidentTaken)


async def signing_in(tx: Transaction, stream_name: str, event: Event, context: Context) -> None:
    """Sign in whoever takes a slot, a visit, an alarm or an incident and is not signed in."""
    role = staff.plain_role(context.actor.role)
    if not isinstance(event, TAKES) or context.actor.kind is not ActorKind.STAFF or role not in staff.AT_WORK:
        return
    member, unit = UUID(context.actor.id), context.owner.unit
    if event.by not in (None, member):  # it is handed to somebody else by whoever goes
        return
    zone = (await tx.load(UNIT, units.stream_of(unit))).state.zone
    night = night_of(context.time, zone_named(zone))
    shift = await tx.load(SHIFT, shifts.stream_of(unit, night), rely=True)  # signing out meanwhile hands over all of it
    if member not in shift.state.signed_in:
        tx.record(shift, shifts.decide(shift.state, shifts.SignIn(unit, night, member, role)), context)
