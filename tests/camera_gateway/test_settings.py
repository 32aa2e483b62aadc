"""What an installer writes, and one clear line for what is wrong with it."""

import json
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from camera_gateway import Gateway, GatewaySettings
from camera_gateway.privacy import PrivacyFilter
from events.looks.grant import GrantSigner
from events.runtime.clock import WallClock
from events.runtime.settings import BadConfigurationError
from events.transport.users import new_seed

PASSWORD = "s3cret"
CAMERA = UUID("c0000000-0000-4000-8000-000000000001")
CONFIG = f"""
[gateway]
gateway = "6a7e0000-0000-4000-8000-000000000001"
organisation = "0a6a0000-0000-4000-8000-000000000001"
unit = "e1e10000-0000-4000-8000-000000000001"
nats_seed_file = "gateway.nk"
grant_key_file = "grant-key.json"
camera_limits = {{ open_s = 2.5 }}

[gateway.cameras]
{CAMERA} = "rtsp://user:{PASSWORD}@10.0.0.7/stream"

[gateway.privacy.{CAMERA}]
filter = "silhouette"
zones = [{{ left = 0.0, top = 0.0, right = 0.5, bottom = 1.0 }}]
"""


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    (tmp_path / "gateway.nk").write_text(new_seed())
    (tmp_path / "grant-key.json").write_text(GrantSigner.from_seed(bytes(32)).public_key())
    (tmp_path / "tillsyn.toml").write_text(CONFIG)
    return tmp_path


def settings(installed: Path, **changes: Any) -> GatewaySettings:
    files = {"nats_seed_file": installed / "gateway.nk", "grant_key_file": installed / "grant-key.json"}
    return GatewaySettings.load(installed / "tillsyn.toml", **({"data": installed / "data"} | files | changes))


def test_a_toml_file_says_everything(installed: Path) -> None:
    found = settings(installed)
    assert found.cameras[CAMERA].get_secret_value() == f"rtsp://user:{PASSWORD}@10.0.0.7/stream"
    assert found.privacy_of(CAMERA).filter is PrivacyFilter.SILHOUETTE
    assert found.privacy_of(UUID(int=1)).filter is PrivacyFilter.PIXELATED
    assert found.camera_limits.open_s == 2.5


def test_the_environment_says_it_too(installed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TILLSYN_CAMERAS", json.dumps({str(CAMERA): "scene:sleeper?seed=7"}))
    assert settings(installed).cameras[CAMERA].get_secret_value() == "scene:sleeper?seed=7"


def test_a_cameras_password_is_never_shown(installed: Path) -> None:
    assert PASSWORD not in repr(settings(installed))


def test_every_setting_is_described() -> None:
    assert [name for name, field in GatewaySettings.model_fields.items() if not field.description] == []


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"cameras": {CAMERA: f"rtsp://user:{PASSWORD}@/"}}, "cameras"),
        ({"cameras": {CAMERA: f"ftp://user:{PASSWORD}@host/"}}, "cameras"),
        ({"nats_seed_file": Path("/nowhere/gateway.nk")}, "nats_seed_file"),
        ({"grant_key_file": Path("/nowhere/key.json")}, "grant_key_file"),
        ({"data": Path("/dev/null")}, "data"),
    ],
)
def test_what_is_wrong_is_one_line_without_a_password(installed: Path, changes: dict[str, Any], says: str) -> None:
    with pytest.raises(BadConfigurationError) as told:
        Gateway(settings(installed, **changes), WallClock())
    assert says in str(told.value)
    assert "\n" not in str(told.value)
    assert PASSWORD not in str(told.value)


@pytest.mark.parametrize("content", ["", "{}", "[]", '"x"', "not json", '{"kty":"OKP","crv":"Ed25519","x":"!!"}'])
def test_a_key_file_without_a_key_is_one_line(installed: Path, content: str) -> None:
    for name, says in (("grant-key.json", "grant_key_file"), ("gateway.nk", "nats_seed_file")):
        before = (installed / name).read_text()
        (installed / name).write_text(content)
        with pytest.raises(BadConfigurationError, match=says):
            Gateway(settings(installed), WallClock())
        (installed / name).write_text(before)


def test_a_folder_in_which_no_spool_can_be_made_is_one_line(installed: Path) -> None:
    found = settings(installed)
    (found.folder / "spool.sqlite3").mkdir(parents=True)
    with pytest.raises(BadConfigurationError, match=r"^data: cannot make the spool .*unable to open"):
        Gateway(found, WallClock())


async def test_a_second_gateway_on_the_same_folder_is_refused(installed: Path) -> None:
    first = Gateway(settings(installed), WallClock())
    with pytest.raises(BadConfigurationError, match="in use"):
        Gateway(settings(installed), WallClock())
    await first.stop()
    again = Gateway(settings(installed), WallClock())
    await again.stop()
