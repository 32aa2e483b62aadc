"""Where a slot stands when somebody asks something of it: its row, its night, and who asks."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from events.envelope import Context
from events.store import queries
from services.tillsyn import night as nights
from services.tillsyn.desk.follow import owner_of
from services.tillsyn.desk.who import acting_context
from services.tillsyn.kinds import NIGHT
from services.tillsyn.ledger import Stream, Transaction
from services.tillsyn.night.errors import NoSuchSlotError

NIGHT_STAFF = "night-staff"


@dataclass(slots=True)
class Place:
    """A slot's row, its night, and the circumstances of what is asked."""

    row: queries.SlotRow
    night: Stream[nights.Night]
    context: Context


async def place_of(tx: Transaction, slot: UUID, by: UUID, roles: Sequence[str] = (NIGHT_STAFF,)) -> Place:
    """The place of `slot` for `by`, in the first of `roles` that they have; NoSuchSlotError, or who may not."""
    row = await tx.store.query(queries.slot, slot)
    if row is None:
        raise NoSuchSlotError(slot)
    context = await acting_context(tx, by, roles, owner_of(row))
    return Place(row, await tx.load(NIGHT, nights.stream_of(row.recipient, row.night)), context)


async def require_home_free(tx: Transaction, place: Place, by: UUID) -> None:
    """LeaseHeldByOtherError while a colleague is with anybody else who is checked on in that home.

    What is asked relies on their nights as they are: of two who claim one slot each, one is refused.
    """
    for recipient in await tx.store.query(queries.recipients_of_home, place.row.home):
        if recipient != place.row.recipient:
            night = await tx.load(NIGHT, nights.stream_of(recipient, place.row.night), rely=True)
            nights.require_nobody_else(night.state, by, place.context.time)
