"""One part alone in this process, as in production: its settings, log lines, health page, and a clean stop.

Each part is imported when it is run: a gateway's box has no database, and needs none.
"""

import os
from collections.abc import Coroutine, Mapping
from contextlib import AsyncExitStack
from enum import StrEnum
from pathlib import Path
from typing import Any

import structlog
from prometheus_client import REGISTRY

from events.runtime.clock import WallClock
from events.runtime.health import Check, HealthPage
from events.runtime.logging import configure_logging
from events.runtime.settings import BadConfigurationError, PartSettings
from services.up.stopping import run_until_told

log = structlog.get_logger()

Work = Coroutine[Any, Any, None]


class Part(StrEnum):
    """What can be run alone."""

    TILLSYN = "tillsyn"
    RELAY = "relay"
    GATEWAY = "gateway"


def run_part(part: Part, config: Path | None) -> None:
    """Run it until SIGTERM or SIGINT. What a setting or the database does not allow is raised, in one line."""
    match part:
        case Part.TILLSYN:
            work = _tillsyn(config)
        case Part.RELAY:
            work = _relay(config)
        case Part.GATEWAY:
            work = _gateway(config)
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
            await _open_page(open_parts, settings, service.checks())
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
            await _open_page(open_parts, settings, checks)
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
            await _open_page(open_parts, settings, gateway.checks())
            await gateway.run()

    return work()


def _begin(settings: PartSettings, part: Part) -> None:
    configure_logging(settings.log_level, settings.log_format, part.value)
    log.info("starting", nats=settings.nats_url, data=str(settings.data))


async def _open_page(open_parts: AsyncExitStack, settings: PartSettings, checks: Mapping[str, Check]) -> None:
    """Serve the health page, where one is wanted."""
    host, port = settings.health_host, settings.health_port
    if not port:
        return
    try:
        await open_parts.enter_async_context(HealthPage(checks).serve(host, port))
    except OSError as error:
        why = os.strerror(error.errno) if error.errno else str(error)
        raise BadConfigurationError(
            f"TILLSYN_HEALTH_PORT: cannot answer on {host}:{port} ({why}); choose another port, or 0 for none"
        ) from None


async def _not_connected() -> str | None:
    return "not connected"
