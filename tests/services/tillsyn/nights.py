"""A process of its own that appends whole nights to a house's database: for tests that need somebody else to write.

Each night two more recipients are registered; all are planned for, looked in on or not, swept and visited.
"""

import asyncio
import sys
from datetime import date, timedelta
from uuid import UUID

from events.runtime.stepped_clock import SteppedClock
from events.types.visit import Found
from services.tillsyn.refused import RefusedError
from tests.builders import ANNA, NIGHT, UNIT, at
from tests.services.tillsyn.house import House, opened, register_neighbour, slot_of


def command(url: str, nights: int) -> list[str]:
    """How to begin it. It says the date of each night that is over."""
    return [sys.executable, "-c", f"from {__name__} import run; run({url!r}, {nights})"]


def run(url: str, nights: int) -> None:
    """What the other process does."""
    asyncio.run(_run(url, nights))


async def _run(url: str, nights: int) -> None:
    clock = SteppedClock(at("12:30"))
    async with opened(url, clock) as ledger:
        house = House(ledger, clock)
        recipients: list[UUID] = []
        for days in range(nights):
            night = NIGHT + timedelta(days=days)
            await house.time("13:00", days)
            for number in (2 * days, 2 * days + 1):
                recipients.append(await register_neighbour(house, number, "02:00", "03:00", "04:00", from_night=night))
            await house.planner.plan_all()
            await _one_night(house, recipients, night, days)
            print(night, flush=True)


async def _one_night(house: House, recipients: list[UUID], night: date, days: int) -> None:
    """All is well with most at two; somebody is not well at three; nobody looks at four."""
    await house.time("02:01", days)
    for recipient in recipients:
        await _look(house, slot_of(recipient, 0, night))
        await house.night_staff.all_well(slot_of(recipient, 0, night), ANNA)
    await house.time("03:01", days)
    await _look(house, slot_of(recipients[-1], 1, night))
    await house.night_staff.concern(slot_of(recipients[-1], 1, night), ANNA)
    await _go(house)
    await house.time("06:00", days)
    await house.sweeper.sweep()
    await _go(house)


async def _look(house: House, slot: UUID) -> None:
    await house.night_staff.claim(slot, ANNA)
    await house.night_staff.look(slot, ANNA, "")


async def _go(house: House) -> None:
    """The first in the chain goes wherever somebody is asked for now."""
    for visit in await house.patrol.open_visits(UNIT):
        if visit.responder is None or visit.not_before > house.clock.now():
            continue
        try:
            await house.patrol.acknowledge(visit.id, visit.responder)
            await house.patrol.arrive(visit.id, visit.responder)
            found = {"minutes": 12, "people": 2, "kilometres": 3.5, "found": Found.ALL_WELL}
            await house.patrol.complete(visit.id, visit.responder, **found)  # type: ignore[arg-type]
        except RefusedError:
            continue
