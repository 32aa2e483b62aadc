"""What is measured on one picture, and between two."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from statistics import median

import cv2
import numpy as np
import numpy.typing as npt

Pixels = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.integer | np.floating]

JUDGED_WIDTH = 640
"""Pixels. Larger pictures are scaled down to it before anything is measured."""
COARSE = (32, 24)
"""Cells across and down: 20 pixels each at 640 × 480."""
HUE_CELLS = (64, 48)
SATURATED = 250
"""Grey level."""
MOVED = 12
"""Grey levels: four times the noise that is left of a small night camera's after smoothing (σ ≈ 3)."""


@dataclass(frozen=True, slots=True)
class Figures:
    """Measured on one picture; units as in PictureQuality."""

    mean_grey: float
    bright_grey: float
    saturated_share: float
    edge_share: float
    laplacian_variance: float
    coarse_structure: float
    grey_spread: float
    hue_spread: float


def measured(frame: Pixels) -> Figures:
    """The figures of one picture (height × width × 3, blue-green-red)."""
    small = scaled(frame)
    grey = np.asarray(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY), dtype=np.uint8)
    smooth = cv2.GaussianBlur(grey, (5, 5), 0)
    levels = np.cumsum(cv2.calcHist([smooth], [0], None, [256], [0, 256]))
    grey_spread, hue_spread = _spreads(small)
    return Figures(
        mean_grey=float(cv2.mean(grey)[0]),
        bright_grey=float(np.searchsorted(levels, 0.99 * levels[-1])),
        saturated_share=_share(cv2.inRange(grey, SATURATED, 255)),
        edge_share=_share(cv2.Canny(smooth, 30, 90)),
        laplacian_variance=float(cv2.meanStdDev(cv2.Laplacian(grey, cv2.CV_16S))[1][0][0]) ** 2,
        coarse_structure=_coarse_structure(grey),
        grey_spread=grey_spread,
        hue_spread=hue_spread,
    )


def typical(figures: Sequence[Figures]) -> Figures:
    """The median of each figure over several pictures."""
    middle = {field.name: median(getattr(one, field.name) for one in figures) for field in fields(Figures)}
    return Figures(**middle)


def movement(one: Pixels, other: Pixels) -> float:
    """Per cent of pixels that changed by more than MOVED grey levels between two pictures of the same size."""
    return _share(_changes(one, other))


def changed(one: Pixels, other: Pixels) -> npt.NDArray[np.bool_]:
    """Which pixels (of the scaled picture) changed by more than MOVED grey levels, after smoothing."""
    return np.asarray(_changes(one, other)) > 0


def scaled(frame: Pixels) -> Pixels:
    """The picture at no more than JUDGED_WIDTH pixels across."""
    height, width = frame.shape[:2]
    if width <= JUDGED_WIDTH:
        return frame
    size = JUDGED_WIDTH, max(1, round(height * JUDGED_WIDTH / width))
    return np.asarray(cv2.resize(frame, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def _changes(one: Pixels, other: Pixels) -> cv2.typing.MatLike:
    return cv2.inRange(cv2.absdiff(_smooth_grey(one), _smooth_grey(other)), MOVED + 1, 255)


def _smooth_grey(frame: Pixels) -> npt.NDArray[np.uint8]:
    grey = cv2.cvtColor(scaled(frame), cv2.COLOR_BGR2GRAY)
    return np.asarray(cv2.GaussianBlur(grey, (9, 9), 0), dtype=np.uint8)


def _share(mask: Mask) -> float:
    """Per cent of a mask that is not 0."""
    return 100.0 * cv2.countNonZero(mask) / int(mask.size)


def _coarse_structure(grey: Pixels) -> float:
    cells = cv2.resize(grey, COARSE, interpolation=cv2.INTER_AREA).astype(np.float32)
    return float((cells - cv2.GaussianBlur(cells, (0, 0), 1.0)).std())


def _spreads(frame: Pixels) -> tuple[float, float]:
    """Standard deviation of lightness, and the share of it that colour has which lightness does not explain."""
    cells = cv2.resize(frame, HUE_CELLS, interpolation=cv2.INTER_AREA)
    channels = cv2.cvtColor(cells, cv2.COLOR_BGR2YCrCb).reshape(-1, 3).astype(np.float64)
    lightness, colour = channels[:, 0], channels[:, 1:]
    spread = float(lightness.std())
    basis = np.stack([np.ones_like(lightness), lightness / 255, (lightness / 255) ** 2], axis=1)
    explained = basis @ np.linalg.lstsq(basis, colour, rcond=None)[0]
    unexplained = float(np.sqrt(((colour - explained) ** 2).sum(axis=1).mean()))
    return spread, unexplained / max(spread, 1e-6)
