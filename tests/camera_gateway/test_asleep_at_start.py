"""A gateway that starts makes sure that its cameras look away: it may have been killed while one was open."""

from pathlib import Path

import pytest
from pydantic import SecretStr

from camera_gateway import Gateway, GatewaySettings
from events.looks.grant import GrantSigner
from events.runtime.clock import WallClock
from events.transport.users import new_seed
from tests.camera_gateway.builders import GATEWAY, ORGANISATION, UNIT, camera_id, eventually, running
from tests.camera_gateway.onvif_server import AWAY, ROOM, Manners, OnvifServer


@pytest.fixture
def settings(tmp_path: Path) -> GatewaySettings:
    """A gateway that has never had a network."""
    (tmp_path / "gateway.nk").write_text(new_seed())
    (tmp_path / "grant-key.json").write_text(GrantSigner.from_seed(bytes(32)).public_key())
    return GatewaySettings(
        gateway=GATEWAY,
        organisation=ORGANISATION,
        unit=UNIT,
        data=tmp_path,
        nats_url="nats://127.0.0.1:9",
        nats_seed_file=tmp_path / "gateway.nk",
        grant_key_file=tmp_path / "grant-key.json",
    )


async def test_each_camera_is_turned_away_when_the_gateway_starts_with_or_without_a_network(
    settings: GatewaySettings,
) -> None:
    with OnvifServer("rtsp://127.0.0.1:9/", Manners(turns=True)) as server:
        server.lit["tt:WhiteLight"] = True
        address = server.url("room=bed&away=wall&lamp=tt:WhiteLight")
        gateway = Gateway(settings.model_copy(update={"cameras": {camera_id(1): SecretStr(address)}}), WallClock())
        assert server.looks == ROOM
        async with running(gateway):
            await eventually(lambda: server.motor.now() == (AWAY, False) and not server.lit["tt:WhiteLight"])
