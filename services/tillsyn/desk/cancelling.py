"""One check is not to be made this once: a named person says so, and why."""

from uuid import UUID

from services.tillsyn import night as nights
from services.tillsyn import visit as visits
from services.tillsyn.desk.follow import record_night
from services.tillsyn.desk.place import NIGHT_STAFF, place_of
from services.tillsyn.kinds import VISIT
from services.tillsyn.ledger import Transaction

ROLES = (NIGHT_STAFF, "manager")


async def cancel(tx: Transaction, slot: UUID, by: UUID, reason: str) -> None:
    """Cancel `slot` by name; a visit planned for it is called off."""
    place = await place_of(tx, slot, by, ROLES)
    command = nights.CancelSlot(slot, by, reason, await _carer_there(tx, place.night.state, slot))
    await record_night(tx, place.night, nights.decide(place.night.state, command), place.context)


async def _carer_there(tx: Transaction, night: nights.Night, slot: UUID) -> bool:
    """Whether somebody is in the home for the slot, or one that falls together with it."""
    there = False
    for one in night.fallen_together(night.slots[slot]):
        if one.visit is not None:
            visit = await tx.load(VISIT, visits.stream_of(one.visit), rely=True)
            there = there or visit.state.stage is visits.Stage.ARRIVED
    return there
