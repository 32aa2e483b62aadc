"""One check is not to be made this once: a named person says so, and why."""

from uuid import UUID

from services.tillsyn import night as nights
from services.tillsyn.desk.follow import record_night
from services.tillsyn.desk.place import NIGHT_STAFF, place_of
from services.tillsyn.ledger import Transaction

ROLES = (NIGHT_STAFF, "manager")


async def cancel(tx: Transaction, slot: UUID, by: UUID, reason: str) -> None:
    """Cancel `slot` by name; a visit planned for it is called off."""
    place = await place_of(tx, slot, by, ROLES)
    command = nights.CancelSlot(slot, by, reason)
    await record_night(tx, place.night, nights.decide(place.night.state, command), place.context)
