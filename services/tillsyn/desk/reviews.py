"""What managers and assessors review: every look outside the agreed times."""

from uuid import UUID

from events.store import queries
from events.types.night import ReviewVerdict
from services.tillsyn import night as nights
from services.tillsyn.desk.follow import record_night
from services.tillsyn.desk.place import place_of
from services.tillsyn.ledger import Ledger, Transaction

ROLES = ("manager", "assessor")


class Reviews:
    """The desk's side towards those who answer for what was done. RefusedError says which rule forbids it.

    Lists are of the unit that is asked for: whoever shows them checks that the reader works there.
    """

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    async def looks_to_review(self, unit: UUID) -> list[queries.LookRow]:
        """The unit's looks outside the agreed times that nobody has reviewed yet, oldest first."""
        return await self._ledger.store.query(queries.looks_to_review, unit)

    async def review_look(self, slot: UUID, look: UUID, by: UUID, verdict: ReviewVerdict, note: str = "") -> None:
        """Say whether a look was in order: once, and not one's own."""

        async def use_case(tx: Transaction) -> None:
            place = await place_of(tx, slot, by, ROLES)
            command = nights.ReviewLook(slot, look, by, verdict, note)
            await record_night(tx, place.night, nights.decide(place.night.state, command), place.context)

        await self._ledger.transact(use_case)
