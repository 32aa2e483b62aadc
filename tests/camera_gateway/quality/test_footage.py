"""The judge on real footage and on tampers of it: no usable picture is refused, and tampers are caught."""

from pathlib import Path

import pytest

from camera_gateway.quality import Verdict, judge
from tests.camera_gateway.quality.footage import footage_files, needs_footage, pictures_of
from tests.camera_gateway.quality.tampers import covered, darkened, defocused, over_exposed

pytestmark = [
    needs_footage,
    pytest.mark.parametrize("path", footage_files(), ids=lambda path: path.stem),
]


def test_no_usable_picture_is_refused(path: Path) -> None:
    for picture in pictures_of(path):
        quality = judge([picture])
        assert quality.usable, quality


def test_infrared_is_told_from_day(path: Path) -> None:
    assert judge(pictures_of(path)[:1]).infrared is ("_ir_" in path.name)


def test_a_defocused_picture_is_called_blurred(path: Path) -> None:
    for sigma in (8, 15):
        assert judge([defocused(pictures_of(path)[0], sigma)]).verdict is Verdict.BLURRED


def test_a_darkened_picture_is_called_dark(path: Path) -> None:
    assert judge([darkened(pictures_of(path)[0])]).verdict is Verdict.DARK


def test_a_covered_lens_is_called_covered_or_where_no_light_passes_dark(path: Path) -> None:
    picture = pictures_of(path)[0]
    lit = judge([picture]).mean_grey > 15
    verdict = judge([covered(picture)]).verdict
    assert verdict is Verdict.COVERED or (verdict is Verdict.DARK and not lit)


def test_an_over_exposed_picture_of_a_lit_room_is_caught(path: Path) -> None:
    picture = pictures_of(path)[0]
    if judge([picture]).mean_grey > 100:  # a dark room comes out better for it
        assert judge([over_exposed(picture)]).verdict is Verdict.OVER_EXPOSED
