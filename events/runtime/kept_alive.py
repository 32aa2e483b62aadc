"""Keeping a part's loops alive: what fails is logged and begun again, later each time, and takes nothing with it."""

import asyncio
from collections.abc import Awaitable, Callable
from time import monotonic

import structlog

log = structlog.get_logger()

FIRST_WAIT_S = 0.2
LONGEST_WAIT_S = 10.0
HEALTHY_AFTER_S = 60.0
"""Who has run so long begins again at once when it fails."""


async def kept_alive(name: str, run: Callable[[], Awaitable[None]]) -> None:
    """Run `run` for ever."""
    wait = FIRST_WAIT_S
    while True:
        begun = monotonic()
        try:
            await run()
        except Exception as error:
            log.exception("failed, and begins again", name=name, error=str(error))
        if monotonic() - begun > HEALTHY_AFTER_S:
            wait = FIRST_WAIT_S
        await asyncio.sleep(wait)
        wait = min(wait * 2, LONGEST_WAIT_S)
