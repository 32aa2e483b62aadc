"""What does not move: the room itself, drawn once a clip by following a ray through every pixel."""

from dataclasses import dataclass

import cv2
import numpy as np

from camera_gateway.scenes.light import Lighting, light_at, normal_of
from camera_gateway.scenes.optics import HEIGHT, WIDTH, Floats
from camera_gateway.scenes.room import Face, Room
from camera_gateway.scenes.texture import shade

LIGHT_STEP = 2
"""Light changes slowly across a surface: it is worked out for every second pixel."""


@dataclass(slots=True)
class Seen:
    """What each pixel sees: how far, which colour (0–1), which normal, and its own glow."""

    depth: Floats
    colour: Floats
    normal: Floats
    glow: Floats


def backdrop(room: Room, lighting: Lighting) -> Floats:
    """The empty room: HEIGHT × WIDTH × 3, linear light, about 0–1."""
    rays = room.camera.rays()
    seen = _nothing_yet()
    for face in room.faces:
        _draw(face, room, lighting, rays, seen)
    linear = seen.colour * _light(room, lighting, rays, seen) + seen.glow
    return np.asarray(cv2.GaussianBlur(linear, (0, 0), 0.55), dtype=np.float32)


def _nothing_yet() -> Seen:
    def full(*channels: int, value: float = 0.0) -> Floats:
        return np.full((HEIGHT, WIDTH, *channels), value, dtype=np.float32)

    return Seen(full(value=np.inf), full(3), full(3, value=1.0), full(3))


def _draw(face: Face, room: Room, lighting: Lighting, rays: Floats, seen: Seen) -> None:
    """Draw a face where it is nearer than what has been drawn before."""
    rows, columns = room.camera.window(face.corners())
    ray = rays[rows, columns]
    corner, across, up = (np.array(v, dtype=np.float32) for v in (face.corner, face.across, face.up))
    normal = normal_of(face.across, face.up, room.camera.eye - corner)
    facing = ray @ normal
    depth = ((corner - room.camera.eye) @ normal) / np.where(np.abs(facing) < 1e-6, 1e-6, facing)
    width, height = float(np.linalg.norm(across)), float(np.linalg.norm(up))
    start = room.camera.eye - corner
    x = (start @ across + depth * (ray @ across)) / width
    y = (start @ up + depth * (ray @ up)) / height
    hit = (depth > 0) & (depth < seen.depth[rows, columns]) & (x >= 0) & (x <= width) & (y >= 0) & (y <= height)
    flat = x[hit].astype(np.float32), y[hit].astype(np.float32)
    tone = shade(face.texture, *flat, width, height)[:, None]
    seen.depth[rows, columns][hit] = depth[hit]
    seen.colour[rows, columns][hit] = tone * np.array(lighting.reflected(face.colour), dtype=np.float32)
    seen.normal[rows, columns][hit] = normal
    glow = 0.0 if lighting.infrared else face.glow
    seen.glow[rows, columns][hit] = tone * np.array(face.colour, dtype=np.float32) * glow


def _light(room: Room, lighting: Lighting, rays: Floats, seen: Seen) -> Floats:
    every = slice(None, None, LIGHT_STEP)
    depth = np.where(np.isfinite(seen.depth[every, every]), seen.depth[every, every], 5.0)
    points = (room.camera.eye + rays[every, every] * depth[..., None]).astype(np.float32)
    normals = seen.normal[every, every]
    light = light_at(points.reshape(-1, 3), normals.reshape(-1, 3), lighting, room.boxes)
    soft = cv2.blur(light.reshape(points.shape), (5, 5))
    return np.asarray(cv2.resize(soft, (WIDTH, HEIGHT), interpolation=cv2.INTER_LINEAR), dtype=np.float32)
