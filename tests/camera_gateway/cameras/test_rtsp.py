"""A network camera, and everything it can do wrong."""

import socket
import time
from pathlib import Path

import pytest

from camera_gateway.cameras import CameraFault, CameraUnavailableError, Limits, OpenCamera, take
from tests.camera_gateway.cameras.builders import SHORT, camera_at, number_of, numbered_pictures
from tests.camera_gateway.rtsp_server import Behaviour, RtspServer

LOGIN = ("carer", "hush-hush")
LONGEST_S = SHORT.open_s + SHORT.probe_s + 2 * SHORT.first_frame_s + SHORT.read_s


def fault_of(server: RtspServer, folder: Path, login: tuple[str, str] | None = None) -> CameraFault:
    """What is said of this server's camera when thirty pictures are asked of it."""
    with pytest.raises(CameraUnavailableError) as caught:
        take(camera_at(server.url(login), folder), 30)
    return caught.value.reason


def fault_while_reading(opened: OpenCamera) -> CameraUnavailableError:
    """What ends the reading, sooner or later."""
    while True:
        try:
            opened.read()
        except CameraUnavailableError as error:
            return error


@pytest.mark.parametrize("digest", [False, True])
def test_the_right_login_is_let_in(tmp_path: Path, digest: bool) -> None:
    with RtspServer(numbered_pictures(5), Behaviour(login=LOGIN, digest=digest)) as server:
        assert take(camera_at(server.url(LOGIN), tmp_path), 2)


@pytest.mark.parametrize("digest", [False, True])
@pytest.mark.parametrize("login", [None, ("carer", "wrong"), ("other", "hush-hush")])
def test_a_wrong_login_is_told_apart_from_other_failures(
    tmp_path: Path, digest: bool, login: tuple[str, str] | None
) -> None:
    with RtspServer(numbered_pictures(1), Behaviour(login=LOGIN, digest=digest)) as server:
        assert fault_of(server, tmp_path, login) is CameraFault.UNAUTHORISED


@pytest.mark.parametrize(
    ("behaviour", "fault"),
    [
        (Behaviour(answers=False), CameraFault.TIMED_OUT),
        (Behaviour(speaks_rtsp=False), CameraFault.NO_FRAMES),
        (Behaviour(knows_stream=False), CameraFault.UNREACHABLE),
        (Behaviour(sends_pictures=False), CameraFault.NO_FRAMES),
        (Behaviour(drop_after=8), CameraFault.NO_FRAMES),
        (Behaviour(stall_after=8), CameraFault.STALE),
        (Behaviour(stall_after=8, stall_s=1.0), CameraFault.STALE),
    ],
    ids=["mute", "not RTSP", "no such stream", "silent", "dropped", "stalled", "stalled and resumed"],
)
def test_each_failure_has_its_name_within_the_time_limits(
    tmp_path: Path, behaviour: Behaviour, fault: CameraFault
) -> None:
    with RtspServer(numbered_pictures(5), behaviour) as server:
        began = time.monotonic()
        assert fault_of(server, tmp_path) is fault
        assert server.wait_until_nobody_is_connected()
    assert time.monotonic() - began < LONGEST_S + 1  # a limit promised to the caller, with room for a slow machine


def test_a_port_where_nothing_listens_is_called_refused(tmp_path: Path) -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))  # held, but nobody listens
        with pytest.raises(CameraUnavailableError) as caught:
            take(camera_at(f"rtsp://127.0.0.1:{held.getsockname()[1]}/bedroom", tmp_path), 1)
    assert caught.value.reason is CameraFault.REFUSED


def test_after_a_fault_the_opening_stays_over(tmp_path: Path) -> None:
    with RtspServer(numbered_pictures(5), Behaviour(drop_after=4)) as server:
        with camera_at(server.url(), tmp_path).open() as opened:
            first = fault_while_reading(opened)
            assert fault_while_reading(opened) is first
        assert server.wait_until_nobody_is_connected()


def test_the_stream_is_closed_when_the_look_ends(tmp_path: Path) -> None:
    with RtspServer(numbered_pictures(5)) as server:
        with camera_at(server.url(), tmp_path).open() as opened:
            opened.read()
            assert not server.wait_until_nobody_is_connected(within_s=0)
        assert server.wait_until_nobody_is_connected()


def test_a_slow_viewer_gets_the_newest_picture_and_not_the_next(tmp_path: Path) -> None:
    with (
        RtspServer(numbered_pictures(40), Behaviour(pictures_per_second=30)) as server,
        camera_at(server.url(), tmp_path, limits=Limits(read_s=5)).open() as opened,
    ):
        first = number_of(opened.read().pixels)
        time.sleep(0.7)  # the viewer is slow: this is the subject, not a wait
        assert number_of(opened.read().pixels) >= first + 10


def test_after_a_stall_nobody_waited_for_the_next_picture_is_still_stale(tmp_path: Path) -> None:
    stall_s = SHORT.read_s + 0.3
    with (
        RtspServer(numbered_pictures(5), Behaviour(stall_after=3, stall_s=stall_s)) as server,
        camera_at(server.url(), tmp_path).open() as opened,
    ):
        opened.read()
        time.sleep(stall_s + 0.6)  # the viewer is slow: the camera stalled and resumed meanwhile
        with pytest.raises(CameraUnavailableError) as caught:
            opened.read()
    assert caught.value.reason is CameraFault.STALE


def test_a_picture_that_lay_too_long_is_not_served(tmp_path: Path) -> None:
    with (
        RtspServer(numbered_pictures(5), Behaviour(stall_after=5)) as server,
        camera_at(server.url(), tmp_path).open() as opened,
    ):
        opened.read()
        time.sleep(5 / 15 + 2 * SHORT.read_s)  # the viewer is slow, and the camera has stalled meanwhile
        with pytest.raises(CameraUnavailableError) as caught:
            opened.read()
    assert caught.value.reason is CameraFault.STALE
