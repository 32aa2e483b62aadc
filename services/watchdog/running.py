"""Three ways to run it: for ever, one round for a timer, and a test of every caller."""

import asyncio
import sys
from collections.abc import Mapping
from contextlib import AsyncExitStack

from prometheus_client import REGISTRY

from events.runtime.clock import WallClock
from events.runtime.logging import configure_logging
from services.up.page import open_page
from services.watchdog.app import Watchdog
from services.watchdog.keeping import alone
from services.watchdog.settings import WatchdogSettings

PART = "watchdog"
FINE, CALLED_OUT, BAD_CONFIGURATION, NOBODY_REACHED = 0, 1, 2, 3
"""Exit statuses of one round."""


async def watching(settings: WatchdogSettings) -> None:
    """Watch until cancelled. BadConfigurationError, in one line, when a setting does not hold."""
    _log_lines(settings)
    async with AsyncExitStack() as open_parts:
        open_parts.enter_context(alone(settings.state_file))
        watchdog = Watchdog(settings, WallClock(), REGISTRY)
        watchdog.require_memory()
        await open_page(open_parts, settings, watchdog.checks())
        await watchdog.run()


def run_once(settings: WatchdogSettings) -> int:
    """One round: 0 with proof of life, or while silence is too short to call out, which is told in one line; 1 while
    people are called, 3 when none was reached.
    """
    _log_lines(settings)
    with alone(settings.state_file):
        watchdog = Watchdog(settings, WallClock())
        watchdog.require_memory()
        asyncio.run(watchdog.round())
    if (waiting := watchdog.waiting()) is not None:
        sys.stdout.write(f"{waiting}\n")
    if watchdog.nobody_reached:
        return NOBODY_REACHED
    return CALLED_OUT if watchdog.silent else FINE


def run_test_call(settings: WatchdogSettings) -> int:
    """A test call over every caller, told line by line on standard output: 0 when each arrived, else 1."""
    _log_lines(settings)
    failures = asyncio.run(Watchdog(settings, WallClock()).call_test())
    _tell(failures)
    return 1 if any(failures.values()) else 0


def _log_lines(settings: WatchdogSettings) -> None:
    configure_logging(settings.log_level, settings.log_format, PART)


def _tell(failures: Mapping[str, str | None]) -> None:
    width = max(len(name) for name in failures)
    for name, why in failures.items():
        sys.stdout.write(f"{name:<{width}}  {f'FAILED: {why}' if why else 'arrived'}\n")
