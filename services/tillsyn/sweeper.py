"""The sweeper: independently of any gateway or broker it knows what is overdue of slots, visits and alarms, from SQL.

What nobody settled in time it escalates; whom nobody answered it passes on; an alarm it says again. Each round leaves a
proof of life, which a watchdog outside the system looks at.
"""

from datetime import date, datetime, timedelta
from uuid import UUID

from events.runtime.clock import Clock, Watch, sleep
from events.store import queries
from events.types.alarm import AlarmKind
from services.tillsyn import alarm as alarms
from services.tillsyn import night as nights
from services.tillsyn import visit as visits
from services.tillsyn.alive import SWEEPER, prove_life
from services.tillsyn.desk.asking import line_of
from services.tillsyn.desk.follow import owner_of, record_night, record_visit
from services.tillsyn.desk.who import system
from services.tillsyn.each_by_itself import EachByItself
from services.tillsyn.kinds import ALARM, NIGHT, VISIT
from services.tillsyn.ledger import Ledger, Transaction
from services.tillsyn.policies.alarming import rules_of

BATCH = 200
PAUSE = timedelta(milliseconds=200)
"""Between two rounds when the log changes all the time."""


class Sweeper:
    """Acts on every limit that has passed. Several may run side by side: a slot is escalated once all the same."""

    def __init__(self, ledger: Ledger, clock: Clock, interval: timedelta, process: str) -> None:
        self._ledger = ledger
        self._clock = clock
        self._interval = interval
        self._process = process
        self._each = EachByItself("could not sweep")

    async def run(self) -> None:
        """Sweep for ever: at the next limit, when the log changes here, and at each interval."""
        proven: datetime | None = None
        changes = Watch(self._ledger.changed)
        while True:
            changes.look()
            now = self._clock.now()
            failed = await self.sweep()
            if not failed and (proven is None or now - proven >= self._interval):
                await prove_life(self._ledger, SWEEPER, self._process, now)
                proven = now
            until = await self._next(now, failed)
            await self._clock.sleep_until(until, changes)
            if self._clock.now() < until:
                await sleep(self._clock, PAUSE)

    async def sweep(self) -> int:
        """Act on all that is overdue; how many streams could not be swept. These do not stop the rest."""
        failed = 0
        now = self._clock.now()
        store = self._ledger.store
        for recipient, night in await store.query(queries.nights_to_sweep, now, BATCH):
            failed += not await self._each(nights.stream_of(recipient, night), self._sweep_night(recipient, night))
        for visit in await store.query(queries.visits_to_sweep, now, BATCH):
            failed += not await self._each(visits.stream_of(visit), self._sweep_visit(visit))
        for alarm in await store.query(queries.alarms_to_sweep, now, BATCH):
            failed += not await self._each(f"alarm {alarm.id}", self._sweep_alarm(alarm))
        return failed

    async def _next(self, now: datetime, failed: int) -> datetime:
        """When to sweep again. What is overdue right after a round cannot be swept: it is not tried without a pause."""
        interval = now + self._interval
        limit = await self._ledger.store.query(queries.next_to_act)
        if limit is None or failed or limit <= now:
            return interval
        return min(interval, limit)

    async def _sweep_night(self, recipient: UUID, night: date) -> None:
        async def use_case(tx: Transaction) -> None:
            stream = await tx.load(NIGHT, nights.stream_of(recipient, night))
            row = await tx.store.query(queries.recipient, recipient)
            if row is None:
                return
            context = system(SWEEPER, owner_of(row), self._clock.now(), tx.ledger.ids.thing())
            await record_night(tx, stream, nights.decide(stream.state, nights.Sweep(context.time)), context)

        await self._ledger.transact(use_case)

    async def _sweep_visit(self, visit: UUID) -> None:
        async def use_case(tx: Transaction) -> None:
            stream = await tx.load(VISIT, visits.stream_of(visit))
            row = await tx.store.query(queries.visit, visit)
            if row is None:
                return
            context = system(SWEEPER, owner_of(row), self._clock.now(), tx.ledger.ids.thing())
            line = await line_of(tx, stream.state, context)
            await record_visit(tx, stream, visits.decide(stream.state, visits.Sweep(context.time, line.order)), context)

        await self._ledger.transact(use_case)

    async def _sweep_alarm(self, row: queries.AlarmRow) -> None:
        async def use_case(tx: Transaction) -> None:
            stream = await tx.load(ALARM, alarms.stream_of(AlarmKind(row.kind), row.cause))
            context = system(SWEEPER, owner_of(row), self._clock.now(), tx.ledger.ids.thing())
            sweep = alarms.Sweep(context.time, await rules_of(tx, row.unit))
            tx.record(stream, alarms.decide(stream.state, sweep), context)

        await self._ledger.transact(use_case)
