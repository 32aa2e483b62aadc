"""Waiting for what happens elsewhere: in NATS or SQL, in a thread or another process. Nobody sleeps and hopes."""

import asyncio
import time
from collections.abc import Awaitable, Callable

WITHIN_S = 15.0


async def until(condition: Callable[[], bool | Awaitable[bool]], within: float = WITHIN_S) -> None:
    """Return once `condition` holds; TimeoutError when it does not within so many seconds."""
    async with asyncio.timeout(within):
        while True:
            holds = condition()
            if holds if isinstance(holds, bool) else await holds:
                return
            await asyncio.sleep(0.01)


def wait_until(condition: Callable[[], bool], within: float = 2 * WITHIN_S, what: str = "it") -> None:
    """As `until`, for tests that run no loop; AssertionError, which says `what`, when it does not hold in time."""
    limit = time.monotonic() + within
    while not condition():
        assert time.monotonic() < limit, f"{what}: not within {within:g} s"
        time.sleep(0.02)
