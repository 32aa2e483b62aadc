"""Cameras opened in threads of their own, so that a hung camera costs only itself.

A camera is open for one purpose at a time. When it does not come back within the limit its thread is left to end by
itself and the camera stays taken until it has: no second thread ever waits inside the same camera.
"""

import asyncio
import threading
from asyncio import Future
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, TypeVar
from uuid import UUID

import structlog

from camera_gateway.cameras import Camera, CameraFault, CameraUnavailableError, Sleeps

log = structlog.get_logger()

T = TypeVar("T")


class Openings:
    """The gateway's cameras by id."""

    def __init__(self, cameras: Mapping[UUID, Camera]) -> None:
        self._cameras = dict(cameras)
        self._lanes = {camera: asyncio.Lock() for camera in cameras}
        self._at_work: dict[UUID, Future[Any]] = {}

    def __contains__(self, camera: object) -> bool:
        return camera in self._cameras

    async def use(self, camera: UUID, work: Callable[[Camera], T], limit_s: float) -> T:
        """What `work` makes of the camera, in a thread. CameraUnavailableError when that fails or takes too long."""
        lane = self._lanes[camera]
        try:
            async with asyncio.timeout(limit_s):
                await lane.acquire()
        except TimeoutError:
            raise self._timed_out(camera, "it is still busy with an earlier opening") from None
        try:
            done = self._start(camera, work)
        except BaseException:
            lane.release()
            raise
        done.add_done_callback(lambda _: lane.release())
        finished, _ = await asyncio.wait({done}, timeout=limit_s)
        if not finished:
            log.error("camera hangs", camera=str(camera), limit_s=limit_s)
            raise self._timed_out(camera, f"nothing came back within {limit_s:g} s")
        return done.result()

    def put_to_sleep(self) -> None:
        """Make sure that each camera that can look away does so. Returns at once.

        For a start: the gateway may have been killed while a camera was open.
        """
        for camera in self._sleepers:
            camera.fall_asleep()

    async def stop(self, within_s: float) -> None:
        """Wait for threads that are still at work, then for cameras that are just turning away.

        One that hangs is left behind: it ends with the process.
        """
        if self._at_work:
            await asyncio.wait(set(self._at_work.values()), timeout=within_s)
        if self._at_work:
            log.error("cameras still hang at the end", cameras=[str(camera) for camera in self._at_work])
        await asyncio.gather(*(asyncio.to_thread(camera.finish, within_s) for camera in self._sleepers))

    @property
    def _sleepers(self) -> list[Sleeps]:
        return [camera for camera in self._cameras.values() if isinstance(camera, Sleeps)]

    def _start(self, camera: UUID, work: Callable[[Camera], T]) -> "Future[T]":
        loop = asyncio.get_running_loop()
        done: Future[T] = loop.create_future()
        source = self._cameras[camera]

        def run() -> None:
            outcome = _outcome(source, work)
            with suppress(RuntimeError):  # the loop is gone, and nobody waits
                loop.call_soon_threadsafe(finish, outcome)

        def finish(outcome: T | CameraUnavailableError) -> None:
            thread.join()  # handing over was the last thing it did
            del self._at_work[camera]
            if isinstance(outcome, CameraUnavailableError):
                done.set_exception(outcome)
                done.exception()  # seen, also when nobody waits any more
            else:
                done.set_result(outcome)

        thread = threading.Thread(target=run, name=f"camera {camera}", daemon=True)
        thread.start()
        self._at_work[camera] = done
        return done

    def _timed_out(self, camera: UUID, detail: str) -> CameraUnavailableError:
        return CameraUnavailableError(self._cameras[camera].name, CameraFault.TIMED_OUT, detail)


def _outcome(source: Camera, work: Callable[[Camera], T]) -> T | CameraUnavailableError:
    try:
        return work(source)
    except CameraUnavailableError as error:
        return error
    except Exception as error:  # pictures that break the judge or the filter are this camera's trouble alone
        log.error("an opening failed", camera=source.name, exc_info=error)
        return CameraUnavailableError(source.name, CameraFault.NO_FRAMES, f"{type(error).__name__} on its pictures")
