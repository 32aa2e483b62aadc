"""A visit that was sent is called off when there is nobody to go to: the recipient has died, or was fetched.

By the word of a named person only, who stands in the envelope; a visit that somebody has arrived for goes on. Who moved
is visited where they live now.
"""

from uuid import UUID

from events.base import Event
from events.envelope import ActorKind, Context
from events.store import queries
from events.types.night import CancelReason
from events.types.recipient import AbsenceReported, RecipientDied, RecipientMoved
from services.tillsyn.desk.asking import call_off, move_visit
from services.tillsyn.ledger import Transaction

NOBODY_THERE = "nobody to go to: {because}"


async def nobody_to_go_to(tx: Transaction, stream: str, event: Event, context: Context) -> None:
    """VisitCalledOff for each open visit of somebody who died, or is away now."""
    if context.actor.kind is not ActorKind.STAFF:
        return
    match event:
        case RecipientDied(recipient=recipient):
            await _call_off(tx, recipient, CancelReason.DEATH, context)
        case AbsenceReported(recipient=recipient, starts_at=starts_at, ends_at=ends_at):
            if starts_at <= context.time and (ends_at is None or context.time < ends_at):
                await _call_off(tx, recipient, CancelReason.ABSENT, context)
        case _:
            pass


async def to_the_new_home(tx: Transaction, stream: str, event: Event, context: Context) -> None:
    """VisitMoved for each open visit of somebody who moved."""
    if isinstance(event, RecipientMoved):
        for row in await tx.store.query(queries.open_visits_of_recipient, event.recipient):
            await move_visit(tx, row.id, event.to_home, context)


async def _call_off(tx: Transaction, recipient: UUID, because: CancelReason, context: Context) -> None:
    for row in await tx.store.query(queries.open_visits_of_recipient, recipient):
        if row.kind == "sent":  # planned ones go with their slots
            await call_off(tx, row.id, NOBODY_THERE.format(because=because.value), context, because)
