"""People as a few capsules: where their head, trunk and limbs are, and how high they stand out.

Places are (x, y, z) in metres on a patch: x across it, y from its head end, z up from it.
"""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from camera_gateway.scenes.optics import Floats


class Stuff(IntEnum):
    """What a point of a person is made of."""

    NOTHING = 0
    SKIN = 1
    HAIR = 2
    SHIRT = 3
    TROUSERS = 4


@dataclass(frozen=True, slots=True)
class Part:
    """A capsule from one place to another, with a radius at each end."""

    start: tuple[float, float, float]
    end: tuple[float, float, float]
    start_radius: float
    end_radius: float
    stuff: Stuff

    def towards(self, other: "Part", share: float) -> "Part":
        """This part, moved a share (0–1) of the way to where it is in another posture."""
        return Part(
            _between(self.start, other.start, share),
            _between(self.end, other.end, share),
            self.start_radius + share * (other.start_radius - self.start_radius),
            self.end_radius + share * (other.end_radius - self.end_radius),
            self.stuff,
        )


Posture = tuple[Part, ...]
"""Always the same parts in the same order, so that one posture can turn into another."""


def posture(joints: dict[str, tuple[float, float, float]], chest: float, hips: float) -> Posture:
    """A person from the places of their joints, and how thick the trunk is (radius, metres)."""
    j = joints
    return (
        Part(j["crown"], j["chin"], 0.098, 0.075, Stuff.SKIN),
        Part(j["chin"], j["neck"], 0.055, 0.060, Stuff.SKIN),
        Part(j["neck"], j["waist"], chest * 0.85, chest, Stuff.SHIRT),
        Part(j["waist"], j["hips"], chest, hips, Stuff.SHIRT),
        Part(j["left_shoulder"], j["left_elbow"], 0.062, 0.05, Stuff.SHIRT),
        Part(j["left_elbow"], j["left_hand"], 0.048, 0.036, Stuff.SKIN),
        Part(j["right_shoulder"], j["right_elbow"], 0.062, 0.05, Stuff.SHIRT),
        Part(j["right_elbow"], j["right_hand"], 0.048, 0.036, Stuff.SKIN),
        Part(j["left_hip"], j["left_knee"], 0.095, 0.065, Stuff.TROUSERS),
        Part(j["left_knee"], j["left_foot"], 0.062, 0.045, Stuff.TROUSERS),
        Part(j["right_hip"], j["right_knee"], 0.095, 0.065, Stuff.TROUSERS),
        Part(j["right_knee"], j["right_foot"], 0.062, 0.045, Stuff.TROUSERS),
    )


ON_BACK = posture(
    {
        "crown": (0.00, 0.24, 0.11), "chin": (0.00, 0.36, 0.11), "neck": (0.00, 0.46, 0.05),
        "waist": (0.00, 0.82, 0.06), "hips": (0.00, 1.00, 0.05),
        "left_shoulder": (-0.18, 0.52, 0.06), "left_elbow": (-0.25, 0.80, 0.06), "left_hand": (-0.10, 0.92, 0.19),
        "right_shoulder": (0.18, 0.52, 0.06), "right_elbow": (0.26, 0.80, 0.06), "right_hand": (0.24, 1.06, 0.05),
        "left_hip": (-0.09, 1.02, 0.05), "left_knee": (-0.11, 1.42, 0.07), "left_foot": (-0.13, 1.82, 0.06),
        "right_hip": (0.09, 1.02, 0.05), "right_knee": (0.12, 1.42, 0.07), "right_foot": (0.14, 1.82, 0.06),
    },
    chest=0.155, hips=0.15,
)  # fmt: skip

ON_SIDE = posture(
    {
        "crown": (-0.02, 0.24, 0.13), "chin": (0.05, 0.35, 0.11), "neck": (0.00, 0.47, 0.09),
        "waist": (-0.05, 0.84, 0.10), "hips": (-0.10, 1.02, 0.12),
        "left_shoulder": (-0.02, 0.54, 0.17), "left_elbow": (0.18, 0.74, 0.16), "left_hand": (0.30, 0.58, 0.10),
        "right_shoulder": (0.06, 0.52, 0.05), "right_elbow": (0.30, 0.62, 0.05), "right_hand": (0.30, 0.40, 0.05),
        "left_hip": (-0.08, 1.02, 0.20), "left_knee": (0.26, 1.24, 0.20), "left_foot": (0.02, 1.56, 0.12),
        "right_hip": (-0.06, 1.02, 0.06), "right_knee": (0.20, 1.34, 0.06), "right_foot": (-0.08, 1.66, 0.05),
    },
    chest=0.150, hips=0.145,
)  # fmt: skip

FALLEN = posture(
    {
        "crown": (0.22, 0.18, 0.06), "chin": (0.22, 0.31, 0.05), "neck": (0.12, 0.40, 0.07),
        "waist": (0.06, 0.74, 0.09), "hips": (0.00, 0.90, 0.08),
        "left_shoulder": (-0.06, 0.46, 0.10), "left_elbow": (-0.28, 0.34, 0.05), "left_hand": (-0.24, 0.12, 0.03),
        "right_shoulder": (0.26, 0.50, 0.08), "right_elbow": (0.40, 0.70, 0.05), "right_hand": (0.26, 0.88, 0.03),
        "left_hip": (-0.08, 0.92, 0.08), "left_knee": (-0.34, 1.12, 0.10), "left_foot": (-0.24, 1.46, 0.04),
        "right_hip": (0.08, 0.94, 0.08), "right_knee": (0.04, 1.30, 0.06), "right_foot": (0.16, 1.64, 0.04),
    },
    chest=0.145, hips=0.140,
)  # fmt: skip


def turned(one: Posture, other: Posture, share: float) -> Posture:
    """A posture a share (0–1) of the way from one to another."""
    return tuple(part.towards(target, share) for part, target in zip(one, other, strict=True))


def breathing(person: Posture, depth: float) -> Posture:
    """A posture with its trunk wider by `depth` (a share; 0.06 is a calm breath drawn large enough to see)."""
    return tuple(_wider(part, 1 + depth) if part.stuff is Stuff.SHIRT else part for part in person)


def relief(
    person: Posture, x: Floats, y: Floats, face: tuple[float, float] = (0.0, 0.0)
) -> tuple[Floats, npt.NDArray[np.uint8]]:
    """How high a person stands above each point of a patch (metres), and of what `Stuff` they are there.

    `x` and `y` (same shape) are the points' places; `face` says which way the face is turned, across and along
    the patch (0, 0 is up).
    """
    height = np.zeros(x.shape, dtype=np.float32)
    stuff = np.zeros(x.shape, dtype=np.uint8)
    for part in person:
        near = _surroundings(part, x, y)
        top = _top(part, x[near], y[near])
        higher = top > height[near]
        height[near][higher] = top[higher]
        stuff[near][higher] = part.stuff
    head = person[0]
    stuff[(stuff == Stuff.SKIN) & _under_hair(head, x, y, face)] = Stuff.HAIR
    return height, stuff


def _surroundings(part: Part, x: Floats, y: Floats) -> tuple[slice, slice]:
    """The rows and columns of the patch that the part can reach."""
    reach = max(part.start_radius, part.end_radius)

    def within(places: Floats, one: float, other: float) -> slice:
        first, last = np.searchsorted(places, (min(one, other) - reach, max(one, other) + reach))
        return slice(int(first), int(last))

    return within(y[:, 0], part.start[1], part.end[1]), within(x[0], part.start[0], part.end[0])


def _top(part: Part, x: Floats, y: Floats) -> Floats:
    (x0, y0, z0), (x1, y1, z1) = part.start, part.end
    length = (x1 - x0) ** 2 + (y1 - y0) ** 2
    along = np.clip(((x - x0) * (x1 - x0) + (y - y0) * (y1 - y0)) / length, 0, 1)
    radius = part.start_radius + along * (part.end_radius - part.start_radius)
    off = (x - x0 - along * (x1 - x0)) ** 2 + (y - y0 - along * (y1 - y0)) ** 2
    inside = radius**2 - off
    top = z0 + along * (z1 - z0) + np.sqrt(np.maximum(inside, 0))
    return np.where(inside > 0, top, 0).astype(np.float32)


def _under_hair(head: Part, x: Floats, y: Floats, face: tuple[float, float]) -> npt.NDArray[np.bool_]:
    """Which points of the head (a ball round the crown) lie on the side away from the face."""
    across, along = (x - head.start[0]) / 0.12, (y - head.start[1]) / 0.12
    near = across**2 + along**2 < 1
    facing = across * face[0] + along * (face[1] + 0.9)
    return np.asarray(near & (facing < 0.10 - 0.25 * np.hypot(*face)))


def _wider(part: Part, factor: float) -> Part:
    return Part(part.start, part.end, part.start_radius * factor, part.end_radius * factor, part.stuff)


def _between(
    one: tuple[float, float, float], other: tuple[float, float, float], share: float
) -> tuple[float, float, float]:
    x, y, z = (a + share * (b - a) for a, b in zip(one, other, strict=True))
    return x, y, z
