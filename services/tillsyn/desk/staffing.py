"""What is asked of staffing: roles and their ends, emergency access and its review, rosters, signing in and out.

`by` is a member of staff, or, where a unit has no manager yet, the installer's `Actor`.
"""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from events.base import Event
from events.envelope import Actor, ActorKind, Context, Owner
from events.schedule import night_of, zone_named
from events.store import queries
from events.types.night import ReviewVerdict
from events.types.shift import RosterSource, SignedOut
from services.tillsyn import shift as shifts
from services.tillsyn import staff
from services.tillsyn import unit as units
from services.tillsyn.desk.at_work import shift_of
from services.tillsyn.desk.entitled import MANAGING
from services.tillsyn.desk.handover import hand_over_late
from services.tillsyn.desk.who import entering_context, staff_context
from services.tillsyn.kinds import ROLES, SHIFT, UNIT
from services.tillsyn.ledger import Ledger, Transaction
from services.tillsyn.refused import RefusedError
from services.tillsyn.shift.errors import NoSuchShiftError, NotForTheRosterError
from services.tillsyn.staff.errors import (
    HasTheRoleError,
    NoSuchAccessError,
    NoSuchStaffError,
    NotOfThisOrganisationError,
)
from services.tillsyn.unit import NoSuchUnitError


class RosterRefusedError(RefusedError):
    """Lines of a roster that the rules forbid: their numbers from 0, and why."""

    def __init__(self, faults: Sequence[tuple[int, RefusedError]]) -> None:
        number, first = faults[0]
        more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
        super().__init__(f"line {number + 1} of the roster: {first}{more}")
        self.faults = tuple(faults)


By = UUID | Actor
"""Who enters something: a member of staff by id, or an actor that the command line vouches for."""


class Staffing:
    """The desk's side towards those who work. Every method is one transaction; RefusedError says what forbids it.

    Lists are of the unit that is asked for: whoever shows them checks that the reader works there.
    """

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    # --- roles --------------------------------------------------------------------------------------------------------

    async def grant_role(
        self,
        member: UUID,
        unit: UUID,
        role: str,
        by: By,
        *,
        holds_from: datetime | None = None,
        until: datetime | None = None,
        agency: bool = False,
    ) -> None:
        """Let somebody who is registered, here or in another organisation, act in a role in a unit."""

        async def use_case(tx: Transaction) -> None:
            context = await self._managing(tx, unit, by)
            if await tx.store.query(queries.staff_member, member) is None:
                raise NoSuchStaffError(f"nobody is registered as {member}; register them in their own unit first")
            at = context.time
            command = staff.GrantRole(member, unit, role, holds_from or at, until, agency, at)
            await _of_rights(tx, member, command, context)

        await self._ledger.transact(use_case)

    async def end_role(self, member: UUID, unit: UUID, role: str, by: By) -> None:
        """Their role in the unit is over now. What they own under it stays theirs until they sign out."""

        async def use_case(tx: Transaction) -> None:
            context = await self._managing(tx, unit, by)
            employed = await tx.store.query(queries.staff_member, member)
            registered = employed is not None and employed.unit == unit and role in employed.roles
            await _of_rights(tx, member, staff.EndRole(member, unit, role, registered), context)

        await self._ledger.transact(use_case)

    async def roles(self, unit: UUID) -> list[queries.RoleRow]:
        """Who may do what in a unit, ended by time or not."""
        return await self._ledger.store.query(queries.roles_in, unit)

    # --- emergency access ---------------------------------------------------------------------------------------------

    async def break_glass(self, unit: UUID, role: str, reason: str, by: UUID) -> UUID:
        """Take a role for a short time, in an emergency; the access. Loud, and reviewed. It overrides no consent."""

        async def use_case(tx: Transaction) -> UUID:
            state, owner = await _unit(tx, unit)
            now = tx.ledger.clock.now()
            rights = await tx.load(ROLES, staff.stream_of(by), rely=True)
            await _require_may_break(tx, by, role, owner, now)
            access = tx.ledger.ids.thing()
            command = staff.OpenBreakGlass(access, by, unit, role, reason, now, state.rules.break_glass_for)
            actor = Actor(ActorKind.STAFF, str(by), staff.BREAK_GLASS + role)
            context = Context(actor, owner, now, tx.ledger.ids.thing())
            tx.record(rights, staff.decide(rights.state, command), context)
            held = rights.state.emergency(unit, role, now)
            return held.access if held is not None else access

        return await self._ledger.transact(use_case)

    async def review_access(self, access: UUID, by: UUID, verdict: ReviewVerdict, note: str | None = None) -> None:
        """A manager of the unit, who is somebody else, has looked at what was done under it."""

        async def use_case(tx: Transaction) -> None:
            row = await tx.store.query(queries.access, access)
            if row is None:
                raise NoSuchAccessError(f"no emergency access has the id {access}; list them to see those there are")
            context = await staff_context(tx, by, staff.MANAGER, Owner(row.organisation, row.unit))
            await _of_rights(tx, row.staff, staff.ReviewBreakGlass(access, by, verdict, note), context)

        await self._ledger.transact(use_case)

    async def accesses_to_review(self, unit: UUID) -> list[queries.AccessRow]:
        """Emergency accesses that nobody has reviewed."""
        return await self._ledger.store.query(queries.accesses_to_review, unit)

    # --- rosters ------------------------------------------------------------------------------------------------------

    async def enter_roster(
        self,
        unit: UUID,
        lines: Sequence[tuple[date, shifts.Line]],
        by: By,
        source: RosterSource = RosterSource.ENTERED,
        *,
        dry_run: bool = False,
    ) -> int:
        """Enter lines of a roster, all or none; how many were new. Entering one again changes nothing.

        RosterRefusedError holds what stands against which of them, every one.
        """

        async def use_case(tx: Transaction) -> int:
            context = await self._managing(tx, unit, by)
            entered, faults = 0, []
            for number, (night, line) in enumerate(lines):
                try:
                    entered += await _enter(tx, context, night, line, source)
                except RefusedError as fault:
                    faults.append((number, fault))
            if faults:
                raise RosterRefusedError(faults)
            return entered

        return await (use_case(Transaction(self._ledger)) if dry_run else self._ledger.transact(use_case))

    async def remove_shift(self, shift: UUID, by: By) -> None:
        """Take a line out of a roster."""

        async def use_case(tx: Transaction) -> None:
            row = await tx.store.query(queries.shift_line, shift)
            if row is None:
                raise NoSuchShiftError(f"no roster has a line {shift}; `tillsyn roster show` lists those there are")
            context = await self._managing(tx, row.unit, by)
            stream = await tx.load(SHIFT, shifts.stream_of(row.unit, row.night))
            tx.record(stream, shifts.decide(stream.state, shifts.RemoveShift(shift)), context)

        await self._ledger.transact(use_case)

    async def roster(self, unit: UUID, night: date) -> list[queries.ShiftRow]:
        """Who is to work in a unit's night."""
        return await self._ledger.store.query(queries.shifts_of_night, unit, night)

    # --- at work ------------------------------------------------------------------------------------------------------

    async def sign_in(self, unit: UUID, role: str, by: UUID) -> None:
        """`by` is at work from now on, whether the roster has them or not."""

        async def use_case(tx: Transaction) -> None:
            state, owner = await _unit(tx, unit)
            context = await staff_context(tx, by, role, owner)
            night = night_of(context.time, zone_named(state.zone))
            stream = await tx.load(SHIFT, shifts.stream_of(unit, night))
            tx.record(stream, shifts.decide(stream.state, shifts.SignIn(unit, night, by, role)), context)

        await self._ledger.transact(use_case)

    async def sign_out(self, unit: UUID, by: UUID, to: UUID | None = None) -> None:
        """`by` goes. What they own in the unit goes to `to`, who is signed in in the same role, or is loud at once.
        Who is still signed in to a night before goes from that, too.

        It takes no role: an agency's nurse whose role ended an hour ago must be able to hand over.
        """

        async def use_case(tx: Transaction) -> tuple[SignedOut, Context] | None:
            _, owner = await _unit(tx, unit)
            stream = await shift_of(tx, unit, by)
            now = tx.ledger.clock.now()
            role = stream.state.signed_in.get(by, "")
            events = shifts.decide(stream.state, shifts.SignOut(by, to))
            if events and to is not None:
                await staff_context(tx, to, role, owner)  # a colleague whose role has ended can be handed nothing
            context = Context(Actor(ActorKind.STAFF, str(by), role), owner, now, tx.ledger.ids.thing())
            tx.record(stream, events, context)
            _, nights_in = await tx.store.query(queries.nights_signed_in, unit, by)
            for earlier in nights_in[:-1]:
                before = await tx.load(SHIFT, shifts.stream_of(unit, earlier))
                tx.record(before, shifts.decide(before.state, shifts.SignOut(by)), context)
            night = stream.state.night
            return (SignedOut(unit=unit, night=night, staff=by, to=to), context) if night is not None else None

        left = await self._ledger.transact(use_case)
        if left is not None:
            await self._ledger.transact(lambda tx: hand_over_late(tx, *left))

    async def at_work(self, unit: UUID, night: date) -> list[queries.SignedInRow]:
        """Who is and was at work in a unit's night."""
        return await self._ledger.store.query(queries.signed_in_of_night, unit, night)

    async def _managing(self, tx: Transaction, unit: UUID, by: By) -> Context:
        _, owner = await _unit(tx, unit)
        if isinstance(by, Actor):
            return await entering_context(tx, by, owner, MANAGING)
        return await staff_context(tx, by, staff.MANAGER, owner)


async def _unit(tx: Transaction, unit: UUID) -> tuple[units.Unit, Owner]:
    state = (await tx.load(UNIT, units.stream_of(unit))).state
    if state.organisation is None:
        raise NoSuchUnitError(f"no unit {unit} is registered; register the unit first")
    return state, Owner(state.organisation, unit)


async def _of_rights(tx: Transaction, member: UUID, command: staff.Command, context: Context) -> None:
    rights = await tx.load(ROLES, staff.stream_of(member))
    events: Sequence[Event] = staff.decide(rights.state, command)
    tx.record(rights, events, context)


async def _require_may_break(tx: Transaction, by: UUID, role: str, owner: Owner, now: datetime) -> None:
    held = [row for row in await tx.store.query(queries.roles_of, by) if row.holds(now)]
    if not any(row.organisation == owner.organisation for row in held):
        raise NotOfThisOrganisationError(
            f"{by} has no role anywhere in organisation {owner.organisation}; only who works there may take one"
        )
    if any((row.unit, row.role) == (owner.unit, role) for row in held):
        raise HasTheRoleError(f"{by} is {role} in unit {owner.unit} already; no emergency access is needed")


async def _enter(tx: Transaction, context: Context, night: date, line: shifts.Line, source: RosterSource) -> int:
    unit = context.owner.unit
    await _require_role_at(tx, line, context.owner)
    stream = await tx.load(SHIFT, shifts.stream_of(unit, night))
    command = shifts.EnterShift(unit, night, line.staff, line.role, line.starts_at, line.ends_at, source)
    events = shifts.decide(stream.state, command)
    tx.record(stream, events, context)
    return len(events)


async def _require_role_at(tx: Transaction, line: shifts.Line, owner: Owner) -> None:
    """The roster names only those who have the role when the shift begins."""
    for row in await tx.store.query(queries.roles_of, line.staff):
        if (row.unit, row.role) == (owner.unit, line.role) and row.holds(line.starts_at):
            return
    when = f"{line.starts_at:%Y-%m-%d %H:%MZ}"
    raise NotForTheRosterError(f"{line.staff} is not {line.role} in unit {owner.unit} at {when}; grant the role first")
