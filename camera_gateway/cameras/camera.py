"""The protocol every camera source keeps, and what it hands over."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, Field

Pixels = npt.NDArray[np.uint8]
"""A picture, height × width × 3, blue-green-red, 0–255."""

Clock = Callable[[], datetime]
"""Tells the time, aware and in UTC. An argument everywhere: the demo and the night tests step it."""


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One picture and what is known of its age."""

    pixels: Pixels
    taken_at: datetime
    """When it reached this machine, by the camera's clock argument. How long it was under way is not known."""
    age_s: float
    """Seconds it then waited here before it was handed over, by a clock that cannot be stepped."""


class Limits(BaseModel):
    """Time limits of one opening, in seconds. None of them can be switched off."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    open_s: float = Field(default=4.0, gt=0, le=60)
    """From the call to an accepted stream."""
    first_frame_s: float = Field(default=4.0, gt=0, le=60)
    """From an accepted stream to its first picture; a keyframe may be seconds away."""
    read_s: float = Field(default=1.5, gt=0, le=60)
    """Between two pictures after the first. A longer gap makes what follows stale (measured: after a stall
    two reads came back with old pictures before the third failed)."""
    probe_s: float = Field(default=2.0, gt=0, le=60)
    """For asking an RTSP camera why it did not open."""
    ask_s: float = Field(default=2.0, gt=0, le=60)
    """For one question to an ONVIF camera, and its answer."""
    turn_s: float = Field(default=6.0, gt=0, le=60)
    """From the command to turn until the camera is known to rest where it was sent."""


class OpenCamera(Protocol):
    """A camera while it is open. Not for use by several threads at once."""

    def read(self) -> Frame:
        """The newest picture, later than the one before. Blocks at most for the limits' time.

        Raises CameraUnavailableError; after that the opening is over.
        """


class Camera(Protocol):
    """One camera. It is closed except inside `open`."""

    @property
    def name(self) -> str:
        """What it is called in reports."""

    @property
    def address(self) -> str:
        """Where it is, fit for a log: no password and nothing that may hold one."""

    def open(self) -> AbstractContextManager[OpenCamera]:
        """Open the camera for a while; leaving the context closes it, whatever happened.

        Raises CameraUnavailableError.
        """


def take(camera: Camera, count: int) -> tuple[Frame, ...]:
    """Open a camera, take `count` (≥ 1) pictures one after another, and close it again.

    Raises CameraUnavailableError when not all of them came.
    """
    if count < 1:
        raise ValueError(f"count is {count}: take at least one picture")
    with camera.open() as opened:
        return tuple(opened.read() for _ in range(count))
