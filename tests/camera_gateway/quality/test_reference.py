"""What is kept of a camera: numbers that know its view again, and of which no picture can be made."""

import cv2
import numpy as np
import numpy.typing as npt
import pytest
from pydantic import ValidationError

from camera_gateway.quality import NotAReferenceError, NotPicturesError, Reference, judge, learn
from camera_gateway.quality.profile import MARGIN, small_grey
from camera_gateway.quality.reference import ModeReference
from tests.camera_gateway.quality.rooms import Pixels, Room, drawn_room, real_rooms, someone_before, view
from tests.camera_gateway.quality.tampers import darkened, defocused, with_noise

ROOMS = [drawn_room(4, False), drawn_room(4, True), *real_rooms()]
MOST_NUMBERS = 1200
MOST_ALIKE = 0.5
"""Correlation. A picture pixelated beyond recognition (blocks of 20 px) has 0.8 with the original."""


def pictures(room: Room) -> list[Pixels]:
    return [view(picture) for picture in room.learned]


def learned(room: Room) -> ModeReference:
    mode = learn(pictures(room)).mode(room.infrared)
    assert mode is not None
    return mode


def test_a_reference_that_was_kept_as_json_judges_as_before() -> None:
    room = drawn_room(4, True)
    reference = learn(pictures(room))
    again = Reference.model_validate_json(reference.model_dump_json())
    moved = view(room.later[0], 20)
    assert again == reference
    assert judge([moved], reference=again) == judge([moved], reference=reference)


def test_learning_one_light_keeps_what_is_known_of_the_other() -> None:
    day, infrared = drawn_room(4, False), drawn_room(4, True)
    first = learn(pictures(day))
    both = learn(pictures(infrared), first)
    assert first.infrared is None
    assert (both.day, both.infrared) == (first.day, learn(pictures(infrared)).infrared)


def test_lines_of_two_pictures_are_no_reference() -> None:
    kept = learned(drawn_room(4, False)).model_dump()
    kept["row_lines"] = (kept["row_lines"][0], kept["row_lines"][1][1:])
    with pytest.raises(ValidationError, match="as long as each other"):
        ModeReference.model_validate(kept)


def test_where_the_light_is_not_known_there_is_no_reference() -> None:
    reference = learn(pictures(drawn_room(4, False)))
    assert (reference.mode(False), reference.mode(True), reference.mode(None)) == (reference.day, None, None)


def test_somebody_who_passes_before_the_camera_leaves_no_trace() -> None:
    room = drawn_room(4, True)
    still = view(room.learned[0])
    alone = [with_noise(still, 1, seed) for seed in range(9)]
    passing = [someone_before(picture) if n % 3 == 0 else picture for n, picture in enumerate(alone)]
    one, other = learn(alone).infrared, learn(passing).infrared
    assert one is not None
    assert other is not None
    for before, after in ((one.profile.columns, other.profile.columns), (one.profile.rows, other.profile.rows)):
        assert np.corrcoef(before.ravel(), after.ravel())[0, 1] > 0.97


@pytest.mark.parametrize(
    ("spoiled", "why"),
    [
        (lambda room: pictures(room)[:2], "2 pictures"),
        (lambda room: [darkened(picture) for picture in pictures(room)], "pictures are dark"),
        (lambda room: [defocused(picture) for picture in pictures(room)], "pictures are blurred"),
        (lambda room: pictures(room)[:4] + pictures(drawn_room(4, False))[:2], "one light"),
        (lambda _: [pictures(drawn_room(seed, True))[0] for seed in (1, 4, 5, 9)], "alike by"),
    ],
    ids=["too few", "dark", "blurred", "two lights", "different rooms"],
)
def test_a_reference_is_not_learned_from(spoiled: "object", why: str) -> None:
    assert callable(spoiled)
    with pytest.raises(NotAReferenceError, match=why):
        learn(spoiled(drawn_room(4, True)))


def test_a_reference_is_not_learned_from_nothing() -> None:
    with pytest.raises(NotPicturesError):
        learn([])


def test_a_file_of_another_kind_is_no_reference() -> None:
    with pytest.raises(ValidationError):
        Reference.model_validate_json('{"kind": "tillsyn.camera-reference.v2"}')


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.name)
def test_a_reference_is_some_hundred_numbers_for_each_line_and_holds_no_grid(room: Room) -> None:
    kept = learned(room).model_dump()
    lines = [line for name in ("column_lines", "row_lines") for line in kept.pop(name)]
    assert sum(len(line) for line in lines) < MOST_NUMBERS
    assert all(isinstance(number, int) for line in lines for number in line)
    assert all(isinstance(rest, int | float) for rest in kept.values())


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.name)
def test_the_best_picture_that_can_be_made_of_a_reference_shows_no_room(room: Room) -> None:
    profile = learned(room).profile
    grey = small_grey(pictures(room)[0])[MARGIN:-MARGIN, MARGIN:-MARGIN].astype(np.float32)
    (across, across_signed), (along, along_signed) = profile.columns, profile.rows
    plaids = [_standard(across)[None] + _standard(along)[:, None], _up(across)[None] * _up(along)[:, None]]
    for plaid in plaids:
        assert _alike(plaid, _edges(grey)) < MOST_ALIKE
    light = np.cumsum(across_signed)[None] + np.cumsum(along_signed)[:, None]
    assert _alike(light, grey) < MOST_ALIKE
    blocks = cv2.resize(cv2.resize(grey, None, fx=0.1, fy=0.1, interpolation=cv2.INTER_AREA), grey.shape[::-1])
    assert _alike(np.asarray(blocks, np.float32), grey) > MOST_ALIKE  # what the privacy filter may show is more


Floats = npt.NDArray[np.floating]


def _edges(grey: Floats) -> Floats:
    strength = np.abs(cv2.Sobel(grey, cv2.CV_32F, 1, 0)) + np.abs(cv2.Sobel(grey, cv2.CV_32F, 0, 1))
    return np.asarray(strength / (strength + 4 * float(np.median(strength)) + 6))


def _alike(one: Floats, other: Floats) -> float:
    """Correlation, at full and at an eighth of the resolution: the larger."""
    coarse = [
        cv2.resize(picture.astype(np.float32), (39, 29), interpolation=cv2.INTER_AREA) for picture in (one, other)
    ]
    return max(float(np.corrcoef(a.ravel(), b.ravel())[0, 1]) for a, b in ((one, other), coarse))


def _standard(line: Floats) -> Floats:
    return np.asarray((line - line.mean()) / line.std())


def _up(line: Floats) -> Floats:
    return np.asarray(line - line.min())
