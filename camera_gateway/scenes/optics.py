"""A pinhole camera in a room measured in metres: x to the right, y away from the camera's wall, z up."""

from dataclasses import dataclass
from math import radians, tan

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

WIDTH, HEIGHT = 640, 480
"""Pixels of every drawn picture."""


@dataclass(frozen=True, slots=True, eq=False)
class Pinhole:
    """A camera at `eye` (3), with unit vectors to its right, downwards and forwards (3 each)."""

    eye: Floats
    right: Floats
    down: Floats
    forward: Floats
    focal: float
    """Pixels."""

    def rays(self, step: int = 1) -> Floats:
        """Directions through every `step`-th pixel: rows × columns × 3, with a forward part of one."""
        xs = (np.arange(0, WIDTH, step, dtype=np.float32) - WIDTH / 2) / self.focal
        ys = (np.arange(0, HEIGHT, step, dtype=np.float32) - HEIGHT / 2) / self.focal
        across = xs[None, :, None] * self.right
        return np.asarray(self.forward + across + ys[:, None, None] * self.down, dtype=np.float32)

    def project(self, points: Floats) -> Floats:
        """Points (n × 3) to pixels (n × 2). Points beside or behind the camera land far outside the picture."""
        relative = points - self.eye
        depth = np.maximum(relative @ self.forward, 0.05)
        x, y = relative @ self.right / depth, relative @ self.down / depth
        return np.stack([x * self.focal + WIDTH / 2, y * self.focal + HEIGHT / 2], axis=1).astype(np.float32)

    def window(self, points: Floats, margin: int = 2) -> tuple[slice, slice]:
        """The rows and columns of the picture that hold these points, on even pixels."""
        pixels = self.project(points)
        x0, y0 = np.clip(pixels.min(axis=0) - margin, 0, (WIDTH, HEIGHT)).astype(int) // 2 * 2
        x1, y1 = np.clip(pixels.max(axis=0) + margin + 2, 0, (WIDTH, HEIGHT)).astype(int) // 2 * 2
        return slice(int(y0), int(y1)), slice(int(x0), int(x1))


def look_at(eye: tuple[float, float, float], target: tuple[float, float, float], degrees: float) -> Pinhole:
    """A camera at `eye` that looks at `target` with a horizontal view of `degrees`."""
    position = np.array(eye, dtype=np.float32)
    forward = unit(np.array(target, dtype=np.float32) - position)
    right = unit(np.cross(forward, np.array([0, 0, 1], dtype=np.float32)))
    down = np.cross(forward, right).astype(np.float32)
    return Pinhole(position, right, down, forward, WIDTH / 2 / tan(radians(degrees) / 2))


def unit(vector: npt.NDArray[np.floating]) -> Floats:
    """The same direction with length one, along the last axis."""
    length = np.linalg.norm(vector, axis=-1, keepdims=True)
    return np.asarray(vector / np.maximum(length, 1e-6), dtype=np.float32)
