"""The relay, wired: the feed and the schedule projector, side by side."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from nats.aio.client import Client
from prometheus_client import CollectorRegistry

from events.runtime.health import Check
from events.runtime.kept_alive import kept_alive
from events.transport.connect import connect
from services.relay.feed import Feed
from services.relay.schedules import ScheduleProjector
from services.secrets import nats_seed
from services.settings import RelaySettings
from services.tillsyn.ledger import Ledger

PART = "relay"


class Relay:
    """One running relay. Several may run: only one publishes, the others follow."""

    def __init__(
        self,
        settings: RelaySettings,
        ledger: Ledger,
        nats: Client,
        metrics: CollectorRegistry | None = None,
    ) -> None:
        self.registry = metrics or CollectorRegistry()
        self._nats = nats
        self._ledger = ledger
        js, store, clock = nats.jetstream(), ledger.store, ledger.clock
        interval, changed = settings.relay_interval, ledger.changed
        self.feed = Feed(store, js, clock, interval, settings.relay_batch, self.registry, changed)
        self.schedules = ScheduleProjector(store, js, clock, interval, self.registry, changed)

    async def run(self) -> None:
        """Work until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(kept_alive("feed", self.feed.run))
            group.create_task(kept_alive("schedules", self.schedules.run))

    async def at_rest(self) -> bool:
        """Whether feed and schedules say all that the log says."""
        return await self.feed.at_rest() and await self.schedules.at_rest()

    def checks(self) -> dict[str, Check]:
        """What readiness depends on."""
        return {"database": self._database, "nats": self._transport}

    async def _database(self) -> str | None:
        try:
            await self._ledger.store.ping()
        except Exception as error:
            return str(error)
        return None

    async def _transport(self) -> str | None:
        return None if self._nats.is_connected else "not connected"


@asynccontextmanager
async def relay(
    settings: RelaySettings, ledger: Ledger, metrics: CollectorRegistry | None = None
) -> AsyncIterator[Relay]:
    """The relay, connected; run it with `run`."""
    nats = await connect(settings.nats_url, nats_seed(settings, PART), PART, wait=None)
    try:
        yield Relay(settings, ledger, nats, metrics)
    finally:
        await nats.close()
