"""Who asks: staff act for their own unit, in a role that they have; the machinery acts under its own name."""

from datetime import datetime
from uuid import UUID

from events.envelope import Actor, ActorKind, Context, Owner
from events.store import queries
from services.tillsyn.ledger import Transaction
from services.tillsyn.refused import RefusedError


class NotOfThisUnitError(RefusedError):
    """Staff may act for the recipients of their own unit only."""


class NotInThisRoleError(RefusedError):
    """The member of staff does not have the role that this takes."""


def system(name: str, owner: Owner, at: datetime, correlation: UUID, causation: UUID | None = None) -> Context:
    """The circumstances of something that the machinery does: planner, sweeper, projector."""
    return Context(Actor(ActorKind.SYSTEM, name, name), owner, at, correlation, causation)


async def staff_context(tx: Transaction, by: UUID, role: str, owner: Owner) -> Context:
    """The circumstances of what `by` asks now; NotOfThisUnitError or NotInThisRoleError if they may not."""
    member = await tx.store.query(queries.staff_member, by)
    if member is None or member.unit != owner.unit:
        raise NotOfThisUnitError(f"{by} is no member of staff of unit {owner.unit}; ask somebody of that unit")
    if role not in member.roles:
        raise NotInThisRoleError(f"{by} is not {role}; the roles given are {', '.join(sorted(member.roles))}")
    now = tx.ledger.clock.now()
    return Context(Actor(ActorKind.STAFF, str(by), role), owner, now, tx.ledger.ids.thing())
