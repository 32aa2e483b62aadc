"""What the patrol does: take a visit or decline it, arrive, tell what was found; and what a named person may close.

`by` is always a person. They act for the patrol that they are in the crew of, or, in none, as themselves: the on-call
manager stands in the chain by their own id.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from events.envelope import Actor, ActorKind, Context, Owner
from events.personal import Personal, Purpose
from events.store import queries
from events.types.visit import DeclineReason, Found, Help, PhoneOutcome
from services.tillsyn import home as homes
from services.tillsyn import patrol as patrols
from services.tillsyn import visit as visits
from services.tillsyn.desk.asking import line_of
from services.tillsyn.desk.follow import owner_of, record_visit
from services.tillsyn.desk.who import RoleExpiredError, acting_context
from services.tillsyn.home import carers
from services.tillsyn.home.errors import NoSuchHomeError
from services.tillsyn.kinds import HOME, PATROL, VISIT
from services.tillsyn.ledger import Ledger, Transaction
from services.tillsyn.visit.errors import NoSuchVisitError

ROLE = "patrol"
MANAGER = "manager"
GOING = (ROLE, MANAGER)
"""Who may go, and say what came of it."""
CALLING = (ROLE, MANAGER, "night-staff", "nurse")
"""Who may telephone a home, and say what was answered."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """Who asks (a patrol or a person), with how many; who that is by name; when; and who would be asked next."""

    responder: UUID
    people: int
    person: UUID
    at: datetime
    order: tuple[UUID, ...]
    row: queries.VisitRow
    lives_here: frozenset[UUID]

    @property
    def named(self) -> UUID | None:
        """The person, where the responder is a patrol."""
        return None if self.person == self.responder else self.person


class Patrol:
    """The desk's side towards the road. Every method is one transaction; RefusedError says which rule forbids it.

    Lists are of the unit that is asked for: whoever shows them checks that the reader works there.
    """

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    async def open_visits(self, unit: UUID) -> list[queries.VisitRow]:
        """The unit's visits that are not over: sent ones first, then planned ones by their time."""
        return await self._ledger.store.query(queries.open_visits, unit)

    async def patrol_list(self, unit: UUID, responder: UUID) -> list[queries.VisitRow]:
        """What a patrol, or a person, has to do: first those sent (how loud, asked since when), then those planned."""
        return await self._ledger.store.query(queries.visits_of_patrol, unit, responder)

    async def acknowledge(self, visit: UUID, by: UUID) -> None:
        """The responder takes it."""
        await self._ask(visit, by, lambda a: visits.Acknowledge(a.responder, a.at, a.named, a.people, a.order))

    async def decline(self, visit: UUID, by: UUID, reason: DeclineReason) -> None:
        """The responder cannot go, or cannot go on: the next in line is asked at once."""
        await self._ask(visit, by, lambda a: visits.Decline(a.responder, reason, a.at, a.named, a.order))

    async def arrive(self, visit: UUID, by: UUID) -> None:
        """The responder is at the door."""
        await self._ask(visit, by, lambda a: visits.Arrive(a.responder, a.at, a.named, a.people, a.order))

    async def need_two(self, visit: UUID, by: UUID) -> None:
        """One person is not enough: somebody is asked to go along."""
        await self._ask(visit, by, lambda a: visits.NeedTwo(a.responder, a.at, a.named, a.order))

    async def join(self, visit: UUID, by: UUID) -> None:
        """The responder goes along as the second."""
        await self._ask(visit, by, lambda a: visits.Join(a.responder, a.at, a.named, a.people, a.order))

    async def phone(self, visit: UUID, by: UUID, outcome: PhoneOutcome) -> None:
        """Somebody phoned the home; it stays a visit until it is made, or closed by name."""
        await self._ask(visit, by, lambda a: visits.Phone(by, outcome, a.at, a.order), CALLING)

    async def call_help(self, visit: UUID, by: UUID, whom: Help) -> None:
        """Somebody else was called to the home."""
        await self._ask(visit, by, lambda _: visits.CallHelp(by, whom), CALLING)

    async def complete(
        self,
        visit: UUID,
        by: UUID,
        *,
        minutes: int,
        people: int,
        kilometres: float,
        found: Found,
        note: str = "",
        also_seen: tuple[UUID, ...] = (),
        arrived_at: datetime | None = None,
    ) -> None:
        """The responder was there: minutes on site, people, kilometres driven for it, what was found, who else was met;
        and since when they were there, where nobody has said so at the door.

        Where nobody was met the visit goes on, and the last in line is asked at once what to do.
        """

        def command(a: _Asked) -> visits.Command:
            if found in visits.MET_NOBODY:
                return visits.FindNobody(
                    a.responder, minutes, people, kilometres, found, a.at, a.named, arrived_at, a.order
                )
            return visits.Complete(
                by=a.responder,
                minutes=minutes,
                people=people,
                kilometres=kilometres,
                found=found,
                at=a.at,
                note=Personal.of(note, a.row.recipient, Purpose.IDENTITY) if note else None,
                person=a.named,
                also_seen=also_seen,
                lives_here=a.lives_here,
                arrived_at=arrived_at,
            )

        await self._ask(visit, by, command)

    async def driven(self, visit: UUID, by: UUID, kilometres: float) -> None:
        """Kilometres that the responder drove for a visit that they did not make."""
        await self._ask(visit, by, lambda a: visits.TellDriven(a.responder, kilometres, a.named))

    async def close(self, visit: UUID, by: UUID, reason: str) -> None:
        """End a visit that is not to be made, with a reason."""
        await self._ask(visit, by, lambda _: visits.Close(by, reason), to_finish=False)

    async def enter(self, home: UUID, by: UUID) -> None:
        """A carer is in the home, sent there or not: nobody looks meanwhile."""

        async def use_case(tx: Transaction) -> None:
            stream = await tx.load(HOME, homes.stream_of(home))
            context = await self._at_home(tx, home, by, GOING)
            tx.record(stream, carers.enter(stream.state, by), context)

        await self._ledger.transact(use_case)

    async def leave(self, home: UUID, by: UUID, carer: UUID | None = None) -> None:
        """The carer has left; a colleague may say it for them, by name: then `carer` is who has left."""

        async def use_case(tx: Transaction) -> None:
            stream = await tx.load(HOME, homes.stream_of(home))
            context = await self._at_home(tx, home, by, CALLING, stream.state.carers)
            tx.record(stream, carers.leave(stream.state, carer or by), context)

        await self._ledger.transact(use_case)

    async def _at_home(
        self, tx: Transaction, home: UUID, by: UUID, roles: tuple[str, ...], there: Collection[UUID] = ()
    ) -> Context:
        row = await tx.store.query(queries.home, home)
        if row is None:
            raise NoSuchHomeError(f"no home {home} is registered; register the home first")
        return await _acting(tx, by, roles, row, there)

    async def _ask(
        self,
        visit_id: UUID,
        by: UUID,
        command: Callable[[_Asked], visits.Command],
        roles: tuple[str, ...] = GOING,
        *,
        to_finish: bool = True,
    ) -> None:
        async def use_case(tx: Transaction) -> None:
            row = await tx.store.query(queries.visit, visit_id)
            if row is None:
                raise NoSuchVisitError(f"nobody has asked for visit {visit_id}; list the visits to see those there are")
            visit = await tx.load(VISIT, visits.stream_of(visit_id))
            begun = _theirs(visit.state, by) if to_finish else ()
            context = await _acting(tx, by, roles, row, begun)
            responder, people = await _responder(tx, visit.state, by, context)
            line = await line_of(tx, visit.state, context)
            lives_here = frozenset(await tx.store.query(queries.recipients_of_home, visit.state.home or row.home))
            asked = _Asked(responder, people, by, context.time, line.order, row, lives_here)
            await record_visit(tx, visit, visits.decide(visit.state, command(asked)), context)

        await self._ledger.transact(use_case)


async def _acting(
    tx: Transaction,
    by: UUID,
    roles: tuple[str, ...],
    row: queries.VisitRow | queries.HomeRow,
    begun_by: Collection[UUID] = (),
) -> Context:
    """The circumstances of what `by` asks, in the first of these roles that they have.

    Who is among `begun_by` (on the way or there) when their role ends may finish what they have begun: a carer who
    stands in a home is not locked out of it.
    """
    owner = owner_of(row)
    try:
        return await acting_context(tx, by, roles, owner)
    except RoleExpiredError as ended:
        if by in begun_by:
            actor = Actor(ActorKind.STAFF, str(by), ended.role)
            return Context(actor, owner, tx.ledger.clock.now(), tx.ledger.ids.thing())
        raise


def _theirs(visit: visits.Visit, by: UUID) -> Collection[UUID]:
    """`by`, where they themselves have taken the visit or arrived, for themselves or for their car, and go still."""
    return (by,) if by in visit.crews or visit.spoke_for.get(by) in visit.crews else ()


async def _car_of(tx: Transaction, by: UUID, owner: Owner) -> UUID | None:
    """The car that somebody is in the crew of."""
    cars = await tx.store.query(queries.patrols_of_unit, owner.unit, tx.ledger.clock.now())
    return next((row.id for row in cars if by in row.crew), None)


async def _responder(tx: Transaction, visit: visits.Visit, by: UUID, context: Context) -> tuple[UUID, int]:
    """Who `by` acts for, and with how many: themselves where they were asked by name, else the car that they are in, or
    were in when they spoke for it."""
    if by == visit.responder or (visit.second is not None and visit.second.responder == by):
        return by, 1
    car = await _car_of(tx, by, context.owner)
    if car is not None:
        crew = (await tx.load(PATROL, patrols.stream_of(car), rely=True)).state.crew
        return car, max(len(crew), 1)
    spoke_for = visit.spoke_for.get(by, by)
    return spoke_for, visit.crews.get(spoke_for, 1)
