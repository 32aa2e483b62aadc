"""A bedroom by seed: where things stand, and of what colour. Everything in metres; colours blue-green-red, 0–1."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from camera_gateway.scenes.optics import Floats, Pinhole, look_at
from camera_gateway.scenes.texture import Texture

Colour = tuple[float, float, float]
Point = tuple[float, float, float]

BLANKETS: tuple[Colour, ...] = (
    (0.50, 0.33, 0.20), (0.30, 0.38, 0.52), (0.42, 0.50, 0.40), (0.34, 0.28, 0.48), (0.60, 0.58, 0.52),
)  # fmt: skip
WALLS: tuple[Colour, ...] = ((0.62, 0.68, 0.70), (0.66, 0.64, 0.58), (0.55, 0.66, 0.72), (0.60, 0.66, 0.60))
WOODS: tuple[Colour, ...] = ((0.16, 0.26, 0.40), (0.10, 0.16, 0.26), (0.38, 0.50, 0.60), (0.62, 0.66, 0.68))
HAIRS: tuple[Colour, ...] = ((0.62, 0.64, 0.66), (0.40, 0.44, 0.48), (0.10, 0.14, 0.20), (0.30, 0.42, 0.55))
NIGHTCLOTHES: tuple[Colour, ...] = ((0.62, 0.52, 0.42), (0.70, 0.68, 0.70), (0.45, 0.42, 0.66))

WIDTH_M, DEPTH_M, HEIGHT_M = 3.9, 3.6, 2.45


@dataclass(frozen=True, slots=True)
class Face:
    """A flat four-cornered surface: a corner, and the two edges from it."""

    corner: Point
    across: Point
    up: Point
    colour: Colour
    texture: Texture = Texture.PLAIN
    glow: float = 0.0
    """Light it gives itself, 0–1."""

    def corners(self) -> Floats:
        """4 × 3 metres."""
        a, u, v = (np.array(p, dtype=np.float32) for p in (self.corner, self.across, self.up))
        return np.stack([a, a + u, a + v, a + u + v])


@dataclass(frozen=True, slots=True)
class Box:
    """Something with six sides, from its lowest to its highest corner."""

    low: Point
    high: Point
    colour: Colour
    front: Texture = Texture.PLAIN

    def faces(self) -> tuple[Face, ...]:
        """The sides that a camera above it can see: top, left, right and the one towards the camera's wall."""
        (x0, y0, z0), (x1, y1, z1) = self.low, self.high
        width, depth, height = (x1 - x0, 0.0, 0.0), (0.0, y1 - y0, 0.0), (0.0, 0.0, z1 - z0)
        return (
            Face((x0, y0, z1), width, depth, self.colour),
            Face((x0, y0, z0), depth, height, self.colour, self.front),
            Face((x1, y0, z0), depth, height, self.colour, self.front),
            Face((x0, y0, z0), width, height, self.colour, self.front),
        )


@dataclass(frozen=True)
class Room:
    """One home's bedroom. Its bed stands with the head against the far wall."""

    seed: int
    camera: Pinhole
    mirrored: bool
    bed_left: float
    bed_width: float
    bed_height: float
    blanket: Colour
    blanket_texture: Texture
    wall: Colour
    wood: Colour
    hair: Colour
    nightclothes: Colour
    window_y: float
    picture_x: float

    bed_length: float = 2.05

    @property
    def bed_head(self) -> float:
        """The y of the mattress's end at the wall."""
        return DEPTH_M - 0.1

    @cached_property
    def boxes(self) -> tuple[Box, ...]:
        """Furniture; also what casts shadows."""
        left, right = self.bed_left, self.bed_left + self.bed_width
        foot = self.bed_head - self.bed_length
        board = (left - 0.06, self.bed_head + 0.01, 0.0), (right + 0.06, self.bed_head + 0.08, 1.02)
        rail = (left - 0.05, foot - 0.06, 0.0), (right + 0.05, foot - 0.01, 0.62)
        return (
            Box((left, foot, 0.12), (right, self.bed_head, self.bed_height), self.blanket, Texture.HANGING),
            Box(*board, self.wood),
            Box(*rail, self.wood),
            Box((left - 0.62, DEPTH_M - 0.45, 0.0), (left - 0.16, DEPTH_M, 0.52), self.wood, Texture.DRAWERS),
            Box((0.0, DEPTH_M - 0.9, 0.0), (0.42, DEPTH_M, 1.95), self.wood, Texture.DOORS),
        )

    @cached_property
    def faces(self) -> tuple[Face, ...]:
        """Everything flat in the room."""
        shell = (
            Face((0, 0, 0), (WIDTH_M, 0, 0), (0, DEPTH_M, 0), (0.22, 0.32, 0.42), Texture.BOARDS),
            Face((0, DEPTH_M, 0), (WIDTH_M, 0, 0), (0, 0, HEIGHT_M), self.wall, Texture.WALL),
            Face((WIDTH_M, 0, 0), (0, DEPTH_M, 0), (0, 0, HEIGHT_M), self.wall, Texture.WALL),
            Face((0, 0, 0), (0, DEPTH_M, 0), (0, 0, HEIGHT_M), self.wall, Texture.WALL),
        )
        right, curtain = WIDTH_M - 0.02, (0.5, 0.52, 0.55)
        left_drape = (right - 0.02, self.window_y - 0.34, 0.5)
        right_drape = (right - 0.02, self.window_y + 1.04, 0.5)
        hung = (
            Face((right, self.window_y, 0.95), (0, 1.1, 0), (0, 0, 1.15), (0.5, 0.42, 0.36), Texture.PANES, 0.34),
            Face(left_drape, (0, 0.4, 0), (0, 0, 1.75), curtain, Texture.CURTAIN),
            Face(right_drape, (0, 0.4, 0), (0, 0, 1.75), curtain, Texture.CURTAIN),
            Face((self.picture_x, DEPTH_M - 0.02, 1.4), (0.6, 0, 0), (0, 0, 0.45), (0.45, 0.5, 0.5), Texture.PICTURE),
            Face((self.bed_left - 1.25, 1.0, 0.01), (1.05, 0, 0), (0, 1.7, 0), (0.36, 0.34, 0.44), Texture.RUG),
        )  # fmt: skip
        return shell + hung + tuple(face for box in self.boxes for face in box.faces())

    @property
    def lamp(self) -> Point:
        """The night-light, on the night-stand."""
        return self.bed_left - 0.4, DEPTH_M - 0.25, 0.72

    @property
    def window(self) -> Point:
        return WIDTH_M - 0.1, self.window_y + 0.55, 1.6


def room_of(seed: int) -> Room:
    """The bedroom that belongs to a seed: always the same one."""
    dice = np.random.default_rng(seed)
    bed_left = float(dice.uniform(1.75, 2.05))

    def pick(choices: tuple[Colour, ...]) -> Colour:
        return choices[int(dice.integers(len(choices)))]

    eye = (float(dice.uniform(0.35, 0.75)), float(dice.uniform(0.1, 0.3)), float(dice.uniform(2.15, 2.35)))
    target = (bed_left - 0.02, float(dice.uniform(2.1, 2.2)), 0.40)
    return Room(
        seed=seed,
        camera=look_at(eye, target, degrees=float(dice.uniform(58, 64))),
        mirrored=bool(dice.integers(2)),
        bed_left=bed_left,
        bed_width=float(dice.uniform(1.0, 1.2)),
        bed_height=float(dice.uniform(0.48, 0.56)),
        blanket=pick(BLANKETS),
        blanket_texture=(Texture.STRIPES, Texture.CHECKS, Texture.PLAIN)[int(dice.integers(3))],
        wall=pick(WALLS),
        wood=pick(WOODS),
        hair=pick(HAIRS),
        nightclothes=pick(NIGHTCLOTHES),
        window_y=float(dice.uniform(1.2, 1.8)),
        picture_x=bed_left + float(dice.uniform(0.1, 0.5)),
    )
