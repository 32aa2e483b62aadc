"""Everything on this machine: NATS, the service, the relay, and each registered gateway, supervised.

Begun in the order in which they need each other, and ended in the other: first those who speak, last who carries it.
"""

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import structlog

from events.runtime.settings import BadConfigurationError
from events.transport.server import EmbeddedNats, NatsServerError
from services.offline_list.settings import OfflineListSettings
from services.settings import TillsynSettings
from services.up.preparing import GatewayFile, gateway_files, nats_port, nats_users, seed_files
from services.up.process import NatsProcess, PartProcess
from services.up.supervised import Supervised

log = structlog.get_logger()

LOOK_EVERY_S = 1.0
THEIR_OWN = ("GATEWAY", "ORGANISATION", "UNIT", "CAMERAS", "NATS_SEED_FILE", "GRANT_KEY_FILE", "HEALTH_PORT")
"""Settings that differ from part to part, and are not passed on from our own environment."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What all children are given: settings, log folder (None: where ours go), the lock that they hold with us."""

    settings: TillsynSettings
    config: Path | None
    logs: Path | None
    lock: int


class Household:
    """All parts of one data folder."""

    def __init__(self, around: Surroundings) -> None:
        self._around = around
        settings = around.settings
        self._known = {file.gateway: file for file in gateway_files(settings.data)}
        users = nats_users(settings, list(self._known.values()))
        self._server = EmbeddedNats(settings.data / "nats", users, nats_port(settings), shared=(around.lock,))
        self._nats = Supervised("nats-server", NatsProcess(self._server))
        self._ours: list[Supervised] = []
        self._gateways: dict[UUID, Supervised] = {}
        self._said_ready = False

    @property
    def parts(self) -> list[Supervised]:
        """All of them, in order."""
        return [self._nats, *self._ours, *self._gateways.values()]

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Everything runs inside the block, and nothing after it. NatsServerError if NATS does not even start."""
        try:
            await self._start_nats()
            self._nats.begin()
            self._ours = [Supervised(part, self._part(part)) for part in self._wanted()]
            for part in self._ours:
                part.begin()
            for file in self._known.values():
                self._begin_gateway(file)
            yield
        finally:
            await self._stop()

    async def follow(self) -> None:
        """Look after everything for ever: how each part is, and which gateways have come, changed or gone."""
        while True:
            await asyncio.gather(*(part.look() for part in self.parts))
            self._say_ready_once()
            await self._follow_gateways()
            await asyncio.sleep(LOOK_EVERY_S)

    async def _start_nats(self) -> None:
        try:
            await self._server.start()
        except NatsServerError as error:
            if "nats_url" in self._around.settings.model_fields_set or not self._server.port:
                raise
            log.warning("NATS is tried on another port", why=str(error))  # somebody took the usual one meanwhile
            self._server.port = 0
            await self._server.start()

    def _wanted(self) -> tuple[str, ...]:
        """The offline list runs where a place for it is configured."""
        offline = OfflineListSettings.load(self._around.config)
        return ("tillsyn", "relay", "offline-list") if offline.has_a_place else ("tillsyn", "relay")

    def _say_ready_once(self) -> None:
        if not self._said_ready and all(part.health == "ready" for part in self.parts):
            self._said_ready = True
            log.info("all parts are ready", nats=self._server.url, gateways=len(self._gateways))

    async def _follow_gateways(self) -> None:
        try:
            found = {file.gateway: file for file in gateway_files(self._around.settings.data)}
        except BadConfigurationError as error:
            log.error("the gateways stay as they are", why=str(error))
            return
        if found == self._known:
            return
        before, self._known = self._known, found
        try:
            await self._server.reload(nats_users(self._around.settings, list(found.values())))
        except NatsServerError as error:
            log.error("NATS knows the new gateways when it starts again", why=str(error))
        for gateway in before.keys() - found.keys():
            await self._gateways.pop(gateway).stop()
        for gateway, file in found.items():
            if gateway not in before:
                self._begin_gateway(file)
            elif file != before[gateway]:
                await self._gateways[gateway].begin_anew()

    def _begin_gateway(self, file: GatewayFile) -> None:
        process = PartProcess(
            ("gateway", "--config", str(file.path)),
            self._environment({}),
            self._log(f"gateway-{file.gateway}"),
            (self._around.lock,),
        )
        self._gateways[file.gateway] = Supervised(f"gateway {str(file.gateway)[:8]}", process)
        self._gateways[file.gateway].begin()

    def _part(self, part: str) -> PartProcess:
        settings, config = self._around.settings, self._around.config
        given = {"DATABASE_URL": settings.database}
        if part in (seeds := seed_files(settings)):
            given["NATS_SEED_FILE"] = str(seeds[part])
        if settings.master_key:
            given["MASTER_KEY"] = settings.master_key
        if settings.master_key_file:
            given["MASTER_KEY_FILE"] = str(settings.master_key_file.absolute())
        if part == "tillsyn":
            given["INSTANCE"] = settings.instance or f"{socket.gethostname()}:up"  # the lock: there is no other
        if part == "tillsyn" and settings.grant_key_file:
            given["GRANT_KEY_FILE"] = str(settings.grant_key_file.absolute())
        named = ("--config", str(config)) if config else ()
        return PartProcess((part, *named), self._environment(given), self._log(part), (self._around.lock,))

    def _environment(self, given: Mapping[str, str]) -> dict[str, str]:
        ours = {
            name: value for name, value in os.environ.items() if name not in {f"TILLSYN_{own}" for own in THEIR_OWN}
        }
        all_ = {"DATA": str(self._around.settings.data.absolute()), "NATS_URL": self._server.url, "LOG_FORMAT": "json"}
        return ours | {f"TILLSYN_{name}": value for name, value in (all_ | dict(given)).items()}

    def _log(self, part: str) -> Path | None:
        return self._around.logs / f"{part}.log" if self._around.logs else None

    async def _stop(self) -> None:
        log.info("stopping all parts")
        await asyncio.gather(*(gateway.stop() for gateway in self._gateways.values()))
        for part in self._ours:
            await part.stop()
        await self._nats.stop()
