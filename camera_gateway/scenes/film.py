"""A drawn scene, picture by picture."""

from collections.abc import Iterator
from math import pi, sin

import cv2
import numpy as np
import numpy.typing as npt

from camera_gateway.scenes.backdrop import backdrop
from camera_gateway.scenes.bed import Bed, palette
from camera_gateway.scenes.light import Lighting, lighting_of
from camera_gateway.scenes.optics import Floats
from camera_gateway.scenes.patch import Patch, Shading, Sight, View
from camera_gateway.scenes.person import FALLEN, ON_BACK, ON_SIDE, breathing, relief, turned
from camera_gateway.scenes.room import Room, room_of
from camera_gateway.scenes.scene import Scene, SceneKind
from camera_gateway.scenes.sensor import Sensor, cloth_over_lens

Picture = npt.NDArray[np.uint8]

BREATH_S = 3.5
"""Seconds a breath takes: 17 a minute, as an adult at rest (12–20)."""
BREATH_DEPTH = 0.07
"""A share of the chest's radius."""
TURN_S = (1.2, 2.9, 4.4, 6.1)
"""Seconds into the clip when a turn begins and ends, and when the turn back begins and ends."""
TURN_STEPS = 10
"""How many times in a turn it is worked out anew which point each pixel sees; light follows every frame."""
HIGHEST_M = 0.46
"""Nothing on a bed or on the floor is drawn higher."""


def frames(scene: Scene) -> Iterator[Picture]:
    """The scene's pictures, 480 × 640 × 3, blue-green-red. The same scene gives the same pictures.

    A dead camera gives none.
    """
    sensor = Sensor(scene.seed, scene.infrared)
    room = room_of(scene.seed)
    for clean in _clean_frames(scene, room, sensor):
        turned_round = cv2.flip(clean, 1) if room.mirrored else clean
        yield sensor.noisy(np.asarray(turned_round, dtype=np.uint8))


def _clean_frames(scene: Scene, room: Room, sensor: Sensor) -> Iterator[Picture]:
    """The same without noise, and before a mirrored room is mirrored."""
    count = round(scene.seconds * scene.frames_per_second)
    times = [n / scene.frames_per_second for n in range(count)]
    lighting = lighting_of(room, scene.infrared)
    match scene.kind:
        case SceneKind.SLEEPER:
            yield from _sleeper(room, lighting, sensor, times)
        case SceneKind.EMPTY_BED:
            still = _empty_bedroom(room, lighting, sensor)
            yield from (still for _ in times)
        case SceneKind.ON_FLOOR:
            yield from _on_floor(room, lighting, sensor, times)
        case SceneKind.COVERED_LENS:
            cloth = sensor.tone(cloth_over_lens(scene.seed, scene.infrared))
            yield from (cloth for _ in times)
        case SceneKind.DEAD:
            return


def _sleeper(room: Room, lighting: Lighting, sensor: Sensor, times: list[float]) -> Iterator[Picture]:
    bed = Bed(room, lighting, slept_in=True)
    stage = Stage(bed.patch, room, lighting, sensor)
    still = sensor.tone(backdrop(room, lighting) * sensor.vignette())
    for t in times:
        share = _turn(t)
        person = breathing(turned(ON_BACK, ON_SIDE, share), BREATH_DEPTH * _breath(t))
        made = bed.with_sleeper(person, face=(0.9 * share, 0.0))
        picture = still.copy()
        stage.show(picture, made.height, made.colour, step=round(share * TURN_STEPS))
        yield picture


def _empty_bedroom(room: Room, lighting: Lighting, sensor: Sensor) -> Picture:
    bed = Bed(room, lighting, slept_in=False)
    made = bed.empty()
    picture = sensor.tone(backdrop(room, lighting) * sensor.vignette())
    Stage(bed.patch, room, lighting, sensor).show(picture, made.height, made.colour)
    return picture


def _on_floor(room: Room, lighting: Lighting, sensor: Sensor, times: list[float]) -> Iterator[Picture]:
    patch = Patch(left=room.bed_left - 1.06, far=room.bed_head - 0.38, floor=0.0, width=1.0, length=1.95)
    stage = Stage(patch, room, lighting, sensor)
    still = _empty_bedroom(room, lighting, sensor)
    colours = palette(room, lighting)
    for t in times:
        person = breathing(FALLEN, BREATH_DEPTH * _breath(t))
        height, stuff = relief(person, *patch.grid, face=(0.8, 0.0))
        picture = still.copy()
        stage.show(picture, height, colours[stuff], only_raised=True)
        yield picture


class Stage:
    """One patch of the room on which something is shown, with its light and the camera's view of it."""

    def __init__(self, patch: Patch, room: Room, lighting: Lighting, sensor: Sensor) -> None:
        self._shading = Shading(patch, room, lighting)
        self._view = View(patch, room, HIGHEST_M)
        self._sensor = sensor
        vignette = sensor.vignette()[self._view.window]
        self._vignette = float(vignette.mean())
        self._sights: dict[int, Sight] = {}

    def show(
        self,
        picture: Picture,
        height: Floats,
        colour: Floats,
        *,
        step: int = 0,
        only_raised: bool = False,
    ) -> None:
        """Draw a relief into the picture, in place. Reliefs of one `step` differ too little to move a pixel."""
        if step not in self._sights:
            shown = height > 0.015 if only_raised else np.ones(height.shape, dtype=np.bool_)
            self._sights[step] = self._view.of(height, shown)
        texture = self._sensor.tone(self._shading.on(height, colour) * self._vignette)
        self._view.draw(picture, self._sights[step], texture)


def _breath(t: float) -> float:
    """How full the lungs are at second `t`, −1 to 1."""
    return sin(2 * pi * t / BREATH_S)


def _turn(t: float) -> float:
    """How far the sleeper has turned from back to side at second `t`, 0 to 1."""
    begin, turned_over, back, done = TURN_S
    return _smooth((t - begin) / (turned_over - begin)) - _smooth((t - back) / (done - back))


def _smooth(share: float) -> float:
    clipped = min(max(share, 0.0), 1.0)
    return clipped * clipped * (3 - 2 * clipped)
