"""The state of one home, folded from its events."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
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
    carers: Mapping[UUID, UUID | None] = field(default_factory=dict)
    """Carers who are in the home, each with the visit they are there for."""


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
        case happened.CarerArrived(by=by, visit=visit):
            return replace(home, carers={**home.carers, by: visit})
        case happened.CarerLeft(by=by):
            return replace(home, carers={id_: visit for id_, visit in home.carers.items() if id_ != by})
        case _:
            return home
