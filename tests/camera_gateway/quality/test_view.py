"""Whether a camera was moved: on drawn rooms, each learned with somebody asleep in it."""

import numpy as np
import pytest

from camera_gateway.quality import PictureQuality, Reference, Thresholds, Verdict, ViewAnswer, judge, learn
from tests.camera_gateway.quality.rooms import Pixels, Room, drawn_room, view
from tests.camera_gateway.quality.tampers import defocused, dimmed, low_bitrate

LIGHTS = pytest.mark.parametrize("infrared", [False, True], ids=["dim", "infrared"])
SEED = 4


def known(room: Room) -> Reference:
    return learn([view(picture) for picture in room.learned])


def seen(room: Room, picture: Pixels) -> PictureQuality:
    return judge([picture], reference=known(room))


@LIGHTS
def test_a_view_is_the_same_whoever_is_in_it(infrared: bool) -> None:
    room = drawn_room(SEED, infrared)
    for picture in room.later:
        quality = seen(room, view(picture))
        assert (quality.verdict, quality.view.answer) == (Verdict.USABLE, ViewAnswer.SAME)
        assert quality.view.shift_px == pytest.approx(0, abs=2)
        assert quality.view.rotation_degrees == 0


@LIGHTS
@pytest.mark.parametrize(("right", "down"), [(6, 0), (0, 6), (20, 14), (42, 42), (60, 0)])
@pytest.mark.parametrize("back", [False, True], ids=["to the right and down", "to the left and up"])
def test_a_moved_camera_is_called_moved_by_so_many_pixels(infrared: bool, right: int, down: int, back: bool) -> None:
    room = drawn_room(SEED, infrared)
    before, after, sign = ((right, down), (0, 0), -1) if back else ((0, 0), (right, down), 1)
    reference = learn([view(picture, *before) for picture in room.learned])
    quality = judge([view(room.later[1], *after)], reference=reference)
    assert (quality.verdict, quality.view.answer) == (Verdict.MOVED, ViewAnswer.MOVED)
    assert quality.view.right_px == pytest.approx(sign * right, abs=2)
    assert quality.view.down_px == pytest.approx(sign * down, abs=2)
    assert quality.view.shift_px == pytest.approx(np.hypot(right, down), abs=3)


@LIGHTS
@pytest.mark.parametrize("degrees", [-5, -3, 3, 5])
def test_a_turned_camera_is_called_moved_by_so_many_degrees(infrared: bool, degrees: int) -> None:
    room = drawn_room(SEED, infrared)
    quality = seen(room, view(room.later[1], degrees=degrees))
    assert quality.verdict is Verdict.MOVED
    assert quality.view.rotation_degrees == pytest.approx(degrees, abs=1)


def test_a_view_that_moved_a_little_can_still_be_looked_at_and_another_one_not() -> None:
    room, other = drawn_room(SEED, True), drawn_room(1, True)
    moved, elsewhere = seen(room, view(room.later[0], 20)), seen(room, view(other.later[0]))
    assert (moved.verdict, moved.usable) == (Verdict.MOVED, True)
    assert (elsewhere.verdict, elsewhere.view.answer, elsewhere.usable) == (Verdict.MOVED, ViewAnswer.ANOTHER, False)
    assert (elsewhere.view.shift_px, elsewhere.view.rotation_degrees) == (None, None)


def test_nothing_is_said_of_the_view_without_a_reference_in_this_light() -> None:
    room, picture = drawn_room(SEED, True), view(drawn_room(SEED, False).later[0])
    for quality in (seen(room, picture), judge([picture]), judge([picture], reference=Reference())):
        assert (quality.verdict, quality.view.answer) == (Verdict.USABLE, ViewAnswer.CANNOT_TELL)
        assert quality.view.likeness is None


def test_nothing_is_said_of_the_view_in_a_picture_of_another_form() -> None:
    room = drawn_room(SEED, True)
    quality = seen(room, view(room.later[0])[100:])
    assert (quality.verdict, quality.view.answer) == (Verdict.USABLE, ViewAnswer.CANNOT_TELL)


@LIGHTS
def test_a_low_bit_rate_never_makes_a_view_moved(infrared: bool) -> None:
    for seed in (1, SEED):
        room = drawn_room(seed, infrared)
        for picture in room.later:
            assert seen(room, low_bitrate(view(picture))).verdict is Verdict.USABLE


@LIGHTS
def test_less_than_the_usual_edges_in_the_usual_light_is_blurred_and_in_less_light_is_not(infrared: bool) -> None:
    room = drawn_room(5, infrared)
    picture = view(room.later[0])
    assert seen(room, defocused(picture, 3)).verdict is Verdict.BLURRED
    assert seen(room, dimmed(picture, 0.7)).usable


def test_how_far_a_camera_may_move_can_be_set() -> None:
    room = drawn_room(SEED, True)
    moved = view(room.later[0], 6)
    assert judge([moved], reference=known(room), thresholds=Thresholds(tolerated_shift_px=8)).verdict is Verdict.USABLE
