"""Cars on the road: which there are, who is in them tonight, and what they are doing."""

from datetime import datetime
from uuid import UUID

from events.envelope import Actor, Owner
from events.store import queries
from events.types.patrol import PatrolState
from events.types.unit import UnitCarAdded
from services.tillsyn import patrol as patrols
from services.tillsyn import unit as units
from services.tillsyn.desk.entitled import MANAGING
from services.tillsyn.desk.patrol import ROLE
from services.tillsyn.desk.who import entering_context, staff_context
from services.tillsyn.kinds import PATROL, UNIT
from services.tillsyn.ledger import Ledger, Stream, Transaction
from services.tillsyn.patrol.decide import NoSuchPatrolError
from services.tillsyn.refused import RefusedError
from services.tillsyn.unit import NoSuchUnitError


class InAnotherPatrolError(RefusedError):
    """Nobody is in two cars at once."""


class Dispatch:
    """The desk's side towards the cars. `by` is who enters it: a manager there now, or the machinery.

    Lists are of the unit that is asked for: whoever shows them checks that the reader works there.
    """

    def __init__(self, ledger: Ledger, by: Actor) -> None:
        self._ledger = ledger
        self._by = by

    async def cars(self, unit: UUID) -> list[queries.PatrolRow]:
        """The unit's patrols, by their place in the order of asking, with what they are doing now."""
        return await self._ledger.store.query(queries.patrols_of_unit, unit, self._ledger.clock.now())

    async def register(self, command: patrols.Register) -> None:
        """A car is known. Entering it again changes nothing."""

        async def use_case(tx: Transaction) -> None:
            stream = await tx.load(UNIT, units.stream_of(command.unit))
            unit = stream.state
            if unit.organisation is None:
                raise NoSuchUnitError(f"no unit {command.unit} is registered; register the unit first")
            patrol = await tx.load(PATROL, patrols.stream_of(command.patrol))
            owner = Owner(unit.organisation, command.unit)
            context = await entering_context(tx, self._by, owner, MANAGING)
            events = patrols.decide(patrol.state, command)
            tx.record(patrol, events, context)
            if events:
                tx.record(stream, [UnitCarAdded(unit=command.unit, patrol=command.patrol)], context)

        await self._ledger.transact(use_case)

    async def change_areas(self, patrol: UUID, areas: tuple[str, ...]) -> None:
        """The car is near to other areas from now on."""

        async def use_case(tx: Transaction) -> None:
            stream, owner = await _patrol(tx, patrol)
            context = await entering_context(tx, self._by, owner, MANAGING)
            tx.record(stream, patrols.decide(stream.state, patrols.ChangeAreas(areas)), context)

        await self._ledger.transact(use_case)

    async def crew(self, patrol: UUID, staff: tuple[UUID, ...]) -> None:
        """These people are in the car from now on: of its unit, allowed to go, and in no other car."""

        async def use_case(tx: Transaction) -> None:
            stream, owner = await _patrol(tx, patrol)
            context = await entering_context(tx, self._by, owner, MANAGING)
            for member in staff:
                await staff_context(tx, member, ROLE, owner)
            await _require_in_no_other(tx, patrol, staff, owner)
            tx.record(stream, patrols.decide(stream.state, patrols.Crew(staff)), context)

        await self._ledger.transact(use_case)

    async def say_state(self, patrol: UUID, by: UUID, state: PatrolState, until: datetime | None = None) -> None:
        """Somebody in the car says what they are doing: until then, or until they say otherwise."""

        async def use_case(tx: Transaction) -> None:
            stream, owner = await _patrol(tx, patrol)
            context = await staff_context(tx, by, ROLE, owner)
            command = patrols.SayState(state, by, context.time, until)
            tx.record(stream, patrols.decide(stream.state, command), context)

        await self._ledger.transact(use_case)


async def _patrol(tx: Transaction, patrol: UUID) -> tuple[Stream[patrols.Patrol], Owner]:
    row = await tx.store.query(queries.patrol, patrol, tx.ledger.clock.now())
    if row is None:
        raise NoSuchPatrolError(f"no patrol {patrol} is registered; register the patrol first")
    return await tx.load(PATROL, patrols.stream_of(patrol)), Owner(row.organisation, row.unit)


async def _require_in_no_other(tx: Transaction, patrol: UUID, staff: tuple[UUID, ...], owner: Owner) -> None:
    await tx.load(UNIT, units.stream_of(owner.unit), rely=True)  # nor into a car that is registered meanwhile
    for row in await tx.store.query(queries.patrols_of_unit, owner.unit, tx.ledger.clock.now()):
        if row.id == patrol:
            continue
        other = await tx.load(PATROL, patrols.stream_of(row.id), rely=True)  # nobody may be put in there meanwhile
        both = [member for member in staff if member in other.state.crew]
        if both:
            raise InAnotherPatrolError(f"{both[0]} is in patrol {row.id}; crew that one without them first")
