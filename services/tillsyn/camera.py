"""A camera belongs to one home. Homes are decided each by itself; the camera's own stream is where two of them meet."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from events.base import Event
from events.types.camera import CameraFreed, CameraGiven
from services.tillsyn.refused import RefusedError


class CameraElsewhereError(RefusedError):
    """A camera belongs to one home: elsewhere the wrong camera on a person has done harm."""


@dataclass(frozen=True, slots=True)
class Belonging:
    """Where a camera belongs; nowhere, for one that is not linked or was before there were such streams."""

    home: UUID | None = None


EMPTY = Belonging()


def stream_of(camera: UUID) -> str:
    """The stream of one camera."""
    return f"camera-{camera}"


def evolve(belonging: Belonging, event: Event) -> Belonging:
    """Where it belongs after `event`. Events of other streams change nothing."""
    match event:
        case CameraGiven(home=home):
            return Belonging(home)
        case CameraFreed():
            return EMPTY
        case _:
            return belonging


def give(belonging: Belonging, camera: UUID, home: UUID) -> Sequence[Event]:
    """The camera is linked to `home`. CameraElsewhereError while it belongs to another."""
    if belonging.home == home:
        return []
    if belonging.home is not None:
        raise CameraElsewhereError(
            f"camera {camera} shows home {belonging.home}; unlink it there before linking it to {home}"
        )
    return [CameraGiven(camera=camera, home=home)]


def free(belonging: Belonging, camera: UUID, home: UUID) -> Sequence[Event]:
    """The camera is no longer linked to `home`."""
    return [CameraFreed(camera=camera, home=home)] if belonging.home == home else []
