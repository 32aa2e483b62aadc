"""The judge: from a few pictures to a verdict."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from camera_gateway.quality.figures import Pixels, measured, movement, scaled, typical
from camera_gateway.quality.picture import Liveness, PictureQuality, View, ViewAnswer
from camera_gateway.quality.reference import Reference
from camera_gateway.quality.thresholds import Thresholds
from camera_gateway.quality.verdict import is_infrared, shows_edges, verdict_of
from camera_gateway.quality.view import compare

MEASURED = Thresholds()


class NotPicturesError(ValueError):
    """What was handed to the judge cannot be judged: none, no colour pictures, or of different sizes."""


def judge(
    frames: Sequence[Pixels],
    *,
    seconds: float = 0.0,
    thresholds: Thresholds = MEASURED,
    reference: Reference | None = None,
) -> PictureQuality:
    """Judge pictures (height × width × 3, uint8, blue-green-red) taken one after another by one camera.

    `seconds` is the time from the first to the last; without it nothing can be called frozen. Without a `reference`
    of the camera nothing can be called moved, and it is judged as any other. Raises NotPicturesError.
    """
    require_pictures(frames)
    liveness = _liveness(frames, seconds, thresholds)
    frames = [scaled(frame) for frame in frames]
    figures = typical([measured(frame) for frame in frames])
    infrared = is_infrared(figures, thresholds)
    known = None if reference is None else reference.mode(infrared)
    view = View(answer=ViewAnswer.CANNOT_TELL)
    if known is not None and shows_edges(figures, thresholds):
        view = compare(frames, known, thresholds)
    return PictureQuality(
        verdict=verdict_of(figures, liveness, view, known, thresholds),
        liveness=liveness,
        pictures=len(frames),
        mean_grey=round(figures.mean_grey, 2),
        bright_grey=round(figures.bright_grey, 1),
        saturated_share=round(figures.saturated_share, 2),
        edge_share=round(figures.edge_share, 3),
        laplacian_variance=round(figures.laplacian_variance, 1),
        coarse_structure=round(figures.coarse_structure, 2),
        movement_share=_movement(frames),
        infrared=infrared,
        view=view,
    )


def require_pictures(frames: Sequence[Pixels]) -> None:
    """Raises NotPicturesError unless there are pictures, all alike in form."""
    if not frames:
        raise NotPicturesError("no picture to judge: take at least one")
    shapes = {frame.shape for frame in frames}
    shape = next(iter(shapes))
    if len(shapes) > 1:
        raise NotPicturesError(f"pictures of different sizes: {sorted(shapes)}")
    if len(shape) != 3 or shape[2] != 3 or 0 in shape or any(frame.dtype != np.uint8 for frame in frames):
        raise NotPicturesError(f"not height × width × 3 of bytes: {shape}")


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
