"""The judge's rules, on drawn pictures."""

from itertools import islice

import numpy as np
import numpy.typing as npt
import pytest

from camera_gateway.quality import Liveness, Thresholds, Verdict, judge
from camera_gateway.quality.judge import NotPicturesError
from camera_gateway.scenes import Scene, SceneKind, frames
from tests.camera_gateway.quality.tampers import darkened, defocused, over_exposed, with_noise

Pixels = npt.NDArray[np.uint8]
SHOWS_THE_ROOM = [SceneKind.SLEEPER, SceneKind.EMPTY_BED, SceneKind.ON_FLOOR]


def film(kind: SceneKind, seed: int = 1, infrared: bool = False, count: int = 3) -> list[Pixels]:
    return list(islice(frames(Scene(kind=kind, seed=seed, infrared=infrared)), count))


@pytest.mark.parametrize("infrared", [False, True], ids=["dim", "infrared"])
@pytest.mark.parametrize("kind", SHOWS_THE_ROOM)
def test_every_drawn_bedroom_is_usable_whoever_is_in_it(kind: SceneKind, infrared: bool) -> None:
    for seed in range(4):
        quality = judge(film(kind, seed, infrared, count=2))
        assert quality.usable, (seed, quality)
        assert quality.infrared is infrared
        assert quality.liveness is Liveness.LIVE


@pytest.mark.parametrize("infrared", [False, True], ids=["dim", "infrared"])
def test_a_covered_lens_is_called_covered(infrared: bool) -> None:
    for seed in range(4):
        assert judge(film(SceneKind.COVERED_LENS, seed, infrared, count=2)).verdict is Verdict.COVERED


def test_a_defocused_picture_is_called_blurred() -> None:
    assert judge([defocused(picture) for picture in film(SceneKind.SLEEPER)]).verdict is Verdict.BLURRED


def test_a_picture_without_light_is_called_dark_however_noisy() -> None:
    assert judge([darkened(picture) for picture in film(SceneKind.SLEEPER)]).verdict is Verdict.DARK
    assert judge([with_noise(np.zeros((480, 640, 3), dtype=np.float32), 8)]).verdict is Verdict.DARK


def test_a_white_picture_is_called_over_exposed() -> None:
    bright = over_exposed(over_exposed(film(SceneKind.SLEEPER)[0]))
    assert judge([bright]).verdict is Verdict.OVER_EXPOSED


def test_infrared_is_not_claimed_where_there_is_nothing_to_tell_it_by() -> None:
    assert judge([np.full((480, 640, 3), 7, dtype=np.uint8)]).infrared is None


def test_pictures_that_do_not_change_are_not_called_frozen_too_soon() -> None:
    (picture,) = film(SceneKind.SLEEPER, count=1)
    for pictures, seconds in (([picture], 60.0), ([picture] * 3, 0.0), ([picture] * 3, 29.0)):
        quality = judge(pictures, seconds=seconds)
        assert quality.liveness is Liveness.CANNOT_TELL
        assert quality.usable


def test_pictures_that_do_not_change_for_longer_than_two_keyframes_are_frozen() -> None:
    (picture,) = film(SceneKind.SLEEPER, count=1)
    quality = judge([picture] * 3, seconds=31.0)
    assert quality.liveness is Liveness.FROZEN
    assert quality.verdict is Verdict.FROZEN


def test_one_bad_picture_among_good_ones_does_not_decide() -> None:
    first, _, last = film(SceneKind.SLEEPER)
    assert judge([np.full_like(first, 128), first, last]).usable


def test_movement_is_measured_between_pictures_and_never_on_one() -> None:
    moved = film(SceneKind.SLEEPER, infrared=True, count=30)
    assert judge(moved[:1]).movement_share is None
    still, turning = judge(moved[:2]).movement_share, judge([moved[0], moved[29]]).movement_share
    assert still is not None
    assert turning is not None
    assert still < 0.1 < turning


def test_thresholds_can_be_set_for_a_camera() -> None:
    strict = Thresholds(least_edge_share=50)
    assert not judge(film(SceneKind.SLEEPER), thresholds=strict).usable


def test_a_judgement_is_a_handful_of_numbers() -> None:
    assert len(judge(film(SceneKind.SLEEPER)).model_dump_json()) < 400


@pytest.mark.parametrize(
    "pictures",
    [
        [],
        [np.zeros((480, 640), dtype=np.uint8)],
        [np.zeros((480, 640, 4), dtype=np.uint8)],
        [np.zeros((0, 640, 3), dtype=np.uint8)],
        [np.zeros((480, 640, 3), dtype=np.uint8), np.zeros((240, 320, 3), dtype=np.uint8)],
        [np.zeros((480, 640, 3), dtype=np.float32)],
    ],
    ids=["none", "grey", "four channels", "empty", "two sizes", "floats"],
)
def test_what_is_no_picture_is_refused_by_name(pictures: list[Pixels]) -> None:
    with pytest.raises(NotPicturesError):
        judge(pictures)
