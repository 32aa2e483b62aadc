"""Relays that run inside a block, and what they have put into NATS."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from nats.js.api import RawStreamMsg

from events.home_schedule import GatewaySchedule
from events.runtime.clock import WallClock
from events.transport import subjects
from services.relay.app import Relay, relay
from services.settings import RelaySettings
from services.tillsyn.ledger import Ledger
from tests.builders import GATEWAY
from tests.services.tillsyn.plant import Plant
from tests.waiting import until


@asynccontextmanager
async def relaying(plant: Plant, ledger: Ledger | None = None, batch: int = 500) -> AsyncIterator[Relay]:
    """A relay runs inside the block, and is killed at its end: cancelled wherever it is."""
    given: dict[str, Any] = {"data": plant.settings.data, "nats_url": plant.server.url}
    settings = RelaySettings.load(**given, relay_batch=batch, relay_interval=0.05)
    used = ledger or plant.house.ledger
    async with relay(settings, used) as started:
        started.feed._clock = started.schedules._clock = _Both(used)
        running = asyncio.create_task(started.run())
        try:
            yield started
            if running.done():
                running.result()
        finally:
            running.cancel()
            stopped, _ = await asyncio.wait([running], timeout=10)
            assert stopped, "a relay that is cancelled stops"


class _Both(WallClock):
    """The house's time, and sleep by the wall's: tests of the relay let time pass in leaps."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def now(self) -> Any:
        return self._ledger.clock.now()

    async def sleep_until(self, when: Any, signal: Any = None) -> None:
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        if signal is not None:
            signal.join(woken)
        await asyncio.wait([woken], timeout=0.05)
        woken.cancel()


async def feed_of(plant: Plant) -> list[RawStreamMsg]:
    """Every message of the feed, in order."""
    js = plant.nats.jetstream()
    state = (await js.stream_info(subjects.FEED_STREAM)).state
    return [await js.get_msg(subjects.FEED_STREAM, n) for n in range(state.first_seq, state.last_seq + 1)]


async def is_relayed(plant: Plant) -> None:
    """Return when the feed is as long as the log, and require that it is the log."""
    log = await plant.house.log()
    js = plant.nats.jetstream()

    async def as_long() -> bool:
        return (await js.stream_info(subjects.FEED_STREAM)).state.messages >= len(log)

    await until(as_long, 20)
    told = [json.loads(message.data or b"") for message in await feed_of(plant)]
    assert [event["id"] for event in told] == [str(recorded.id) for recorded in log]


async def schedule(plant: Plant) -> GatewaySchedule:
    """What lies in the bucket for the gateway."""
    bucket = await plant.nats.jetstream().key_value(subjects.SCHEDULES_BUCKET)
    return GatewaySchedule.model_validate_json((await bucket.get(str(GATEWAY))).value or b"")
