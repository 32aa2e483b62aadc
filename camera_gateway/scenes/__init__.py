"""The demo's bedrooms: drawn by seed, and encoded as real video files."""

from camera_gateway.scenes.film import frames
from camera_gateway.scenes.render import render
from camera_gateway.scenes.scene import Scene, SceneKind

__all__ = ["Scene", "SceneKind", "frames", "render"]
