"""What lies on the bed: sheet, pillow, blanket, and who sleeps under it."""

from dataclasses import dataclass

import cv2
import numpy as np

from camera_gateway.scenes.light import Lighting
from camera_gateway.scenes.optics import Floats
from camera_gateway.scenes.patch import Patch
from camera_gateway.scenes.person import Posture, Stuff, relief
from camera_gateway.scenes.room import NIGHTCLOTHES, Colour, Room
from camera_gateway.scenes.texture import shade

SHEET: Colour = (0.74, 0.76, 0.76)
PILLOW: Colour = (0.80, 0.81, 0.80)
SKIN: Colour = (0.46, 0.58, 0.74)
TROUSERS: Colour = (0.40, 0.36, 0.34)
BLANKET_TOP = 0.68
"""Metres from the head end to the blanket's upper edge."""
FOLD = 0.17
"""Metres of sheet turned down over the blanket."""


def bed_patch(room: Room) -> Patch:
    """The top of the mattress."""
    return Patch(room.bed_left, room.bed_head, room.bed_height, room.bed_width, room.bed_length)


@dataclass(frozen=True, slots=True, eq=False)
class Made:
    """A relief (rows × columns, metres) and its colours (rows × columns × 3, 0–1)."""

    height: Floats
    colour: Floats


class Bed:
    """A bed as it was made (or left) tonight; the seed decides its creases."""

    def __init__(self, room: Room, lighting: Lighting, *, slept_in: bool) -> None:
        self._room = room
        self.patch = bed_patch(room)
        self._x, self._y = self.patch.grid
        self._palette = palette(room, lighting)
        self._creases = creases(self.patch.shape, room.seed)
        self._blanket = self._blanket_over if slept_in else self._blanket_aside
        self._blanket_share = soft_edge(self._blanket())
        self._mattress = self._mattress_and_pillow()
        self._blanket_colour = self._blanket_colours(lighting)
        self._mattress_colour = np.where(
            self._mattress.height[..., None] > 0.02,
            np.array(lighting.reflected(PILLOW), dtype=np.float32),
            np.array(lighting.reflected(SHEET), dtype=np.float32),
        ).astype(np.float32)

    def empty(self) -> Made:
        """Nobody in it: the blanket lies in a heap at one side, the sheet keeps the hollow of a body."""
        heap = 0.07 + 0.05 * self._blanket_share + 2.0 * self._creases
        return self._covered(self._mattress.height + 0.35 * self._creases, heap, self._mattress_colour)

    def with_sleeper(self, person: Posture, face: tuple[float, float]) -> Made:
        """Somebody in it: head on the pillow, the rest under the blanket."""
        height, stuff = relief(person, self._x, self._y, face)
        resting = np.where(height > 0, height + 0.75 * self._mattress.height, self._mattress.height)
        bare = np.where(stuff[..., None] > 0, self._palette[stuff], self._mattress_colour).astype(np.float32)
        draped = cv2.dilate(height, np.ones((5, 5), np.uint8))
        draped = cv2.GaussianBlur(draped, (0, 0), 3.2) + 0.035 + self._creases
        return self._covered(resting.astype(np.float32), np.asarray(draped, dtype=np.float32), bare)

    def _covered(self, bare: Floats, blanket: Floats, colour: Floats) -> Made:
        share = self._blanket_share
        height = np.where(share > 0.5, np.maximum(blanket * share, bare * (1 - share)), bare)
        mixed = colour + share[..., None] * (self._blanket_colour - colour)
        soft = cv2.GaussianBlur(self._rounded(height.astype(np.float32)), (0, 0), 1.0)
        return Made(np.asarray(soft, dtype=np.float32), mixed.astype(np.float32))

    def _rounded(self, height: Floats) -> Floats:
        """Let everything fall away softly towards the mattress's edges."""
        from_side = self.patch.width / 2 - np.abs(self._x)
        return (height - 0.06 * np.exp(-np.maximum(from_side, 0) / 0.035)).astype(np.float32)

    def _mattress_and_pillow(self) -> Made:
        across, along = self._x / 0.36, (self._y - 0.26) / 0.22
        plump = np.maximum(1 - across**4 - along**4, 0)
        height = (0.13 * plump**0.45 - 0.03 * np.exp(-((self._x / 0.13) ** 2) - along**2)) * (plump > 0)
        return Made((height + 0.25 * self._creases).astype(np.float32), np.zeros(0, dtype=np.float32))

    def _blanket_over(self) -> Floats:
        edge = BLANKET_TOP + 0.03 * np.sin(self._x * 7 + self._room.seed) + 0.10 * self._x
        return (self._y > edge).astype(np.float32)

    def _blanket_aside(self) -> Floats:
        """Thrown back over the far lower corner."""
        edge = 1.15 - 0.55 * self._x + 0.06 * np.sin(self._x * 9 + self._room.seed)
        return (self._y > edge).astype(np.float32)

    def _blanket_colours(self, lighting: Lighting) -> Floats:
        pattern = shade(self._room.blanket_texture, self._x, self._y, self.patch.width, self.patch.length)
        colours = pattern[..., None] * np.array(lighting.reflected(self._room.blanket), dtype=np.float32)
        inner = self._blanket() * (cv2.erode(self._blanket(), np.ones((27, 27), np.uint8)) < 0.5)
        fold = (inner > 0) & (np.abs(self._x) < self.patch.width / 2 - 0.03) & (self._y < 1.75)
        colours[fold] = np.array(lighting.reflected(SHEET), dtype=np.float32) * 0.96
        return np.asarray(cv2.GaussianBlur(colours, (0, 0), 0.7), dtype=np.float32)


def palette(room: Room, lighting: Lighting) -> Floats:
    """The colour (0–1) of each `Stuff`, by its number."""
    shirt = NIGHTCLOTHES[room.seed % len(NIGHTCLOTHES)]
    by_stuff = {
        Stuff.NOTHING: (0.0, 0.0, 0.0),
        Stuff.SKIN: SKIN,
        Stuff.HAIR: room.hair,
        Stuff.SHIRT: shirt,
        Stuff.TROUSERS: TROUSERS,
    }
    return np.array([lighting.reflected(by_stuff[stuff]) for stuff in Stuff], dtype=np.float32)


def creases(shape: tuple[int, int], seed: int) -> Floats:
    """Folds of cloth: a smooth random relief of about ±2 cm."""
    dice = np.random.default_rng((seed, 1))
    total = np.zeros(shape, dtype=np.float32)
    for rows, columns, size in ((7, 4, 0.010), (9, 15, 0.006), (30, 13, 0.0022)):
        coarse = dice.standard_normal((rows, columns)).astype(np.float32)
        total += size * cv2.resize(coarse, shape[::-1], interpolation=cv2.INTER_CUBIC)
    return total


def soft_edge(share: Floats) -> Floats:
    """The same area with an edge two points wide."""
    return np.asarray(cv2.GaussianBlur(share, (0, 0), 1.2), dtype=np.float32)
