"""An ONVIF camera: how it is reached, what is said of one that cannot be, and its clock, its lamp and its off switch.

How it turns: test_onvif_asleep.py.
"""

import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from urllib.parse import quote

import pytest

from camera_gateway.cameras import (
    CameraFault,
    CameraUnavailableError,
    Limits,
    Notice,
    NoticeKind,
    OnvifCamera,
    take,
)
from tests.camera_gateway.cameras.builders import numbered_pictures, onvif_camera
from tests.camera_gateway.onvif_answers import PREFIXES
from tests.camera_gateway.onvif_server import AWAY, Manners, OnvifServer
from tests.camera_gateway.rtsp_server import Behaviour, RtspServer

LOGIN = ("carer", "hush@hush/ö:")
WRONG = ("carer", "wrong-word")
HOUR = 3600.0
BRIEF = Limits(open_s=2.0, first_frame_s=2.0, read_s=1.5, ask_s=1.0)


@pytest.fixture(scope="module")
def stream() -> Iterator[str]:
    """The address of a stream that wants the login."""
    with RtspServer(numbered_pictures(30), Behaviour(login=LOGIN, digest=True)) as server:
        yield server.url()


def camera_of(server: OnvifServer, query: str = "", login: tuple[str, str] | None = LOGIN) -> OnvifCamera:
    return onvif_camera(server.url(query, login), limits=BRIEF)


def fault_of(camera: OnvifCamera) -> CameraUnavailableError:
    with pytest.raises(CameraUnavailableError) as caught:
        take(camera, 1)
    assert "wrong-word" not in str(caught.value)
    assert "\n" not in str(caught.value)
    return caught.value


@pytest.mark.parametrize("http_digest", [False, True], ids=["WS-UsernameToken", "HTTP Digest"])
def test_either_way_of_logging_in_opens_the_camera(stream: str, http_digest: bool) -> None:
    with OnvifServer(stream, Manners(login=LOGIN, http_digest=http_digest)) as server:
        assert take(camera_of(server), 2)


@pytest.mark.parametrize("http_digest", [False, True], ids=["WS-UsernameToken", "HTTP Digest"])
@pytest.mark.parametrize("login", [WRONG, None], ids=["wrong", "none"])
def test_a_wrong_login_is_called_unauthorised(stream: str, http_digest: bool, login: tuple[str, str] | None) -> None:
    with OnvifServer(stream, Manners(login=LOGIN, http_digest=http_digest)) as server:
        assert fault_of(camera_of(server, login=login)).reason is CameraFault.UNAUTHORISED


@pytest.mark.parametrize("ahead_s", [HOUR, -HOUR, 365 * 24 * HOUR])
def test_a_clock_that_is_off_is_allowed_for_and_told_once(stream: str, ahead_s: float, notices: list[Notice]) -> None:
    with OnvifServer(stream, Manners(login=LOGIN, clock_ahead_s=ahead_s)) as server:
        camera = onvif_camera(server.url(login=LOGIN), tell=notices.append, limits=BRIEF)
        assert take(camera, 1)
        assert take(camera, 1)
    (notice,) = notices
    assert (notice.camera, notice.kind) == ("bedroom", NoticeKind.CLOCK_OFF)
    assert ("ahead" if ahead_s > 0 else "behind") in notice.detail


def test_a_camera_that_tells_another_time_than_it_checks_by_is_opened_by_ours(
    stream: str, notices: list[Notice]
) -> None:
    with OnvifServer(stream, Manners(login=LOGIN, tells_ahead_s=HOUR)) as server:
        assert take(onvif_camera(server.url(login=LOGIN), tell=notices.append, limits=BRIEF), 1)
    assert [notice.kind for notice in notices] == [NoticeKind.CLOCK_OFF]


def test_a_right_clock_is_not_mentioned(stream: str, notices: list[Notice]) -> None:
    with OnvifServer(stream, Manners(login=LOGIN, clock_ahead_s=2)) as server:
        assert take(onvif_camera(server.url(login=LOGIN), tell=notices.append, limits=BRIEF), 1)
    assert not notices


@pytest.mark.parametrize(
    "manners",
    [
        Manners(login=LOGIN, clock_ahead_s=HOUR, tells_time=False),
        Manners(login=LOGIN, clock_ahead_s=HOUR, tells_ahead_s=0, expired_says="MessageExpired"),
    ],
    ids=["it shows no time", "it says that the login is out of date"],
)
def test_a_login_refused_because_of_the_clock_is_not_called_a_wrong_password(stream: str, manners: Manners) -> None:
    with OnvifServer(stream, manners) as server:
        assert fault_of(camera_of(server)).reason is CameraFault.CLOCK_OFF


def test_a_wrong_password_is_called_so_though_the_clock_is_off_too(stream: str, notices: list[Notice]) -> None:
    with OnvifServer(stream, Manners(login=LOGIN, clock_ahead_s=HOUR)) as server:
        fault = fault_of(onvif_camera(server.url(login=WRONG), tell=notices.append, limits=BRIEF))
    assert fault.reason is CameraFault.UNAUTHORISED
    assert "60 min ahead" in fault.detail
    assert [notice.kind for notice in notices] == [NoticeKind.CLOCK_OFF]


@pytest.mark.parametrize(
    ("manners", "fault"),
    [
        (Manners(mute_at="*"), CameraFault.TIMED_OUT),
        (Manners(mute_at="GetStreamUri"), CameraFault.TIMED_OUT),
        (Manners(body=b"<html><p>Welcome!</html>"), CameraFault.NO_FRAMES),
        (Manners(body=b"\x00\xff\x00garbage<"), CameraFault.NO_FRAMES),
        (Manners(body=b""), CameraFault.NO_FRAMES),
        (Manners(faults={"GetStreamUri": "IncompleteConfiguration"}), CameraFault.NO_FRAMES),
        (Manners(faults={"GetStreamUri": "PrivacyMode"}), CameraFault.SHUT_OFF),
    ],
    ids=["mute", "mute later", "a web page", "garbage", "nothing", "a fault", "privacy mode"],
)
def test_each_failure_has_its_name_within_the_time_limits(stream: str, manners: Manners, fault: CameraFault) -> None:
    with OnvifServer(stream, manners) as server:
        began = time.monotonic()
        assert fault_of(camera_of(server)).reason is fault
    assert time.monotonic() - began < 15  # it would be for ever, and a test says so on a busy machine too


@pytest.mark.parametrize("operation", sorted(PREFIXES))
def test_an_answer_with_nothing_in_it_is_a_fault_of_that_camera_and_nothing_worse(stream: str, operation: str) -> None:
    with OnvifServer(stream, Manners(turns=True, empty_at=operation)) as server:
        camera = camera_of(server, "room=bed&away=wall&off_input=button")
        if operation == "GetSystemDateAndTime":  # its time is not needed where it asks for no login
            assert take(camera, 1)
        else:
            assert fault_of(camera).reason in (CameraFault.NO_FRAMES, CameraFault.UNREACHABLE)
        camera.finish(0.1)


def test_a_port_where_nothing_listens_is_called_refused() -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))  # held, but nobody listens
        camera = onvif_camera(f"onvif://127.0.0.1:{held.getsockname()[1]}/", limits=BRIEF)
        assert fault_of(camera).reason is CameraFault.REFUSED


def test_a_server_that_speaks_something_else_is_not_onvif() -> None:
    with RtspServer(numbered_pictures(1), Behaviour(speaks_rtsp=False)) as server:
        assert fault_of(onvif_camera(f"onvif://127.0.0.1:{server.port}/", limits=BRIEF)).reason is CameraFault.NO_FRAMES


def test_a_service_that_the_camera_lacks_is_named(stream: str) -> None:
    with OnvifServer(stream, Manners(lacks=("media",))) as server:
        fault = fault_of(camera_of(server))
    assert (fault.reason, fault.detail) == (CameraFault.NO_FRAMES, "the camera has no media service")


def test_a_profile_is_found_by_name_or_token_and_what_there_is_is_told_when_not(stream: str) -> None:
    with OnvifServer(stream, Manners(login=LOGIN)) as server:
        assert take(camera_of(server, "profile=small"), 1)
        assert take(camera_of(server, "profile=p2"), 1)
        fault = fault_of(camera_of(server, "profile=large"))
    assert fault.reason is CameraFault.UNREACHABLE
    assert "main, small" in fault.detail


def test_the_login_goes_to_the_host_it_was_given_for_whatever_the_camera_says(stream: str) -> None:
    elsewhere = stream.replace("127.0.0.1", "192.0.2.1")  # nobody is there: it is for documentation (RFC 5737)
    with OnvifServer(elsewhere, Manners(login=LOGIN)) as server:
        assert take(camera_of(server), 1)


def test_the_picture_is_only_read_about_and_never_changed(stream: str) -> None:
    with OnvifServer(stream, Manners(login=LOGIN, ir_cut="OFF")) as server:
        camera = camera_of(server)
        assert camera.day_or_night() == "night"
        assert take(camera, 1)
        assert not [operation for operation in server.asked if operation.startswith("Set")]


def test_a_camera_without_a_filter_tells_nothing_of_day_and_night(stream: str) -> None:
    with OnvifServer(stream, Manners(ir_cut=None)) as server:
        assert camera_of(server).day_or_night() == "not_told"


@pytest.mark.parametrize("lamp", ["tt:WhiteLight", "relay:out1"])
def test_the_lamp_is_lit_before_the_stream_opens_and_put_out_after_it_closed(stream: str, lamp: str) -> None:
    with OnvifServer(stream, Manners(login=LOGIN)) as server:
        camera = camera_of(server, f"lamp={quote(lamp)}")
        with camera.open() as opened:
            opened.read()
            assert list(server.lit.values()) == [True]
        camera.finish(5)
        assert list(server.lit.values()) == [False]


def test_the_motor_s_service_is_asked_for_the_lamp_where_the_device_knows_none(stream: str) -> None:
    with OnvifServer(stream, Manners(turns=True, faults={"SetRelayOutputState": "NoRelay"})) as server:
        server.refuses_device_auxiliary = True
        camera = camera_of(server, "lamp=tt:WhiteLight", login=LOGIN)
        with camera.open():
            assert server.lit == {"tt:WhiteLight": True}
        camera.finish(5)


def test_a_broken_lamp_is_told_and_the_person_is_still_seen(stream: str, notices: list[Notice]) -> None:
    with OnvifServer(stream, Manners(faults={"SendAuxiliaryCommand": "NoSuchLamp"})) as server:
        camera = onvif_camera(server.url("lamp=tt:WhiteLight", LOGIN), tell=notices.append, limits=BRIEF)
        assert take(camera, 1)
        camera.finish(5)
    assert [notice.kind for notice in notices] == [NoticeKind.LAMP_FAILED]


def test_a_lamp_that_cannot_be_put_out_keeps_no_camera_from_turning_away(stream: str, notices: list[Notice]) -> None:
    with OnvifServer(stream, Manners(turns=True, faults={"SendAuxiliaryCommand": "NoSuchLamp"})) as server:
        camera = onvif_camera(server.url("lamp=tt:WhiteLight&room=bed&away=wall"), tell=notices.append, limits=BRIEF)
        camera.fall_asleep()
        camera.finish(5)
        assert server.looks == AWAY
    assert [notice.kind for notice in notices] == [NoticeKind.LAMP_FAILED]


def test_of_a_camera_that_only_has_a_lamp_it_is_the_lamp_that_is_told_of(notices: list[Notice]) -> None:
    camera = onvif_camera("onvif://127.0.0.1:9/?lamp=tt:WhiteLight", tell=notices.append, limits=BRIEF)
    camera.fall_asleep()
    camera.finish(5)
    assert [notice.kind for notice in notices] == [NoticeKind.LAMP_FAILED]


def test_the_off_switch_in_the_home_overrides_everything(stream: str) -> None:
    with OnvifServer(stream, Manners(login=LOGIN, turns=True)) as server:
        camera = camera_of(server, "off_input=button&room=bed&away=wall&lamp=tt:WhiteLight")
        server.inputs["button"] = True
        assert fault_of(camera).reason is CameraFault.SHUT_OFF
        assert not {"GotoPreset", "GetStreamUri"} & set(before_sleep(server))
        assert not server.lit.get("tt:WhiteLight")
        camera.finish(5)
        server.inputs["button"] = False
        assert take(camera, 1)
        camera.finish(5)
        assert server.subscriptions == 0


def before_sleep(server: OnvifServer) -> list[str]:
    """What was asked in the first conversation."""
    again = [n for n, operation in enumerate(server.asked) if operation == "GetSystemDateAndTime"][1:]
    return server.asked[: again[0]] if again else server.asked


@pytest.mark.parametrize(
    "manners", [Manners(inputs=()), Manners(faults={"CreatePullPointSubscription": "ActionNotSupported"})]
)
def test_where_the_switch_cannot_be_read_nothing_is_opened(stream: str, manners: Manners) -> None:
    with OnvifServer(stream, manners) as server:
        assert fault_of(camera_of(server, "off_input=button")).reason is CameraFault.NO_FRAMES
        assert "GetStreamUri" not in server.asked


def test_nothing_stays_open_after_conversations_good_and_bad(stream: str) -> None:
    with OnvifServer(stream, Manners(login=LOGIN, mute_at="GetImagingSettings")) as server:
        camera = camera_of(server)
        for _ in range(2):
            assert take(camera, 1)
            with pytest.raises(CameraUnavailableError):
                camera.day_or_night()
        assert server.wait_until_nobody_is_connected()
    assert [thread.name for thread in threading.enumerate() if "asyncio" in thread.name] == []


def test_where_no_onvif_camera_is_spoken_to_its_library_is_not_loaded() -> None:
    program = (
        "import sys; from camera_gateway import Gateway; from camera_gateway.cameras import parse_address;"
        "parse_address('onvif://10.0.0.7/'); print(sorted({'onvif', 'zeep', 'lxml'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_library_leaves_other_peoples_logs_alone() -> None:
    program = (
        "import logging; before = list(logging.getLogger().handlers), logging.getLogger().level;"
        "import camera_gateway.cameras.onvif_device;"
        "print(before == (list(logging.getLogger().handlers), logging.getLogger().level))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "True"
