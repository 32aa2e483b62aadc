"""A video file that behaves like a live camera, or a still picture.

A video plays in real position: at time `t` it shows the picture at `(t - epoch) mod duration`, whoever opens
it and however often, and begins again at its end.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import NoReturn

import cv2
import numpy as np

from camera_gateway.cameras.address import FileAddress
from camera_gateway.cameras.camera import Clock, Frame, OpenCamera, Pixels
from camera_gateway.cameras.fault import CameraFault, CameraUnavailableError

LONGEST_S = 7 * 24 * 3600
"""A frame count beyond this many seconds is damage, not a film."""


class FileCamera:
    """Keeps the `Camera` protocol over a file."""

    def __init__(self, name: str, address: FileAddress, now: Clock) -> None:
        self.name = name
        self.address = str(address)
        self._file = address
        self._now = now

    @contextmanager
    def open(self) -> Iterator[OpenCamera]:
        """See `Camera.open`. UNREACHABLE: no such file. NO_FRAMES: no picture in it."""
        if not self._file.path.is_file():
            raise CameraUnavailableError(self.name, CameraFault.UNREACHABLE, "no such file")
        if self._file.is_still:
            yield self._still()
            return
        capture = cv2.VideoCapture(str(self._file.path), cv2.CAP_FFMPEG, [cv2.CAP_PROP_N_THREADS, 1])
        try:
            if not capture.isOpened():
                raise CameraUnavailableError(self.name, CameraFault.NO_FRAMES, "the file cannot be played")
            yield PlayingVideo(self.name, capture, self._now)
        finally:
            capture.release()

    def _still(self) -> "StillPicture":
        encoded = np.fromfile(self._file.path, dtype=np.uint8)
        pixels = cv2.imdecode(encoded, cv2.IMREAD_COLOR) if encoded.size else None
        if pixels is None:
            raise CameraUnavailableError(self.name, CameraFault.NO_FRAMES, "the file holds no picture")
        return StillPicture(np.asarray(pixels, dtype=np.uint8), self._now)


class StillPicture:
    """Keeps the `OpenCamera` protocol: the same picture again and again."""

    def __init__(self, pixels: Pixels, now: Clock) -> None:
        self._pixels = pixels
        self._now = now

    def read(self) -> Frame:
        """See `OpenCamera.read`."""
        return Frame(self._pixels.copy(), self._now(), age_s=0.0)


class PlayingVideo:
    """Keeps the `OpenCamera` protocol: a file at its position in real time.

    Read faster than real time, or with a clock that stands still, it goes on picture by picture.
    """

    def __init__(self, name: str, capture: cv2.VideoCapture, now: Clock) -> None:
        self._name = name
        self._capture = capture
        self._now = now
        self._rate = capture.get(cv2.CAP_PROP_FPS)
        self._count = _frame_count(capture, self._rate)
        self._begun = now()
        self._first = position_in_film(self._begun, self._rate, self._count)
        self._given = 0
        if self._first:
            capture.set(cv2.CAP_PROP_POS_FRAMES, self._first)

    def read(self) -> Frame:
        """See `OpenCamera.read`."""
        now = self._now()
        due = int((now - self._begun).total_seconds() * self._rate)
        behind = max(due - self._given, 0)
        for _ in range(behind % self._count if self._count else 0):
            self._skip_one()
        self._given = max(self._given, due) + 1
        return Frame(self._next_picture(), now, age_s=0.0)

    def _skip_one(self) -> None:
        if not self._capture.grab():
            self._rewind()

    def _next_picture(self) -> Pixels:
        there, pixels = self._capture.read()
        if not there:
            self._rewind()
            there, pixels = self._capture.read()
        if not there:
            self._nothing()
        return np.asarray(pixels, dtype=np.uint8)

    def _rewind(self) -> None:
        self._capture.set(cv2.CAP_PROP_POS_FRAMES, 0)

    def _nothing(self) -> NoReturn:
        raise CameraUnavailableError(self._name, CameraFault.NO_FRAMES, "no picture can be read from the file")


def position_in_film(at: datetime, rate: float, count: int) -> int:
    """The number of the picture that a film of `count` pictures at `rate` a second shows at time `at`."""
    return int(at.timestamp() * rate) % count if count else 0


def _frame_count(capture: cv2.VideoCapture, rate: float) -> int:
    """How many pictures the file says it has; 0 when what it says cannot be true."""
    count = capture.get(cv2.CAP_PROP_FRAME_COUNT)
    return int(count) if rate > 0 and 0 < count < rate * LONGEST_S else 0
