"""The service's own way in, partitions and all, with a clock on what it has committed and acknowledged."""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress

from nats.aio.msg import Msg
from nats.js.api import Header
from prometheus_client import CollectorRegistry

from bench.bus import Bus
from bench.ours import IDS
from bench.town import Published, Town, reports
from events.keys import KeyRing, LocalMasterKey
from events.runtime.clock import WallClock
from events.store import EventStore
from events.transport.dead_letters import DeadLetters
from events.transport.subjects import PARTITIONS
from events.types import REGISTRY
from services.tillsyn.inbound.consumer import InboundConsumer, InboundMetrics
from services.tillsyn.inbound.partitions import Partition, make_broker
from services.tillsyn.ledger import Ledger

STUCK_AFTER_S = 120.0
RECORDED = "tillsyn_reports_recorded_total"


class NotConsumedError(Exception):
    """Messages that were published led to nothing: a figure from that would be wrong."""


class TimedConsumer(InboundConsumer):
    """The real consumer, which remembers when each message was done with."""

    def __init__(self, ledger: Ledger, bus: Bus, metrics: InboundMetrics, done: "Done") -> None:
        super().__init__(ledger, REGISTRY, DeadLetters(bus.js, ledger.clock.now), metrics)
        self._done = done

    async def handle(self, messages: Sequence[Msg]) -> None:
        """As the service does, and then look at the clock."""
        await super().handle(messages)
        self._done.note([(message.headers or {})[Header.MSG_ID.value] for message in messages])


class Done:
    """When each message was committed and acknowledged, by its id."""

    def __init__(self) -> None:
        self.at: dict[str, float] = {}
        self._more = asyncio.Event()

    def note(self, ids: Sequence[str]) -> None:
        """These are done, now."""
        self.at |= dict.fromkeys(ids, time.perf_counter())
        self._more.set()

    async def reaches(self, count: int) -> None:
        """Return when so many are done; TimeoutError when they never are."""
        async with asyncio.timeout(STUCK_AFTER_S):
            while len(self.at) < count:
                self._more.clear()
                await self._more.wait()


class OurInbound:
    """All partitions on one store."""

    def __init__(self, runner: asyncio.Runner, bus: Bus, store: EventStore, town: Town, messages: int) -> None:
        self._runner = runner
        self._bus = bus
        self._store = store
        self._town = town
        self._messages = messages
        clock = WallClock()
        self._ledger = Ledger(store, KeyRing(LocalMasterKey(os.urandom(32)), store), clock, IDS)

    def __call__(self, _seconds: float) -> float:
        """Messages a second, from a full stream until the last is acknowledged."""
        return self._runner.run(self._rate())

    async def _rate(self) -> float:
        messages = await self._prepared(self._messages)
        await self._bus.fill(messages)
        began = time.perf_counter()
        async with self._consuming() as done:
            await done.reaches(len(messages))
        return len(messages) / (max(done.at.values()) - began)

    def latencies(self, count: int, a_second: float) -> list[float]:
        """Seconds from publish to committed and acknowledged, of `count` messages published at an even pace."""
        return self._runner.run(self._latencies(count, a_second))

    async def _latencies(self, count: int, a_second: float) -> list[float]:
        messages = await self._prepared(count)
        await self._bus.fill([])
        sent_at: dict[str, float] = {}
        async with self._consuming() as done:
            began = time.perf_counter()
            for number, message in enumerate(messages):
                await asyncio.sleep(max(0.0, began + number / a_second - time.perf_counter()))
                sent_at[str(message.id)] = await self._bus.publish(message)
            await done.reaches(count)
        return sorted(done.at[id_] - at for id_, at in sent_at.items())

    async def _prepared(self, count: int) -> list[Published]:
        nights = self._town.next_nights(count)
        await self._town.plan(self._store, nights)
        return list(reports(nights))[:count]

    @asynccontextmanager
    async def _consuming(self) -> AsyncIterator[Done]:
        """The partitions at work. NotConsumedError when they let messages pass that led to nothing."""
        registry, done = CollectorRegistry(), Done()
        metrics = InboundMetrics(registry)
        broker = make_broker(self._bus.options("bench-inbound"))
        await broker.connect()
        partitions = [
            Partition(
                number,
                broker,
                self._store,
                TimedConsumer(self._ledger, self._bus, metrics, done),
                "bench",
            )
            for number in range(PARTITIONS)
        ]
        tasks = [asyncio.create_task(partition.run()) for partition in partitions]
        try:
            yield done
        finally:
            for task in tasks:
                task.cancel()
            with suppress(asyncio.CancelledError):
                await asyncio.gather(*tasks)
            await broker.stop()
        recorded = registry.get_sample_value(RECORDED)
        if recorded != len(done.at):
            raise NotConsumedError(f"{len(done.at)} messages were consumed, and {recorded} of them led to an event")
