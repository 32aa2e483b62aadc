"""Five homes behind one gateway, and what happens to them when the power goes."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest_asyncio

from events.envelope import Actor, ActorKind, Context, Owner
from events.types.check import Heartbeat
from services.tillsyn.desk.incidents import Incidents
from services.tillsyn.gateways import GatewayWatch, heard
from services.tillsyn.ledger import Transaction
from services.tillsyn.watches.incidents import IncidentWatch
from tests.builders import (
    GATEWAY,
    ORGANISATION,
    UNIT,
)
from tests.services.tillsyn.house import (
    INTERVAL,
    House,
    register_home,
    register_neighbour,
)

SILENT_AFTER = timedelta(minutes=3)
NEIGHBOURS = 4


async def beat(house: House, gateway: UUID = GATEWAY, *, said_at: datetime | None = None) -> None:
    """The gateway is heard of, with what it said just now or then."""
    now = said_at or house.clock.now()
    owner = Owner(ORGANISATION, UNIT)
    context = Context(Actor(ActorKind.GATEWAY, str(gateway), "gateway"), owner, now, house.ledger.ids.thing())
    heartbeat = Heartbeat(gateway=gateway, started_at=now, spooled=0, schedule_revision=1)

    async def use_case(tx: Transaction) -> None:
        await heard(tx, heartbeat, context)

    await house.ledger.transact(use_case)


async def fall_silent(house: House, *, connected: bool = True) -> None:
    """Whoever has not been heard of for three minutes is taken to be gone."""
    await GatewayWatch(house.ledger, house.clock, SILENT_AFTER, lambda: connected).watch()


async def watch(house: House) -> None:
    await IncidentWatch(house.ledger, house.clock, INTERVAL).watch()
    await house.sweeper.sweep()


@pytest_asyncio.fixture
async def village(house: House) -> House:
    """Five homes behind one gateway, with a check at 02:00 each; it is one in the morning, and all is well."""
    await register_home(house)
    for number in range(NEIGHBOURS):
        await register_neighbour(house, number)
    await house.planner.plan_all()
    await house.time("01:00")
    await beat(house)
    return house


@pytest_asyncio.fixture
async def dark(village: House) -> House:
    """The same, four minutes after the power went."""
    await village.time("01:04")
    await fall_silent(village)
    return village


async def incident_of(house: House) -> UUID:
    [row] = await Incidents(house.ledger).open(UNIT)
    return row.id
