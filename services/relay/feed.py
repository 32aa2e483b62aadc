"""Relaying the log to the feed: every event once and in order, however often the relay is killed.

Each publish says which event must be the last in the stream (`Nats-Expected-Last-Msg-Id`): many can be under way at
once, a hole stops what follows, and of two relays only one can win. The stream's own last message is the position.
"""

import asyncio
from datetime import timedelta

import structlog
from nats.errors import Error as NatsError
from nats.js import JetStreamContext
from nats.js.api import Header, PubAck
from nats.js.errors import APIError, NotFoundError
from prometheus_client import CollectorRegistry, Counter

from events.cloudevents import CONTENT_TYPE, encode_recorded
from events.envelope import Recorded
from events.runtime.clock import Clock, Signal, Watch, sleep
from events.store import Checkpoint, EventStore, Page, StoreError
from events.transport import subjects
from services.relay.cancelled import require_not_cancelled

log = structlog.get_logger()

CHECKPOINT = "Tillsyn-Checkpoint"
"""Header of each message: where in the log the reader stands after it."""
AFTER_FAILURE = timedelta(seconds=0.5)
ANSWERED_WITHIN_S = 10.0
"""Answers to what was under way when the server was lost never come, and nats-py waits for them without end."""


class Feed:
    """Publishes the log to the feed stream."""

    def __init__(
        self,
        store: EventStore,
        js: JetStreamContext,
        clock: Clock,
        interval: timedelta,
        batch: int,
        metrics: CollectorRegistry,
        changed: Signal | None = None,
    ) -> None:
        self._store = store
        self._js = js
        self._clock = clock
        self._interval = interval
        self._batch = batch
        self._changes = Watch(changed or Signal())
        self._position: Checkpoint | None = None
        self._last_id: str | None = None
        self._last_sequence = 0
        self._published = Counter("tillsyn_relay_published", "Events published to the feed.", registry=metrics)

    async def run(self) -> None:
        """Publish for ever. A failure or another relay's win makes it look anew where the stream stands."""
        while True:
            try:
                await self._find_position()
                while True:
                    self._changes.look()
                    if not await self._publish_page():
                        require_not_cancelled()
                        await sleep(self._clock, self._interval, self._changes)
            except (NatsError, APIError, StoreError, TimeoutError, OSError) as error:
                require_not_cancelled()
                log.warning("relay begins anew", error=f"{type(error).__name__}: {error}")
                await asyncio.sleep(AFTER_FAILURE.total_seconds())

    async def at_rest(self) -> bool:
        """Whether everything in the log is published."""
        page = await self._store.read_all(self._position, 1)
        return not page.events

    async def _find_position(self) -> None:
        try:
            last = await self._js.get_last_msg(subjects.FEED_STREAM, subjects.FEED_SUBJECTS)
        except NotFoundError:
            self._position, self._last_id = None, None
            self._last_sequence = (await self._js.stream_info(subjects.FEED_STREAM)).state.last_seq
            return
        headers = last.headers or {}
        self._position = Checkpoint.parse(headers[CHECKPOINT])
        self._last_id = headers[Header.MSG_ID.value]
        log.info("relay goes on", after=str(self._position))

    async def _publish_page(self) -> int:
        page = await self._store.read_all(self._position, self._batch)
        if page.events:
            await self._publish(page)
        return len(page.events)

    async def _publish(self, page: Page) -> None:
        before = self._last_id
        pending: list[asyncio.Future[PubAck]] = []
        try:
            async with asyncio.timeout(ANSWERED_WITHIN_S):
                for recorded, checkpoint in zip(page.events, page.checkpoints, strict=True):
                    headers = _headers(recorded, checkpoint) | self._only_after(before)
                    owner = recorded.context.owner
                    subject = subjects.feed(owner.organisation, owner.unit, recorded.event.NAME)
                    pending.append(await self._js.publish_async(subject, encode_recorded(recorded), headers=headers))
                    before = str(recorded.id)
                await asyncio.gather(*pending)
        finally:
            for answer in pending:
                answer.cancel()  # one that never comes would hold its place among those under way for ever
        self._position, self._last_id = page.checkpoint, before
        self._published.inc(len(page.events))

    def _only_after(self, before: str | None) -> dict[str, str]:
        """What must be the stream's last message; before the first event nothing may have come since we looked."""
        if before is not None:
            return {Header.EXPECTED_LAST_MSG_ID.value: before}
        return {Header.EXPECTED_LAST_SEQUENCE.value: str(self._last_sequence)}


def _headers(recorded: Recorded, checkpoint: Checkpoint) -> dict[str, str]:
    return {Header.MSG_ID.value: str(recorded.id), CHECKPOINT: str(checkpoint), "Content-Type": CONTENT_TYPE}
