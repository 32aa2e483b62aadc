"""To which home a camera belongs: in a stream of its own, beside what the home says, so that two cannot take it."""

from uuid import UUID

from events.base import Event


class CameraGiven(Event, name="camera.given"):
    """The camera belongs to this home from now on, and to no other until it is freed."""

    camera: UUID
    home: UUID


class CameraFreed(Event, name="camera.freed"):
    """The camera belongs to no home."""

    camera: UUID
    home: UUID
    """The one that it belonged to."""
