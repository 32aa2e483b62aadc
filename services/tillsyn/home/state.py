"""The state of one home, folded from its events."""

from dataclasses import dataclass, replace
from uuid import UUID

from events.base import Event
from events.types import home as happened


@dataclass(frozen=True, slots=True)
class Camera:
    """A linked camera, and the gateway that it stands behind."""

    camera: UUID
    gateway: UUID


@dataclass(frozen=True, slots=True)
class Home:
    """One home as it stands now."""

    home: UUID | None = None
    unit: UUID | None = None
    camera: Camera | None = None


EMPTY = Home()


def stream_of(home: UUID) -> str:
    """The stream of one home."""
    return f"home-{home}"


def evolve(home: Home, event: Event) -> Home:
    """The home after `event`. Events of other streams change nothing."""
    match event:
        case happened.HomeRegistered(home=id_, unit=unit):
            return replace(home, home=id_, unit=unit)
        case happened.CameraLinked(camera=camera, gateway=gateway):
            return replace(home, camera=Camera(camera, gateway))
        case happened.CameraUnlinked():
            return replace(home, camera=None)
        case _:
            return home
