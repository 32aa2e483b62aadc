"""The filter itself. Every kind but `none` is made from the block means alone, so none can tell more than they do."""

from math import ceil, floor

import cv2
import numpy as np
import numpy.typing as npt

from camera_gateway.privacy.setting import PrivacyFilter, PrivacySetting, Zone, block_size

Pixels = npt.NDArray[np.uint8]

LINE_CONTRAST = 4.0
"""How much a silhouette's lines are raised: a difference of 64 grey levels between blocks becomes white."""


def apply(frame: Pixels, setting: PrivacySetting) -> Pixels:
    """What may be shown of a picture (height × width × 3, uint8), as a new one of the same size.

    Never the original, not even where nothing is to be hidden.
    """
    open_part = black_out(frame, setting.zones)
    block = block_size(setting, frame.shape[1])
    match setting.filter:
        case PrivacyFilter.NONE:
            return open_part
        case PrivacyFilter.PIXELATED:
            shown = _enlarged(_block_means(open_part, block), frame, block, cv2.INTER_NEAREST)
        case PrivacyFilter.BLURRED:
            shown = _enlarged(_block_means(open_part, block), frame, block, cv2.INTER_LINEAR)
        case PrivacyFilter.SILHOUETTE:
            shown = _enlarged(_outlines(_block_means(open_part, block)), frame, block, cv2.INTER_LINEAR)
    return black_out(shown, setting.zones)


def black_out(frame: Pixels, zones: tuple[Zone, ...]) -> Pixels:
    """A copy of the picture with the zones black, rounded outwards to whole pixels.

    To be called before anything else sees a picture, the quality judge included.
    """
    height, width = frame.shape[:2]
    copy = frame.copy()
    for zone in zones:
        rows = slice(floor(zone.top * height), ceil(zone.bottom * height))
        columns = slice(floor(zone.left * width), ceil(zone.right * width))
        copy[rows, columns] = 0
    return copy


def _block_means(frame: Pixels, block: int) -> Pixels:
    """One pixel a block: the mean of its pixels. The last row and column are filled up by mirroring."""
    height, width = frame.shape[:2]
    rows, columns = ceil(height / block), ceil(width / block)
    filled = cv2.copyMakeBorder(frame, 0, rows * block - height, 0, columns * block - width, cv2.BORDER_REPLICATE)
    means = cv2.resize(filled, (columns, rows), interpolation=cv2.INTER_AREA)
    return np.asarray(means, dtype=np.uint8)


def _enlarged(means: Pixels, like: Pixels, block: int, interpolation: int) -> Pixels:
    rows, columns = means.shape[:2]
    large = cv2.resize(means, (columns * block, rows * block), interpolation=interpolation)
    return np.ascontiguousarray(large[: like.shape[0], : like.shape[1]], dtype=np.uint8)


def _outlines(means: Pixels) -> Pixels:
    """Light lines on black where neighbouring blocks differ in grey level."""
    grey = cv2.cvtColor(means, cv2.COLOR_BGR2GRAY)
    steps = cv2.morphologyEx(grey, cv2.MORPH_GRADIENT, np.ones((2, 2), np.uint8))
    lines = cv2.convertScaleAbs(steps, alpha=LINE_CONTRAST)
    return np.asarray(cv2.cvtColor(lines, cv2.COLOR_GRAY2BGR), dtype=np.uint8)
