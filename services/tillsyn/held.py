"""What a transaction decides about a home by: the visits that incidents hold there, the checks that are due there.

The rows say which streams to ask; what counts is their state, with what this transaction has decided of it. They are
relied on: whatever ends, or is held, meanwhile makes the append fail, and all is decided anew.
"""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from events.store import queries
from services.tillsyn import incident as incidents
from services.tillsyn import night as nights
from services.tillsyn import visit as visits
from services.tillsyn.kinds import INCIDENTS, NIGHT, VISIT
from services.tillsyn.ledger import Transaction


async def any_incident(tx: Transaction, unit: UUID) -> bool:
    """Whether an incident of the unit is open, those that this transaction has opened included."""
    known = [stream for stream in tx.loaded(INCIDENTS) if stream.name == incidents.stream_of(unit)]
    return bool(known[0].state.open if known else await tx.store.query(queries.open_incidents, unit))


async def visits_held(tx: Transaction, home: UUID, which: Collection[UUID]) -> list[UUID]:
    """The visits to a home that one of these incidents holds back."""
    for incident in which:
        for visit in await tx.store.query(queries.held_visits, incident, home):
            await tx.load(VISIT, visits.stream_of(visit), rely=True)
    states = (stream.state for stream in tx.loaded(VISIT))
    return [one.visit for one in states if one.visit and one.home == home and one.held_by in which]


async def checks_due(tx: Transaction, home: UUID, until: datetime) -> bool:
    """Whether a check by camera is open in a home that is due by then: only what was due runs out, and may be held."""
    for recipient, night in await tx.store.query(queries.nights_open_in, home, until):
        await tx.load(NIGHT, nights.stream_of(recipient, night), rely=True)
    return any(
        slot.for_the_camera and slot.plan.due_at <= until
        for one in tx.loaded(NIGHT)
        if one.state.home == home
        for slot in one.state.slots.values()
    )
