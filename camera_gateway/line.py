"""The line to the service: a NATS connection that is made and kept for ever, and what is done while it stands."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

import structlog
from nats.aio.client import Client
from nats.errors import Error as NatsError

from events.runtime.clock import Signal
from events.transport.connect import RECONNECT_WAIT_S, connect_options

log = structlog.get_logger()

T = TypeVar("T")

CLOSES_WITHIN_S = 2.0

LINE_ERRORS = (NatsError, OSError)
"""What nats-py raises when nobody answers or the connection is lost; its time-outs are the standard library's."""


class Line:
    """Keeps one connection up. `restored` is notified whenever it has come back."""

    def __init__(self, url: str, seed: str, name: str) -> None:
        self._options = connect_options(url, seed, name)
        self._url = url
        self._closed = asyncio.Event()
        self._complained: str | None = None
        self.restored = Signal()
        self.client: Client | None = None

    @property
    def connected(self) -> bool:
        """Whether NATS can be spoken to right now."""
        return self.client is not None and self.client.is_connected

    async def hold(self, use: Callable[[Client], Awaitable[None]]) -> None:
        """Connect and run `use`; begin again if the connection is closed for good, as by a key refused for a while."""
        while True:
            client = Client()
            self._closed.clear()
            try:
                await client.connect(**(self._options | self._callbacks()))
                self._complained = None
                self.client = client
                log.info("connected", url=self._url)
                await self._until_closed(use(client))
            except LINE_ERRORS as error:
                await self._complain(error)
            finally:
                self.client = None
                await _close(client)
            await asyncio.sleep(RECONNECT_WAIT_S)

    async def _until_closed(self, use: Awaitable[None]) -> None:
        using = asyncio.ensure_future(use)
        closed = asyncio.ensure_future(self._closed.wait())
        try:
            await asyncio.wait({using, closed}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (using, closed):
                task.cancel()
            await asyncio.wait({using, closed})
        if not using.cancelled():
            using.result()

    def _callbacks(self) -> dict[str, object]:
        said_restored = self._options["reconnected_cb"]

        async def on_reconnect() -> None:
            self._complained = None
            await said_restored()
            self.restored.notify()

        async def on_closed() -> None:
            self._closed.set()

        return {"reconnected_cb": on_reconnect, "closed_cb": on_closed, "error_cb": self._complain}

    async def _complain(self, error: Exception) -> None:
        """Once for each new cause: an outage lasts all night, and a small disk is soon full of twice a second."""
        cause = f"{type(error).__name__}: {error}"
        if cause != self._complained:
            self._complained = cause
            log.warning("nats error", url=self._url, error=cause)


async def answer_to(asked: Coroutine[Any, Any, T]) -> T:
    """Await a call of nats-py so that cancelling always works.

    Its requests wait with `asyncio.wait_for`, which before Python 3.12 swallows a cancellation that comes together
    with the answer: a task that asks again and again would then never end.
    """
    asking = asyncio.ensure_future(asked)
    try:
        return await asyncio.shield(asking)
    except asyncio.CancelledError:
        asking.cancel()
        raise


async def _close(client: Client) -> None:
    try:
        async with asyncio.timeout(CLOSES_WITHIN_S):
            await client.close()
    except LINE_ERRORS as error:
        log.warning("nats connection did not close in order", error=type(error).__name__)
