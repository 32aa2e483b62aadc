"""What can happen to a good picture. Strengths are for 640 pixels' width and grow with the picture."""

import cv2
import numpy as np
import numpy.typing as npt

Pixels = npt.NDArray[np.uint8]


def defocused(picture: Pixels, sigma: float = 8) -> Pixels:
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), sigma * picture.shape[1] / 640), dtype=np.uint8)


def darkened(picture: Pixels, share: float = 0.06) -> Pixels:
    return with_noise(picture * share, 2)


def covered(picture: Pixels) -> Pixels:
    """Seen through a cloth that lets 40 % of the light pass."""
    small = cv2.resize(picture, (64, 48), interpolation=cv2.INTER_AREA)
    cloth = cv2.GaussianBlur(small, (0, 0), 8).astype(np.float32) * 0.4
    return with_noise(cv2.resize(cloth, picture.shape[1::-1], interpolation=cv2.INTER_CUBIC), 6)


def over_exposed(picture: Pixels) -> Pixels:
    return np.clip(picture.astype(np.float32) * 5 + 90, 0, 255).astype(np.uint8)


def with_noise(picture: npt.NDArray[np.floating], sigma: float) -> Pixels:
    """A sensor's noise, of this many grey levels."""
    noise = np.random.default_rng(1).standard_normal(picture.shape, dtype=np.float32) * sigma
    return np.clip(picture + noise, 0, 255).astype(np.uint8)
