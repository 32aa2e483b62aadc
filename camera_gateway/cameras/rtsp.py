"""A network camera over RTSP.

A thread reads for as long as the camera is open and keeps only the newest picture. So a viewer who reads slower than
the camera sends never falls behind, and a capture library that hangs costs only that thread: the caller's
limits hold whatever it does.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import cv2
import numpy as np

from camera_gateway.cameras.address import RtspAddress
from camera_gateway.cameras.camera import Clock, Frame, Limits, OpenCamera, Pixels
from camera_gateway.cameras.fault import CameraFault, CameraUnavailableError
from camera_gateway.cameras.rtsp_probe import why_it_did_not_open


class RtspCamera:
    """Keeps the `Camera` protocol over a network stream."""

    def __init__(self, name: str, address: RtspAddress, now: Clock, limits: Limits) -> None:
        self.name = name
        self.address = str(address)
        self._stream = address
        self._now = now
        self._limits = limits

    def __repr__(self) -> str:
        return f"RtspCamera({self.name!r}, {self.address!r})"

    @contextmanager
    def open(self) -> Iterator[OpenCamera]:
        """See `Camera.open`. Any fault; the stream is closed when the context is left."""
        stream = LiveStream(self.name, self._stream, self._now, self._limits)
        stream.start()
        try:
            stream.wait_until_accepted()
            yield stream
        finally:
            stream.close()


class LiveStream(threading.Thread):
    """One opening of one stream. Keeps the `OpenCamera` protocol."""

    def __init__(self, name: str, address: RtspAddress, now: Clock, limits: Limits) -> None:
        super().__init__(name=f"camera-{name}", daemon=True)
        self._camera = name
        self._address = address
        self._now = now
        self._limits = limits
        self._changed = threading.Condition()
        self._accepted = False
        self._closing = False
        self._fault: CameraUnavailableError | None = None
        self._newest: tuple[Frame, float] | None = None
        self._arrived = 0
        self._given = 0

    # For the caller.

    def wait_until_accepted(self) -> None:
        """Block until the camera has accepted the stream. Raises CameraUnavailableError."""
        limit_s = self._limits.open_s + self._limits.probe_s
        with self._changed:
            self._changed.wait_for(lambda: self._accepted or self._fault, timeout=limit_s)
            if not self._accepted and not self._fault:
                self._fail(CameraFault.TIMED_OUT, f"no answer within {limit_s:g} s")
            if self._fault:
                raise self._fault

    def read(self) -> Frame:
        """See `OpenCamera.read`."""
        with self._changed:
            limit_s = self._limits.read_s if self._given else self._limits.first_frame_s
            self._changed.wait_for(lambda: self._fault or self._arrived > self._given, timeout=limit_s)
            if not self._fault:
                self._refuse_late_picture(limit_s)
            if self._fault or not self._newest:
                raise self._fault or AssertionError("a picture arrived or a fault is known")
            frame, arrived_at = self._newest
            self._given = self._arrived
        return Frame(frame.pixels, frame.taken_at, age_s=time.monotonic() - arrived_at)

    def close(self) -> None:
        """End the stream. Waits for the camera to be let go, at most as long as one read may take."""
        with self._changed:
            self._closing = True
        self.join(timeout=self._limits.first_frame_s + self._limits.read_s)

    def _refuse_late_picture(self, limit_s: float) -> None:
        if self._arrived == 0:
            self._fail(CameraFault.NO_FRAMES, f"the camera answers, but sent no picture in {limit_s:g} s")
        elif self._arrived == self._given:
            self._fail(CameraFault.STALE, f"no new picture for {limit_s:g} s")
        elif self._newest and time.monotonic() - self._newest[1] > self._limits.read_s:
            self._fail(CameraFault.STALE, f"the newest picture is older than {self._limits.read_s:g} s")

    # In the thread.

    def run(self) -> None:
        """Open the stream and read until it is closed or fails."""
        try:
            capture = self._connect()
            try:
                self._read_all(capture)
            finally:
                capture.release()
        except cv2.error:  # its words may hold the address
            self._end(CameraFault.NO_FRAMES, "the stream cannot be decoded")

    def _connect(self) -> cv2.VideoCapture:
        open_ms = int(self._limits.open_s * 1000)
        read_ms = int(max(self._limits.first_frame_s, self._limits.read_s) * 1000)
        settings = [cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, open_ms, cv2.CAP_PROP_READ_TIMEOUT_MSEC, read_ms]
        settings += [cv2.CAP_PROP_N_THREADS, 1]
        return cv2.VideoCapture(self._address.url.get_secret_value(), cv2.CAP_FFMPEG, settings)

    def _read_all(self, capture: cv2.VideoCapture) -> None:
        if not capture.isOpened():
            self._end(*why_it_did_not_open(self._address, self._limits.probe_s))
            return
        with self._changed:
            self._accepted = True
            self._changed.notify_all()
        while not self._over():
            began = time.monotonic()
            there, pixels = capture.read()
            self._keep(np.asarray(pixels, dtype=np.uint8) if there else None, time.monotonic() - began)

    def _over(self) -> bool:
        with self._changed:
            return self._closing or self._fault is not None

    def _keep(self, pixels: Pixels | None, took_s: float) -> None:
        """Make a picture the newest, unless it came so late that it may be an old one."""
        if self._arrived and took_s > self._limits.read_s:
            self._end(CameraFault.STALE, f"the stream stalled for {took_s:.1f} s")
        elif pixels is None:
            self._end(CameraFault.NO_FRAMES, "the stream ended")
        else:
            with self._changed:
                self._newest = Frame(pixels, self._now(), age_s=0.0), time.monotonic()
                self._arrived += 1
                self._changed.notify_all()

    def _end(self, reason: CameraFault, detail: str) -> None:
        with self._changed:
            self._fail(reason, detail)
            self._changed.notify_all()

    def _fail(self, reason: CameraFault, detail: str) -> None:
        """Remember the first fault: it is the cause, what follows is its effect. Call with the lock held."""
        self._fault = self._fault or CameraUnavailableError(self._camera, reason, detail)
