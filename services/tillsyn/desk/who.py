"""Who asks: staff act in a unit in a role that they have there now; the machinery acts under its own name."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from events.envelope import Actor, ActorKind, Context, Owner
from events.store import queries
from services.tillsyn import staff
from services.tillsyn.kinds import ROLES
from services.tillsyn.ledger import Transaction
from services.tillsyn.refused import RefusedError
from services.tillsyn.staff.errors import NotOfThisOrganisationError


class NotOfThisUnitError(RefusedError):
    """Staff may act for the recipients of units in which they have a role."""


class NotInThisRoleError(RefusedError):
    """The member of staff does not have the role that this takes."""


class RoleExpiredError(RefusedError):
    """The member of staff had the role, or will have it, and does not have it now."""


def system(name: str, owner: Owner, at: datetime, correlation: UUID, causation: UUID | None = None) -> Context:
    """The circumstances of something that the machinery does: planner, sweeper, projector."""
    return Context(Actor(ActorKind.SYSTEM, name, name), owner, at, correlation, causation)


async def staff_context(tx: Transaction, by: UUID, role: str, owner: Owner) -> Context:
    """The circumstances of what `by` asks now, in the unit that answers for it.

    NotOfThisUnitError, NotInThisRoleError or RoleExpiredError if they may not. A role that was taken in an emergency
    does as well, and is told in the log for what it is. A role that ends meanwhile makes the append fail.
    """
    now = tx.ledger.clock.now()
    rights = await tx.load(ROLES, staff.stream_of(by), rely=True)  # before the rows: what is newer than this conflicts
    given = [row for row in await tx.store.query(queries.roles_of, by) if _in(owner, row)]
    acts_as = role
    if not any(row.role == role and row.holds(now) for row in given):
        if rights.state.emergency(owner.unit, role, now) is None:
            raise _refusal(by, role, owner, given, now)
        acts_as = staff.BREAK_GLASS + role
    return Context(Actor(ActorKind.STAFF, str(by), acts_as), owner, now, tx.ledger.ids.thing())


async def require_in_unit(tx: Transaction, actor: Actor, owner: Owner) -> None:
    """NotOfThisUnitError when a registered member of staff enters something for a unit in which they have no role.

    Whoever is not registered (an installer, an import) is vouched for by what lets them in.
    """
    member = await _member(tx, actor)
    if member is None:
        return
    now = tx.ledger.clock.now()  # of somebody whose roles were all ended by name there are no rows
    if not any(_in(owner, row) and row.holds(now) for row in await tx.store.query(queries.roles_of, member.id)):
        raise NotOfThisUnitError(f"{actor.id} has no role in unit {owner.unit}; ask somebody of that unit")


async def require_in_organisation(tx: Transaction, actor: Actor, organisation: UUID) -> None:
    """NotOfThisOrganisationError when a registered member of staff has no role now in any unit of the organisation."""
    member = await _member(tx, actor)
    if member is None:
        return
    now = tx.ledger.clock.now()
    given = await tx.store.query(queries.roles_of, member.id)
    if not any(row.organisation == organisation and row.holds(now) for row in given):
        raise NotOfThisOrganisationError(
            f"{actor.id} has no role anywhere in organisation {organisation}; ask somebody who works there"
        )


async def _member(tx: Transaction, actor: Actor) -> queries.StaffRow | None:
    """The registered member of staff who acts; None for anybody else, and for a name that is nobody's id."""
    try:
        id_ = UUID(actor.id) if actor.kind is ActorKind.STAFF else None
    except ValueError:
        return None
    return await tx.store.query(queries.staff_member, id_) if id_ is not None else None


def _in(owner: Owner, row: queries.RoleRow) -> bool:
    return (row.organisation, row.unit) == (owner.organisation, owner.unit)


def _refusal(by: UUID, role: str, owner: Owner, given: Sequence[queries.RoleRow], now: datetime) -> RefusedError:
    for row in given:
        if row.role == role:
            when = f"only from {row.holds_from:%Y-%m-%d %H:%MZ} on" if row.holds_from > now else _until(row)
            return RoleExpiredError(f"{by} is {role} in unit {owner.unit} {when}; ask a manager of the unit for it")
    held = sorted(row.role for row in given if row.holds(now))
    if held:
        return NotInThisRoleError(f"{by} is not {role} in unit {owner.unit}; the roles given are {', '.join(held)}")
    return NotOfThisUnitError(f"{by} has no role in unit {owner.unit}; ask somebody of that unit")


def _until(row: queries.RoleRow) -> str:
    return f"no longer: the role held until {row.until:%Y-%m-%d %H:%MZ}"
