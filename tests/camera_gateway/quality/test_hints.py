"""Hints of the bed zone: on drawn rooms, and on the footage where it is at hand."""

from itertools import islice

import numpy as np
import pytest

from camera_gateway.privacy import Zone
from camera_gateway.quality import BedHint, NotPicturesError, Occupancy, bed_hint
from camera_gateway.scenes import Scene, SceneKind, frames
from tests.camera_gateway.quality.footage import footage_files, needs_footage, pictures_of
from tests.camera_gateway.quality.rooms import Pixels

DRAWN_BED = Zone(left=0.08, top=0.15, right=0.75, bottom=0.8)
REAL_BEDS = {
    "s2": Zone(left=0.18, top=0.28, right=0.8, bottom=0.75),
    "s4": Zone(left=0.03, top=0.33, right=0.64, bottom=0.78),
}
TURNING = slice(8, 17, 2)
LIGHTS = pytest.mark.parametrize("infrared", [False, True], ids=["dim", "infrared"])


def film(kind: SceneKind, infrared: bool, seed: int = 2) -> list[Pixels]:
    return list(islice(frames(Scene(kind=kind, seed=seed, infrared=infrared, seconds=3)), 24))


def of_footage(part: str, first: int, last: int, step: int) -> BedHint:
    path = next(path for path in footage_files() if part in path.name)
    zone = REAL_BEDS["s4" if "s4" in part else "s2"]
    return bed_hint(pictures_of(path, 1)[first:last:step], zone)


def test_no_answer_says_that_nobody_is_there() -> None:
    assert set(Occupancy) == {Occupancy.OCCUPIED, Occupancy.CANNOT_TELL}


@LIGHTS
def test_somebody_who_turns_over_in_bed_is_there(infrared: bool) -> None:
    hint = bed_hint(film(SceneKind.SLEEPER, infrared)[TURNING], DRAWN_BED)
    assert hint.occupancy is Occupancy.OCCUPIED
    assert hint.movement_share is not None
    assert hint.movement_share > 1


@LIGHTS
def test_of_somebody_who_lies_still_and_of_an_empty_bed_nothing_can_be_told(infrared: bool) -> None:
    for kind, part in ((SceneKind.SLEEPER, slice(0, 5)), (SceneKind.EMPTY_BED, TURNING), (SceneKind.ON_FLOOR, TURNING)):
        hint = bed_hint(film(kind, infrared)[part], DRAWN_BED)
        assert hint.occupancy is Occupancy.CANNOT_TELL
        assert hint.movement_share is not None
        assert hint.movement_share < 0.5


def test_what_moves_elsewhere_too_does_not_speak_for_somebody_in_bed() -> None:
    sleeping = film(SceneKind.SLEEPER, True)[TURNING]
    walking = [picture.copy() for picture in sleeping]
    for n, picture in enumerate(walking):
        picture[380:, 60 * n : 60 * n + 120] = 200
    assert bed_hint(walking, DRAWN_BED).occupancy is Occupancy.CANNOT_TELL


def test_a_lamp_that_is_switched_on_does_not_speak_for_somebody_in_bed() -> None:
    (dark, *_) = film(SceneKind.EMPTY_BED, True)
    lit = dark.copy()
    lit[80:390, 60:480] = np.clip(lit[80:390, 60:480].astype(int) + 60, 0, 255)
    assert bed_hint([dark, lit], DRAWN_BED).occupancy is Occupancy.CANNOT_TELL


def test_one_picture_shows_no_movement() -> None:
    assert bed_hint(film(SceneKind.SLEEPER, True)[:1], DRAWN_BED) == BedHint(
        movement_share=None, occupancy=Occupancy.CANNOT_TELL
    )
    with pytest.raises(NotPicturesError):
        bed_hint([], DRAWN_BED)


@needs_footage
def test_on_footage_who_moves_in_bed_is_there() -> None:
    assert of_footage("s4_fall02", 0, 30, 6).occupancy is Occupancy.OCCUPIED
    assert of_footage("s2_adl23", 15, 30, 3).occupancy is Occupancy.OCCUPIED


@needs_footage
@pytest.mark.parametrize(
    ("part", "first", "last", "step"),
    [
        *(("s3_adl19", first, first + 15, 3) for first in range(0, 76, 15)),
        *(("s2_fall13", first, first + 15, 3) for first in range(0, 106, 15)),
        *(("s2_fall14", first, first + 15, 3) for first in range(0, 46, 15)),
        ("s4_fall02", 48, 89, 6),
    ],
)
def test_on_footage_who_stands_walks_or_lies_beside_the_bed_is_not_said_to_be_in_it(
    part: str, first: int, last: int, step: int
) -> None:
    assert of_footage(part, first, last, step).occupancy is Occupancy.CANNOT_TELL
