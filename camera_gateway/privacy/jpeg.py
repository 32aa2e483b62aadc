"""From a filtered picture to the bytes that are sent."""

import cv2
import numpy as np
import numpy.typing as npt


class CannotEncodeError(ValueError):
    """The picture or the quality asked for does not make a JPEG."""


def encode_jpeg(frame: npt.NDArray[np.uint8], quality: int = 80) -> bytes:
    """A picture (height × width × 3, uint8, blue-green-red) as JPEG; `quality` 1–100. Holds no metadata.

    Raises CannotEncodeError.
    """
    if not 1 <= quality <= 100:
        raise CannotEncodeError(f"quality is {quality}: choose 1 to 100")
    if frame.ndim != 3 or frame.shape[2] != 3 or frame.size == 0 or frame.dtype != np.uint8:
        raise CannotEncodeError(f"not a picture of height × width × 3 bytes: {frame.shape}")
    _, encoded = cv2.imencode(".jpg", frame, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return encoded.tobytes()
