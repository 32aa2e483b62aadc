"""A private NATS server a test, with streams and two gateways."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from events.transport.server import EmbeddedNats, embedded_nats
from events.transport.topology import make_streams
from tests.events.transport.builders import Keys, Speaker


@pytest.fixture
def keys() -> Keys:
    return Keys()


@pytest.fixture
async def nats(tmp_path: Path, keys: Keys) -> AsyncIterator[EmbeddedNats]:
    async with embedded_nats(tmp_path / "nats", keys.users) as server:
        yield server


@pytest.fixture
async def speak(nats: EmbeddedNats) -> AsyncIterator[Callable[[str], Awaitable[Speaker]]]:
    """Connects with a seed, and closes at the end."""
    speakers: list[Speaker] = []

    async def connect(seed: str) -> Speaker:
        speakers.append(await Speaker.connect(nats.url, seed))
        return speakers[-1]

    yield connect
    for speaker in speakers:
        await speaker.client.close()


@pytest.fixture
async def service(speak: Callable[[str], Awaitable[Speaker]], keys: Keys) -> Speaker:
    """The service, on a server that has all streams."""
    speaker = await speak(keys.service)
    await make_streams(speaker.js)
    return speaker


@pytest.fixture
async def gateway(service: Speaker, speak: Callable[[str], Awaitable[Speaker]], keys: Keys) -> Speaker:
    return await speak(keys.box.seed)
