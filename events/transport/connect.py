"""One way to connect to NATS: with an NKey, for ever, and saying so in the log when the connection comes and goes."""

import asyncio
from pathlib import Path
from typing import Any

import structlog
from nats.aio.client import Client
from nats.errors import Error as NatsError

from events.transport.users import BadNatsKeyError, inbox_prefix, public_key

log = structlog.get_logger()

CONNECT_TIMEOUT_S = 2
RECONNECT_WAIT_S = 0.5


class TransportUnreachableError(Exception):
    """NATS does not answer, or does not accept our key."""


def read_seed(path: Path) -> str:
    """The NKey seed in a file; TransportUnreachableError says what is wrong with it."""
    try:
        return path.read_text().strip()
    except OSError as error:
        raise TransportUnreachableError(f"cannot read the NATS key {path}: {error.strerror}") from None


def connect_options(url: str, seed: str, name: str) -> dict[str, Any]:
    """Options for nats-py and for FastStream's broker, which passes them on; BadNatsKeyError if `seed` is none."""

    async def on_disconnect() -> None:
        log.warning("nats disconnected", url=url)

    async def on_reconnect() -> None:
        log.info("nats reconnected", url=url)

    async def on_error(error: Exception) -> None:
        log.warning("nats error", error=str(error))

    return {
        "servers": [url],
        "nkeys_seed_str": seed,
        "inbox_prefix": inbox_prefix(public_key(seed)),  # the only inbox this user may listen to
        "name": name,
        "connect_timeout": CONNECT_TIMEOUT_S,
        "reconnect_time_wait": RECONNECT_WAIT_S,
        "max_reconnect_attempts": -1,  # nats-py gives up after 60 tries unless told otherwise
        "disconnected_cb": on_disconnect,
        "reconnected_cb": on_reconnect,
        "error_cb": on_error,
    }


async def connect(url: str, seed: str, name: str, *, wait: float | None = 10.0) -> Client:
    """A connected client that never stops reconnecting.

    `wait` is how long the first connection may take, seconds (None: for ever); TransportUnreachableError after it.
    """
    client = Client()
    try:
        options = connect_options(url, seed, name)
    except BadNatsKeyError as error:
        raise TransportUnreachableError(f"the NATS key of {name} is no key: {error}") from None
    try:
        async with asyncio.timeout(wait):
            await client.connect(**options)
    except (TimeoutError, NatsError, OSError) as error:
        await client.close()
        raise TransportUnreachableError(f"no NATS at {url} for {name}: {client.last_error or error}") from None
    return client
