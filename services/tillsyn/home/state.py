"""The state of one home, folded from its events."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from events.base import Event
from events.types import home as happened
from events.types.home import Stopped
from events.types.recipient import ConsentScope


@dataclass(frozen=True, slots=True)
class Camera:
    """A linked camera, and the gateway that it stands behind."""

    camera: UUID
    gateway: UUID
    sees: tuple[UUID, ...] = ()
    """The recipients whose bed it shows; none named: everybody who is checked on in the home."""
    commissioned: bool = False

    def shows(self, recipient: UUID) -> bool:
        """Whether the recipient's bed is in its picture."""
        return not self.sees or recipient in self.sees


@dataclass(frozen=True, slots=True)
class Cohabitant:
    """Somebody who lives here and is not checked on: their yes, and what it covers."""

    consent: UUID | None = None
    scope: frozenset[ConsentScope] = frozenset()


@dataclass(frozen=True, slots=True)
class Commissioning:
    """A test that runs: an installer is on site, and a code is shown. `looks` says whom a live picture has reached."""

    commissioning: UUID
    camera: UUID
    installer: UUID
    code_digest: str
    until: datetime
    wrong_codes: int = 0
    looks: Mapping[UUID, UUID] = field(default_factory=dict)
    """Of each look that was granted: to whom."""
    served: tuple[UUID, ...] = ()
    """Looks that showed a live picture, in order."""


@dataclass(frozen=True, slots=True)
class Home:
    """One home as it stands now."""

    home: UUID | None = None
    unit: UUID | None = None
    recipients: tuple[UUID, ...] = ()
    """Who is checked on here, those who have died included."""
    cohabitants: Mapping[UUID, Cohabitant] = field(default_factory=dict)
    cameras: tuple[Camera, ...] = ()
    """Every camera linked, in that order."""
    commissioning: Commissioning | None = None
    stopped: Stopped | None = None
    carers: Mapping[UUID, UUID | None] = field(default_factory=dict)
    """Carers who are in the home, each with the visit they are there for."""
    area: str | None = None
    risk_class: happened.RiskClass | None = None
    outage_agreement: happened.OutageAgreement | None = None
    closed: bool = False

    @property
    def camera(self) -> Camera | None:
        """The home's camera: the first that was linked."""
        return self.cameras[0] if self.cameras else None

    def camera_of(self, recipient: UUID) -> Camera | None:
        """The camera that shows this person's bed: of several one that is commissioned, and by name, before others."""
        shows = [camera for camera in self.cameras if camera.shows(recipient)]
        return min(shows, key=lambda camera: (not camera.commissioned, not camera.sees), default=None)

    def linked(self, camera: UUID) -> Camera | None:
        """The linked camera with this id."""
        return next((each for each in self.cameras if each.camera == camera), None)

    def in_test(self, at: datetime) -> UUID | None:
        """The camera that is being tested at `at`."""
        test = self.commissioning
        return test.camera if test is not None and at < test.until else None


EMPTY = Home()


def stream_of(home: UUID) -> str:
    """The stream of one home."""
    return f"home-{home}"


def evolve(home: Home, event: Event) -> Home:
    """The home after `event`. Events of other streams change nothing."""
    match event:
        case happened.HomeRegistered(home=id_, unit=unit, risk_class=risk, outage_agreement=outage):
            return replace(home, home=id_, unit=unit, risk_class=risk, outage_agreement=outage)
        case happened.HomePlaced(area=area):
            return replace(home, area=area)
        case happened.OutageAgreed(risk_class=risk, outage_agreement=outage):
            return replace(home, risk_class=risk, outage_agreement=outage)
        case happened.CamerasStopped(because=because):
            return replace(home, stopped=because)
        case happened.CamerasAllowed():
            return replace(home, stopped=None)
        case happened.CarerArrived(by=by, visit=visit):
            return replace(home, carers={**home.carers, by: visit})
        case happened.CarerLeft(by=by):
            return replace(home, carers=_without(home.carers, by))
        case happened.HomeClosed():
            return replace(home, closed=True, cameras=(), commissioning=None, carers={})
        case _:
            return _evolve_people(_evolve_cameras(home, event), event)


def _evolve_people(home: Home, event: Event) -> Home:
    match event:
        case happened.RecipientMovedIn(recipient=recipient):
            others = tuple(each for each in home.recipients if each != recipient)
            return replace(home, recipients=(*others, recipient), closed=False)
        case happened.RecipientMovedOut(recipient=recipient):
            return replace(home, recipients=tuple(each for each in home.recipients if each != recipient))
        case happened.CohabitantMovedIn(cohabitant=cohabitant):
            return replace(home, cohabitants={**home.cohabitants, cohabitant: Cohabitant()})
        case happened.CohabitantMovedOut(cohabitant=cohabitant):
            return replace(home, cohabitants=_without(home.cohabitants, cohabitant))
        case happened.CohabitantConsentGiven(cohabitant=cohabitant, consent=consent, scope=scope):
            return replace(home, cohabitants={**home.cohabitants, cohabitant: Cohabitant(consent, scope)})
        case happened.CohabitantConsentWithdrawn(cohabitant=cohabitant):
            return replace(home, cohabitants={**home.cohabitants, cohabitant: Cohabitant()})
        case _:
            return home


def _evolve_cameras(home: Home, event: Event) -> Home:
    match event:
        case happened.CameraLinked(camera=id_, gateway=gateway, sees=sees, commissioned=in_use):
            return replace(home, cameras=(*home.cameras, Camera(id_, gateway, sees, in_use)))
        case happened.CameraUnlinked(camera=id_):
            left = tuple(camera for camera in home.cameras if camera.camera != id_)
            test = home.commissioning if home.commissioning and home.commissioning.camera != id_ else None
            return replace(home, cameras=left, commissioning=test)
        case happened.CommissioningBegun(commissioning=id_, camera=camera, installer=installer, until=until):
            test = Commissioning(id_, camera, installer, event.code_digest, until)
            return replace(home, commissioning=test)
        case happened.CommissioningCodeRefused() if home.commissioning is not None:
            wrong = home.commissioning.wrong_codes + 1
            return replace(home, commissioning=replace(home.commissioning, wrong_codes=wrong))
        case happened.CommissioningLookGranted(look=look, by=by) if home.commissioning is not None:
            looks = {**home.commissioning.looks, look: by}
            return replace(home, commissioning=replace(home.commissioning, looks=looks))
        case happened.CommissioningLookServed(look=look) if home.commissioning is not None:
            served = (*home.commissioning.served, look)
            return replace(home, commissioning=replace(home.commissioning, served=served))
        case happened.CameraCommissioned(camera=id_):
            tested = tuple(
                replace(camera, commissioned=True) if camera.camera == id_ else camera for camera in home.cameras
            )
            return replace(home, cameras=tested, commissioning=None)
        case happened.CommissioningFailed():
            return replace(home, commissioning=None)
        case _:
            return home


def _without(mapping: Mapping[UUID, Any], key: UUID) -> dict[UUID, Any]:
    return {id_: value for id_, value in mapping.items() if id_ != key}
