"""A private NATS server a test, with everything that a gateway meets there."""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from events.looks.grant import GrantSigner
from events.looks.picture import ViewerKey
from events.transport.connect import connect
from events.transport.server import embedded_nats
from events.transport.topology import make_streams
from events.transport.users import NatsUser, keep_seed, new_seed, public_key
from tests.camera_gateway.builders import GATEWAY, ORGANISATION, Installation


@pytest.fixture
async def installation(tmp_path: Path) -> AsyncIterator[Installation]:
    service_seed, gateway_seed = new_seed(), keep_seed(tmp_path / "keys", "gateway")
    users = [
        NatsUser.service(public_key(service_seed)),
        NatsUser.gateway(public_key(gateway_seed), ORGANISATION, GATEWAY),
    ]
    async with embedded_nats(tmp_path / "nats", users) as server:
        service = await connect(server.url, service_seed, "service")
        js = service.jetstream()
        await make_streams(js)
        yield Installation(
            server=server,
            service=service,
            js=js,
            signer=GrantSigner.from_seed(os.urandom(32)),
            viewer=ViewerKey(),
            service_seed=service_seed,
            seed_file=tmp_path / "keys" / "gateway.nk",
            folder=tmp_path,
        )
        await service.close()
