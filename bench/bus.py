"""A private NATS server on the production configuration, with the inbound stream, and somebody who fills it."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nats.aio.client import Client
from nats.js import JetStreamContext
from nats.js.api import Header

from bench.town import Published
from events.transport.connect import connect_options
from events.transport.server import embedded_nats
from events.transport.subjects import INBOUND_STREAM
from events.transport.topology import make_streams
from events.transport.users import NatsUser, new_seed, public_key

IN_FLIGHT = 256


@dataclass(frozen=True, slots=True)
class Bus:
    """Where messages are published and consumed."""

    url: str
    seed: str
    js: JetStreamContext

    def options(self, name: str) -> dict[str, Any]:
        """How to connect: as a service does, but without a word in the log when the bench hangs up."""
        return connect_options(self.url, self.seed, name) | {"disconnected_cb": _silent}

    async def fill(self, messages: Sequence[Published]) -> None:
        """Replace what lies in the inbound stream by these messages, in this order."""
        await self.js.purge_stream(INBOUND_STREAM)
        for first in range(0, len(messages), IN_FLIGHT):
            await asyncio.gather(*map(self.publish, messages[first : first + IN_FLIGHT]))

    async def publish(self, message: Published) -> float:
        """Publish it and wait for the server's word; when it was sent."""
        sent_at = time.perf_counter()
        await self.js.publish(message.subject, message.body, headers={Header.MSG_ID.value: str(message.id)})
        return sent_at


@asynccontextmanager
async def running_bus(folder: Path) -> AsyncIterator[Bus]:
    """A server, its streams, and a connection that may do everything."""
    seed = new_seed()
    async with embedded_nats(folder, [NatsUser.service(public_key(seed))]) as server:
        client = Client()
        bus = Bus(server.url, seed, client.jetstream(timeout=30))
        try:
            await client.connect(**bus.options("bench"))
            await make_streams(bus.js)
            yield bus
        finally:
            await client.close()


async def _silent() -> None:
    return
