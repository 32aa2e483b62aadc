"""A program of this machine, for modems and whatever else has a tool of its own: it is given the text to send."""

import asyncio
import os
from contextlib import suppress

from services.watchdog.callers.caller import CallFailedError
from services.watchdog.settings import CommandSettings
from services.watchdog.words import Message

PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "TZ")
"""Our own variables may hold secrets: a program gets these alone."""


class Program:
    """One program, with its arguments."""

    def __init__(self, settings: CommandSettings) -> None:
        self.name = settings.name
        self.joins_at = settings.joins_at
        self._settings = settings

    async def call(self, message: Message) -> None:
        given = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
        try:
            process = await asyncio.create_subprocess_exec(
                *self._settings.program,
                env=given | {"TILLSYN_CALL_KIND": str(message.facts["kind"])},
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.DEVNULL,
                process_group=0,
            )
        except OSError as error:
            raise CallFailedError(f"the program cannot be run: {error.strerror}") from None
        try:
            async with asyncio.timeout(self._settings.timeout_s):
                await process.communicate(f"{message.short}\n".encode())
        except TimeoutError:
            raise CallFailedError(f"the program took longer than {self._settings.timeout_s:g} s") from None
        finally:
            await _ended(process)
        if process.returncode:
            raise CallFailedError(f"the program ended with status {process.returncode}")


async def _ended(process: asyncio.subprocess.Process) -> None:
    """What it has begun ends with it."""
    if process.returncode is None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, 9)
        await process.wait()
