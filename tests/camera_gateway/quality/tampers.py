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


def all_white(picture: Pixels) -> Pixels:
    """So much light that 85 % of the picture has none to spare, however dark it was."""
    veil = 255 - 5 * float(np.percentile(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), 15))
    return np.clip(picture.astype(np.float32) * 5 + veil, 0, 255).astype(np.uint8)


def dimmed(picture: Pixels, share: float) -> Pixels:
    """Less light, as much of a sensor's noise."""
    return with_noise(picture * share, 2)


def low_bitrate(picture: Pixels) -> Pixels:
    """A keyframe of a stream at some 100 kbit/s: coded as coarsely, compared with x264 at that rate."""
    coded = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 15])[1]
    return np.asarray(cv2.imdecode(coded, cv2.IMREAD_COLOR), dtype=np.uint8)


def with_noise(picture: npt.NDArray[np.floating] | Pixels, sigma: float, seed: int = 1) -> Pixels:
    """A sensor's noise, of this many grey levels."""
    noise = np.random.default_rng(seed).standard_normal(picture.shape, dtype=np.float32) * sigma
    return np.clip(picture + noise, 0, 255).astype(np.uint8)
