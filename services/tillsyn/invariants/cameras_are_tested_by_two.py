"""Whoever a camera's test names is who was there: the installer began it, and somebody else looked and read the code.

Broken: one person alone has put a camera in use, in the name of a colleague who never saw a picture.
"""

from collections.abc import Iterable, Iterator
from uuid import UUID

from events.envelope import ActorKind, Recorded
from events.types.home import (
    CameraCommissioned,
    CommissioningBegun,
    CommissioningCodeRefused,
    CommissioningLookGranted,
)
from services.tillsyn.invariants.world import Breach, Rule, World

NAME = __name__.rpartition(".")[2].replace("_", " ")


def check(world: World) -> Iterable[Breach]:
    """Every test of every home's cameras."""
    for story in world.homes.values():
        for recorded in story.history:
            for what in _wrong(recorded):
                yield Breach(NAME, story.stream, f"{what} (event {recorded.id})")


def _wrong(recorded: Recorded) -> Iterator[str]:
    match recorded.event:
        case CommissioningBegun(camera=camera, installer=by) | CommissioningLookGranted(camera=camera, by=by):
            yield from _said_by_another(recorded, camera, by)
        case CommissioningCodeRefused(camera=camera, by=by):
            yield from _said_by_another(recorded, camera, by)
        case CameraCommissioned(camera=camera, installer=installer, read_by=by):
            yield from _said_by_another(recorded, camera, by)
            if installer == by:
                yield f"camera {camera} was tested by {by} alone"
        case _:
            pass


def _said_by_another(recorded: Recorded, camera: UUID, by: UUID) -> Iterator[str]:
    actor = recorded.context.actor
    if actor.kind is not ActorKind.STAFF or actor.id != str(by):
        yield f"the test of camera {camera} names {by}, and {actor.id} said so"


RULE = Rule.of(__name__, __doc__, check)
