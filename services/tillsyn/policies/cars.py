"""A car that nobody is in, or that is off the road, goes nowhere: what it was asked for or drives to is the next one's.

Whoever is in a home already stays: that visit has a limit of its own. A visit that is planned for later waits for the
car's next crew.
"""

from uuid import UUID

from events.base import Event
from events.envelope import Context
from events.store import queries
from events.types.patrol import PatrolCrewed, PatrolState, PatrolStateSaid
from events.types.visit import DeclineReason, VisitAssigned
from services.tillsyn import patrol as patrols
from services.tillsyn.desk.handover import pass_on
from services.tillsyn.kinds import PATROL
from services.tillsyn.ledger import Transaction


async def cars_that_stand(tx: Transaction, stream: str, event: Event, context: Context) -> None:
    """VisitDeclined for the car, and whoever is asked then."""
    match event:
        case PatrolCrewed(patrol=car, staff=()):
            await _let_go(tx, car, DeclineReason.SHIFT_OVER, context)
        case PatrolStateSaid(patrol=car, state=PatrolState.OFF_THE_ROAD):
            await _let_go(tx, car, DeclineReason.STUCK, context)
        case VisitAssigned(visit=visit, responder=responder):
            asked = (await tx.load(PATROL, patrols.stream_of(responder), rely=True)).state  # nobody gets out meanwhile
            if asked.patrol is not None and not asked.crew:
                await pass_on(tx, visit, responder, DeclineReason.SHIFT_OVER, context, asked_too=True)
        case _:
            pass


async def _let_go(tx: Transaction, car: UUID, why: DeclineReason, context: Context) -> None:
    for visit in await tx.store.query(queries.visits_of_patrol, context.owner.unit, car):
        await pass_on(tx, visit.id, car, why, context, asked_too=True)
