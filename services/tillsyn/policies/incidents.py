"""Cameras that are lost and found again, as the gateways' reports and the looks tell."""

from uuid import UUID

from events.base import Event
from events.envelope import Context
from events.store import queries
from events.types.incident import Cause
from events.types.night import CheckDueReported, EscalationReason, LookServed, PictureMissing
from services.tillsyn.held import any_incident
from services.tillsyn.ledger import Transaction
from services.tillsyn.losses import camera_lost, home_back


async def incidents_policy(tx: Transaction, stream: str, event: Event, context: Context) -> None:
    """Several cameras of one gateway out of reach are an incident; a picture of a home ends its being lost."""
    match event:
        case PictureMissing(slot=slot, reason=EscalationReason.CAMERA_UNREACHABLE):
            home = await _home_of(tx, slot)
            if home is not None:
                await camera_lost(tx, home, context)
        case CheckDueReported(slot=slot, quality=quality) if quality is not None:
            await _seen(tx, slot, context)
        case LookServed(slot=slot):
            await _seen(tx, slot, context)
        case _:
            pass


async def _seen(tx: Transaction, slot: UUID, context: Context) -> None:
    if not await any_incident(tx, context.owner.unit):
        return
    home = await _home_of(tx, slot)
    if home is not None:
        await home_back(tx, home, context, Cause.CAMERAS)


async def _home_of(tx: Transaction, slot: UUID) -> UUID | None:
    row = await tx.store.query(queries.slot, slot)
    return row.home if row is not None else None
