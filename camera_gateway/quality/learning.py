"""Learning a camera's reference: what `tillsyn gateway calibrate` does with its pictures."""

from collections.abc import Sequence

from camera_gateway.quality.figures import Pixels, measured, scaled
from camera_gateway.quality.judge import MEASURED, judge
from camera_gateway.quality.profile import profile_of, small_grey
from camera_gateway.quality.reference import Reference, mode_reference
from camera_gateway.quality.thresholds import Thresholds
from camera_gateway.quality.verdict import is_infrared

LEAST_PICTURES = 3
"""Fewer have no median that leaves out what only one of them shows."""


class NotAReferenceError(ValueError):
    """A camera's reference cannot be learned from these pictures; says why, and what would do."""


def learn(frames: Sequence[Pixels], before: Reference | None = None, *, thresholds: Thresholds = MEASURED) -> Reference:
    """Learn what a camera shows in this light, from several good pictures (as for `judge`), best minutes apart.

    What moves through a few of them leaves no trace; a person in the same place in most of them does. What `before`
    knows of the other light is kept. Raises NotPicturesError, and NotAReferenceError when the pictures are too few, of
    no use, of both lights, or of nothing that could be known again.
    """
    judged = judge(frames, thresholds=thresholds)
    frames = [scaled(frame) for frame in frames]
    if len(frames) < LEAST_PICTURES:
        raise NotAReferenceError(f"{len(frames)} pictures: a reference is learned from {LEAST_PICTURES} or more")
    if not judged.usable:
        raise NotAReferenceError(f"pictures are {judged.verdict.value}: a reference is learned from usable ones")
    figures = [measured(frame) for frame in frames]
    lights = {is_infrared(one, thresholds) for one in figures}
    if len(lights) > 1 or judged.infrared is None:
        raise NotAReferenceError("by day and under infrared, or too dark to tell: a reference is of one light")
    mode = mode_reference([profile_of(small_grey(frame)) for frame in frames], figures)
    if mode.own_likeness < thresholds.least_own_likeness:
        least = thresholds.least_own_likeness
        raise NotAReferenceError(f"pictures are alike by {mode.own_likeness:.2f}: {least:.2f} or more is needed")
    return (before or Reference()).learned(mode, infrared=judged.infrared)
