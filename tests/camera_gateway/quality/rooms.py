"""Rooms that a camera looks into: what its reference is learned from, what it shows later, and other rooms.

The footage's pictures show only what they show: for a view that has moved, a part of each picture is taken for the
whole, and another part for the view that has moved.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import islice

import cv2
import numpy as np
import numpy.typing as npt

from camera_gateway.scenes import Scene, SceneKind, frames
from tests.camera_gateway.quality.footage import footage_files, pictures_of
from tests.camera_gateway.quality.tampers import with_noise

Pixels = npt.NDArray[np.uint8]

ASIDE = 60
"""Pixels at the left and at the top that only a view that has moved shows."""
SETTING = "set"
TRIED = "tried"
SEEDS = {SETTING: (1, 4, 5, 9, 10), TRIED: (11, 12, 13, 14)}
"""Of drawn rooms."""
DRAWN = [SceneKind.SLEEPER, SceneKind.EMPTY_BED, SceneKind.ON_FLOOR]


@dataclass(frozen=True)
class Room:
    """Pictures of 640 × 480, of which `view` is what the camera shows."""

    name: str
    infrared: bool
    used: str
    """SETTING: thresholds were set by it. TRIED: they were not."""
    learned: tuple[Pixels, ...]
    later: tuple[Pixels, ...]


def view(picture: Pixels, right: int = 0, down: int = 0, degrees: float = 0.0) -> Pixels:
    """What the camera shows when what it sees has moved by so many pixels, or turned (anticlockwise)."""
    height, width = picture.shape[:2]
    if degrees:
        middle = ((width + ASIDE) / 2, (height + ASIDE) / 2)
        turn = cv2.getRotationMatrix2D(middle, degrees, 1.0)
        turned = cv2.warpAffine(picture, turn, (width, height), borderMode=cv2.BORDER_REFLECT)
        picture = np.asarray(turned, dtype=np.uint8)
    return picture[ASIDE - down : height - down, ASIDE - right : width - right]


def real_rooms() -> Iterator[Room]:
    """The footage's rooms; none where there is no footage. Two subjects' clips are of one room."""
    for name, used, part in (
        ("lit bedroom (4 clips)", SETTING, ("s2_", "s3_")),
        ("lit bedroom, another (1 clip)", TRIED, ("s4_",)),
        ("very dark shelf (still)", SETTING, ("low_1.",)),
        ("very dark hall (still)", TRIED, ("low_780",)),
    ):
        films = [pictures_of(path) for path in footage_files() if any(bit in path.name for bit in part)]
        if films:
            yield _of_films(name, False, used, films)
    for number, path in enumerate((path for path in footage_files() if "_ir_" in path.name), start=1):
        yield _of_films(f"infrared bed (still {number})", True, TRIED, [pictures_of(path)])


@cache
def drawn_room(seed: int, infrared: bool) -> Room:
    """A drawn room: learned with somebody asleep in it, later also with an empty bed and somebody on the floor."""
    asleep, *others = (
        list(islice(frames(Scene(kind=kind, seed=seed, infrared=infrared, seconds=6)), 0, None, 8)) for kind in DRAWN
    )
    light = "infrared" if infrared else "dim"
    used = SETTING if seed in SEEDS[SETTING] else TRIED
    later = [asleep[-1], *(film[n] for film in others for n in (0, -1))]
    return Room(f"drawn, {light}, seed {seed}", infrared, used, tuple(asleep[:-1]), tuple(later))


def others_of(room: Room, rooms: list[Room]) -> list[Room]:
    """Other rooms in the same light that its camera could have been carried to: real for real, drawn for drawn.

    The three infrared stills are one room with the bed in another place each: other views, if not other rooms.
    """
    drawn = room.name.startswith("drawn")
    return [
        other
        for other in rooms
        if other is not room and other.infrared is room.infrared and other.name.startswith("drawn") is drawn
    ]


def _of_films(name: str, infrared: bool, used: str, films: list[list[Pixels]]) -> Room:
    first, *rest = films
    if len(first) == 1:
        still = _whole(first[0])
        learned = [with_noise(still, 2, seed) for seed in range(5)]
        later = [with_noise(still, 4, 7), someone_before(with_noise(still, 3, 8))]
        return Room(name, infrared, used, tuple(learned), tuple(later))
    learned, own = [_whole(picture) for picture in first[:5]], [_whole(picture) for picture in first[5:]]
    later = own[:3] + [_whole(picture) for film in rest for picture in film[::3]]
    return Room(name, infrared, used, tuple(learned), tuple(later or learned[-1:]))


def someone_before(picture: Pixels) -> Pixels:
    """Somebody stands before the camera, out of focus, in the room's own colours: a tenth of the picture is hidden."""
    body = np.zeros(picture.shape[:2], dtype=np.uint8)
    height, width = body.shape
    cv2.ellipse(body, (width * 11 // 20, height), (width // 9, height * 5 // 8), 0, 0, 360, 255, -1)
    cloth = cv2.GaussianBlur(cv2.flip(picture, 0), (0, 0), 12)
    return np.where(body[:, :, None] > 0, cloth, picture).astype(np.uint8)


def _whole(picture: Pixels) -> Pixels:
    """The picture's middle at 640 × 480."""
    height, width = picture.shape[:2]
    tall, wide = min(height, width * 3 // 4), min(width, height * 4 // 3)
    top, left = (height - tall) // 2, (width - wide) // 2
    middle = picture[top : top + tall, left : left + wide]
    return np.asarray(cv2.resize(middle, (640, 480), interpolation=cv2.INTER_AREA), dtype=np.uint8)
