"""The judge: from a few pictures to a verdict."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from statistics import median

import numpy as np

from camera_gateway.quality.figures import Figures, Pixels, measured, movement
from camera_gateway.quality.picture import Liveness, PictureQuality, Verdict
from camera_gateway.quality.thresholds import Thresholds

MEASURED = Thresholds()


class NotPicturesError(ValueError):
    """What was handed to the judge cannot be judged: none, no colour pictures, or of different sizes."""


def judge(frames: Sequence[Pixels], *, seconds: float = 0.0, thresholds: Thresholds = MEASURED) -> PictureQuality:
    """Judge pictures (height × width × 3, uint8, blue-green-red) taken one after another by one camera.

    `seconds` is the time from the first to the last; without it nothing can be called frozen. Raises
    NotPicturesError.
    """
    _require_pictures(frames)
    figures = [measured(frame) for frame in frames]

    def middle(of: Callable[[Figures], float]) -> float:
        return float(median(of(one) for one in figures))

    typical = Figures(
        mean_grey=middle(lambda f: f.mean_grey),
        bright_grey=middle(lambda f: f.bright_grey),
        saturated_share=middle(lambda f: f.saturated_share),
        edge_share=middle(lambda f: f.edge_share),
        laplacian_variance=middle(lambda f: f.laplacian_variance),
        coarse_structure=middle(lambda f: f.coarse_structure),
        grey_spread=middle(lambda f: f.grey_spread),
        hue_spread=middle(lambda f: f.hue_spread),
    )
    liveness = _liveness(frames, seconds, thresholds)
    return PictureQuality(
        verdict=_verdict(typical, liveness, thresholds),
        liveness=liveness,
        pictures=len(frames),
        mean_grey=round(typical.mean_grey, 2),
        bright_grey=round(typical.bright_grey, 1),
        saturated_share=round(typical.saturated_share, 2),
        edge_share=round(typical.edge_share, 3),
        laplacian_variance=round(typical.laplacian_variance, 1),
        coarse_structure=round(typical.coarse_structure, 2),
        movement_share=_movement(frames),
        infrared=_infrared(typical, thresholds),
    )


def _require_pictures(frames: Sequence[Pixels]) -> None:
    if not frames:
        raise NotPicturesError("no picture to judge: take at least one")
    shapes = {frame.shape for frame in frames}
    shape = next(iter(shapes))
    if len(shapes) > 1:
        raise NotPicturesError(f"pictures of different sizes: {sorted(shapes)}")
    if len(shape) != 3 or shape[2] != 3 or 0 in shape or any(frame.dtype != np.uint8 for frame in frames):
        raise NotPicturesError(f"not height × width × 3 of bytes: {shape}")


def _verdict(figures: Figures, liveness: Liveness, limits: Thresholds) -> Verdict:
    """Where there are edges there is something to see; only without them is it asked what is wrong."""
    if liveness is Liveness.FROZEN:
        return Verdict.FROZEN
    if figures.saturated_share > limits.most_saturated_share:
        return Verdict.OVER_EXPOSED
    if figures.edge_share >= limits.least_edge_share:
        return Verdict.USABLE
    if figures.bright_grey < limits.least_bright_grey:
        return Verdict.DARK
    if figures.coarse_structure < limits.least_coarse_structure:
        return Verdict.COVERED
    return Verdict.BLURRED


def _liveness(frames: Sequence[Pixels], seconds: float, limits: Thresholds) -> Liveness:
    if any(not np.array_equal(one, other) for one, other in pairwise(frames)):
        return Liveness.LIVE
    if len(frames) > 1 and seconds >= limits.frozen_after_s:
        return Liveness.FROZEN
    return Liveness.CANNOT_TELL


def _movement(frames: Sequence[Pixels]) -> float | None:
    if len(frames) < 2:
        return None
    return round(max(movement(one, other) for one, other in pairwise(frames)), 3)


def _infrared(figures: Figures, limits: Thresholds) -> bool | None:
    if figures.grey_spread < limits.least_grey_spread:
        return None
    return figures.hue_spread < limits.infrared_hue_spread
