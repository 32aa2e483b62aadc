"""One thread a camera, and a hung camera costs only itself."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager
from uuid import UUID

import pytest
from structlog.testing import capture_logs

from camera_gateway.cameras import CameraFault, CameraUnavailableError, OpenCamera
from camera_gateway.openings import Openings
from tests.camera_gateway.builders import camera_id

ONE, OTHER = camera_id(1), camera_id(2)


class Named:
    """A camera that is never opened here: the work is the test's own."""

    def __init__(self, name: str) -> None:
        self.name = self.address = name

    def open(self) -> AbstractContextManager[OpenCamera]:
        raise NotImplementedError


@pytest.fixture
def openings() -> Openings:
    return Openings({camera: Named(str(camera)) for camera in (ONE, OTHER)})


@pytest.fixture
def hang() -> Iterator[threading.Event]:
    """Hangs whoever waits on it, until the test is over."""
    event = threading.Event()
    yield event
    event.set()


async def test_work_is_done_in_a_thread_of_the_cameras_own(openings: Openings) -> None:
    name = await openings.use(ONE, lambda source: (source.name, threading.current_thread().name), 5)
    assert name == (str(ONE), f"camera {ONE}")
    assert threading.active_count() == 1


async def test_a_hung_camera_costs_only_itself(openings: Openings, hang: threading.Event) -> None:
    stuck = asyncio.create_task(openings.use(ONE, lambda _: hang.wait(), 0.05))
    assert await openings.use(OTHER, lambda _: "picture", 5) == "picture"
    with pytest.raises(CameraUnavailableError) as told:
        await stuck
    assert told.value.reason is CameraFault.TIMED_OUT


async def test_no_second_thread_waits_inside_a_hung_camera(openings: Openings, hang: threading.Event) -> None:
    for _ in range(3):
        with pytest.raises(CameraUnavailableError):
            await openings.use(ONE, lambda _: hang.wait(), 0.02)
    assert sum(thread.name == f"camera {ONE}" for thread in threading.enumerate()) == 1
    hang.set()
    assert await openings.use(ONE, lambda _: "back", 5) == "back"


async def test_a_camera_does_one_thing_at_a_time(openings: Openings) -> None:
    inside, most = 0, 0

    def work(_: object) -> None:
        nonlocal inside, most
        inside += 1
        most = max(most, inside)
        inside -= 1

    await asyncio.gather(*(openings.use(ONE, work, 5) for _ in range(20)))
    assert most == 1


async def test_pictures_that_break_the_work_are_that_cameras_trouble_alone(openings: Openings) -> None:
    def broken(_: object) -> None:
        raise ZeroDivisionError

    with capture_logs() as lines, pytest.raises(CameraUnavailableError, match="ZeroDivisionError") as told:
        await openings.use(ONE, broken, 5)
    assert told.value.reason is CameraFault.NO_FRAMES
    assert [line["log_level"] for line in lines] == ["error"]
    assert await openings.use(ONE, lambda _: "fine", 5) == "fine"


async def test_stop_waits_for_work_and_names_what_hangs(openings: Openings, hang: threading.Event) -> None:
    task = asyncio.create_task(openings.use(ONE, lambda _: hang.wait(), 0.02))
    with pytest.raises(CameraUnavailableError):
        await task
    with capture_logs() as lines:
        await openings.stop(0.02)
    assert lines[0]["cameras"] == [str(ONE)]
    hang.set()
    await openings.stop(5)
    assert threading.active_count() == 1


def test_only_configured_cameras_are_there(openings: Openings) -> None:
    assert ONE in openings
    assert UUID(int=1) not in openings
    assert None not in openings
