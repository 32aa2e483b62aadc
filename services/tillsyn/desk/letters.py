"""What is done with dead letters: put back, or dropped. On record before the letter is gone from NATS."""

from uuid import UUID

from events.envelope import Context, Owner
from events.store import queries
from events.transport import subjects
from events.transport.buried import Buried, Letter
from services.tillsyn import dead_letter as letters
from services.tillsyn.desk.who import NotOfThisUnitError, acting_context, system
from services.tillsyn.kinds import DEAD_LETTER
from services.tillsyn.ledger import Ledger, Transaction
from services.tillsyn.refused import RefusedError, UnknownError
from services.tillsyn.staff import MANAGER, NIGHT_STAFF
from services.tillsyn.staff.errors import NotOfThisOrganisationError

NAME = "deadletters"
DEALING = (MANAGER, NIGHT_STAFF)
"""Who may put a letter back or throw it away."""
NO_UNIT = UUID(int=0)
"""Whose a letter is that comes from a gateway which nobody has registered."""


class NoSuchLetterError(UnknownError):
    """There is no dead letter of this number."""


class CannotBePutBackError(RefusedError):
    """The letter came on no gateway's subject: there is no way in for it."""


class DeadLetterDesk:
    """Deals with one letter at a time. Each method may be called again after a crash, and does what is left to do."""

    def __init__(self, ledger: Ledger, buried: Buried) -> None:
        self._ledger = ledger
        self._buried = buried

    async def replay(self, sequence: int, by: UUID | None = None) -> Letter:
        """Put the letter back on its way in, so that the service decides it anew.

        JetStream has it before it is on record, and it is on record before the letter is removed. NoSuchLetterError,
        CannotBePutBackError; NotOfThisUnitError for somebody of another unit, NotOfThisOrganisationError for somebody
        of another organisation. Without `by` it is the machinery, which the command line vouches for.
        """
        letter = await self._whole(sequence)
        try:
            letter.way_in()
        except ValueError as error:
            raise CannotBePutBackError(f"letter {sequence} cannot be put back, only dropped: {error}") from None
        await self._ledger.transact(lambda tx: self._context(tx, letter, by))  # who may not, must not have published
        await self._buried.put_back(letter)
        await self._record(letter, letters.Replay(*_told(letter), by))
        await self._buried.remove(letter)
        return letter

    async def drop(self, sequence: int, by: UUID, why: str) -> Letter:
        """Throw the letter away for good. NoSuchLetterError, NoReasonGivenError; who may not, as above."""
        letter = await self._whole(sequence)
        await self._record(letter, letters.Drop(*_told(letter), by, why))
        await self._buried.remove(letter)
        return letter

    async def _whole(self, sequence: int) -> Letter:
        letter = await self._buried.letter(sequence)
        if letter is None:
            raise NoSuchLetterError(
                f"there is no dead letter {sequence}; `tillsyn deadletters list` shows those there are"
            )
        return letter

    async def _record(self, letter: Letter, command: letters.Command) -> None:
        async def use_case(tx: Transaction) -> None:
            stream = await tx.load(DEAD_LETTER, letters.stream_of(letter.id))
            tx.record(stream, letters.decide(stream.state, command), await self._context(tx, letter, command.by))

        await self._ledger.transact(use_case)

    async def _context(self, tx: Transaction, letter: Letter, by: UUID | None) -> Context:
        """Whose it is: of the gateway's unit; else, in the organisation it came from, of whoever deals with it."""
        owner = await _owner_by_gateway(tx, letter)
        if by is None:
            return system(NAME, owner or _nobodys(letter), tx.ledger.clock.now(), tx.ledger.ids.thing())
        member = await tx.store.query(queries.staff_member, by)
        if member is None:
            raise NotOfThisUnitError(f"{by} is no member of staff; name one who is registered")
        if owner is None:
            _require_of_its_organisation(letter, member)
        return await acting_context(tx, by, DEALING, owner or Owner(member.organisation, member.unit))


def _told(letter: Letter) -> tuple[UUID, int, str, str, str]:
    return letter.id, letter.sequence, letter.subject, letter.reason, letter.sha256


async def _owner_by_gateway(tx: Transaction, letter: Letter) -> Owner | None:
    try:
        _, gateway = subjects.sender(letter.subject)
    except ValueError:
        return None
    row = await tx.store.query(queries.gateway, gateway)
    return Owner(row.organisation, row.unit) if row else None


def _require_of_its_organisation(letter: Letter, member: queries.StaffRow) -> None:
    """The subject tells from whose gateway a letter came, known or not: the broker lets no other publish there."""
    organisation = _nobodys(letter).organisation
    if organisation not in (NO_UNIT, member.organisation):
        raise NotOfThisOrganisationError(
            f"letter {letter.sequence} came from organisation {organisation}; somebody who works there deals with it"
        )


def _nobodys(letter: Letter) -> Owner:
    try:
        return Owner(subjects.sender(letter.subject)[0], NO_UNIT)
    except ValueError:
        return Owner(NO_UNIT, NO_UNIT)
