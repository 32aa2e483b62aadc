"""The stage: NATS, database, service, relay and gateways, all real and in one process, under a clock that jumps."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from pydantic import SecretStr

from camera_gateway.app import Gateway
from camera_gateway.settings import GatewaySettings
from events.envelope import Actor, ActorKind
from events.runtime.ids import seeded_randomness
from events.runtime.stepped_clock import SteppedClock
from events.store import migrate
from events.transport.server import EmbeddedNats, embedded_nats
from events.transport.users import NatsUser, keep_seed, public_key
from services.demo.cast import Answering, Car, Chance, Nurse
from services.demo.commissioning import commission
from services.demo.director import Director
from services.demo.mischief import misbehave
from services.demo.registering import register_homes, register_recipients
from services.demo.script import Script
from services.opening import opened_ledger
from services.relay.app import Relay, relay
from services.secrets import grant_signer, nats_keys
from services.settings import RelaySettings, TillsynSettings
from services.tillsyn.app import TillsynService, tillsyn_service
from services.tillsyn.desk import Care
from services.tillsyn.ledger import Ledger

RARELY = timedelta(minutes=15)
"""Everything that matters happens at its own time or when the log changes; this is for what would be asked anyway."""


@dataclass(frozen=True, slots=True)
class Stage:
    """Everything that runs."""

    script: Script
    clock: SteppedClock
    ledger: Ledger
    service: TillsynService
    relay: Relay
    director: Director
    nats: EmbeddedNats
    gateway_seeds: Mapping[UUID, str]

    async def play(self, at: Callable[[datetime], None]) -> None:
        """Play the night from its beginning to its end. `at` is told the time as it passes."""
        tasks = [asyncio.create_task(each) for each in (self.service.run(), self.relay.run(), self.director.run())]
        tasks += [asyncio.create_task(player.run()) for player in self._players()]
        tasks.append(asyncio.create_task(_told(self.clock, at)))
        tasks.append(asyncio.create_task(self._misbehave()))
        night = asyncio.create_task(self.clock.run(self.script.ends))
        try:
            done, _ = await asyncio.wait([night, *tasks], return_when=asyncio.FIRST_COMPLETED)
            while night not in done:
                for task in done:
                    task.result()  # a part that failed ends the night; the director may be done
                tasks = [task for task in tasks if task not in done]
                done, _ = await asyncio.wait([night, *tasks], return_when=asyncio.FIRST_COMPLETED)
            night.result()
        finally:
            await _cancelled([night, *tasks])

    async def _misbehave(self) -> None:
        js = self.service.js
        await misbehave(self.clock, self.script.mischief_at, js, self.nats.url, self.gateway_seeds)

    def _players(self) -> Sequence[Nurse | Answering | Car]:
        unit, clock, changed = self.script.unit, self.clock, self.ledger.changed
        chance = Chance(self.script.seed)
        nurses = [
            Nurse(
                id_,
                unit,
                self.service.night_staff,
                clock,
                changed,
                chance,
                self.director.view,
                self.service.staffing,
                self.script.shift,
            )
            for id_ in self.script.staff
        ]
        answering = Answering(self.script.staff[0], unit, self.service.alarms, clock, changed, chance)
        car_of = {driver: car for car, driver in self.script.cars.items()}
        cars = [
            Car(id_, car_of.get(id_), unit, self.service.patrol, clock, changed, chance) for id_ in self.script.patrols
        ]
        return [*nurses, answering, *cars]


@asynccontextmanager
async def set_stage(
    script: Script, data: Path, *, pace: float | None = None, videos: Sequence[Path] = (), database_url: str = ""
) -> AsyncIterator[Stage]:
    """The stage with everybody registered and the first night planned, ready to `play`. Stopped and closed after it."""
    clock = SteppedClock(script.begins, pace)
    async with AsyncExitStack() as on_stage:
        seeds = {gateway: keep_seed(nats_keys(data), f"gateway-{gateway}") for gateway in script.gateways}
        server = await on_stage.enter_async_context(embedded_nats(data / "nats", _users(script, data, seeds)))
        common: dict[str, Any] = {"data": data, "nats_url": server.url, "database_url": database_url}
        settings = TillsynSettings.load(
            **common, sweep_interval=RARELY, plan_interval=RARELY, gateway_silent_after=RARELY * 3
        )
        await asyncio.to_thread(migrate, settings.database)
        randomness = seeded_randomness(f"ids/{script.seed}")
        ledger = await on_stage.enter_async_context(opened_ledger(settings, clock, randomness))
        care = Care(ledger, Actor(ActorKind.STAFF, str(script.assessor), "assessor"))
        director = Director(script, data, clock, care, videos)
        await asyncio.to_thread(director.prepare)
        await register_homes(script, ledger, {id_: public_key(seed) for id_, seed in seeds.items()})
        service = await on_stage.enter_async_context(tillsyn_service(settings, ledger))
        relay_settings = RelaySettings.load(**common, relay_interval=RARELY)
        relaying = await on_stage.enter_async_context(relay(relay_settings, ledger))
        grant_signer(settings)
        gateways = [
            Gateway(_gateway_settings(script, id_, data, server.url, director), clock) for id_ in script.gateways
        ]
        for running in gateways:
            await running.start()
            on_stage.push_async_callback(running.stop)
            clock.add_probe(running.at_rest)
        await register_recipients(script, care, ledger)
        await _commission(script, service, relaying, gateways)
        await service.planner.plan_all()
        clock.add_probe(service.at_rest)
        clock.add_probe(relaying.at_rest)
        yield Stage(script, clock, ledger, service, relaying, director, server, seeds)


async def _commission(script: Script, service: TillsynService, relaying: Relay, gateways: Sequence[Gateway]) -> None:
    """Every camera's test, while the clock stands still. Of the relay only the schedules run: the night is to come."""

    async def heard() -> bool:
        return await relaying.schedules.at_rest() and all([await gateway.at_rest() for gateway in gateways])

    schedules = asyncio.create_task(relaying.schedules.run())
    try:
        await commission(script, service.installing, heard)
    finally:
        await _cancelled([schedules])


def _users(script: Script, data: Path, seeds: dict[UUID, str]) -> list[NatsUser]:
    keys = nats_keys(data)
    gateways = [NatsUser.gateway(public_key(seed), script.organisation, id_) for id_, seed in seeds.items()]
    service = NatsUser.service(public_key(keep_seed(keys, "tillsyn")))
    return [service, NatsUser.relay(public_key(keep_seed(keys, "relay"))), *gateways]


def _gateway_settings(script: Script, gateway: UUID, data: Path, nats_url: str, director: Director) -> GatewaySettings:
    cameras = {
        home.camera: SecretStr(director.camera_address(home)) for home in script.homes if home.gateway == gateway
    }
    return GatewaySettings.load(
        data=data,
        nats_url=nats_url,
        gateway=gateway,
        organisation=script.organisation,
        unit=script.unit,
        nats_seed_file=nats_keys(data) / f"gateway-{gateway}.nk",
        grant_key_file=data / "keys" / "grant.pub",
        cameras=cameras,
        heartbeat_s=RARELY.total_seconds(),
        schedule_check_s=RARELY.total_seconds(),
    )


async def _told(clock: SteppedClock, at: Callable[[datetime], None]) -> None:
    while True:
        at(clock.now())
        await clock.sleep_until(clock.now() + RARELY)


async def _cancelled(tasks: Sequence["asyncio.Task[Any]"]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
