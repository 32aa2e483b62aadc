"""Who signs out leaves nothing that is theirs, in the same transaction."""

from events.base import Event
from events.envelope import Context
from events.types.shift import SignedOut
from services.tillsyn.desk.handover import hand_over
from services.tillsyn.ledger import Transaction


async def signing_out(tx: Transaction, stream_name: str, event: Event, context: Context) -> None:
    """What becomes of the things of whoever signs out."""
    if isinstance(event, SignedOut):
        await hand_over(tx, event, context)
