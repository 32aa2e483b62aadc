"""The motor of the simulated ONVIF camera: it turns as fast as it turns, and can be told to behave badly."""

import threading
import time
from math import hypot

from tests.camera_gateway.onvif_answers import Place


class Motor:
    """Turns at `speed` units a second. Thread-safe."""

    def __init__(self, at: Place, speed: float) -> None:
        self._speed = speed
        self._from = self._to = at
        self._since = 0.0
        self._lock = threading.Lock()
        self.jammed = False
        """It says that it turns, and never gets anywhere."""
        self.obeys = True
        """False: it takes the command, and stays where it is."""

    def go(self, to: Place) -> None:
        """Begin to turn."""
        with self._lock:
            self._from, self._to, self._since = self._place(), to, time.monotonic()
            if not self.obeys:
                self._to = self._from

    def now(self) -> tuple[Place, bool]:
        """Where it looks, and whether it moves."""
        with self._lock:
            place = self._place()
            return place, self.jammed or place != self._to

    def _place(self) -> Place:
        way = hypot(self._to[0] - self._from[0], self._to[1] - self._from[1])
        done = (time.monotonic() - self._since) * self._speed
        if self.jammed:
            return self._from
        if done >= way:
            return self._to
        share = done / way
        return tuple(a + (b - a) * share for a, b in zip(self._from, self._to, strict=True))  # type: ignore[return-value]
