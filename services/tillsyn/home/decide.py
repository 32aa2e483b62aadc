"""A home's rules: who lives there, which cameras show it, and what stops them. Tests of cameras stand in `testing`."""

from collections.abc import Sequence
from uuid import UUID

from events.base import Event
from events.personal import Personal
from events.types import home as happened
from services.tillsyn.home import commands as asked
from services.tillsyn.home.errors import (
    AnotherCameraLinkedError,
    HomeClosedError,
    HomeOccupiedError,
    NoSuchCameraError,
    NoSuchHomeError,
)
from services.tillsyn.home.living import decide_people
from services.tillsyn.home.state import Camera, Home
from services.tillsyn.home.testing import decide_test


def decide(home: Home, command: asked.Command) -> Sequence[Event]:
    """The events that follow from `command`; none when it changes nothing. RefusedError when a rule forbids it."""
    if isinstance(command, asked.Register):
        return [] if home.home is not None else [_registered(command)]
    if home.home is None:
        raise NoSuchHomeError("no home is registered with this id; register the home first")
    id_ = home.home
    match command:
        case asked.Place(area):
            return [] if home.area == area else [happened.HomePlaced(home=id_, area=area)]
        case asked.AgreeOnOutage(risk, outage):
            if (home.risk_class, home.outage_agreement) == (risk, outage):
                return []
            return [happened.OutageAgreed(home=id_, risk_class=risk, outage_agreement=outage)]
        case asked.EnterKeyCode(code):
            return [happened.KeyCodeEntered(home=id_, code=code)]
        case asked.LinkCamera() | asked.UnlinkCamera():
            return _link(home, id_, command) if isinstance(command, asked.LinkCamera) else _unlink(home, id_, command)
        case asked.StopCameras(because):
            return [] if home.stopped is because else [happened.CamerasStopped(home=id_, because=because)]
        case asked.AllowCameras(by):
            return [happened.CamerasAllowed(home=id_, by=by)] if home.stopped is not None else []
        case asked.CarerArrives(by, visit):
            same = by in home.carers and home.carers[by] == visit
            return [] if same else [happened.CarerArrived(home=id_, by=by, visit=visit)]
        case asked.CarerLeaves(by, visit):
            return [happened.CarerLeft(home=id_, by=by, visit=visit)] if by in home.carers else []
        case asked.Close(reason):
            return _close(home, id_, reason)
        case _ if isinstance(command, asked.TestCommand):
            return decide_test(home, id_, command)
        case _:
            return decide_people(home, id_, command)


def _registered(command: asked.Register) -> Event:
    return happened.HomeRegistered(
        home=command.home,
        unit=command.unit,
        address=command.address,
        risk_class=command.risk_class,
        outage_agreement=command.outage_agreement,
    )


def _link(home: Home, id_: UUID, command: asked.LinkCamera) -> Sequence[Event]:
    if home.closed:
        raise HomeClosedError(f"home {id_} is closed; a camera is linked once somebody who is checked on lives there")
    known = home.linked(command.camera)
    if known is not None and (known.gateway, set(known.sees)) == (command.gateway, set(command.sees)):
        return []
    for other in home.cameras:
        if other.camera == command.camera or _overlap(other, command):
            raise AnotherCameraLinkedError(
                f"home {id_} has camera {other.camera}; unlink it before linking {command.camera}"
            )
    return [happened.CameraLinked(home=id_, camera=command.camera, gateway=command.gateway, sees=command.sees)]


def _overlap(camera: Camera, command: asked.LinkCamera) -> bool:
    """Whether both would show the same bed; a camera for which nobody is named shows everybody's."""
    return not camera.sees or not command.sees or bool(set(camera.sees) & set(command.sees))


def _unlink(home: Home, id_: UUID, command: asked.UnlinkCamera) -> Sequence[Event]:
    if not home.cameras:
        return []
    if command.camera is None and len(home.cameras) > 1:
        several = ", ".join(str(camera.camera) for camera in home.cameras)
        raise NoSuchCameraError(f"home {id_} has several cameras; say which of {several}")
    camera = command.camera or home.cameras[0].camera
    if home.linked(camera) is None:
        return []
    return [_unlinked(id_, camera, command.reason)]


def _unlinked(id_: UUID, camera: UUID, reason: str) -> Event:
    return happened.CameraUnlinked(home=id_, camera=camera, reason=Personal.of(reason, id_))


def _close(home: Home, id_: UUID, reason: str) -> Sequence[Event]:
    if home.closed:
        return []
    if home.recipients:
        living = ", ".join(map(str, home.recipients))
        raise HomeOccupiedError(f"{living} is checked on in home {id_}; it is closed when nobody is")
    return [*(_unlinked(id_, camera.camera, reason) for camera in home.cameras), happened.HomeClosed(home=id_)]
