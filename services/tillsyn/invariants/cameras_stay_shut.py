"""Nobody looks while the camera has to stay shut for anybody in the home, and no camera is used before its test.

For the test itself it is opened only where nobody has said no, and nobody is there to help.

Broken: somebody looked into a home where the other recipient or a cohabitant had not agreed, where a carer was, or
after a death. Judged by where events stand in the log: a grant and a no that bars it never rely on the same state.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from uuid import UUID

from events.base import Event
from events.envelope import Recorded
from events.looks.grant import LookPurpose
from events.types.home import CommissioningLookGranted
from events.types.night import LookGranted
from services.tillsyn.desk.looks import kept_shut_in_test
from services.tillsyn.home import Home
from services.tillsyn.household import Household
from services.tillsyn.invariants.world import Breach, Rule, Story, World
from services.tillsyn.kinds import HOME, NIGHT, RECIPIENT

NAME = __name__.rpartition(".")[2].replace("_", " ")


def check(world: World) -> Iterable[Breach]:
    """Every look into a home that is known."""
    living = _everybody(world)
    for story in world.nights:
        state = NIGHT.empty
        for recorded in story.history:
            event = recorded.event
            if isinstance(event, LookGranted) and state.home in world.homes and state.recipient is not None:
                household = _as_of(world, state.home, living.get(state.home, set()), recorded.position)
                for what in _wrong(household, state.recipient, event, event.valid_from):
                    yield Breach(NAME, story.stream, f"look {event.look} {what} (event {recorded.id})")
            state = NIGHT.evolve(state, recorded.event)
    for id_, home in world.homes.items():
        yield from _in_tests(world, id_, home, living.get(id_, set()))


def _in_tests(world: World, home: UUID, story: Story[Home], living: set[UUID]) -> Iterator[Breach]:
    for recorded in story.history:
        event = recorded.event
        if isinstance(event, CommissioningLookGranted):
            shut = kept_shut_in_test(_as_of(world, home, living, recorded.position), event.valid_from)
            if shut is not None:
                what = f"look {event.look} of a camera's test was granted while it had to stay shut: {shut}"
                yield Breach(NAME, story.stream, f"{what} (event {recorded.id})")


def _wrong(household: Household, recipient: UUID, look: LookGranted, at: datetime) -> Iterator[str]:
    shut = household.shut(recipient, at)
    if shut is not None:
        yield f"was granted while the camera had to stay shut: {shut.value}"
    if household.carer:
        yield "was granted while a carer was in the home"
    camera = household.camera_of(recipient)
    if look.purpose is not LookPurpose.COMMISSIONING and camera is not None and camera.camera != look.camera:
        yield f"was granted for camera {look.camera}, which does not show the recipient"


def _everybody(world: World) -> dict[UUID, set[UUID]]:
    """Of each home, whoever was ever checked on there."""
    found: dict[UUID, set[UUID]] = {}
    for id_, story in world.recipients.items():
        state = RECIPIENT.empty
        for recorded in story.history:
            state = RECIPIENT.evolve(state, recorded.event)
            if state.home is not None:
                found.setdefault(state.home, set()).add(id_)
    return found


def _as_of(world: World, home: UUID, living: set[UUID], position: int) -> Household:
    state = HOME.fold(_until(world.homes[home].history, position))
    people = {id_: RECIPIENT.fold(_until(world.recipients[id_].history, position)) for id_ in living}
    return Household(state, {id_: person for id_, person in people.items() if person.home == home})


def _until(history: Iterable[Recorded], position: int) -> Iterator[Event]:
    return (recorded.event for recorded in history if recorded.position < position)


RULE = Rule.of(__name__, __doc__, check)
