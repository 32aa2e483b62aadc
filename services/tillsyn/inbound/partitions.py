"""Who consumes which partition: one owner at a time, by a lease in SQL with a fencing token.

Two owners at once would break no rule (the inbox and the deciders see to that); one at a time keeps order. FastStream
takes what the server pushes and hands it on at once; what has come by then makes the next batch, so one message waits
for nobody and many share a transaction. (Its own batches wait until they are full or their time is up.)
"""

import asyncio
from contextlib import suppress
from datetime import timedelta
from typing import Any

import structlog
from faststream import AckPolicy
from faststream.nats import JStream, NatsBroker, NatsMessage, NatsNKey
from nats.aio.msg import Msg
from nats.js import JetStreamContext
from nats.js.errors import NotFoundError

from events.runtime.clock import Clock, WallClock, sleep
from events.store import EventStore, Fence
from events.transport import subjects
from services.tillsyn.inbound.consumer import InboundConsumer

log = structlog.get_logger()

BATCH = 500
LEASE = timedelta(seconds=15)
RENEW_EVERY = timedelta(seconds=5)


class Partition:
    """One partition: waits for its lease, consumes while it holds, waits again when it is lost."""

    def __init__(
        self, number: int, broker: NatsBroker, store: EventStore, consumer: InboundConsumer, owner: str
    ) -> None:
        self.number = number
        self._store = store
        self._consumer = consumer
        self._owner = owner
        self._lease = f"inbound-{number}"
        self._clock: Clock = WallClock()  # renewed in real time, also in a stepped night
        self._waiting: asyncio.Queue[Msg] = asyncio.Queue()  # bounded by the consumer's max_ack_pending
        self._subscriber = broker.subscriber(
            subjects.inbound(number),
            queue=subjects.inbound_consumer(number),
            stream=JStream(subjects.INBOUND_STREAM, declare=False),
            ack_policy=AckPolicy.MANUAL,
            decoder=_as_it_came,
            persistent=False,
        )
        self._subscriber(self._take)

    async def run(self) -> None:
        """Consume for ever, whenever the lease is ours."""
        while True:
            fence = await self._store.acquire_lease(self._lease, self._owner, LEASE)
            if fence is None:
                await sleep(self._clock, RENEW_EVERY)
                continue
            await self._consume_under(fence)

    async def _consume_under(self, fence: Fence) -> None:
        self._consumer.begin(fence)
        self._waiting = asyncio.Queue()  # what an earlier tenure left is delivered again
        working = asyncio.create_task(self._work(), name=f"partition {self.number}")
        try:
            await self._subscriber.start()
            while await self._renewed(fence) and not working.done():
                await sleep(self._clock, RENEW_EVERY)
        finally:
            await self._subscriber.stop()
            working.cancel()
            [ended] = await asyncio.gather(working, return_exceptions=True)
            if isinstance(ended, Exception):
                log.error("partition stopped", partition=self.number, error=f"{type(ended).__name__}: {ended}")
            with suppress(Exception):
                await self._store.release_lease(fence)
        log.warning("lost a partition", partition=self.number)

    async def _renewed(self, fence: Fence) -> bool:
        try:
            return await self._store.renew_lease(fence, LEASE)
        except Exception:
            log.exception("could not renew the lease", partition=self.number)
            return False

    async def _take(self, message: Msg) -> None:
        self._waiting.put_nowait(message)

    async def _work(self) -> None:
        while True:
            batch = [await self._waiting.get()]
            while not self._waiting.empty() and len(batch) < BATCH:
                batch.append(self._waiting.get_nowait())
            await asyncio.shield(self._consumer.handle(batch))


def make_broker(options: dict[str, Any]) -> NatsBroker:
    """FastStream's broker for partitions, not yet connected, from `events.transport.connect.connect_options`.

    Handlers take the raw message: nothing is injected or validated on the way to them.
    """
    given = dict(options)
    key = NatsNKey.from_seed(given.pop("nkeys_seed_str"))
    return NatsBroker(logger=None, apply_types=False, security=key, **given)


async def _as_it_came(message: NatsMessage) -> Msg:
    """The raw message in the place of a decoded body: we validate it ourselves, and acknowledge it after the commit."""
    return message.raw_message


async def at_rest(js: JetStreamContext) -> bool:
    """Whether nothing waits in any partition, delivered or not."""
    for partition in range(subjects.PARTITIONS):
        try:
            info = await js.consumer_info(subjects.INBOUND_STREAM, subjects.inbound_consumer(partition))
        except NotFoundError:
            continue
        if info.num_pending or info.num_ack_pending:
            return False
    return True
