"""One part alone in this process, as in production: its settings, log lines, health page, and a clean stop.

Each part is imported when it is run: a gateway's box has no database, and needs none.
"""

from collections.abc import Coroutine
from contextlib import AsyncExitStack
from enum import StrEnum
from pathlib import Path
from typing import Any

import structlog
from prometheus_client import REGISTRY

from events.runtime.clock import WallClock
from events.runtime.health import Check
from events.runtime.kept_alive import kept_alive
from events.runtime.logging import configure_logging
from events.runtime.settings import PartSettings
from services.up.page import open_page
from services.up.stopping import run_until_told

log = structlog.get_logger()

Work = Coroutine[Any, Any, None]


class Part(StrEnum):
    """What can be run alone."""

    TILLSYN = "tillsyn"
    RELAY = "relay"
    GATEWAY = "gateway"
    WATCHDOG = "watchdog"
    OFFLINE_LIST = "offline-list"


def run_part(part: Part, config: Path | None) -> None:
    """Run it until SIGTERM or SIGINT. What a setting or the database does not allow is raised, in one line."""
    match part:
        case Part.TILLSYN:
            work = _tillsyn(config)
        case Part.RELAY:
            work = _relay(config)
        case Part.GATEWAY:
            work = _gateway(config)
        case Part.WATCHDOG:
            work = _watchdog(config)
        case Part.OFFLINE_LIST:
            work = _offline_list(config)
    run_until_told(work)


def _tillsyn(config: Path | None) -> Work:
    from services.opening import opened_ledger
    from services.settings import TillsynSettings
    from services.tillsyn.app import tillsyn_service

    settings = TillsynSettings.load(config)
    _begin(settings, Part.TILLSYN)

    async def work() -> None:
        async with AsyncExitStack() as open_parts:
            ledger = await open_parts.enter_async_context(opened_ledger(settings, WallClock()))
            not_yet = tillsyn_service(settings, ledger, REGISTRY, wait_for_nats=False)
            service = await open_parts.enter_async_context(not_yet)
            await open_page(open_parts, settings, service.checks(), service.pages())
            await service.run()

    return work()


def _relay(config: Path | None) -> Work:
    from services.opening import opened_ledger
    from services.relay.app import relay
    from services.settings import RelaySettings

    settings = RelaySettings.load(config)
    _begin(settings, Part.RELAY)

    async def work() -> None:
        async with AsyncExitStack() as open_parts:
            ledger = await open_parts.enter_async_context(opened_ledger(settings, WallClock()))
            checks: dict[str, Check] = {"nats": _not_connected}
            await open_page(open_parts, settings, checks)
            relaying = await open_parts.enter_async_context(relay(settings, ledger, REGISTRY))
            checks.update(relaying.checks())
            await relaying.run()

    return work()


def _gateway(config: Path | None) -> Work:
    from camera_gateway import Gateway, GatewaySettings

    settings = GatewaySettings.load(config)
    _begin(settings, Part.GATEWAY)

    async def work() -> None:
        gateway = Gateway(settings, WallClock(), registry=REGISTRY)
        async with AsyncExitStack() as open_parts:
            open_parts.push_async_callback(gateway.stop)
            await open_page(open_parts, settings, gateway.checks())
            await gateway.run()

    return work()


def _watchdog(config: Path | None) -> Work:
    from services.watchdog.running import watching
    from services.watchdog.settings import WatchdogSettings

    return watching(WatchdogSettings.load(config))


def _offline_list(config: Path | None) -> Work:
    from services.offline_list.app import offline_lists
    from services.offline_list.settings import OfflineListSettings
    from services.opening import opened_ledger

    settings = OfflineListSettings.load(config)
    settings.require_a_place()
    _begin(settings, Part.OFFLINE_LIST)

    async def work() -> None:
        async with AsyncExitStack() as open_parts:
            ledger = await open_parts.enter_async_context(opened_ledger(settings, WallClock()))
            lists = offline_lists(settings, ledger)
            await open_page(open_parts, settings, lists.checks())
            await kept_alive("offline lists", lists.run)

    return work()


def _begin(settings: PartSettings, part: Part) -> None:
    configure_logging(settings.log_level, settings.log_format, part.value)
    log.info("starting", nats=settings.nats_url, data=str(settings.data))


async def _not_connected() -> str | None:
    return "not connected"
