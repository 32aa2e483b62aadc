"""The wire between a gateway and the broker: it can be cut, and mended."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

HOST = "127.0.0.1"


class Wire:
    """Passes bytes on in both directions, between a port of its own and the broker's, while it is whole."""

    def __init__(self, to_port: int) -> None:
        self._to = to_port
        self._port = 0
        self._server: asyncio.Server | None = None
        self._passing: set[asyncio.Task[None]] = set()

    @property
    def url(self) -> str:
        """Where the gateway connects; the same after the wire was mended."""
        return f"nats://{HOST}:{self._port}"

    async def mend(self) -> None:
        """Whoever connects reaches the broker."""
        self._server = await asyncio.start_server(self._connected, HOST, self._port)
        self._port = self._server.sockets[0].getsockname()[1]

    async def cut(self) -> None:
        """Nobody gets through, and what stood is gone."""
        if self._server is not None:
            self._server.close()
        passing = list(self._passing)
        for task in passing:
            task.cancel()
        await asyncio.gather(*passing, return_exceptions=True)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._passing.add(task)
        try:
            there, back = await asyncio.open_connection(HOST, self._to)
            try:
                async with asyncio.TaskGroup() as group:
                    group.create_task(_pass_on(reader, back))
                    group.create_task(_pass_on(there, writer))
            finally:
                await _closed(back)
        except asyncio.CancelledError:
            pass  # the wire is cut: nobody is told
        finally:
            await _closed(writer)
            self._passing.discard(task)


async def _pass_on(source: asyncio.StreamReader, to: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while read := await source.read(65536):
            to.write(read)
            await to.drain()
    to.close()


async def _closed(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with suppress(ConnectionError):
        await writer.wait_closed()


@asynccontextmanager
async def a_wire(to_port: int) -> AsyncIterator[Wire]:
    """A whole wire inside the block."""
    wire = Wire(to_port)
    await wire.mend()
    try:
        yield wire
    finally:
        await wire.cut()
