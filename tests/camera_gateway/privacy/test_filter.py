"""What the privacy filter lets through, on a picture full of detail."""

import cv2
import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from camera_gateway.privacy import (
    PrivacyFilter,
    PrivacySetting,
    Zone,
    apply,
    black_out,
    block_size,
    encode_jpeg,
    face_width,
)
from camera_gateway.privacy.jpeg import CannotEncodeError

Pixels = npt.NDArray[np.uint8]
HIDING = [kind for kind in PrivacyFilter if kind is not PrivacyFilter.NONE]
BED = Zone(left=0.101, top=0.2, right=0.5, bottom=0.707)
fractions = st.floats(0, 1, allow_nan=False)


def detailed_picture(height: int = 480, width: int = 640) -> Pixels:
    """Bright noise: every pixel differs from the next, and none is black."""
    return np.random.default_rng(1).integers(100, 256, (height, width, 3), dtype=np.uint8)


def drawn_face(width: int) -> Pixels:
    """A picture whose middle is a face of this many pixels' breadth."""
    picture = np.full((480, 640, 3), 60, dtype=np.uint8)
    unit = width / 2
    cv2.ellipse(picture, (320, 240), (int(unit), int(unit * 1.3)), 0, 0, 360, (150, 180, 210), -1)
    for side in (-1, 1):
        cv2.circle(picture, (320 + int(side * 0.4 * unit), 220), max(1, int(unit * 0.15)), (20, 20, 20), -1)
    cv2.line(picture, (320 - int(0.35 * unit), 270), (320 + int(0.35 * unit), 270), (40, 40, 120), 2)
    return picture


@pytest.mark.parametrize("kind", PrivacyFilter)
def test_the_original_is_neither_returned_nor_changed(kind: PrivacyFilter) -> None:
    picture = detailed_picture()
    before = picture.copy()
    shown = apply(picture, PrivacySetting(filter=kind))
    assert not np.shares_memory(shown, picture)
    assert np.array_equal(picture, before)
    assert shown.shape == picture.shape
    assert shown.dtype == np.uint8


@pytest.mark.parametrize("kind", PrivacyFilter)
@given(x=st.tuples(fractions, fractions), y=st.tuples(fractions, fractions), height=st.integers(20, 90))
def test_a_zone_is_black_to_the_last_pixel(
    kind: PrivacyFilter, x: tuple[float, float], y: tuple[float, float], height: int
) -> None:
    if x[0] == x[1] or y[0] == y[1]:
        return
    zone = Zone(left=min(x), top=min(y), right=max(x), bottom=max(y))
    picture = detailed_picture(height, 70)
    shown = apply(picture, PrivacySetting(filter=kind, zones=(zone,)))
    rows, columns = (np.arange(height) + 0.5) / height, (np.arange(70) + 0.5) / 70
    inside = np.ix_((rows >= zone.top) & (rows < zone.bottom), (columns >= zone.left) & (columns < zone.right))
    assert not shown[inside].any()


@pytest.mark.parametrize("kind", PrivacyFilter)
def test_what_lies_in_a_zone_leaves_no_trace_outside_it(kind: PrivacyFilter) -> None:
    setting = PrivacySetting(filter=kind, zones=(BED,))
    one, other = detailed_picture(), detailed_picture()
    other[100:336, 70:318] = 255 - other[100:336, 70:318]
    assert np.array_equal(apply(one, setting), apply(other, setting))


def test_without_a_filter_everything_outside_the_zones_is_shown_as_it_is() -> None:
    picture = detailed_picture()
    shown = apply(picture, PrivacySetting(filter=PrivacyFilter.NONE, zones=(BED,)))
    assert np.array_equal(shown[:, 330:], picture[:, 330:])
    assert np.array_equal(black_out(picture, (BED,)), shown)


def test_pixelated_blocks_are_of_one_colour_and_as_large_as_the_rule_says() -> None:
    setting = PrivacySetting(filter=PrivacyFilter.PIXELATED)
    block = block_size(setting, 640)
    shown = apply(detailed_picture(), setting)
    for y in range(0, 480 - block, block):
        for x in range(0, 640 - block, block):
            assert np.ptp(shown[y : y + block, x : x + block].reshape(-1, 3), axis=0).max() == 0


@pytest.mark.parametrize("kind", HIDING)
def test_only_the_means_of_blocks_decide_what_is_shown(kind: PrivacyFilter) -> None:
    setting = PrivacySetting(filter=kind)
    block = block_size(setting, 640)
    picture = detailed_picture(block * 30, 640 // block * block)
    blocks = picture.reshape(30, block, -1, block, 3)
    shuffled = np.random.default_rng(2).permuted(blocks, axis=1).reshape(picture.shape)
    assert np.array_equal(apply(picture, setting), apply(np.ascontiguousarray(shuffled), setting))


@pytest.mark.parametrize("nearest_m", [0.5, 1.0, 1.5, 3.0])
@pytest.mark.parametrize("width", [640, 1280, 1920])
def test_the_nearest_face_spans_no_more_blocks_than_agreed(nearest_m: float, width: int) -> None:
    setting = PrivacySetting(nearest_m=nearest_m)
    assert face_width(setting, width) / block_size(setting, width) <= setting.face_blocks


def test_a_face_at_one_metre_fills_the_pixels_that_geometry_says() -> None:
    setting = PrivacySetting(nearest_m=1.0, view_degrees=90)
    assert face_width(setting, 640) == pytest.approx(640 * 0.165 / 2.0)


@pytest.mark.parametrize("kind", HIDING)
def test_eyes_and_mouth_of_the_nearest_face_cannot_be_found_again(kind: PrivacyFilter) -> None:
    setting = PrivacySetting(filter=kind)
    face = drawn_face(round(face_width(setting, 640)))
    edges_before = cv2.countNonZero(cv2.Canny(face[200:290, 290:350], 30, 90))
    shown = cv2.GaussianBlur(apply(face, setting), (0, 0), 4)[200:290, 290:350]
    features = np.abs(cv2.Laplacian(cv2.cvtColor(shown, cv2.COLOR_BGR2GRAY), cv2.CV_32F, ksize=5))
    sharp = np.abs(cv2.Laplacian(cv2.cvtColor(face[200:290, 290:350], cv2.COLOR_BGR2GRAY), cv2.CV_32F, ksize=5))
    assert edges_before > 50
    assert features.max() < 0.2 * sharp.max()


def test_a_silhouette_is_lines_on_black() -> None:
    shown = apply(drawn_face(120), PrivacySetting(filter=PrivacyFilter.SILHOUETTE))
    assert np.median(shown) == 0
    assert shown.max() > 100
    assert np.ptp(shown, axis=2).max() == 0


@pytest.mark.parametrize(
    "sides", [{"left": 0.5, "right": 0.5}, {"left": 0.9, "right": 0.1}, {"left": -0.1}, {"bottom": 1.1}]
)
def test_a_zone_without_an_area_or_outside_the_picture_is_refused(sides: dict[str, float]) -> None:
    with pytest.raises(ValidationError):
        Zone(**({"left": 0.0, "top": 0.0, "right": 1.0, "bottom": 1.0} | sides))


def test_a_picture_becomes_a_jpeg_of_the_same_size() -> None:
    encoded = encode_jpeg(drawn_face(100), quality=80)
    decoded = cv2.imdecode(np.frombuffer(encoded, dtype=np.uint8), cv2.IMREAD_COLOR)
    assert encoded[:2] == b"\xff\xd8"
    assert decoded is not None
    assert decoded.shape == (480, 640, 3)


@pytest.mark.parametrize("quality", [0, 101, -5])
def test_a_jpeg_quality_that_does_not_exist_is_refused(quality: int) -> None:
    with pytest.raises(CannotEncodeError, match=str(quality)):
        encode_jpeg(detailed_picture(), quality)


def test_what_is_no_picture_is_not_encoded() -> None:
    with pytest.raises(CannotEncodeError):
        encode_jpeg(np.zeros((0, 10, 3), dtype=np.uint8))
