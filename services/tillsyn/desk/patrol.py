"""What the patrol does: acknowledge a visit, arrive, tell what was found; and what a named person may close."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from events.personal import Personal, Purpose
from events.store import queries
from events.types.visit import Found
from services.tillsyn import visit as visits
from services.tillsyn.desk.follow import owner_of, record_visit
from services.tillsyn.desk.who import staff_context
from services.tillsyn.kinds import VISIT
from services.tillsyn.ledger import Ledger, Transaction
from services.tillsyn.visit.errors import NoSuchVisitError

ROLE = "patrol"


class Patrol:
    """The desk's side towards the road. Every method is one transaction; RefusedError says which rule forbids it."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    async def open_visits(self, unit: UUID) -> list[queries.VisitRow]:
        """The unit's visits that are not over, the next limit first."""
        return await self._ledger.store.query(queries.open_visits, unit)

    async def acknowledge(self, visit: UUID, by: UUID) -> None:
        """The responder takes it."""
        await self._ask(visit, by, lambda at, _: visits.Acknowledge(by, at))

    async def arrive(self, visit: UUID, by: UUID) -> None:
        """The responder is at the door."""
        await self._ask(visit, by, lambda at, _: visits.Arrive(by, at))

    async def complete(
        self, visit: UUID, by: UUID, *, minutes: int, people: int, kilometres: float, found: Found, note: str = ""
    ) -> None:
        """The visit is done: minutes on site, people, kilometres driven for it, what was found."""

        def command(at: datetime, recipient: UUID) -> visits.Command:
            sealed_later = Personal.of(note, recipient, Purpose.IDENTITY) if note else None
            return visits.Complete(by, minutes, people, kilometres, found, sealed_later)

        await self._ask(visit, by, command)

    async def close(self, visit: UUID, by: UUID, reason: str) -> None:
        """End a visit that is not to be made, with a reason."""
        await self._ask(visit, by, lambda at, _: visits.Close(by, reason))

    async def _ask(self, visit_id: UUID, by: UUID, command: Callable[[datetime, UUID], visits.Command]) -> None:
        async def use_case(tx: Transaction) -> None:
            row = await tx.store.query(queries.visit, visit_id)
            if row is None:
                raise NoSuchVisitError(f"nobody has asked for visit {visit_id}; list the visits to see those there are")
            context = await staff_context(tx, by, ROLE, owner_of(row))
            visit = await tx.load(VISIT, visits.stream_of(visit_id))
            events = visits.decide(visit.state, command(context.time, row.recipient))
            await record_visit(tx, visit, events, context)

        await self._ledger.transact(use_case)
