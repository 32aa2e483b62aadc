"""Found dead: the recipient's death is on record in the same transaction, told by whoever found them."""

from events.base import Event
from events.envelope import Context
from events.types.visit import Found, VisitCompleted
from services.tillsyn import recipient as recipients
from services.tillsyn import visit as visits
from services.tillsyn.desk.whereabouts import change_recipient
from services.tillsyn.kinds import VISIT
from services.tillsyn.ledger import Transaction


async def death_is_recorded(tx: Transaction, stream: str, event: Event, context: Context) -> None:
    """RecipientDied of whoever was visited, with all that follows: cameras, slots, and whoever is on the way."""
    if not isinstance(event, VisitCompleted) or event.found is not Found.FOUND_DEAD:
        return
    visited = (await tx.load(VISIT, visits.stream_of(event.visit))).state.recipient
    if visited is not None:
        died = recipients.RecordDeath(context.time, event.by or event.responder)
        await change_recipient(tx, visited, died, context)
