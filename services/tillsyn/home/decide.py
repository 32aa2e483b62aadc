"""A home's rules."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from events.base import Event
from events.personal import Personal
from events.types.home import CameraLinked, CameraUnlinked, HomeRegistered, OutageAgreement, RiskClass
from services.tillsyn.home.state import Home
from services.tillsyn.refused import RefusedError, UnknownError


@dataclass(frozen=True, slots=True)
class Register:
    """Supervision by camera is to take place in this home."""

    home: UUID
    unit: UUID
    address: Personal[str]
    risk_class: RiskClass
    outage_agreement: OutageAgreement


@dataclass(frozen=True, slots=True)
class LinkCamera:
    """This camera, behind this gateway, shows this home."""

    camera: UUID
    gateway: UUID


@dataclass(frozen=True, slots=True)
class UnlinkCamera:
    """The camera shows this home no longer."""

    reason: str


Command = Register | LinkCamera | UnlinkCamera


class NoSuchHomeError(UnknownError):
    """No home is registered with this id."""


class AnotherCameraLinkedError(RefusedError):
    """A home has one camera at a time; the old one is unlinked before another is linked."""


def decide(home: Home, command: Command) -> Sequence[Event]:
    """The events that follow from `command`; none when it changes nothing. RefusedError when a rule forbids it."""
    if isinstance(command, Register):
        if home.home is not None:
            return []
        registered = HomeRegistered(
            home=command.home,
            unit=command.unit,
            address=command.address,
            risk_class=command.risk_class,
            outage_agreement=command.outage_agreement,
        )
        return [registered]
    if home.home is None:
        raise NoSuchHomeError("no home is registered with this id; register the home first")
    match command:
        case LinkCamera(camera, gateway):
            return _link(home, home.home, camera, gateway)
        case UnlinkCamera(reason):
            if home.camera is None:
                return []
            return [CameraUnlinked(home=home.home, camera=home.camera.camera, reason=Personal.of(reason, home.home))]


def _link(home: Home, id_: UUID, camera: UUID, gateway: UUID) -> Sequence[Event]:
    if home.camera is not None and home.camera.camera == camera and home.camera.gateway == gateway:
        return []
    if home.camera is not None:
        raise AnotherCameraLinkedError(f"home {id_} has camera {home.camera.camera}; unlink it before linking {camera}")
    return [CameraLinked(home=id_, camera=camera, gateway=gateway)]
