"""Second thoughts: a settled slot is open again, and a visit that nobody has taken yet is ended."""

from uuid import UUID

from events.schedule import night_bounds, zone_named
from services.tillsyn import night as nights
from services.tillsyn import unit as units
from services.tillsyn import visit as visits
from services.tillsyn.desk.agreements import hold_against_agreements
from services.tillsyn.desk.follow import record_night, record_visit
from services.tillsyn.desk.place import place_of
from services.tillsyn.kinds import UNIT, VISIT
from services.tillsyn.ledger import Stream, Transaction

REOPENED = "the slot was reopened"
"""Why its visit is ended; the words of whoever reopened it stand in the night."""


async def reopen(tx: Transaction, slot: UUID, by: UUID, reason: str) -> None:
    """Reopen `slot`, and hold it against what stands now: much may have changed since it was settled."""
    place = await place_of(tx, slot, by)
    unit = (await tx.load(UNIT, units.stream_of(place.row.unit))).state
    visit = await _visit(tx, place.night.state.slots.get(slot))
    command = nights.ReopenSlot(
        slot=slot,
        by=by,
        reason=reason,
        at=place.context.time,
        night_ends=night_bounds(place.row.night, zone_named(unit.zone))[1],
        visit_taken=visit is not None and visit.state.taken,
        visit_made=visit is not None and visit.state.stage is visits.Stage.COMPLETED and not visit.state.told_death,
        visit_ended=visit is not None and visit.state.over,
    )
    was = place.night.state.slots[slot].status
    await record_night(tx, place.night, nights.decide(place.night.state, command), place.context)
    if was is nights.Status.ESCALATED and visit is not None and not visit.state.over:
        await record_visit(tx, visit, visits.decide(visit.state, visits.Close(by, REOPENED)), place.context)
    await hold_against_agreements(tx, place.row.recipient, place.context, [place.row.night])


async def _visit(tx: Transaction, slot: nights.Slot | None) -> Stream[visits.Visit] | None:
    """The visit that the slot has led to; that nobody takes it meanwhile is relied on."""
    if slot is None or slot.visit is None:
        return None
    return await tx.load(VISIT, visits.stream_of(slot.visit), rely=True)
