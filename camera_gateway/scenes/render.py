"""From a scene to a real video file."""

import os
import uuid
from contextlib import suppress
from pathlib import Path

import cv2

from camera_gateway.scenes.film import frames
from camera_gateway.scenes.optics import HEIGHT, WIDTH
from camera_gateway.scenes.scene import Scene, SceneKind

BROKEN_FILE = b"\x00\x00\x00\x18ftypmp42" + bytes(12)
"""The beginning of a video file whose rest is missing: it cannot be opened."""


class CannotRenderError(Exception):
    """No video file could be written: the folder, or the encoder in this build of OpenCV, refuses."""


def render(scene: Scene, folder: Path) -> Path:
    """The scene as a video file (MPEG-4 Part 2 in .mp4, 640 × 480) in `folder`, drawn only if not there yet.

    Written under another name first: a file of this name is always whole. Raises CannotRenderError.
    """
    path = folder / scene.content_name
    if path.exists():
        return path
    unfinished = folder / f".{uuid.uuid4().hex}.mp4"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _write(scene, unfinished)
        os.replace(unfinished, path)  # noqa: PTH105
    except OSError as error:
        raise CannotRenderError(f"cannot write {path}: {error.strerror}") from error
    finally:
        with suppress(OSError):
            unfinished.unlink()
    return path


def _write(scene: Scene, path: Path) -> None:
    if scene.kind is SceneKind.DEAD:
        path.write_bytes(BROKEN_FILE)
        return
    encoding = cv2.VideoWriter.fourcc(*"mp4v")
    writer = cv2.VideoWriter(str(path), encoding, float(scene.frames_per_second), (WIDTH, HEIGHT))
    try:
        if not writer.isOpened():
            raise CannotRenderError(f"cannot encode {path.name}: no MPEG-4 encoder, or the folder cannot be written")
        for picture in frames(scene):
            writer.write(picture)
    finally:
        writer.release()
