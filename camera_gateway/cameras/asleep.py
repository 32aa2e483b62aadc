"""Cameras that are put to sleep between looks: turned away, their lamp out, and both confirmed.

Closing a stream is not enough where somebody in the room can see whether a camera looks at them. Turning takes seconds,
though, so it is done behind the back of whoever waits for a picture, in a thread of its own.
"""

import threading
from collections.abc import Callable
from itertools import chain, repeat
from typing import Protocol, runtime_checkable

import structlog

from camera_gateway.cameras.fault import CameraFault, CameraUnavailableError
from camera_gateway.cameras.notice import Notice, NoticeKind, Tell

log = structlog.get_logger()

PAUSES_S = (2.0, 5.0, 15.0, 60.0, 300.0)
"""Seconds between two attempts; the last of them for ever."""

Over = Callable[[], bool]
"""Whether somebody wants the camera for something better."""


@runtime_checkable
class Sleeps(Protocol):
    """A camera that can be told to look away. What it does in `open` is its own affair."""

    def fall_asleep(self) -> None:
        """Make sure that the camera sleeps, in the background, until it is confirmed or the camera is opened.

        Called when the gateway starts: it may have been killed while the camera was open.
        """

    def finish(self, within_s: float) -> None:
        """Wait until an attempt under way is over, and make no other. Called when the gateway stops."""


class Rest:
    """One camera's sleep. `begin` after each opening, `interrupt` before each."""

    def __init__(
        self, camera: str, attempt: Callable[[Over], None], tell: Tell, pauses_s: tuple[float, ...] = PAUSES_S
    ) -> None:
        """`attempt` puts the camera to sleep: it returns when that is confirmed or it was over, else raises
        CameraUnavailableError. It is tried again, unless the camera refuses the login."""
        self._camera = camera
        self._attempt = attempt
        self._tell = tell
        self._pauses_s = pauses_s
        self._changed = threading.Condition()
        self._wanted = False
        self._begun = 0
        self._last = False
        self._running = False
        self._told = False

    @property
    def busy(self) -> bool:
        """Whether it is still being tried."""
        return self._running

    def begin(self) -> None:
        """Put the camera to sleep in the background. Returns at once."""
        with self._changed:
            self._wanted, self._last = True, False
            self._begun += 1
            if self._running:
                return
            self._running = True
        threading.Thread(target=self._run, name=f"camera-{self._camera}-asleep", daemon=True).start()

    def interrupt(self, within_s: float) -> None:
        """Have the camera to oneself. CameraUnavailableError when it is not let go in time: then `begin` again."""
        with self._changed:
            self._wanted = False
            self._changed.notify_all()
            if not self._changed.wait_for(lambda: not self._running, timeout=within_s):
                detail = "it is still busy turning away after the last opening"
                raise CameraUnavailableError(self._camera, CameraFault.TIMED_OUT, detail)

    def finish(self, within_s: float) -> None:
        """See `Sleeps.finish`."""
        with self._changed:
            self._last = True
            self._changed.notify_all()
            self._changed.wait_for(lambda: not self._running, timeout=within_s)

    # In the thread.

    def _run(self) -> None:
        pauses_s = chain(self._pauses_s, repeat(self._pauses_s[-1]))
        while True:
            begun = self._begun
            done = self._once()
            with self._changed:
                if done and begun == self._begun:  # else it may have ended early, for an opening that is over too
                    self._wanted = False
                self._changed.wait_for(self._ends, timeout=next(pauses_s))
                if self._ends():
                    self._running = False
                    self._changed.notify_all()
                    return

    def _ends(self) -> bool:
        return self._last or not self._wanted

    def _over(self) -> bool:
        return not self._wanted

    def _once(self) -> bool:
        try:
            self._attempt(self._over)
        except CameraUnavailableError as error:
            self._failed(error)
            return error.reason is CameraFault.UNAUTHORISED  # asking on and on gets an account locked
        except Exception as error:  # whatever it was, the camera may still look at somebody
            log.error("putting a camera to sleep failed", camera=self._camera, exc_info=error)
            self._failed(CameraUnavailableError(self._camera, CameraFault.NO_FRAMES, type(error).__name__))
            return False
        if self._told and not self._over():
            self._told = False
            self._tell(Notice(self._camera, NoticeKind.TURNED_AWAY, "the camera sleeps again, and says so"))
        return True

    def _failed(self, error: CameraUnavailableError) -> None:
        log.info("not asleep yet", camera=self._camera, reason=error.reason.value, detail=error.detail)
        shut = error.reason is CameraFault.SHUT_OFF  # nobody can be seen, wherever it looks
        if not self._told and not shut and not self._over():
            self._told = True
            self._tell(Notice(self._camera, NoticeKind.NOT_TURNED_AWAY, f"{error.reason.value}: {error.detail}"))
