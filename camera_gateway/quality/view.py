"""Has a camera been moved? The picture is turned and shifted until it is most like the reference.

The reference holds two projections and cannot be turned itself; the picture at hand can, and is forgotten again.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from camera_gateway.quality.figures import JUDGED_WIDTH, Pixels
from camera_gateway.quality.picture import View, ViewAnswer
from camera_gateway.quality.profile import PROFILE_WIDTH, Grey, Line, Profile, likeness, profile_of, small_grey, turned
from camera_gateway.quality.reference import ModeReference
from camera_gateway.quality.thresholds import Thresholds

COARSE_TURNS = (-6.0, -4.0, -2.0, 2.0, 4.0, 6.0)
"""Degrees that are tried first; then the best one's neighbours at 1 degree."""
FAR_COSTS = 0.25
"""Taken from a likeness at the farthest shift (less nearer by): of two places as like, the nearer is believed."""


@dataclass(frozen=True, slots=True)
class Found:
    """Where one turn of a picture is most like the reference, and how like it is there and unmoved (correlations)."""

    degrees: float
    right: int
    down: int
    likeness: float
    unmoved: float


def compare(frames: Sequence[Pixels], reference: ModeReference, limits: Thresholds) -> View:
    """What has become of the view, from pictures (height × width × 3) taken one after another.

    Likeness is measured in that of the reference's own pictures, which noise keeps below 1.
    """
    grey, scale = _mean_grey(frames), min(JUDGED_WIDTH, frames[0].shape[1]) / PROFILE_WIDTH
    known = reference.profile
    own = max(reference.own_likeness, limits.least_own_likeness)
    upright = _search(grey, 0.0, known)
    if upright is None:
        return View(answer=ViewAnswer.CANNOT_TELL)
    best = upright
    if upright.unmoved < limits.plain_likeness * own:
        best = _best_turn(grey, known, upright)
    right, down = best.right * scale, best.down * scale
    at_home = max(abs(right), abs(down)) <= limits.tolerated_shift_px and abs(best.degrees) <= limits.tolerated_degrees
    answer = _answer(best.likeness / own, upright.unmoved / own, at_home, limits)
    alike = round(float(np.clip(best.likeness / own, -1.0, 1.0)), 2)
    if answer in {ViewAnswer.ANOTHER, ViewAnswer.CANNOT_TELL}:
        return View(answer=answer, likeness=alike)
    return View(
        answer=answer,
        right_px=round(right, 1),
        down_px=round(down, 1),
        rotation_degrees=-best.degrees + 0.0,
        likeness=alike,
    )


def _answer(best: float, unmoved: float, at_home: bool, limits: Thresholds) -> ViewAnswer:
    if best < limits.found_likeness:
        return ViewAnswer.ANOTHER if unmoved < limits.another_likeness else ViewAnswer.CANNOT_TELL
    if at_home:
        return ViewAnswer.SAME
    return ViewAnswer.MOVED if best - unmoved >= limits.moved_gain else ViewAnswer.CANNOT_TELL


def _best_turn(grey: Grey, known: Profile, upright: Found) -> Found:
    best = max([upright, *_at(grey, COARSE_TURNS, known)], key=lambda found: found.likeness)
    return max([best, *_at(grey, (best.degrees - 1, best.degrees + 1), known)], key=lambda found: found.likeness)


def _at(grey: Grey, turns: Sequence[float], known: Profile) -> list[Found]:
    return [found for degrees in turns if (found := _search(grey, degrees, known)) is not None]


def _search(grey: Grey, degrees: float, known: Profile) -> Found | None:
    """None for a picture of another form than the reference's."""
    profile = profile_of(turned(grey, degrees))
    if profile.columns.shape != known.columns.shape or profile.rows.shape != known.rows.shape:
        return None
    across, along = likeness(profile.columns, known.columns), likeness(profile.rows, known.rows)
    right, down = _place(across), _place(along)
    unmoved = _at_step(across, 0) + _at_step(along, 0)
    return Found(degrees, right, down, (_at_step(across, right) + _at_step(along, down)) / 2, unmoved / 2)


def _place(curve: Line) -> int:
    reach = len(curve) // 2
    far = np.abs(np.arange(-reach, reach + 1)) / max(reach, 1)
    return int(np.argmax(curve - FAR_COSTS * far)) - reach


def _at_step(curve: Line, step: int) -> float:
    return float(curve[len(curve) // 2 + step])


def _mean_grey(frames: Sequence[Pixels]) -> Grey:
    """The pictures laid over each other: noise and what moves grow fainter, the room stays."""
    greys = [small_grey(frame) for frame in frames]
    return greys[0] if len(greys) == 1 else np.rint(np.mean(greys, axis=0)).astype(np.uint8)
