"""A level patch with a relief on it (a bed, a piece of floor), lit and laid into the picture."""

from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
import numpy.typing as npt

from camera_gateway.scenes.light import Lighting
from camera_gateway.scenes.optics import Floats
from camera_gateway.scenes.room import Room

GRAIN = 0.012
"""Metres between two points of a relief."""
STEPS = 14
"""Heights at which a ray is compared with the relief."""
HOLLOW_SHADE = 4.5
"""How fast a hollow darkens with its depth, per metre."""


@dataclass(frozen=True)
class Patch:
    """A level rectangle: rows run from its far (head) end towards the camera's wall, columns to the right."""

    left: float
    far: float
    floor: float
    width: float
    length: float

    @cached_property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of its relief."""
        return round(self.length / GRAIN), round(self.width / GRAIN)

    @cached_property
    def grid(self) -> tuple[Floats, Floats]:
        """x (from its middle) and y (from its far end) of every point, in metres."""
        rows, columns = self.shape
        y, x = np.mgrid[0:rows, 0:columns].astype(np.float32) * GRAIN
        return (x - self.width / 2).astype(np.float32), y.astype(np.float32)

    def corners(self, top: float) -> Floats:
        """The eight corners of the space from the patch up to `top` metres above it."""
        xs, ys = (self.left, self.left + self.width), (self.far, self.far - self.length)
        return np.array([(x, y, self.floor + z) for x in xs for y in ys for z in (0.0, top)], dtype=np.float32)

    def points(self) -> Floats:
        """rows × columns × 3 metres in the room."""
        x, y = self.grid
        z = np.full_like(x, self.floor + 0.1)
        return np.stack([x + self.width / 2 + self.left, self.far - y, z], axis=-1)


class Shading:
    """The light of a room on one patch: directions and strengths worked out once."""

    def __init__(self, patch: Patch, room: Room, lighting: Lighting) -> None:
        points = patch.points()
        self._ambient = np.array(lighting.ambient, dtype=np.float32)
        self._lamps = [(*lamp.on(points), np.array(lamp.colour, dtype=np.float32)) for lamp in lighting.lamps]

    def on(self, height: Floats, colour: Floats) -> Floats:
        """A relief (rows × columns, metres) of these colours (× 3, 0–1) as it looks in this light."""
        slope_x = cv2.Sobel(height, cv2.CV_32F, 1, 0, scale=1 / (8 * GRAIN))
        slope_y = cv2.Sobel(height, cv2.CV_32F, 0, 1, scale=1 / (8 * GRAIN))
        steep = 1 / np.sqrt(1 + slope_x**2 + slope_y**2)
        hollow = np.exp(-HOLLOW_SHADE * np.maximum(cv2.blur(height, (11, 11)) - height, 0))
        light = np.tile(self._ambient * 1.0, (*height.shape, 1))
        for to, strength, lamp in self._lamps:
            facing = (to[..., 2] - slope_x * to[..., 0] + slope_y * to[..., 1]) * steep
            light += (strength * np.clip(facing, 0.15, 1))[..., None] * lamp
        return np.asarray(colour * light * hollow[..., None], dtype=np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Sight:
    """What a view shows of one relief: where each pixel looks (as `cv2.remap` wants it), and which pixels do."""

    maps: tuple[npt.NDArray[np.int16], npt.NDArray[np.uint16]]
    mask: npt.NDArray[np.uint8]


class View:
    """How the camera sees one patch: which pixel shows which point of its relief."""

    def __init__(self, patch: Patch, room: Room, top: float) -> None:
        """`top`: no point of any relief shown is higher, in metres."""
        self.window = room.camera.window(patch.corners(top))
        self._top = top
        rows, columns = self.window
        ray = room.camera.rays(step=2)[rows.start // 2 : rows.stop // 2, columns.start // 2 : columns.stop // 2]
        eye = room.camera.eye
        # Where a ray is at height z above the patch: base + z · drift, in points of the relief.
        fall = ray / ray[..., 2:]
        base = eye + fall * (patch.floor - eye[2])
        self._base_x = ((base[..., 0] - patch.left) / GRAIN).astype(np.float32)
        self._base_y = ((patch.far - base[..., 1]) / GRAIN).astype(np.float32)
        self._drift_x = (fall[..., 0] / GRAIN).astype(np.float32)
        self._drift_y = (-fall[..., 1] / GRAIN).astype(np.float32)
        self._size = (columns.stop - columns.start, rows.stop - rows.start)

    def of(self, height: Floats, shown: npt.NDArray[np.bool_]) -> Sight:
        """Which point of a relief (rows × columns, metres) each pixel shows, where it is to be `shown`."""
        x, y = self._points_seen(height)
        mask = cv2.remap(shown.astype(np.uint8), x, y, cv2.INTER_NEAREST, borderMode=cv2.BORDER_CONSTANT, borderValue=0)
        places, shares = cv2.convertMaps(x, y, cv2.CV_16SC2)
        maps = np.asarray(places, dtype=np.int16), np.asarray(shares, dtype=np.uint16)
        return Sight(maps, np.asarray(mask, dtype=np.uint8))

    def _points_seen(self, height: Floats) -> tuple[Floats, Floats]:
        """For each pixel of the window the column and row of the relief that it shows.

        Follows each ray downwards until it is below the relief, then divides the last step by the rule of three.
        """
        height = np.asarray(cv2.GaussianBlur(height, (0, 0), 1.5), dtype=np.float32)
        z = np.full(self._base_x.shape, self._top, dtype=np.float32)
        above = z - self._sample(height, z)
        found = np.zeros(z.shape, dtype=np.float32)
        open_rays = np.ones(z.shape, dtype=np.bool_)
        for step in range(STEPS - 1, -1, -1):
            lower = np.full_like(z, self._top * step / STEPS)
            gap = lower - self._sample(height, lower)
            hit = open_rays & (gap <= 0)
            share = above / np.maximum(above - gap, 1e-6)
            found = np.where(hit, z + share * (lower - z), found)
            open_rays &= ~hit
            z, above = lower, gap
        return self._full(self._base_x + found * self._drift_x), self._full(self._base_y + found * self._drift_y)

    def _sample(self, height: Floats, z: Floats) -> Floats:
        x, y = self._base_x + z * self._drift_x, self._base_y + z * self._drift_y
        seen = cv2.remap(height, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=-1.0)
        return np.asarray(seen, dtype=np.float32)

    def _full(self, half: Floats) -> Floats:
        return np.asarray(cv2.resize(half, self._size, interpolation=cv2.INTER_LINEAR), dtype=np.float32)

    def draw(self, picture: npt.NDArray[np.uint8], sight: Sight, texture: npt.NDArray[np.uint8]) -> None:
        """Draw the patch, which looks like `texture` (its rows × columns × 3), into the picture, in place."""
        seen = cv2.remap(texture, *sight.maps, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        cv2.copyTo(seen, sight.mask, picture[self.window])
