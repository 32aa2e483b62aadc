"""Camera addresses: what is understood, and what is never shown."""

from pathlib import Path

import pytest

from camera_gateway.cameras import BadCameraAddressError, FileAddress, RtspAddress, SceneAddress, parse_address
from camera_gateway.scenes import Scene, SceneKind

SECRET = "tlJwpbo6"


@pytest.mark.parametrize("text", ["/srv/night.mp4", "file:///srv/night.mp4", "file://localhost/srv/night.mp4"])
def test_a_file_may_be_named_by_path_or_by_address(text: str) -> None:
    assert parse_address(text) == FileAddress(Path("/srv/night.mp4"))


def test_a_space_in_a_file_address_may_be_percent_encoded() -> None:
    assert parse_address("file:///srv/two%20beds.png") == FileAddress(Path("/srv/two beds.png"))


def test_a_scene_has_a_kind_a_seed_and_a_light() -> None:
    address = parse_address("scene:on_floor?seed=12&infrared=1")
    assert address == SceneAddress(Scene(kind=SceneKind.ON_FLOOR, seed=12, infrared=True))
    assert parse_address(str(address)) == address


def test_a_login_may_be_percent_encoded() -> None:
    address = parse_address("rtsp://carer:p%40ss%2Fword@camera.home:8554/stream")
    assert isinstance(address, RtspAddress)
    assert (address.host, address.port, address.user) == ("camera.home", 8554, "carer")
    assert address.password.get_secret_value() == "p@ss/word"
    assert address.request_uri.get_secret_value() == "rtsp://camera.home:8554/stream"


@pytest.mark.parametrize(
    "text",
    [
        f"rtsp://carer:{SECRET}@10.0.0.2:554/stream",
        f"rtsp://10.0.0.2/user=admin_password={SECRET}_channel=1.sdp",
        f"rtsp://10.0.0.2/stream?password={SECRET}",
    ],
)
def test_a_secret_is_shown_nowhere_wherever_cameras_hide_it(text: str) -> None:
    address = parse_address(text)
    for shown in (str(address), repr(address), f"{address}", f"{address!r}", str([address])):
        assert SECRET not in shown
        assert "10.0.0.2:554" in shown


@pytest.mark.parametrize(
    "text",
    [
        "",
        "night.txt",
        "/srv/LICENSE",
        "http://10.0.0.2/snapshot.jpg",
        "file://otherhost/srv/night.mp4",
        "rtsp:///stream",
        f"rtsp://carer:{SECRET}@:554/stream",
        f"rtsp://carer:{SECRET}/@10.0.0.2/stream",
        f"rtsp://carer:{SECRET}@10.0.0.2:99999/stream",
        f"rtsp://carer:{SECRET}@[10.0.0.2/stream",
        "scene:ballroom",
        "scene:sleeper?seed=-1",
        "scene:sleeper?seed=one",
        "scene:sleeper?infrared=yes",
        "scene:sleeper?sed=1",
    ],
)
def test_a_bad_address_gives_one_clear_line_without_a_secret(text: str) -> None:
    with pytest.raises(BadCameraAddressError) as caught:
        parse_address(text)
    assert caught.value.__cause__ is None
    assert "\n" not in str(caught.value)
    assert SECRET not in str(caught.value)
