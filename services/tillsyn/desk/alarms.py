"""What is loud and what must be read: acknowledge an alarm, hand it over, read a notice."""

from uuid import UUID

from events.envelope import Context
from events.store import queries
from events.types.alarm import AlarmKind
from services.tillsyn import alarm as alarms
from services.tillsyn import notice as notices
from services.tillsyn.desk.at_work import require_at_work
from services.tillsyn.desk.follow import owner_of
from services.tillsyn.desk.who import acting_context, staff_context
from services.tillsyn.kinds import ALARM, NOTICE
from services.tillsyn.ledger import Ledger, Stream, Transaction
from services.tillsyn.policies.alarming import rules_of


class Alarms:
    """The desk's loud side. Every method is one transaction; RefusedError says which rule forbids it.

    Lists are of the unit that is asked for: whoever shows them checks that the reader works there.
    """

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    async def standing(self, unit: UUID, role: str | None = None) -> list[queries.AlarmRow]:
        """The unit's alarms that stand, oldest first; only those that reach `role` if it is given."""
        rows = await self._ledger.store.query(queries.open_alarms, unit)
        return [row for row in rows if role is None or role in alarms.roles_reached(row.role, row.repeats)]

    async def acknowledge(self, alarm: UUID, by: UUID) -> None:
        """`by` has it. It stays on the list, and is open again if it is not mended in time."""

        async def use_case(tx: Transaction) -> None:
            row, stream = await _alarm(tx, alarm)
            context = await _reached(tx, row, by)
            command = alarms.Acknowledge(by, context.time, await rules_of(tx, row.unit))
            tx.record(stream, alarms.decide(_same(stream, alarm), command), context)

        await self._ledger.transact(use_case)

    async def hand_over(self, alarm: UUID, by: UUID, to: UUID) -> None:
        """`by`, who has it, gives it to `to`, whom it could have reached too, and who is at work."""

        async def use_case(tx: Transaction) -> None:
            row, stream = await _alarm(tx, alarm)
            context = await _reached(tx, row, by)
            reached = await _reached(tx, row, to)
            await require_at_work(tx, row.unit, to, reached.actor.role)
            tx.record(stream, alarms.decide(_same(stream, alarm), alarms.HandOver(by, to)), context)

        await self._ledger.transact(use_case)


class Notices:
    """The desk's side towards what must be read.

    Lists are of the unit that is asked for: whoever shows them checks that the reader works there.
    """

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    async def unread(self, unit: UUID, role: str | None = None) -> list[queries.NoticeRow]:
        """What nobody has read yet, oldest first; only what is for `role` if it is given."""
        return await self._ledger.store.query(queries.unread_notices, unit, role)

    async def read(self, notice: UUID, by: UUID) -> None:
        """`by` has read it. Reading what a colleague has read changes nothing."""

        async def use_case(tx: Transaction) -> None:
            row = await tx.store.query(queries.notice, notice)
            if row is None:
                raise notices.NoSuchNoticeError(f"there is no notice {notice}; list the notices to see the unread ones")
            context = await staff_context(tx, by, row.to_role, owner_of(row))
            stream = await tx.load(NOTICE, notices.stream_of(notice))
            tx.record(stream, notices.decide(stream.state, notices.Read(by)), context)

        await self._ledger.transact(use_case)


async def _alarm(tx: Transaction, id_: UUID) -> tuple[queries.AlarmRow, Stream[alarms.Alarm]]:
    row = await tx.store.query(queries.alarm, id_)
    if row is None:
        raise alarms.NoSuchAlarmError(f"there is no alarm {id_}; list the alarms to see those that stand")
    return row, await tx.load(ALARM, alarms.stream_of(AlarmKind(row.kind), row.cause))


def _same(stream: Stream[alarms.Alarm], id_: UUID) -> alarms.Alarm:
    """The stream's alarm, if it is the one that was asked for and not a later one of the same cause."""
    if stream.state.alarm != id_:
        raise alarms.AlarmClearedError(f"alarm {id_} was cleared; the same cause has another, {stream.state.alarm}")
    return stream.state


async def _reached(tx: Transaction, row: queries.AlarmRow, who: UUID) -> Context:
    """The circumstances of what `who` asks, in the first of the alarm's roles that they have."""
    return await acting_context(tx, who, alarms.roles_reached(row.role, row.repeats), owner_of(row))
