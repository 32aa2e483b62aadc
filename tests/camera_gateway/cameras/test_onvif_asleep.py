"""An ONVIF camera that can turn: it looks at the room only while it is open, and never shows anything else."""

import threading
import time
from collections.abc import Callable, Iterator
from math import hypot
from typing import ClassVar

import pytest

from camera_gateway.cameras import (
    CameraFault,
    CameraUnavailableError,
    Limits,
    Notice,
    NoticeKind,
    take,
)
from camera_gateway.cameras.asleep import Rest
from camera_gateway.openings import Openings
from tests.camera_gateway.builders import camera_id
from tests.camera_gateway.cameras.builders import numbered_pictures, onvif_camera
from tests.camera_gateway.onvif_server import AWAY, ROOM, Manners, OnvifServer
from tests.camera_gateway.rtsp_server import RtspServer

BRIEF = Limits(open_s=2.0, first_frame_s=2.0, read_s=1.5, ask_s=1.0, turn_s=1.5)
PATIENT = BRIEF.model_copy(update={"turn_s": 10.0})
PRESETS = "room=bed&away=wall"
SLOW = 1.0
"""Units a second: from the room to the wall in one."""


@pytest.fixture(scope="module")
def stream() -> Iterator[str]:
    with RtspServer(numbered_pictures(30)) as server:
        yield server.url()


def wait_until(true: Callable[[], bool], within_s: float = 20.0) -> bool:
    until = time.monotonic() + within_s
    while not true():
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True


def looks_away(server: OnvifServer) -> bool:
    return server.looks == AWAY


@pytest.mark.parametrize(
    ("position", "movement"), [(True, True), (True, False), (False, True)], ids=["both", "position", "movement"]
)
def test_it_rests_at_the_room_before_the_first_picture_and_at_the_wall_after_the_last(
    stream: str, position: bool, movement: bool
) -> None:
    manners = Manners(turns=True, speed=2.0, tells_position=position, tells_movement=movement)
    with OnvifServer(stream, manners) as server:
        server.motor.go(AWAY)
        camera = onvif_camera(server.url(PRESETS), limits=PATIENT)
        with camera.open() as opened:
            opened.read()
            assert server.motor.now() == (ROOM, False)
        assert wait_until(lambda: looks_away(server))
        camera.finish(10)


def test_presets_are_found_by_token_too(stream: str) -> None:
    with OnvifServer(stream, Manners(turns=True)) as server:
        camera = onvif_camera(server.url("room=t0&away=t1"), limits=PATIENT)
        assert take(camera, 1)
        camera.finish(10)
        assert looks_away(server)


def test_whoever_waits_for_a_picture_does_not_wait_for_the_turn_after_it(stream: str) -> None:
    with OnvifServer(stream, Manners(turns=True, speed=0.4)) as server:
        camera = onvif_camera(server.url(PRESETS), limits=PATIENT)
        assert take(camera, 1)
        assert not looks_away(server)
        camera.finish(10)
        assert looks_away(server)


def test_the_stream_is_not_even_open_while_the_camera_turns_to_the_room() -> None:
    class Watched(RtspServer):
        """Notes how far from the room the camera looks when somebody comes to see."""

        far: ClassVar[list[float]] = []

        def connected(self, change: int) -> None:
            if change == 1:
                self.far.append(hypot(server.looks[0] - ROOM[0], server.looks[1] - ROOM[1]))
            super().connected(change)

    with Watched(numbered_pictures(5)) as film, OnvifServer(film.url(), Manners(turns=True, speed=SLOW)) as server:
        server.motor.go(AWAY)
        assert wait_until(lambda: looks_away(server))
        camera = onvif_camera(server.url(PRESETS), limits=PATIENT)
        assert take(camera, 1)
        camera.finish(10)
    assert film.far == [0.0]


def jammed(server: OnvifServer) -> None:
    server.motor.jammed = True


def disobedient(server: OnvifServer) -> None:
    server.motor.obeys = False


@pytest.mark.parametrize("wrong", [jammed, disobedient])
def test_a_camera_that_does_not_come_to_rest_at_the_room_shows_nothing(
    stream: str, wrong: Callable[[OnvifServer], None]
) -> None:
    with OnvifServer(stream, Manners(turns=True)) as server:
        server.motor.go(AWAY)
        assert wait_until(lambda: looks_away(server))
        wrong(server)
        camera = onvif_camera(server.url(PRESETS), limits=BRIEF)
        with pytest.raises(CameraUnavailableError) as caught:
            take(camera, 1)
        assert caught.value.reason is CameraFault.TIMED_OUT
        assert "GetStreamUri" not in server.asked
        camera.finish(0.1)


@pytest.mark.parametrize(
    ("manners", "fault"),
    [
        (Manners(turns=True, tells_position=False, tells_movement=False), CameraFault.NO_FRAMES),
        (Manners(turns=True, presets={"wall": AWAY}), CameraFault.UNREACHABLE),
        (Manners(turns=False), CameraFault.UNREACHABLE),
    ],
    ids=["tells nothing of itself", "has no such preset", "has no motor"],
)
def test_where_the_turn_to_the_room_cannot_be_confirmed_nothing_is_shown(
    stream: str, manners: Manners, fault: CameraFault
) -> None:
    with OnvifServer(stream, manners) as server:
        camera = onvif_camera(server.url(PRESETS), limits=BRIEF)
        with pytest.raises(CameraUnavailableError) as caught:
            take(camera, 1)
        assert caught.value.reason is fault
        camera.finish(0.1)


def test_a_turn_away_that_is_not_confirmed_is_told_once_tried_again_and_told_when_it_is(stream: str) -> None:
    notices: list[Notice] = []
    with OnvifServer(stream, Manners(turns=True)) as server:
        hasty = BRIEF.model_copy(update={"turn_s": 0.5})
        camera = onvif_camera(server.url(PRESETS), tell=notices.append, limits=hasty)
        camera._rest = Rest("bedroom", camera._sleep, notices.append, pauses_s=(0.05,))
        with camera.open():
            server.motor.jammed = True
        assert wait_until(lambda: server.asked.count("GetPresets") >= 4)  # two have failed
        assert [notice.kind for notice in notices] == [NoticeKind.NOT_TURNED_AWAY]
        server.motor.jammed = False
        assert wait_until(lambda: len(notices) == 2)
        assert notices[1].kind is NoticeKind.TURNED_AWAY
        assert looks_away(server)


def test_the_next_opening_does_not_wait_until_the_camera_has_turned_away(stream: str) -> None:
    with OnvifServer(stream, Manners(turns=True)) as server:
        camera = onvif_camera(server.url(PRESETS), limits=PATIENT)
        assert take(camera, 1)
        server.motor.jammed = True  # it would be watched for ten seconds
        assert wait_until(lambda: server.asked.count("GotoPreset") >= 2)
        repaired = threading.Thread(target=repair_when_it_is_sent_to_the_room, args=(server,))
        repaired.start()
        with camera.open() as opened:
            opened.read()
            assert server.looks == ROOM
        repaired.join()
        camera.finish(10)
        assert looks_away(server)


def repair_when_it_is_sent_to_the_room(server: OnvifServer) -> None:
    wait_until(lambda: server.asked.count("GotoPreset") >= 3)
    server.motor.jammed = False


def test_a_camera_is_turned_away_though_the_opening_failed(stream: str) -> None:
    with OnvifServer("rtsp://127.0.0.1:9/nothing", Manners(turns=True)) as server:
        camera = onvif_camera(server.url(PRESETS), limits=BRIEF)
        with pytest.raises(CameraUnavailableError):
            take(camera, 1)
        camera.finish(10)
        assert looks_away(server)


async def test_at_the_start_each_camera_looks_away_and_its_lamp_is_out_whatever_was_before(stream: str) -> None:
    with OnvifServer(stream, Manners(turns=True)) as server:
        server.lit["tt:WhiteLight"] = True  # as a gateway leaves it that was killed in the middle of an opening
        camera = onvif_camera(server.url(f"{PRESETS}&lamp=tt:WhiteLight"), limits=PATIENT)
        openings = Openings({camera_id(1): camera})
        assert server.looks == ROOM
        openings.put_to_sleep()
        await openings.stop(10)
        assert looks_away(server)
        assert server.lit == {"tt:WhiteLight": False}


async def test_a_gateway_that_stops_waits_for_a_camera_that_is_turning_away(stream: str) -> None:
    with OnvifServer(stream, Manners(turns=True, speed=SLOW)) as server:
        camera = onvif_camera(server.url(PRESETS), limits=PATIENT)
        openings = Openings({camera_id(1): camera})
        assert await openings.use(camera_id(1), lambda source: len(take(source, 1)), 20)
        await openings.stop(20)
        assert looks_away(server)


def test_a_camera_out_of_reach_is_told_as_not_turned_away(notices: list[Notice]) -> None:
    camera = onvif_camera("onvif://127.0.0.1:9/?room=bed&away=wall", tell=notices.append, limits=BRIEF)
    camera.fall_asleep()
    camera.finish(10)
    assert [notice.kind for notice in notices] == [NoticeKind.NOT_TURNED_AWAY]


def test_an_error_that_nobody_thought_of_ends_no_attempt_to_turn_a_camera_away(notices: list[Notice]) -> None:
    errors = [ZeroDivisionError(), RuntimeError()]

    def attempt(over: Callable[[], bool]) -> None:
        if errors:
            raise errors.pop()

    rest = Rest("bedroom", attempt, notices.append, pauses_s=(0.0,))
    rest.begin()
    assert wait_until(lambda: not rest.busy)
    assert [notice.kind for notice in notices] == [NoticeKind.NOT_TURNED_AWAY, NoticeKind.TURNED_AWAY]


def test_an_attempt_that_hangs_costs_an_opening_and_is_gone_on_with_afterwards(notices: list[Notice]) -> None:
    hangs, attempts = threading.Event(), []

    def attempt(over: Callable[[], bool]) -> None:
        attempts.append(over)
        hangs.wait(20)

    rest = Rest("bedroom", attempt, notices.append, pauses_s=(0.0,))
    rest.begin()
    assert wait_until(lambda: len(attempts) == 1)
    with pytest.raises(CameraUnavailableError):
        rest.interrupt(0.05)
    rest.begin()
    hangs.set()
    assert wait_until(lambda: not rest.busy)
    assert len(attempts) == 2  # what the first came to is not known: it may have been cut short


def test_a_camera_that_refuses_the_login_is_not_asked_until_its_account_is_locked(
    stream: str, notices: list[Notice]
) -> None:
    with OnvifServer(stream, Manners(login=("carer", "hush-hush"), turns=True)) as server:
        camera = onvif_camera(server.url(PRESETS, ("carer", "wrong")), tell=notices.append, limits=BRIEF)
        camera._rest = Rest("bedroom", camera._sleep, notices.append, pauses_s=(0.0,))
        camera.fall_asleep()
        assert wait_until(lambda: not camera._rest.busy)
        assert server.asked.count("GetProfiles") == 1
    assert [notice.kind for notice in notices] == [NoticeKind.NOT_TURNED_AWAY]


def test_a_camera_that_is_shut_off_in_the_home_shows_nobody_wherever_it_looks(
    stream: str, notices: list[Notice]
) -> None:
    with OnvifServer(stream, Manners(turns=True, faults={"GotoPreset": "PrivacyMode"})) as server:
        camera = onvif_camera(server.url(PRESETS), tell=notices.append, limits=BRIEF)
        camera.fall_asleep()
        camera.finish(10)
    assert not notices


def test_a_camera_without_presets_and_lamp_is_left_alone_between_openings(stream: str) -> None:
    with OnvifServer(stream, Manners(turns=True)) as server:
        camera = onvif_camera(server.url(), limits=BRIEF)
        camera.fall_asleep()
        camera.finish(1)
        assert server.asked == []
