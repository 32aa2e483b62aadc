"""What figures are called beside what the camera usually shows in the same light."""

from dataclasses import replace

import pytest

from camera_gateway.quality import Liveness, Thresholds, Verdict, View, ViewAnswer
from camera_gateway.quality.figures import Figures
from camera_gateway.quality.reference import ModeReference
from camera_gateway.quality.verdict import verdict_of

LINE = (0,) * 8
USUAL = ModeReference(
    pictures=5,
    edge_share=4.0,
    bright_grey=200.0,
    saturated_share=5.0,
    column_lines=(LINE, LINE),
    row_lines=(LINE, LINE),
    own_likeness=0.9,
)
GOOD = Figures(
    mean_grey=100,
    bright_grey=200,
    saturated_share=5,
    edge_share=4.0,
    laplacian_variance=100,
    coarse_structure=10,
    grey_spread=40,
    hue_spread=0.3,
)


def called(
    known: ModeReference | None = USUAL, view: ViewAnswer = ViewAnswer.SAME, frozen: bool = False, **changed: float
) -> Verdict:
    liveness = Liveness.FROZEN if frozen else Liveness.LIVE
    return verdict_of(replace(GOOD, **changed), liveness, View(answer=view), known, Thresholds())


def test_four_tenths_of_the_usual_edges_are_enough_and_fewer_are_blurred() -> None:
    assert called(edge_share=1.61) is Verdict.USABLE
    assert called(edge_share=1.59) is Verdict.BLURRED


def test_a_bare_room_needs_fewer_edges_than_any_camera_must_show() -> None:
    bare = USUAL.model_copy(update={"edge_share": 0.8})
    assert called(bare, edge_share=0.35) is Verdict.USABLE
    assert called(None, edge_share=0.35) is Verdict.BLURRED


def test_without_a_reference_a_picture_is_judged_as_any_cameras() -> None:
    assert called(None, edge_share=0.41) is Verdict.USABLE
    assert called(None, edge_share=0.39) is Verdict.BLURRED


def test_in_less_light_fewer_edges_are_asked_for() -> None:
    assert called(edge_share=0.5, bright_grey=140) is Verdict.USABLE
    assert called(edge_share=0.5, bright_grey=190) is Verdict.BLURRED
    assert called(edge_share=1.59, bright_grey=255) is Verdict.BLURRED


def test_without_edges_in_much_less_light_than_usual_a_picture_is_dark() -> None:
    assert called(edge_share=0.0, bright_grey=119) is Verdict.DARK
    assert called(edge_share=0.0, bright_grey=121) is Verdict.BLURRED
    assert called(None, edge_share=0.0, bright_grey=119) is Verdict.BLURRED


def test_edges_lost_in_more_white_than_usual_are_over_exposed() -> None:
    assert called(edge_share=0.0, saturated_share=16) is Verdict.OVER_EXPOSED
    assert called(edge_share=0.0, saturated_share=14) is Verdict.BLURRED
    assert called(edge_share=4.0, saturated_share=16) is Verdict.USABLE


def test_a_camera_that_looks_at_a_white_wall_is_allowed_its_white() -> None:
    white = USUAL.model_copy(update={"saturated_share": 45.0})
    assert called(white, saturated_share=69) is Verdict.USABLE
    assert called(white, saturated_share=71) is Verdict.OVER_EXPOSED
    assert called(saturated_share=51) is Verdict.OVER_EXPOSED
    assert called(USUAL.model_copy(update={"saturated_share": 90.0}), saturated_share=96) is Verdict.OVER_EXPOSED


def test_nothing_of_any_shape_is_covered_even_in_less_light() -> None:
    assert called(edge_share=0.0, coarse_structure=0.5) is Verdict.COVERED
    assert called(edge_share=0.0, coarse_structure=0.5, bright_grey=60) is Verdict.COVERED


@pytest.mark.parametrize("view", [ViewAnswer.MOVED, ViewAnswer.ANOTHER])
def test_a_view_that_is_gone_is_called_moved_before_it_is_called_blurred(view: ViewAnswer) -> None:
    assert called(view=view) is Verdict.MOVED
    assert called(view=view, edge_share=1.0) is Verdict.MOVED
    assert called(view=ViewAnswer.CANNOT_TELL, edge_share=1.0) is Verdict.BLURRED


def test_a_frozen_picture_is_frozen_whatever_it_shows() -> None:
    assert called(frozen=True, view=ViewAnswer.MOVED) is Verdict.FROZEN
