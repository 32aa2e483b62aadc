"""A unit with two cars on the road: NINA in the northern one, SVEN and STEN in the southern. It is two at night."""

from collections.abc import Awaitable, Callable
from typing import TypedDict

import pytest

from events.envelope import Context, Owner
from events.personal import Personal
from events.store import Append, Set
from events.types.home import HomePlaced
from events.types.unit import StaffRegistered
from services.tillsyn import home as homes
from services.tillsyn.desk import Dispatch
from services.tillsyn.ledger import Transaction
from services.tillsyn.patrol import Register
from tests.builders import (
    ANNA,
    HOME,
    ORGANISATION,
    SLOT,
    UNIT,
    an_id,
    own_visit,
)
from tests.services.tillsyn.healthy import craft
from tests.services.tillsyn.house import (
    ASSESSOR,
    House,
    register_home,
)

NORTH, SOUTH = an_id("car north"), an_id("car south")
NINA, SVEN, STEN = an_id("nina"), an_id("sven"), an_id("sten")
VISIT = own_visit(SLOT)
INCIDENT = an_id("incident")


class There(TypedDict):
    """What somebody who was there says of it, besides what they found."""

    minutes: int
    people: int
    kilometres: float


THERE: There = {"minutes": 12, "people": 1, "kilometres": 2.0}


@pytest.fixture
async def road(planned: House) -> House:
    """Two cars: NINA in the northern one, SVEN and STEN in the southern. The home lies in the north; it is 02:00."""
    dispatch = Dispatch(planned.ledger, ASSESSOR)
    for who in (NINA, SVEN, STEN):
        await planned.care.register_staff(
            StaffRegistered(staff=who, unit=UNIT, roles=("patrol",), name=Personal.of("Nina", who))
        )
    await dispatch.register(Register(SOUTH, UNIT, "Bil Syd", ("Söder",), 0))
    await dispatch.register(Register(NORTH, UNIT, "Bil Nord", ("Norr",), 1))
    await dispatch.crew(NORTH, (NINA,))
    await dispatch.crew(SOUTH, (SVEN, STEN))
    await craft(planned, homes.stream_of(HOME), HomePlaced(home=HOME, area="Norr"))
    await place(planned)
    await planned.time("02:00")
    return planned


async def register_planned_visit(house: House) -> None:
    """A home in no area whose check at 05:00 is a visit, for want of consent."""
    places = {"home": an_id("other home"), "camera": an_id("other camera")}
    await register_home(house, "05:00", recipient=an_id("other"), consent=None, **places)
    await house.planner.plan_all()


async def place(house: House) -> None:
    """The home's area in its row, as its own projection will have it."""
    await house.store.append(Append(rows=(Set("homes", HOME, {"area": "Norr"}),)))


async def concern(house: House) -> None:
    await house.night_staff.concern(SLOT, ANNA)


async def responder(house: House) -> object:
    return (await house.visit(VISIT)).responder


async def by_a_context(house: House, act: Callable[[Transaction, Context], Awaitable[None]]) -> None:
    """What others do in a transaction of theirs."""
    context = Context(ASSESSOR, Owner(ORGANISATION, UNIT), house.clock.now(), an_id("correlation"))
    await house.ledger.transact(lambda tx: act(tx, context))
