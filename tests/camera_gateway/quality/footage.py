"""Real footage for tests, where it is at hand: TILLSYN_FOOTAGE, or `shared/footage` beside the checkout."""

import os
from functools import cache
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import pytest

CHECKOUT = Path(__file__).parents[3]
FOLDER = Path(os.environ.get("TILLSYN_FOOTAGE", CHECKOUT.parent / "shared" / "footage"))
PICTURES = {".mp4", ".jpg", ".png"}

needs_footage = pytest.mark.skipif(
    not FOLDER.is_dir(), reason=f"no footage in {FOLDER}: set TILLSYN_FOOTAGE to the folder that holds it"
)


def footage_files() -> list[Path]:
    """Every film and picture; empty where there is no footage."""
    return sorted(path for path in FOLDER.glob("*") if path.suffix in PICTURES)


@cache
def pictures_of(path: Path, every: int = 20) -> list[npt.NDArray[np.uint8]]:
    """A still at half its size, or every so-many-th picture of a film."""
    if path.suffix != ".mp4":
        return [np.asarray(cv2.imread(str(path), cv2.IMREAD_REDUCED_COLOR_2), dtype=np.uint8)]
    capture = cv2.VideoCapture(str(path))
    pictures = []
    while True:
        there, picture = capture.read()
        if not there:
            capture.release()
            return pictures[::every]
        pictures.append(np.asarray(picture, dtype=np.uint8))
