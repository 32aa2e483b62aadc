"""What a view is known again by: how edges add up along each column and each row of a picture.

Two projections of a picture, made of edges alone, smoothed away and rounded: see docs/picture-quality.md for why no
picture can be made of them again, and for what they tell apart.
"""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

Grey = npt.NDArray[np.uint8]
Line = npt.NDArray[np.float32]
Lines = npt.NDArray[np.float32]

PROFILE_WIDTH = 320
"""Pixels to which a picture is scaled before it is projected."""
MARGIN = 4
"""Pixels left out at each side: edges are not measured well there, and a dark rim is the same in every view."""
BROADER = 5.0
"""Pixels (σ). What is broader than this, as light from a window or a person, is taken out of a profile."""
EDGE_OVER_NOISE = 4.0
"""An edge this many times the picture's median gradient counts half; stronger ones hardly more than it."""
FAINTEST_EDGE = 6.0
"""Grey levels a pixel (Sobel's sum of 8), added where a picture has no noise at all."""
FARTHEST = 48
"""Pixels of PROFILE_WIDTH: how far a view is followed, 15 % of the picture's width."""


@dataclass(frozen=True, slots=True)
class Profile:
    """Two lines for each axis: strength of edges, and their direction (dark to light, or light to dark)."""

    columns: Lines
    """2 × width: edges that a step to the right crosses."""
    rows: Lines
    """2 × height: edges that a step down crosses."""


def small_grey(frame: npt.NDArray[np.uint8]) -> Grey:
    """A picture (height × width × 3, blue-green-red) at PROFILE_WIDTH, in grey."""
    height, width = frame.shape[:2]
    grey = cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY)
    size = PROFILE_WIDTH, max(4 * MARGIN, round(height * PROFILE_WIDTH / width))
    return np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def profile_of(grey: Grey) -> Profile:
    """The profile of a picture that `small_grey` made."""
    inner = slice(MARGIN, -MARGIN)
    smooth = cv2.GaussianBlur(grey, (3, 3), 0)
    right = cv2.Sobel(smooth, cv2.CV_32F, 1, 0)[inner, inner]
    down = cv2.Sobel(smooth, cv2.CV_32F, 0, 1)[inner, inner]
    strength = np.abs(right) + np.abs(down)
    usual = float(np.median(strength[::2, ::2]))
    weight = 1.0 / (strength + EDGE_OVER_NOISE * usual + FAINTEST_EDGE)
    right, down = right * weight, down * weight
    return Profile(
        columns=_fine(np.stack([np.abs(right).sum(axis=0), right.sum(axis=0)])),
        rows=_fine(np.stack([np.abs(down).sum(axis=1), down.sum(axis=1)])),
    )


def turned(grey: Grey, degrees: float) -> Grey:
    """The picture turned about its middle, anticlockwise."""
    if degrees == 0:
        return grey
    height, width = grey.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    edge = cv2.BORDER_REPLICATE
    return np.asarray(cv2.warpAffine(grey, turn, (width, height), borderMode=edge), dtype=np.uint8)


def likeness(lines: Lines, others: Lines) -> Line:
    """How alike (-1 to 1) lines of one length are at each step, -reach … reach, of the first from the others.

    Pearson's correlation over what both share at a step, its mean over the two lines. `reach` is FARTHEST, or a
    quarter of the length where that is less.
    """
    length = lines.shape[1]
    reach = min(FARTHEST, length // 4)
    return np.asarray(
        np.mean([_correlation(one, other, reach) for one, other in zip(lines, others, strict=True)], axis=0)
    )


def _correlation(one: Line, other: Line, reach: int) -> npt.NDArray[np.float64]:
    """Pearson's correlation of `one[n + step]` with `other[n]` for each step, by Fourier transforms."""
    room = 1 << (len(one) + reach - 1).bit_length()
    ones = np.ones_like(one)
    first = np.fft.rfft([one, one * one, ones], room)
    second = np.conj(np.fft.rfft([other, other * other, ones], room))

    def summed(i: int, j: int) -> npt.NDArray[np.float64]:
        circular = np.fft.irfft(first[i] * second[j], room)
        return np.concatenate([circular[-reach:], circular[: reach + 1]])

    shared, sum_one, sum_other = summed(2, 2), summed(0, 2), summed(2, 0)
    covariance = summed(0, 0) - sum_one * sum_other / shared
    variances = (summed(1, 2) - sum_one**2 / shared) * (summed(2, 1) - sum_other**2 / shared)
    return np.asarray(covariance / np.sqrt(np.maximum(variances, 1e-9)))


def _fine(lines: npt.NDArray[np.floating]) -> Lines:
    """What is left of lines without what is broader than BROADER."""
    lines = lines.astype(np.float32)
    broad = cv2.GaussianBlur(lines, (0, 0), sigmaX=BROADER, sigmaY=1e-3, borderType=cv2.BORDER_REFLECT)
    return np.asarray(lines - broad, dtype=np.float32)
