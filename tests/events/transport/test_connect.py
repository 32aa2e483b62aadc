"""Connecting: what is wrong is told in one line, and the connection comes back by itself."""

import asyncio
from contextlib import suppress
from pathlib import Path

import pytest
from nats.aio.client import Client
from nats.aio.subscription import Subscription
from nats.errors import TimeoutError as NatsTimeoutError

from events.transport.connect import TransportUnreachableError, connect, read_seed
from events.transport.server import EmbeddedNats, embedded_nats
from tests.events.transport.builders import Keys


async def test_a_server_that_is_not_there_is_told_with_its_address(keys: Keys, unused_tcp_port: int) -> None:
    with pytest.raises(TransportUnreachableError, match=f"no NATS at nats://127.0.0.1:{unused_tcp_port} for relay"):
        await connect(f"nats://127.0.0.1:{unused_tcp_port}", keys.relay, "relay", wait=0.3)


async def test_a_key_that_is_none_is_told_before_anything_is_tried(nats: EmbeddedNats) -> None:
    with pytest.raises(TransportUnreachableError, match="the NATS key of relay is no key"):
        await connect(nats.url, "scribble", "relay")


def test_a_key_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(TransportUnreachableError, match=r"relay\.nk: No such file"):
        read_seed(tmp_path / "relay.nk")


async def test_a_client_comes_back_when_the_server_was_killed_and_started_again(nats: EmbeddedNats, keys: Keys) -> None:
    client = await connect(nats.url, keys.service, "service")
    inbox = client.new_inbox()
    heard = await client.subscribe(inbox)
    await client.flush()

    await nats.kill()
    await nats.start()

    async with asyncio.timeout(20):
        assert await _echo(client, inbox, heard) == b"back"
    await client.close()


async def _echo(client: Client, inbox: str, heard: Subscription) -> bytes:
    """What comes back of "back", said until it is heard: what is said to a broken line is lost."""
    while True:
        await client.publish(inbox, b"back")
        with suppress(NatsTimeoutError):
            return (await heard.next_msg(timeout=0.2)).data


async def test_a_client_that_came_first_connects_when_the_server_comes(tmp_path: Path, keys: Keys) -> None:
    async with embedded_nats(tmp_path, keys.users) as first:
        port = first.port
    waiting = asyncio.create_task(connect(f"nats://127.0.0.1:{port}", keys.service, "service", wait=30))

    async with embedded_nats(tmp_path, keys.users, port=port):
        client = await waiting
        assert client.is_connected
        await client.close()
