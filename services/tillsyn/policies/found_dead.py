"""Found dead: the recipient's death is on record in the same transaction, told by whoever found them."""

from events.base import Event
from events.envelope import Context
from events.types.recipient import RecipientDied
from events.types.visit import Found, VisitCompleted
from services.tillsyn import recipient as recipients
from services.tillsyn import visit as visits
from services.tillsyn.kinds import RECIPIENT, VISIT
from services.tillsyn.ledger import Transaction


async def death_is_recorded(tx: Transaction, stream: str, event: Event, context: Context) -> None:
    """RecipientDied on the stream of whoever was visited."""
    if not isinstance(event, VisitCompleted) or event.found is not Found.FOUND_DEAD:
        return
    visited = (await tx.load(VISIT, visits.stream_of(event.visit))).state.recipient
    if visited is not None:
        person = await tx.load(RECIPIENT, recipients.stream_of(visited))
        died = RecipientDied(recipient=visited, at=context.time, told_by=event.by or event.responder)
        tx.record(person, [died], context)
