"""Alarms whose cause ends without an event: a night that is over, a lost camera where nobody is checked on any more."""

from datetime import date, datetime, timedelta

from events.runtime.clock import Clock, sleep
from events.schedule import night_bounds, zone_named
from events.store import queries
from events.types.alarm import AlarmKind
from services.tillsyn.desk.follow import owner_of
from services.tillsyn.desk.who import system
from services.tillsyn.each_by_itself import EachByItself
from services.tillsyn.ledger import Ledger, Transaction
from services.tillsyn.policies.alarming import clear_alarms
from services.tillsyn.policies.devices import checked_on
from services.tillsyn.policies.paper import CAUSE
from services.tillsyn.policies.returning import decision_stands

NAME = "cause-watch"
INTERVAL = timedelta(minutes=15)


class CauseWatch:
    """Clears what nothing else clears."""

    def __init__(self, ledger: Ledger, clock: Clock) -> None:
        self._ledger = ledger
        self._clock = clock
        self._each = EachByItself("could not clear an alarm")

    async def run(self) -> None:
        """Watch for ever. An alarm that stands a quarter of an hour too long does no harm."""
        while True:
            await sleep(self._clock, INTERVAL)
            await self.watch()

    async def watch(self) -> int:
        """Clear every alarm whose cause has ended; how many stood that were looked at."""
        now, store = self._clock.now(), self._ledger.store
        unstaffed = await store.query(queries.open_alarms_of, AlarmKind.NOBODY_SIGNED_IN.value)
        cameras = await store.query(queries.open_alarms_of, AlarmKind.DEVICE_LOST.value, "camera:")
        paper = await store.query(queries.open_alarms_of, AlarmKind.NO_PLAN.value, CAUSE)
        returned = await store.query(queries.open_alarms_of, AlarmKind.RETURNED.value)
        zones = await store.query(queries.zones)
        for row in (*unstaffed, *paper):
            night = date.fromisoformat(row.cause.rpartition(":")[2])
            if now >= night_bounds(night, zone_named(zones[row.unit]))[1]:
                await self._each(f"alarm {row.id}", self._clear(row, "the night is over", now))
        for row in cameras:
            await self._each(f"alarm {row.id}", self._clear_unused(row, now))
        for row in returned:
            await self._each(f"alarm {row.id}", self._clear_undecided(row, now))
        return len(unstaffed) + len(paper) + len(cameras) + len(returned)

    async def _clear(self, row: queries.AlarmRow, because: str, now: datetime) -> None:
        async def use_case(tx: Transaction) -> None:
            context = system(NAME, owner_of(row), now, tx.ledger.ids.thing())
            await clear_alarms(tx, context, because, (AlarmKind(row.kind), row.cause))

        await self._ledger.transact(use_case)

    async def _clear_unused(self, row: queries.AlarmRow, now: datetime) -> None:
        async def use_case(tx: Transaction) -> None:
            context = system(NAME, owner_of(row), now, tx.ledger.ids.thing())
            if row.home is None or not await checked_on(tx, row.home, context):
                because = "nobody is checked on there any more"
                await clear_alarms(tx, context, because, (AlarmKind(row.kind), row.cause))

        await self._ledger.transact(use_case)

    async def _clear_undecided(self, row: queries.AlarmRow, now: datetime) -> None:
        async def use_case(tx: Transaction) -> None:
            context = system(NAME, owner_of(row), now, tx.ledger.ids.thing())
            if row.recipient is None or not await decision_stands(tx, row.recipient, context):
                await clear_alarms(tx, context, "no decision stands", (AlarmKind(row.kind), row.cause))

        await self._ledger.transact(use_case)
