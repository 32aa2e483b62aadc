"""Nobody is asked about a home in an incident in which nothing is left to decide for, whatever ended it: a death, an
absence, a move, a visit that was made, a look when the power was back.
"""

from uuid import UUID

from events.base import Event
from events.envelope import Context
from events.types import visit as visited
from events.types.incident import HomeBack
from events.types.night import SlotBecameVisit, SlotCancelled, SlotCompleted, SlotEscalated
from events.types.recipient import RecipientMoved
from services.tillsyn import incident as incidents
from services.tillsyn.held import any_incident, checks_due, visits_held
from services.tillsyn.kinds import INCIDENTS, NIGHT, VISIT
from services.tillsyn.ledger import Transaction

OF_A_SLOT = (SlotBecameVisit, SlotCancelled, SlotCompleted, SlotEscalated)
OF_A_VISIT = (
    visited.VisitAcknowledged,
    visited.VisitArrived,
    visited.VisitCalledOff,
    visited.VisitClosed,
    visited.VisitCompleted,
    visited.VisitMadeWith,
    visited.VisitReleased,
)
"""What takes a visit out of an incident. Of one that moves with its recipient, RecipientMoved tells the old home."""


async def homes_settle(tx: Transaction, stream: str, event: Event, context: Context) -> None:
    """HomeSettled for a home that waited for a decision, and has nothing left to decide for."""
    if not isinstance(event, (*OF_A_SLOT, *OF_A_VISIT, RecipientMoved, HomeBack)):
        return
    if not await any_incident(tx, context.owner.unit):
        return
    home = await _home_of(tx, stream, event)
    if home is None:
        return
    unit = await tx.load(INCIDENTS, incidents.stream_of(context.owner.unit))
    waiting = [one for one in unit.state.open.values() if home in one.homes and one.homes[home].waits]
    if not waiting:
        return
    until = max(one.homes[home].until or context.time for one in waiting)
    if await visits_held(tx, home, [one.incident for one in waiting]) or await checks_due(tx, home, until):
        return
    tx.record(unit, incidents.decide(unit.state, incidents.Settle(home)), context)


async def _home_of(tx: Transaction, stream: str, event: Event) -> UUID | None:
    match event:
        case RecipientMoved(from_home=home) | HomeBack(home=home):
            return home
        case SlotBecameVisit() | SlotCancelled() | SlotCompleted() | SlotEscalated():
            return (await tx.load(NIGHT, stream)).state.home
        case _:
            return (await tx.load(VISIT, stream)).state.home
