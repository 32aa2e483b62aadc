"""Where the gateway's parts are put together, and nowhere else."""

import asyncio
from collections.abc import Mapping
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import structlog
from joserfc.errors import JoseError
from nats.aio.client import Client
from prometheus_client import CollectorRegistry

from camera_gateway.cameras import BadCameraAddressError, Camera, Tell, camera_from_address, tell_the_log
from camera_gateway.checker import Checker
from camera_gateway.drain import Drain
from camera_gateway.heartbeat import Heart
from camera_gateway.keeper import Keeper
from camera_gateway.line import LINE_ERRORS, Line
from camera_gateway.looks import Looks
from camera_gateway.metrics import Metrics
from camera_gateway.openings import Openings
from camera_gateway.reserve import Reserve
from camera_gateway.settings import GatewaySettings
from camera_gateway.spool import Spool
from camera_gateway.spool_file import SpoolInUseError, SpoolUnusableError
from camera_gateway.upkeep import Upkeep
from events.looks.grant import GrantVerifier
from events.runtime.clock import Clock, Signal
from events.runtime.health import Check, HealthPage
from events.runtime.ids import Ids, Randomness, system_randomness
from events.runtime.settings import BadConfigurationError
from events.transport.connect import TransportUnreachableError, read_seed
from events.transport.users import BadNatsKeyError

log = structlog.get_logger()

SPOOL_FILE = "spool.sqlite3"
SCHEDULE_FILE = "schedule.json"
RESERVE_FILE = "reserve"


class Gateway:
    """One gateway, in this process. `run` it, or `start` and `stop` it; once stopped, make a new one."""

    def __init__(
        self,
        settings: GatewaySettings,
        clock: Clock,
        *,
        randomness: Randomness = system_randomness,
        registry: CollectorRegistry | None = None,
    ) -> None:
        """Put the parts together. BadConfigurationError, in one line, when a setting does not hold.

        `registry` takes the counters; by default the gateway has one of its own, in `metrics.registry`.
        """
        self._settings = settings
        self._clock = clock
        ids = Ids(clock.now, randomness)
        wake = Signal()
        self.metrics = Metrics(registry or CollectorRegistry())
        self._line = _line(settings)
        self._openings = Openings(_cameras(settings, clock, tell_the_log))
        verifier = _verifier(settings.grant_key_file)
        folder = settings.folder
        reserve = Reserve(folder / RESERVE_FILE)
        self._keeper = Keeper(folder / SCHEDULE_FILE, settings.organisation, settings.gateway, wake, reserve)
        self._spool = _spool(folder / SPOOL_FILE, reserve)
        self._upkeep = Upkeep(clock, self._spool, self._keeper, reserve, self.metrics)
        self._checker = Checker(settings, clock, self._keeper, self._spool, self._openings, self.metrics, ids, wake)
        self._looks = Looks(settings, clock, self._keeper, self._spool, self._openings, self.metrics, verifier)
        most_pause = timedelta(seconds=settings.resend_most_s)
        self._drain = Drain(self._spool, self._line, clock, self.metrics, most_pause)
        self._heart = Heart(settings, clock, self._keeper, self._spool, self._line, ids)
        self._settled = False
        self._running: asyncio.Task[None] | None = None

    async def run(self) -> None:
        """Do the gateway's work until cancelled. Needs no network: with a kept schedule it begins at once."""
        try:
            self._keeper.load()
            self._openings.put_to_sleep()
            async with asyncio.TaskGroup() as parts:
                parts.create_task(self._checker.run(), name="checker")
                parts.create_task(self._upkeep.run(), name="upkeep")
                parts.create_task(self._line.hold(self._online), name="line")
        finally:
            await self._looks.stop()
            await self._openings.stop(self._settings.opening_limit_s)
            self._spool.close()

    async def start(self) -> None:
        """Run in a task of its own. Returns at once; `at_rest` and `checks` tell how it goes."""
        self._running = asyncio.create_task(self.run(), name=f"gateway {self._settings.gateway}")
        await asyncio.sleep(0)

    async def stop(self) -> None:
        """End it in order: what is not sent stays in the spool. Raises what made it fail, if it had failed."""
        if self._running is None:
            self._spool.close()
            return
        self._running.cancel()
        await asyncio.wait({self._running})
        if not self._running.cancelled():
            self._running.result()

    @property
    def connected(self) -> bool:
        """Whether the service can be spoken to right now."""
        return self._line.connected

    def idle(self) -> bool:
        """No camera is in use, for a check or a look. What waits for the network does not count."""
        return self._checker.idle and self._looks.idle

    async def at_rest(self) -> bool:
        """Nothing is in flight, everything is sent, and the schedule in force is the bucket's latest.

        False while there is no line: a stepped clock stands still rather than let a night pass without its gateway.
        (A test of an outage asks `idle` instead.) Raises what made the gateway fail, if it has failed.
        """
        if self._running is not None and self._running.done() and not self._running.cancelled():
            self._running.result()
        client = self._line.client
        if client is None or not self._settled or not self._line.connected or not self.idle():
            return False
        try:
            changed = await self._keeper.catch_up(client)
        except LINE_ERRORS:
            return False
        return not changed and self.idle() and not self._spool.waiting

    def checks(self) -> Mapping[str, Check]:
        """For the health page. A gateway that lacks something still does what it can."""
        return {
            "nats": self._nats_health,
            "schedule": self._schedule_health,
            "spool": self._spool_health,
            "disk": self._disk_health,
        }

    async def _online(self, client: Client) -> None:
        js = client.jetstream()
        every = timedelta(seconds=self._settings.schedule_check_s)
        await self._keeper.listen(client)
        await self._keeper.try_to_catch_up(client)
        await self._looks.listen(client)
        await self._heart.beat(js)
        try:
            async with asyncio.TaskGroup() as parts:
                follow = self._keeper.follow(client, self._clock, every, self._line.restored)
                parts.create_task(follow, name="schedule")
                parts.create_task(self._drain.run(js), name="drain")
                parts.create_task(self._heart.run(js), name="heartbeat")
                self._settled = True
        finally:
            self._settled = False

    async def _nats_health(self) -> str | None:
        return None if self._line.connected else "not connected"

    async def _schedule_health(self) -> str | None:
        return None if self._keeper.current else "no schedule yet"

    async def _spool_health(self) -> str | None:
        waiting = self._spool.waiting
        return None if self._line.connected or not waiting else f"{waiting} messages wait to be sent"

    async def _disk_health(self) -> str | None:
        return self._upkeep.trouble


async def run_gateway(
    settings: GatewaySettings,
    clock: Clock,
    *,
    randomness: Randomness = system_randomness,
    registry: CollectorRegistry | None = None,
) -> None:
    """A gateway with its health page, until cancelled. BadConfigurationError when a setting does not hold."""
    gateway = Gateway(settings, clock, randomness=randomness, registry=registry)
    page = HealthPage(gateway.checks(), gateway.metrics.registry)
    async with AsyncExitStack() as open_parts:
        if settings.health_port:
            await open_parts.enter_async_context(page.serve(settings.health_host, settings.health_port))
        await gateway.run()


def _line(settings: GatewaySettings) -> Line:
    try:
        return Line(settings.nats_url, read_seed(settings.nats_seed_file), f"gateway {settings.gateway}")
    except (TransportUnreachableError, BadNatsKeyError) as error:
        raise BadConfigurationError(f"nats_seed_file: {error}") from None


def _verifier(file: Path) -> GrantVerifier:
    try:
        return GrantVerifier(file.read_text())
    except OSError as error:
        raise BadConfigurationError(f"grant_key_file: cannot read {file}: {error.strerror}") from None
    except (ValueError, JoseError) as error:
        raise BadConfigurationError(f"grant_key_file: {file} holds no public key: {type(error).__name__}") from None


def _cameras(settings: GatewaySettings, clock: Clock, tell: Tell) -> dict[UUID, Camera]:
    cameras = {}
    for camera, address in settings.cameras.items():
        try:
            cameras[camera] = camera_from_address(
                address.get_secret_value(),
                name=str(camera),
                now=clock.now,
                scenes_folder=settings.data / "scenes",
                limits=settings.camera_limits,
                tell=tell,
            )
        except BadCameraAddressError as error:
            raise BadConfigurationError(f"cameras: {camera}: {error}") from None
    return cameras


def _spool(file: Path, reserve: Reserve) -> Spool:
    try:
        return Spool(file, Signal(), reserve=reserve)
    except SpoolInUseError as error:
        raise BadConfigurationError(str(error)) from None
    except SpoolUnusableError as error:
        raise BadConfigurationError(f"data: {error}") from None
    except OSError as error:
        raise BadConfigurationError(f"data: cannot write to {file.parent}: {error.strerror}") from None
