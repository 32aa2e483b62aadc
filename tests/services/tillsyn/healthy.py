"""A healthy night to break by hand, and what the invariants then say."""

from collections.abc import Sequence
from uuid import UUID, uuid4

import pytest

from events.base import Event
from events.envelope import Actor, ActorKind, Context, NewEvent, Owner
from events.store import Append, StreamWrite
from events.types.visit import Found
from services.tillsyn.invariants import (
    Breach,
)
from tests.builders import (
    ANNA,
    BERTIL,
    ORGANISATION,
    PATROL,
    SLOT,
    UNIT,
    own_visit,
)
from tests.services.tillsyn.house import House, register_neighbour, slot_of


async def found(house: House, rule: str) -> Sequence[Breach]:
    return [breach for breach in await house.breaches() if breach.rule == rule]


async def craft(house: House, stream: str, *events: Event, by: UUID = ANNA, role: str = "night-staff") -> None:
    """Put events into a stream that no decider has decided."""
    version, _ = await house.store.load(stream)
    context = Context(Actor(ActorKind.STAFF, str(by), role), Owner(ORGANISATION, UNIT), house.clock.now(), uuid4())
    new = tuple(NewEvent(house.ledger.ids.event(), event, context) for event in events)
    await house.store.append(Append(writes=(StreamWrite(stream, version, new),)))


@pytest.fixture
async def healthy(planned: House) -> House:
    """Looked at and answered, escalated and visited, cancelled: a night with one of each, at half past two."""
    second = await register_neighbour(planned, 1, "02:00")
    await planned.planner.plan_all()
    await planned.time("02:00")
    await planned.night_staff.claim(SLOT, ANNA)
    await planned.night_staff.look(SLOT, ANNA, "")
    await planned.night_staff.all_well(SLOT, ANNA)
    await planned.night_staff.concern(slot_of(second), BERTIL)
    await planned.patrol.complete(
        own_visit(slot_of(second)), PATROL, minutes=9, people=2, kilometres=1, found=Found.ALL_WELL
    )
    await planned.time("02:30")
    return planned
