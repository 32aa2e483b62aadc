"""Working until told to stop: SIGTERM or SIGINT ends the work in order, and the process with status 0."""

import asyncio
import signal
from collections.abc import Coroutine
from typing import Any

import structlog

log = structlog.get_logger()

SIGNALS = (signal.SIGTERM, signal.SIGINT)
STOPS_WITHIN_S = 15
"""After it the system ends the process: whoever asked it to stop must not wait for ever."""
ASK_AGAIN_S = 3.0
"""A cancellation that a library has swallowed is repeated."""


def run_until_told(
    work: Coroutine[Any, Any, None], *, within_s: int = STOPS_WITHIN_S, ask_again_s: float | None = ASK_AGAIN_S
) -> None:
    """Run `work` to its end, or until a signal asks for it; what it raises passes through."""
    asyncio.run(_until_told(work, within_s, ask_again_s))


async def _until_told(work: Coroutine[Any, Any, None], within_s: int, ask_again_s: float | None) -> None:
    loop = asyncio.get_running_loop()
    working = loop.create_task(work)
    told = asyncio.Event()
    for number in SIGNALS:
        loop.add_signal_handler(number, told.set)
    telling = loop.create_task(told.wait())
    await asyncio.wait({working, telling}, return_when=asyncio.FIRST_COMPLETED)
    telling.cancel()
    if told.is_set():
        log.info("stopping")
        signal.alarm(within_s)
    while not working.done():
        working.cancel()
        await asyncio.wait({working}, timeout=ask_again_s)
    signal.alarm(0)
    if not working.cancelled():
        working.result()
    log.info("stopped")
