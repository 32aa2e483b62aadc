"""The light in a room at night, and how much of it falls on a point."""

from dataclasses import dataclass

import numpy as np

from camera_gateway.scenes.optics import Floats, unit
from camera_gateway.scenes.room import Box, Colour, Room


@dataclass(frozen=True, slots=True, eq=False)
class Lamp:
    """A small source of light at a place (3 metres), with a colour that is also its strength."""

    place: Floats
    colour: Colour
    casts_shadows: bool
    beam: Floats | None = None
    """The direction it shines in, for a lamp that lights the middle more than the sides."""

    def on(self, points: Floats) -> tuple[Floats, Floats]:
        """Unit directions to the lamp (… × 3) and its strength there (…), for points (… × 3)."""
        way = self.place - points
        squared = np.einsum("...i,...i->...", way, way)
        directions = way / np.sqrt(squared)[..., None]
        strength = 1 / (0.35 + squared)
        if self.beam is not None:
            strength = strength * np.clip(-(directions @ self.beam), 0, 1) ** 9
        return directions.astype(np.float32), strength.astype(np.float32)


@dataclass(frozen=True, slots=True)
class Lighting:
    """All the light of one night."""

    ambient: Colour
    lamps: tuple[Lamp, ...]
    infrared: bool

    def reflected(self, colour: Colour) -> Colour:
        """What the sensor makes of a colour: in infrared nearly all cloth and skin is bright and grey."""
        if not self.infrared:
            return colour
        grey = 0.14 + 0.78 * (0.2 * colour[0] + 0.5 * colour[1] + 0.3 * colour[2])
        return grey, grey, grey


def lighting_of(room: Room, infrared: bool) -> Lighting:
    """The camera's own infrared lamps; or a night-light by the bed and what comes through the window."""
    if infrared:
        own = Lamp(room.camera.eye, (4.6, 4.6, 4.6), casts_shadows=False, beam=room.camera.forward)
        return Lighting((0.006, 0.006, 0.006), (own,), infrared=True)
    night_light = Lamp(np.array(room.lamp, dtype=np.float32), (0.06, 0.14, 0.25), casts_shadows=True)
    window = Lamp(np.array(room.window, dtype=np.float32), (0.75, 0.54, 0.40), casts_shadows=True)
    return Lighting((0.034, 0.028, 0.023), (night_light, window), infrared=False)


def light_at(points: Floats, normals: Floats, lighting: Lighting, boxes: tuple[Box, ...]) -> Floats:
    """The light (n × 3) that falls on n points (n × 3) of surfaces with these normals (n × 3)."""
    total = np.tile(np.array(lighting.ambient, dtype=np.float32), (len(points), 1))
    for lamp in lighting.lamps:
        directions, strength = lamp.on(points)
        fallen = strength * np.clip(np.einsum("ij,ij->i", directions, normals), 0, 1)
        if lamp.casts_shadows:
            fallen = fallen * ~_shadowed(points + normals * 0.03, lamp.place, boxes)
        total += fallen[:, None] * np.array(lamp.colour, dtype=np.float32)
    return total


def _shadowed(points: Floats, lamp: Floats, boxes: tuple[Box, ...]) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Whether a box stands between each point (n × 3) and the lamp (the slab method)."""
    way = lamp - points
    way = np.where(np.abs(way) < 1e-5, np.float32(1e-5), way)
    hidden = np.zeros(len(points), dtype=np.bool_)
    for box in boxes:
        low, high = np.array(box.low, dtype=np.float32), np.array(box.high, dtype=np.float32)
        to_low, to_high = (low - points) / way, (high - points) / way
        near, far = np.minimum(to_low, to_high), np.maximum(to_low, to_high)
        enters = np.maximum(np.maximum(near[:, 0], near[:, 1]), near[:, 2])
        leaves = np.minimum(np.minimum(far[:, 0], far[:, 1]), far[:, 2])
        hidden |= (enters < leaves) & (leaves > 0.001) & (enters < 0.999)
    return hidden


def normal_of(across: tuple[float, float, float], up: tuple[float, float, float], towards: Floats) -> Floats:
    """The unit normal (3) of a flat surface, on the side that looks `towards` (3)."""
    normal = unit(np.cross(np.array(across), np.array(up)))
    return normal if float(normal @ towards) >= 0 else -normal
