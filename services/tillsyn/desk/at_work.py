"""Who is at work: in which night somebody is signed in, and that nothing is handed to who is at home."""

from uuid import UUID

from events.schedule import night_of, zone_named
from events.store import queries
from services.tillsyn import shift as shifts
from services.tillsyn import staff
from services.tillsyn import unit as units
from services.tillsyn.kinds import SHIFT, UNIT
from services.tillsyn.ledger import Stream, Transaction


async def shift_of(tx: Transaction, unit: UUID, member: UUID, *, rely: bool = False) -> Stream[shifts.Shift]:
    """The night of the unit in which they are signed in, or tonight's. With `rely`, signing out meanwhile conflicts."""
    _, nights = await tx.store.query(queries.nights_signed_in, unit, member)
    zone = (await tx.load(UNIT, units.stream_of(unit))).state.zone
    night = nights[-1] if nights else night_of(tx.ledger.clock.now(), zone_named(zone))
    return await tx.load(SHIFT, shifts.stream_of(unit, night), rely=rely)


async def require_at_work(tx: Transaction, unit: UUID, member: UUID, role: str) -> None:
    """NotSignedInError where `member`, whom something reaches in `role`, has not signed in to a night of the unit.

    Managers, assessors and installers sign in to none: they are reached where they are.
    """
    if staff.plain_role(role) in staff.AT_WORK:
        shift = await shift_of(tx, unit, member, rely=True)
        shifts.require_signed_in(shift.state, member)
