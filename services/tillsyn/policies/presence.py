"""Who arrives for a visit is in the home until the visit ends, or until they hand it back: nobody looks meanwhile."""

from uuid import UUID

from events.base import Event
from events.envelope import Context
from events.store import queries
from events.types.home import CarerArrived
from events.types.visit import (
    VisitArrived,
    VisitCalledOff,
    VisitClosed,
    VisitCompleted,
    VisitDeclined,
    VisitFoundNobody,
    VisitMadeWith,
    VisitMoved,
)
from services.tillsyn import home as homes
from services.tillsyn import visit as visits
from services.tillsyn.home import carers
from services.tillsyn.kinds import HOME, VISIT
from services.tillsyn.ledger import Transaction


async def carer_in_the_home(tx: Transaction, stream: str, event: Event, context: Context) -> None:
    """CarerArrived and CarerLeft on the home's stream."""
    match event:
        case VisitArrived(visit=visit, responder=by):
            home = await _home_of(tx, visit)
            if home is not None:
                where = await tx.load(HOME, homes.stream_of(home))
                if where.state.home is not None:
                    tx.record(where, carers.enter(where.state, by, visit), context)
        case (
            VisitCompleted(visit=visit)
            | VisitMadeWith(visit=visit)
            | VisitClosed(visit=visit)
            | VisitCalledOff(visit=visit)
        ):
            await _leave(tx, visit, None, context)
        case VisitDeclined(visit=visit, responder=by) | VisitFoundNobody(visit=visit, responder=by):
            await _leave(tx, visit, by, context)
        case VisitMoved(visit=visit):
            await _stay_behind(tx, visit, context)
        case _:
            pass


async def _stay_behind(tx: Transaction, visit: UUID, context: Context) -> None:
    """Who came to the old home is there for no visit any more, and until they say that they have left it."""
    before = VISIT.fold(recorded.event for recorded in await tx.store.read(visits.stream_of(visit)))
    if before.home is None:
        return
    where = await tx.load(HOME, homes.stream_of(before.home))
    tx.record(where, carers.stay_behind(where.state, visit), context)


async def _leave(tx: Transaction, visit: UUID, by: UUID | None, context: Context) -> None:
    home = await _home_of(tx, visit)
    if home is None:
        return
    where = await tx.load(HOME, homes.stream_of(home), rely=True)  # who ends another visit there may count on this one
    here = {one for one, for_visit in where.state.carers.items() if for_visit == visit and by in (None, one)}
    if not here:
        return
    tx.record(where, carers.leave_visit(where.state, visit, by), context)
    for row in await tx.store.query(queries.visits_under_way_in, home):
        if row.id == visit:
            continue
        other = (await tx.load(VISIT, visits.stream_of(row.id), rely=True)).state
        if other.stage is visits.Stage.ARRIVED and other.responder in here:  # one of a couple; still with the other
            tx.record(where, [CarerArrived(home=home, by=other.responder, visit=row.id)], context)


async def _home_of(tx: Transaction, visit: UUID) -> UUID | None:
    return (await tx.load(VISIT, visits.stream_of(visit))).state.home
