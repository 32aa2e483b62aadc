"""One process kept alive: begun again when it ends, after a pause that grows until it has held for a while."""

import asyncio
import time
from collections.abc import Callable

import structlog

from events.transport.server import NatsServerError
from services.up.process import Process

log = structlog.get_logger()

FIRST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 30.0
HOLDS_AFTER_S = 60.0
"""What has run so long counts as well, and its next pause is the first again."""


class Supervised:
    """A process under supervision; `state`, `restarts` and `health` are for people to see."""

    def __init__(self, name: str, process: Process, now: Callable[[], float] = time.monotonic) -> None:
        self.name = name
        self.process = process
        self.state = "waiting"
        self.health = ""
        self.restarts = 0
        self._now = now
        self._running: asyncio.Task[None] | None = None

    def begin(self) -> None:
        """Supervise from now on."""
        self._running = asyncio.create_task(self._run(), name=f"supervising {self.name}")

    async def stop(self) -> None:
        """End it, and let it be."""
        if self._running is not None:
            self._running.cancel()
            await asyncio.wait({self._running})
        self.state = "stopping"
        await self.process.stop()
        self.state, self.health = "stopped", ""
        log.info("part stopped", name=self.name)

    async def begin_anew(self) -> None:
        """End it and run it again at once, as after a change of its settings."""
        await self.stop()
        self.begin()

    async def look(self) -> None:
        """Ask how it is."""
        self.health = await self.process.health() if self.process.pid else ""

    async def _run(self) -> None:
        pause = FIRST_PAUSE_S
        while True:
            began = self._now()
            why = await self._once()
            if self._now() - began >= HOLDS_AFTER_S:
                pause = FIRST_PAUSE_S
            self.restarts += 1
            self.health = ""
            self.state = f"{why}; again in {pause:g} s"
            log.warning("part ended, and begins again", name=self.name, why=why, after_s=pause)
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE_S)

    async def _once(self) -> str:
        """Run it until it ends; how it did."""
        self.state = "starting"
        try:
            await self.process.start()
        except (NatsServerError, OSError) as error:
            return str(error)
        self.state = "running"
        log.info("part started", name=self.name, pid=self.process.pid)
        status = await self.process.wait()
        return f"killed by signal {-status}" if status < 0 else f"ended with status {status}"
