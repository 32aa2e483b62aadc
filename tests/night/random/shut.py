"""Whether a camera had to stay shut, worked out anew from the log's events: none of the service's rules are asked."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

from events.base import Event
from events.envelope import Recorded
from events.types import home as homely
from events.types import recipient as people
from events.types.night import LookGranted, LookServed

FOR_EVER = datetime.max.replace(tzinfo=UTC)


@dataclass(slots=True)
class _Person:
    home: UUID
    consents: bool = False
    paused_until: datetime | None = None
    dead: bool = False

    def says_no(self, at: datetime) -> bool:
        return not self.consents or (self.paused_until is not None and at < self.paused_until)


@dataclass(slots=True)
class _Home:
    cohabitants: dict[UUID, bool] = field(default_factory=dict)
    cameras: dict[UUID, tuple[UUID, ...]] = field(default_factory=dict)
    tested: set[UUID] = field(default_factory=set)
    carers: set[UUID] = field(default_factory=set)
    stopped: bool = False
    closed: bool = False


@dataclass(slots=True)
class _Town:
    people: dict[UUID, _Person] = field(default_factory=dict)
    homes: dict[UUID, _Home] = field(default_factory=dict)

    def why_shut(self, recipient: UUID, camera: UUID, at: datetime) -> str | None:
        person = self.people[recipient]
        home = self.homes[person.home]
        with_them = [one for one in self.people.values() if one.home == person.home and not one.dead]
        reasons = {
            "they are dead": person.dead,
            "they say no": person.says_no(at),
            "who lives with them says no": any(one.says_no(at) for one in with_them),
            "a cohabitant has not said yes": not all(home.cohabitants.values()),
            "a carer is there": bool(home.carers),
            "the cameras are stopped": home.stopped,
            "the home is closed": home.closed,
            "the camera is not theirs": camera not in home.cameras,
            "the camera was not tested": camera not in home.tested,
            "the camera shows somebody else": recipient not in (home.cameras.get(camera) or (recipient,)),
        }
        return next((reason for reason, holds in reasons.items() if holds), None)


def looks_while_shut(log: Iterable[Recorded]) -> Iterator[str]:
    """Every look that was granted, and every picture that was handed on, while nobody was to look."""
    town, cameras = _Town(), dict[UUID, UUID]()
    for recorded in log:
        event = recorded.event
        match event:
            case LookGranted(look=look, camera=camera):
                cameras[look] = camera
                why = town.why_shut(_whose(recorded), camera, event.valid_from)
                if why is not None:
                    yield f"look {look} was granted, and {why}"
            case LookServed(look=look):
                why = town.why_shut(_whose(recorded), cameras[look], recorded.context.time)
                if why is not None:
                    yield f"look {look} was served, and {why}"
            case _:
                _person(town, event)
                _home(town, event)


def _whose(recorded: Recorded) -> UUID:
    return UUID(recorded.stream.removeprefix("night-")[:36])


def _person(town: _Town, event: Event) -> None:
    match event:
        case people.RecipientRegistered(recipient=id_, home=home):
            town.people[id_] = _Person(home)
        case people.ConsentGiven(recipient=id_):
            town.people[id_].consents = True
        case people.ConsentWithdrawn(recipient=id_):
            town.people[id_].consents = False
        case people.CameraPaused(recipient=id_, until=until):
            town.people[id_].paused_until = until or FOR_EVER
        case people.CameraResumed(recipient=id_):
            town.people[id_].paused_until = None
        case people.RecipientDied(recipient=id_):
            town.people[id_].dead = True
        case people.DeathTakenBack(recipient=id_):
            town.people[id_].dead = False
        case people.RecipientMoved(recipient=id_, to_home=home):
            town.people[id_] = _Person(home, dead=town.people[id_].dead)
        case _:
            pass


def _home(town: _Town, event: Event) -> None:
    match event:
        case homely.HomeRegistered(home=id_):
            town.homes[id_] = _Home()
        case homely.CameraLinked(home=id_, camera=camera, sees=sees):
            town.homes[id_].cameras[camera] = sees
        case homely.CameraUnlinked(home=id_, camera=camera):
            town.homes[id_].cameras.pop(camera)
            town.homes[id_].tested.discard(camera)
        case homely.CameraCommissioned(home=id_, camera=camera):
            town.homes[id_].tested.add(camera)
        case (
            homely.CohabitantMovedIn(home=id_, cohabitant=other)
            | homely.CohabitantConsentWithdrawn(home=id_, cohabitant=other)
        ):
            town.homes[id_].cohabitants[other] = False
        case homely.CohabitantConsentGiven(home=id_, cohabitant=other):
            town.homes[id_].cohabitants[other] = True
        case homely.CohabitantMovedOut(home=id_, cohabitant=other):
            town.homes[id_].cohabitants.pop(other)
        case homely.CamerasStopped(home=id_):
            town.homes[id_].stopped = True
        case homely.CamerasAllowed(home=id_):
            town.homes[id_].stopped = False
        case homely.CarerArrived(home=id_, by=by):
            town.homes[id_].carers.add(by)
        case homely.CarerLeft(home=id_, by=by):
            town.homes[id_].carers.discard(by)
        case homely.HomeClosed(home=id_):
            town.homes[id_].closed = True
        case _:
            pass
