"""What a supervisor keeps alive: one part as a child process, or the embedded NATS server. Both die with us."""

import asyncio
import json
import signal
import socket
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Protocol

from events.runtime.parent import dies_with_parent
from events.transport.server import EmbeddedNats

HOST = "127.0.0.1"
STOPS_WITHIN_S = 12.0
ANSWERS_WITHIN_S = 2.0


class Process(Protocol):
    """Something that runs, may end, and can be run again."""

    @property
    def pid(self) -> int | None:
        """While it runs."""
        ...

    async def start(self) -> None:
        """Run it. OSError or NatsServerError when that is not possible now."""
        ...

    async def wait(self) -> int:
        """Its exit status, when it has ended."""
        ...

    async def stop(self) -> None:
        """End it in order; by force when it takes too long."""
        ...

    async def health(self) -> str:
        """`ready`, or what it lacks."""
        ...


class PartProcess:
    """`tillsyn run …` as a child, with a health page on a free port of this machine."""

    def __init__(
        self, arguments: Sequence[str], environment: Mapping[str, str], log: Path | None, shared: Sequence[int]
    ) -> None:
        """Its log lines go to `log`, or where ours go. `shared` are open files that it holds too."""
        self._arguments = (sys.executable, "-m", "services.cli", "run", *arguments)
        self._environment = dict(environment)
        self._log = log
        self._shared = tuple(shared)
        self._port = 0
        self._process: asyncio.subprocess.Process | None = None

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process is not None and self._process.returncode is None else None

    async def start(self) -> None:
        self._port = _free_port()
        with ExitStack() as files:
            said = files.enter_context(self._log.open("ab")) if self._log else None
            self._process = await asyncio.create_subprocess_exec(
                *self._arguments,
                env=self._environment | {"TILLSYN_HEALTH_HOST": HOST, "TILLSYN_HEALTH_PORT": str(self._port)},
                stdin=asyncio.subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                pass_fds=self._shared,
                process_group=0,  # Ctrl-C is for us: we stop them one after the other
                preexec_fn=dies_with_parent(),
            )

    async def wait(self) -> int:
        assert self._process is not None  # noqa: S101 - it was started
        return await self._process.wait()

    async def stop(self) -> None:
        if self._process is None or self._process.returncode is not None:
            return
        try:
            self._signal(signal.SIGTERM)
            async with asyncio.timeout(STOPS_WITHIN_S):
                await self._process.wait()
        except TimeoutError:
            self._signal(signal.SIGKILL)
            await self._process.wait()

    async def health(self) -> str:
        try:
            async with asyncio.timeout(ANSWERS_WITHIN_S):
                wrong = await _asked(self._port)
        except (OSError, TimeoutError, ValueError, asyncio.IncompleteReadError):
            return "no answer yet"
        return "; ".join(f"{name}: {what}" for name, what in wrong.items()) or "ready"

    def _signal(self, number: signal.Signals) -> None:
        with suppress(ProcessLookupError):
            if self._process is not None:
                self._process.send_signal(number)


class NatsProcess:
    """The embedded NATS server."""

    def __init__(self, server: EmbeddedNats) -> None:
        self._server = server

    @property
    def pid(self) -> int | None:
        return self._server.pid if self._server.alive() else None

    async def start(self) -> None:
        await self._server.start()

    async def wait(self) -> int:
        return await self._server.wait()

    async def stop(self) -> None:
        await self._server.stop()

    async def health(self) -> str:
        return "ready" if self._server.alive() else "no answer yet"


async def _asked(port: int) -> dict[str, str]:
    """What the health page says is wrong."""
    reader, writer = await asyncio.open_connection(HOST, port)
    try:
        writer.write(b"GET /readyz HTTP/1.1\r\n\r\n")
        await reader.readuntil(b"\r\n\r\n")
        wrong: dict[str, str] = json.loads(await reader.read())["wrong"]
        return wrong
    finally:
        writer.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port
