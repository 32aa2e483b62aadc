"""What a caller is, and how one is tried."""

import asyncio
from typing import Protocol

import structlog

from services.watchdog.words import Message

log = structlog.get_logger()


class CallFailedError(Exception):
    """The call did not get across. The message says why without address, number or password."""


class Caller(Protocol):
    """One way to one recipient."""

    @property
    def name(self) -> str:
        """Its name in settings and log lines."""
        ...

    @property
    def joins_at(self) -> int:
        """From which ring on it is used."""
        ...

    async def call(self, message: Message) -> None:
        """Tell it, within the caller's own time limit. CallFailedError when it did not get across."""
        ...


async def deliver(caller: Caller, message: Message, attempts: int, pause_s: float) -> str | None:
    """Try so often. None when it got across, else why not; whatever goes wrong in a caller ends here."""
    why: str | None = None
    for attempt in range(1, attempts + 1):
        if attempt > 1:
            await asyncio.sleep(pause_s)
        why = await _tried(caller, message)
        if why is None:
            log.info("called out", caller=caller.name, kind=message.facts["kind"], attempt=attempt)
            return None
        log.error("could not call out", caller=caller.name, kind=message.facts["kind"], attempt=attempt, why=why)
    return why


async def _tried(caller: Caller, message: Message) -> str | None:
    try:
        await caller.call(message)
    except CallFailedError as error:
        return str(error)
    except Exception as error:  # a fault in one caller must not silence the others; its text may hold an address
        return type(error).__name__
    return None
