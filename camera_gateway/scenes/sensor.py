"""What the camera's sensor and lens make of the light: tone, vignette and noise."""

import cv2
import numpy as np
import numpy.typing as npt

from camera_gateway.scenes.optics import HEIGHT, WIDTH, Floats

NOISE_MARGIN = 96
"""Pixels by which the field of noise is larger than a picture: each frame cuts its own from it."""


class Sensor:
    """A small night camera: more noise without infrared, where it must amplify what little light there is."""

    def __init__(self, seed: int, infrared: bool) -> None:
        self._dice = np.random.default_rng((seed, 2))
        self._grey = infrared
        self._exposure = 1.0 if infrared else 1.9
        strength = 3.0 if infrared else 4.5
        channels = 1 if infrared else 3
        shape = (HEIGHT + NOISE_MARGIN, WIDTH + NOISE_MARGIN, channels)
        self._field = self._noise(shape, strength)

    def _noise(self, shape: tuple[int, int, int], strength: float) -> npt.NDArray[np.int16]:
        fine = self._dice.standard_normal(shape, dtype=np.float32)
        grainy = cv2.GaussianBlur(fine, (3, 3), 0.6).reshape(shape)
        return np.asarray(np.rint(grainy * (strength / 0.6)), dtype=np.int16)

    def tone(self, linear: Floats) -> npt.NDArray[np.uint8]:
        """Linear light (… × 3, about 0–1) as stored grey levels, brightened as eyes expect (γ = 2)."""
        levels = 255 * np.sqrt(np.clip(linear * self._exposure, 0, 1))
        return np.asarray(levels, dtype=np.uint8)

    def vignette(self) -> Floats:
        """Factors, HEIGHT × WIDTH × 1, that darken the linear light towards the corners."""
        y, x = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
        squared = ((x - WIDTH / 2) / (WIDTH / 2)) ** 2 + ((y - HEIGHT / 2) / (HEIGHT / 2)) ** 2
        fall = 0.42 if self._grey else 0.22
        return np.asarray(1 - fall * squared / (1 + 0.4 * squared), dtype=np.float32)[..., None]

    def noisy(self, picture: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
        """The picture with this moment's noise."""
        y, x = (int(shift) for shift in self._dice.integers(0, NOISE_MARGIN, 2))
        noise = self._field[y : y + HEIGHT, x : x + WIDTH]
        if self._grey:
            grey = cv2.add(picture[..., 1], noise[..., 0], dtype=cv2.CV_8U)
            return np.asarray(cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR), dtype=np.uint8)
        return np.asarray(cv2.add(picture, noise, dtype=cv2.CV_8U), dtype=np.uint8)


def cloth_over_lens(seed: int, infrared: bool) -> Floats:
    """What is left of the light through a cloth: soft, brownish, and much the same all over."""
    dice = np.random.default_rng((seed, 3))
    coarse = dice.uniform(0.6, 1.0, (3, 4)).astype(np.float32)
    glow = cv2.resize(coarse, (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC)
    colour = (0.05, 0.05, 0.05) if infrared else (0.016, 0.024, 0.036)
    return (glow[..., None] * np.array(colour, dtype=np.float32)).astype(np.float32)
