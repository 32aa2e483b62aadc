"""The tillsyn service, wired: planner, sweeper, inbound partitions, and looks. Put together here only."""

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial

import structlog
from faststream.nats import NatsBroker
from nats.aio.client import Client
from prometheus_client import CollectorRegistry, Gauge

from events.runtime.clock import Clock
from events.runtime.health import Check, Page
from events.runtime.kept_alive import kept_alive
from events.store import queries
from events.transport.connect import connect_options
from events.transport.dead_letters import DeadLetters
from events.transport.subjects import PARTITIONS
from events.transport.topology import INBOUND_KEPT, make_streams
from events.types import REGISTRY
from services.secrets import code_key, grant_signer, nats_seed
from services.settings import TillsynSettings
from services.tillsyn.alive import SWEEPER, proofs_of_life
from services.tillsyn.desk import (
    Alarms,
    Incidents,
    Installing,
    Load,
    NightStaff,
    Notices,
    Patrol,
    Reviews,
    Staffing,
)
from services.tillsyn.gateways import GatewayWatch
from services.tillsyn.inbound.consumer import InboundConsumer, InboundMetrics
from services.tillsyn.inbound.partitions import Partition, at_rest, make_broker
from services.tillsyn.ledger import Ledger
from services.tillsyn.looking import NatsLooking
from services.tillsyn.planner import Planner
from services.tillsyn.sweeper import Sweeper
from services.tillsyn.watches import watches

log = structlog.get_logger()

PART = "tillsyn"
SWEEPER_DEAD_AFTER = timedelta(minutes=2)
HOUSEKEEPING_S = 60.0


class TillsynService:
    """One running service. Several may run on one database and one NATS."""

    def __init__(
        self, settings: TillsynSettings, ledger: Ledger, nats: Client, metrics: CollectorRegistry | None = None
    ) -> None:
        self.ledger = ledger
        self.registry = metrics or CollectorRegistry()
        self.metrics = InboundMetrics(self.registry)
        self._settings = settings
        self._instance = settings.instance or _process_name()
        self._clock: Clock = ledger.clock
        self._nats = nats
        self.js = nats.jetstream()
        self._began_connecting = False
        self._streams_made = False
        self.looking = NatsLooking(nats, grant_signer(settings), self._clock.now)
        self.night_staff = NightStaff(ledger, self.looking)
        self.installing = Installing(ledger, self.looking, code_key(settings))
        self.patrol = Patrol(ledger)
        self.alarms = Alarms(ledger)
        self.notices = Notices(ledger)
        self.staffing = Staffing(ledger)
        self.load = Load(ledger)
        self.planner = Planner(ledger, self._clock, settings.plan_interval, self._instance)
        self.reviews = Reviews(ledger)
        self.sweeper = Sweeper(ledger, self._clock, settings.sweep_interval, self._instance)
        self.gateway_watch = GatewayWatch(ledger, self._clock, settings.gateway_silent_after, lambda: nats.is_connected)
        self.incidents = Incidents(ledger)
        self._lag = Gauge("tillsyn_watermark_lag_seconds", "Age of the oldest open write.", registry=self.registry)

    async def connect(self) -> None:
        """Be connected, with every stream made. Waits for NATS as long as it takes."""
        if self._streams_made:
            return
        if not self._nats.is_connected:
            self._began_connecting = True
            await self._nats.connect(**connect_options(self._settings.nats_url, nats_seed(self._settings, PART), PART))
        await make_streams(self.js, self._settings.nats_replicas)
        self._streams_made = True

    async def close(self) -> None:
        """Disconnect."""
        if self._began_connecting:  # nats-py closes no client that never was
            await self._nats.close()

    async def run(self) -> None:
        """Work until cancelled. Planner and sweeper begin at once, and go on, when NATS is away."""
        async with asyncio.TaskGroup() as group:
            group.create_task(kept_alive("planner", self.planner.run))
            group.create_task(kept_alive("sweeper", self.sweeper.run))
            group.create_task(kept_alive("gateway watch", self.gateway_watch.run))
            for name, run in self._watches().items():
                group.create_task(kept_alive(name, run))
            group.create_task(kept_alive("inbound", self._consume))
            group.create_task(kept_alive("housekeeping", self._housekeeping))

    def _watches(self) -> Mapping[str, Callable[[], Awaitable[None]]]:
        settings = self._settings
        return watches(self.ledger, self._clock, settings.gateway_silent_after, settings.plan_interval)

    async def _consume(self) -> None:
        await self.connect()
        async with self._broker() as partitions, asyncio.TaskGroup() as group:
            for partition in partitions:
                group.create_task(kept_alive(f"partition {partition.number}", partition.run))

    async def at_rest(self) -> bool:
        """Whether nothing waits that gateways have said."""
        return await at_rest(self.js)

    def checks(self) -> dict[str, Check]:
        """What readiness depends on."""
        return {"database": self._database, "nats": self._transport, "sweeper": self._sweeping}

    def pages(self) -> dict[str, Page]:
        """What it tells beside its health: proof of life, for a watchdog elsewhere."""
        return {"/alive": partial(proofs_of_life, self.ledger)}

    @asynccontextmanager
    async def _broker(self) -> AsyncIterator[list[Partition]]:
        options = connect_options(self._settings.nats_url, nats_seed(self._settings, PART), f"{PART}-inbound")
        broker = make_broker(options)
        await broker.connect()
        try:
            yield [self._partition(number, broker) for number in range(PARTITIONS)]
        finally:
            await broker.stop()

    def _partition(self, number: int, broker: NatsBroker) -> Partition:
        dead_letters = DeadLetters(self.js, self._clock.now)
        consumer = InboundConsumer(self.ledger, REGISTRY, dead_letters, self.metrics)
        return Partition(number, broker, self.ledger.store, consumer, self._instance)

    async def _housekeeping(self) -> None:
        """Streams that were lost with their disk are made anew; inbox ids older than any message are forgotten."""
        while True:
            await asyncio.sleep(HOUSEKEEPING_S)
            if self._nats.is_connected:
                await make_streams(self.js, self._settings.nats_replicas)
            await self.ledger.store.forget_consumed(self._clock.now() - INBOUND_KEPT - timedelta(days=1))

    async def _database(self) -> str | None:
        try:
            await self.ledger.store.ping()
            lag = await self.ledger.store.watermark_lag()
        except Exception as error:
            return str(error)
        self._lag.set(lag.seconds)
        return None

    async def _transport(self) -> str | None:
        return None if self._nats.is_connected else "not connected"

    async def _sweeping(self) -> str | None:
        try:
            last = await self.ledger.store.query(queries.proof_of_life, SWEEPER)
        except Exception as error:
            return str(error)
        if last is None or self._clock.now() - last > SWEEPER_DEAD_AFTER:
            return f"last seen {last or 'never'}"
        return None


@asynccontextmanager
async def tillsyn_service(
    settings: TillsynSettings, ledger: Ledger, metrics: CollectorRegistry | None = None, *, wait_for_nats: bool = True
) -> AsyncIterator[TillsynService]:
    """The service; run it with `run`. Without `wait_for_nats` it is not yet connected, and `run` sees to that."""
    service = TillsynService(settings, ledger, Client(), metrics)
    try:
        if wait_for_nats:
            await service.connect()
        yield service
    finally:
        await service.close()


def _process_name() -> str:
    return f"{socket.gethostname()}:{os.getpid()}"
