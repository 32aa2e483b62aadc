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
    """The member of staff had `role`, or will have it, and does not have it now."""

    def __init__(self, message: str, role: str) -> None:
        super().__init__(message)
        self.role = role


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


async def acting_context(tx: Transaction, by: UUID, roles: Sequence[str], owner: Owner) -> Context:
    """The circumstances of what `by` asks now, in the first of `roles` that they have.

    Errors as above, where they have none of them: RoleExpiredError for the first that has ended, else of the last.
    """
    refused: list[RefusedError] = []
    for role in roles:
        try:
            return await staff_context(tx, by, role, owner)
        except (NotInThisRoleError, NotOfThisUnitError, RoleExpiredError) as refusal:
            refused.append(refusal)
    raise next((refusal for refusal in refused if isinstance(refusal, RoleExpiredError)), refused[-1])


async def entering_context(tx: Transaction, actor: Actor, owner: Owner, roles: Sequence[str]) -> Context:
    """The circumstances of what `actor` enters in a unit: staff in one of `roles`, which they say and have there now.

    The machinery (an installer, an import) is vouched for by what lets it in; nobody else is. Errors as of
    `staff_context`, and NotInThisRoleError for a role that is not among `roles`.
    """
    if actor.kind is ActorKind.SYSTEM:
        return Context(actor, owner, tx.ledger.clock.now(), tx.ledger.ids.thing())
    context = await staff_context(tx, _id(actor), actor.role, owner)
    if actor.role not in roles:
        raise NotInThisRoleError(f"{actor.id} asks this as {actor.role}; it takes {' or '.join(roles)}")
    return context


async def require_in_organisation(tx: Transaction, actor: Actor, organisation: UUID, roles: Sequence[str]) -> None:
    """NotOfThisOrganisationError for staff who have no role now in any unit of the organisation; NotInThisRoleError
    when the one in which they ask is not among `roles`, or not theirs.
    """
    if actor.kind is ActorKind.SYSTEM:
        return
    member, now = _id(actor), tx.ledger.clock.now()
    await tx.load(ROLES, staff.stream_of(member), rely=True)
    held = [row for row in await tx.store.query(queries.roles_of, member) if row.holds(now)]
    here = sorted(row.role for row in held if row.organisation == organisation)
    if not here:
        raise NotOfThisOrganisationError(
            f"{actor.id} has no role anywhere in organisation {organisation}; ask somebody who works there"
        )
    if actor.role not in roles or actor.role not in here:
        raise NotInThisRoleError(
            f"{actor.id} asks this as {actor.role}, and has {', '.join(here)}; it takes {' or '.join(roles)}"
        )


def _id(actor: Actor) -> UUID:
    try:
        return UUID(actor.id)
    except ValueError:
        raise NotOfThisUnitError(f"{actor.id} is no member of staff; name one who is registered") from None


def _in(owner: Owner, row: queries.RoleRow) -> bool:
    return (row.organisation, row.unit) == (owner.organisation, owner.unit)


def _refusal(by: UUID, role: str, owner: Owner, given: Sequence[queries.RoleRow], now: datetime) -> RefusedError:
    for row in given:
        if row.role == role:
            when = f"only from {row.holds_from:%Y-%m-%d %H:%MZ} on" if row.holds_from > now else _until(row)
            said = f"{by} is {role} in unit {owner.unit} {when}; ask a manager of the unit for it"
            return RoleExpiredError(said, role)
    held = sorted(row.role for row in given if row.holds(now))
    if held:
        return NotInThisRoleError(f"{by} is not {role} in unit {owner.unit}; the roles given are {', '.join(held)}")
    return NotOfThisUnitError(f"{by} has no role in unit {owner.unit}; ask somebody of that unit")


def _until(row: queries.RoleRow) -> str:
    return f"no longer: the role held until {row.until:%Y-%m-%d %H:%MZ}"
