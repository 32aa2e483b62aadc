"""A drawn scene as a camera: rendered once into a real video file, then opened like any other."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from camera_gateway.cameras.address import FileAddress, SceneAddress
from camera_gateway.cameras.camera import Clock, OpenCamera
from camera_gateway.cameras.file import FileCamera
from camera_gateway.scenes import render


class SceneCamera:
    """Keeps the `Camera` protocol. The first opening renders the scene, unless `render` has been called."""

    def __init__(self, name: str, address: SceneAddress, now: Clock, folder: Path) -> None:
        self.name = name
        self.address = str(address)
        self._scene = address.scene
        self._now = now
        self._folder = folder

    @contextmanager
    def open(self) -> Iterator[OpenCamera]:
        """See `Camera.open`."""
        path = render(self._scene, self._folder)
        with FileCamera(self.name, FileAddress(path), self._now).open() as opened:
            yield opened
