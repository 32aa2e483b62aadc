"""What every camera source keeps, whatever it is."""

from collections.abc import Iterator
from datetime import UTC
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from camera_gateway.cameras import Camera, CameraUnavailableError, take
from tests.camera_gateway.cameras.builders import (
    SteppedClock,
    camera_at,
    numbered_pictures,
    write_video,
)
from tests.camera_gateway.onvif_server import Manners, OnvifServer
from tests.camera_gateway.rtsp_server import Behaviour, RtspServer

LOGIN = ("carer", "hush-hush")


@pytest.fixture
def clock() -> SteppedClock:
    return SteppedClock()


@pytest.fixture(params=["file", "scene", "rtsp", "rtsp with login", "onvif"])
def camera(request: pytest.FixtureRequest, tmp_path: Path, clock: SteppedClock) -> Iterator[Camera]:
    """A camera of each kind that works."""
    match request.param:
        case "file":
            yield camera_at(str(write_video(tmp_path / "film.mp4", numbered_pictures(30))), tmp_path, clock)
        case "scene":
            yield camera_at("scene:sleeper?seed=3&infrared=1", tmp_path, clock)
        case "rtsp":
            with RtspServer(numbered_pictures(30)) as server:
                yield camera_at(server.url(), tmp_path, clock)
        case "rtsp with login":
            with RtspServer(numbered_pictures(30), Behaviour(login=LOGIN, digest=True)) as server:
                yield camera_at(server.url(LOGIN), tmp_path, clock)
        case "onvif":
            with (
                RtspServer(numbered_pictures(30), Behaviour(login=LOGIN, digest=True)) as server,
                OnvifServer(server.url(), Manners(login=LOGIN)) as device,
            ):
                yield camera_at(device.url(login=LOGIN), tmp_path, clock)


@pytest.fixture(params=["file", "still", "scene", "rtsp", "onvif"])
def broken_camera(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Camera]:
    """A camera of each kind that gives nothing."""
    match request.param:
        case "file":
            (tmp_path / "broken.mp4").write_bytes(b"not a film")
            yield camera_at(f"file://{tmp_path}/broken.mp4", tmp_path)
        case "still":
            yield camera_at(f"{tmp_path}/missing.png", tmp_path)
        case "scene":
            yield camera_at("scene:dead", tmp_path)
        case "rtsp":
            with RtspServer(numbered_pictures(1), Behaviour(login=LOGIN)) as server:
                yield camera_at(server.url(("carer", "wrong-word")), tmp_path)
        case "onvif":
            with OnvifServer("rtsp://127.0.0.1:9/", Manners(login=LOGIN)) as device:
                yield camera_at(device.url(login=("carer", "wrong-word")), tmp_path)


def test_pictures_are_blue_green_red_bytes(camera: Camera) -> None:
    (frame,) = take(camera, 1)
    assert frame.pixels.dtype == np.uint8
    assert frame.pixels.ndim == 3
    assert frame.pixels.shape[2] == 3


def test_each_picture_is_a_new_one(camera: Camera) -> None:
    frames = take(camera, 4)
    for one, other in pairwise(frames):
        assert not np.array_equal(one.pixels, other.pixels)


def test_a_picture_carries_the_time_of_the_clock_it_was_given(camera: Camera, clock: SteppedClock) -> None:
    with camera.open() as opened:
        clock.step(60)
        opened.read()
        frame = opened.read()
    assert frame.taken_at == clock.time
    assert frame.taken_at.tzinfo is UTC
    assert 0 <= frame.age_s < 1


def test_a_camera_can_be_opened_again(camera: Camera) -> None:
    assert take(camera, 1)
    assert take(camera, 1)


def test_a_camera_survives_what_goes_wrong_while_it_is_open(camera: Camera) -> None:
    with pytest.raises(ZeroDivisionError), camera.open():
        raise ZeroDivisionError
    assert take(camera, 1)


def test_no_picture_can_be_taken_none_times(camera: Camera) -> None:
    with pytest.raises(ValueError, match="at least one"):
        take(camera, 0)


def test_a_camera_shows_its_name_and_no_secret(camera: Camera) -> None:
    assert camera.name == "bedroom"
    for text in (camera.address, str(camera), repr(camera), str(vars(camera))):
        assert LOGIN[1] not in text


def test_a_broken_camera_says_so_in_one_line_without_a_secret(broken_camera: Camera) -> None:
    with pytest.raises(CameraUnavailableError) as caught:
        take(broken_camera, 1)
    told = f"{caught.value!r} {caught.value} {caught.value.detail}"
    assert "bedroom" in told
    assert "wrong-word" not in told
    assert "\n" not in told


def test_a_broken_camera_writes_nothing_to_the_terminal(
    broken_camera: Camera, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(CameraUnavailableError):
        take(broken_camera, 1)
    captured = capfd.readouterr()
    assert captured.out + captured.err == ""
