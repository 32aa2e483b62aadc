"""A house with NATS: a server on a free port, the service running on it, and a gateway that says what tests tell it.

The service is `services.tillsyn.app.TillsynService` itself, as production runs it, on the house's database.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from nats.aio.client import Client
from nats.js.api import RawStreamMsg

from events.base import Event
from events.cloudevents import encode
from events.envelope import Actor, ActorKind, Context, NewEvent, Owner
from events.transport import subjects
from events.transport.connect import connect
from events.transport.server import EmbeddedNats, embedded_nats
from events.transport.topology import make_streams
from events.transport.users import NatsUser, keep_seed, new_seed, public_key
from events.types.check import CheckDue, Heartbeat, SlotReport, report_id
from services.secrets import nats_keys
from services.settings import TillsynSettings
from services.tillsyn.app import TillsynService, tillsyn_service
from services.tillsyn.ledger import Ledger
from tests.builders import GATEWAY, HOME, NIGHT, ORGANISATION, RECIPIENT, SLOT, UNIT, an_id
from tests.services.tillsyn.house import House
from tests.waiting import WITHIN_S, until

STRANGER = an_id("a gateway that nobody registered")
RARELY = timedelta(hours=6)


def due_report(slot: UUID = SLOT, attempt: int = 1, recipient: UUID = RECIPIENT, home: UUID = HOME) -> SlotReport:
    """The gateway's word that a picture can be had."""
    return CheckDue(slot=slot, recipient=recipient, home=home, night=NIGHT, attempt=attempt)


def heartbeat(gateway: UUID = GATEWAY, at: datetime | None = None) -> Heartbeat:
    started = at or datetime.fromisoformat("2026-11-03T10:00:00+00:00")
    return Heartbeat(gateway=gateway, started_at=started, spooled=0, schedule_revision=1)


def message(event: Event, at: datetime, gateway: UUID = GATEWAY, organisation: UUID = ORGANISATION) -> bytes:
    """The event as the gateway puts it on the wire."""
    id_ = report_id(event.slot, type(event), event.attempt) if isinstance(event, SlotReport) else uuid4()
    context = Context(Actor(ActorKind.GATEWAY, str(gateway), "gateway"), Owner(organisation, UNIT), at, uuid4())
    return encode(f"/gateways/{gateway}", NewEvent(id_, event, context))


@dataclass
class Plant:
    """A house, its NATS, and the gateway's line."""

    house: House
    server: EmbeddedNats
    settings: TillsynSettings
    nats: Client
    """The service's user: may do everything."""
    gateway: Client
    stranger: Client
    services: list[TillsynService] = field(default_factory=list)

    async def say(self, *bodies: bytes, headers: dict[str, str] | None = None, line: Client | None = None) -> None:
        """The gateway publishes; all at once, and kept by the server when this returns."""
        js = (line or self.gateway).jetstream(timeout=WITHIN_S)
        sender = STRANGER if line is self.stranger else GATEWAY
        subject = subjects.report(ORGANISATION, sender)
        await asyncio.gather(*(js.publish(subject, body, headers=headers) for body in bodies))

    async def report(self, *events: Event, at: datetime | None = None) -> None:
        """The gateway reports, at the clock's time."""
        await self.say(*(message(event, at or self.house.clock.now()) for event in events))

    async def settled(self, within: float = WITHIN_S) -> None:
        """Everything said is acknowledged."""
        await until(self.services[-1].at_rest, within)

    async def until_only(self, left: int) -> None:
        """All but so many messages are acknowledged."""

        async def only() -> bool:
            return await self.unsettled() == left

        await until(only)

    async def unsettled(self) -> int:
        """How many messages are delivered and not acknowledged, or wait."""
        js, total = self.nats.jetstream(), 0
        for partition in range(subjects.PARTITIONS):
            info = await js.consumer_info(subjects.INBOUND_STREAM, subjects.inbound_consumer(partition))
            total += (info.num_pending or 0) + (info.num_ack_pending or 0)
        return total

    async def dead(self) -> list[RawStreamMsg]:
        """Every dead letter."""
        js = self.nats.jetstream()
        state = (await js.stream_info(subjects.DEAD_STREAM)).state
        return [await js.get_msg(subjects.DEAD_STREAM, number + 1) for number in range(state.last_seq)]

    def count(self, name: str, **labels: str) -> float:
        """A metric of the running service."""
        return self.services[-1].registry.get_sample_value(f"tillsyn_reports_{name}_total", labels) or 0.0

    @asynccontextmanager
    async def serving(self, ledger: Ledger | None = None, instance: str = "one") -> AsyncIterator[TillsynService]:
        """The service runs inside the block, as the process of this name."""
        settings = self.settings.model_copy(update={"instance": instance})
        async with tillsyn_service(settings, ledger or self.house.ledger) as service:
            self.services.append(service)
            running = asyncio.create_task(service.run())
            try:
                yield service
                assert not running.done()
            finally:
                running.cancel()
                await asyncio.gather(running, return_exceptions=True)


@asynccontextmanager
async def a_plant(house: House, url: str, folder: Path) -> AsyncIterator[Plant]:
    """NATS for a house, with streams; the service is not running yet."""
    seeds = {GATEWAY: keep_seed(nats_keys(folder), "gateway"), STRANGER: new_seed()}
    service_seed = keep_seed(nats_keys(folder), "tillsyn")
    relay_seed = keep_seed(nats_keys(folder), "relay")
    users = [NatsUser.service(public_key(service_seed)), NatsUser.relay(public_key(relay_seed))]
    users += [NatsUser.gateway(public_key(seed), ORGANISATION, id_) for id_, seed in seeds.items()]
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(embedded_nats(folder / "nats", users))
        lines = [
            await connect(server.url, seed, name)
            for seed, name in ((service_seed, "test"), (seeds[GATEWAY], "gateway"), (seeds[STRANGER], "stranger"))
        ]
        for line in lines:
            stack.push_async_callback(line.close)
        await make_streams(lines[0].jetstream())
        given: dict[str, Any] = {"data": folder, "nats_url": server.url, "database_url": url}
        settings = TillsynSettings.load(**given, sweep_interval=RARELY, plan_interval=RARELY)
        yield Plant(house, server, settings, *lines)
