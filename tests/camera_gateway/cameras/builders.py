"""Clocks, pictures and video files for camera tests."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from camera_gateway.cameras import (
    Camera,
    Limits,
    OnvifAddress,
    OnvifCamera,
    Tell,
    camera_from_address,
    parse_address,
    tell_the_log,
)

SHORT = Limits(open_s=1.0, first_frame_s=0.8, read_s=0.5, probe_s=0.5)
"""Limits that a camera on this machine keeps easily, and that a test can wait for."""
RATE = 10


class SteppedClock:
    """A clock that goes only when told to."""

    def __init__(self, start: datetime = datetime(2026, 11, 3, 1, 0, tzinfo=UTC)) -> None:
        self.time = start

    def __call__(self) -> datetime:
        return self.time

    def step(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)


def camera_at(address: str, folder: Path, clock: SteppedClock | None = None, limits: Limits = SHORT) -> Camera:
    """The camera at an address, named "bedroom"."""
    return camera_from_address(
        address, name="bedroom", now=clock or SteppedClock(), scenes_folder=folder, limits=limits
    )


def onvif_camera(address: str, limits: Limits, tell: Tell = tell_the_log) -> OnvifCamera:
    """The ONVIF camera at an address, named "bedroom"."""
    at = parse_address(address)
    assert isinstance(at, OnvifAddress)
    return OnvifCamera("bedroom", at, SteppedClock(), limits, tell)


def numbered_pictures(count: int) -> list[npt.NDArray[np.uint8]]:
    """Pictures of 320 × 240 whose brightness tells their number: 40, 45, 50, …"""
    return [np.full((240, 320, 3), 40 + 5 * number, dtype=np.uint8) for number in range(count)]


def number_of(picture: npt.NDArray[np.uint8]) -> int:
    """Which of the numbered pictures this is, after an encoding that may darken it by some levels."""
    return round((float(picture.mean()) - 38) / 5)


def write_video(path: Path, pictures: list[npt.NDArray[np.uint8]]) -> Path:
    """A video file of these pictures, RATE of them a second."""
    height, width = pictures[0].shape[:2]
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), RATE, (width, height))
    for picture in pictures:
        writer.write(picture)
    writer.release()
    return path
