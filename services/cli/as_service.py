"""For commands that speak to NATS as the service itself does: its own key, which is never made here."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from nats.aio.client import Client
from nats.errors import Error as NatsError

from events.runtime.logging import configure_logging
from events.runtime.settings import BadConfigurationError
from events.transport.connect import connect, read_seed
from services.secrets import nats_keys
from services.settings import TillsynSettings

PART = "tillsyn"
WAIT_S = 5.0


@asynccontextmanager
async def nats_as_service(settings: TillsynSettings, name: str) -> AsyncIterator[Client]:
    """A connection under the service's own user; `name` is what the server calls it. Closed afterwards."""
    configure_logging("error", "console", name)
    client = await connect(settings.nats_url, _seed(settings), name, wait=WAIT_S)
    try:
        yield client
    finally:
        with suppress(OSError, NatsError):  # it went away meanwhile, and what was done with it has said so
            await client.close()


def _seed(settings: TillsynSettings) -> str:
    path = settings.nats_seed_file or nats_keys(settings.data) / f"{PART}.nk"
    if not path.exists():
        raise BadConfigurationError(
            f"there is no NATS key {path}: run this with the service's --data or settings (TILLSYN_NATS_SEED_FILE)"
        )
    return read_seed(path)
