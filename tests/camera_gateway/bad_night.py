"""A night of one gateway in which things happen: the line is cut, NATS begun anew, the clock set, the power lost.

The gateway and NATS are real; the night passes on a stepped clock. A loss of power is an image of the gateway's folder
as it is at that moment, with which another gateway begins: what a process had not synced is not in it.
"""

import random
import shutil
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from camera_gateway import Gateway
from events.home_schedule import HomeSchedule, RecipientSchedule
from events.runtime.stepped_clock import SteppedClock
from tests.camera_gateway.builders import (
    Installation,
    Received,
    at,
    bedroom,
    camera_id,
    dark_room,
    home,
    recipient,
    schedule,
    settled,
    slots,
)
from tests.camera_gateway.set_clock import LOOKED_AT_EVERY, SetClock

HOUR = timedelta(hours=1)
OFF_FOR = timedelta(minutes=10)
TIMES = ("21:00", "22:30", "22:45", "00:00", "01:30", "03:00", "04:30", "06:00")
KINDS = ("cut", "back", "clock on", "clock back", "power", "full", "room")

Happening = tuple[str, str]
"""The true time, and what happens."""


def drawn(seed: int) -> list[Happening]:
    """Ten things at any times of the night."""
    chance = random.Random(seed)
    minutes = sorted(chance.sample(range(30, 11 * 60, 7), 10))
    times = [(at("20:00") + timedelta(minutes=minute)) for minute in minutes]
    return [(f"{time.astimezone(at('12:00').tzinfo):%H:%M}", chance.choice(KINDS)) for time in times]


@dataclass
class BadNight:
    """The gateway, its clock, and what it is excused for."""

    installation: Installation
    folder: Path
    true: SteppedClock = field(default_factory=lambda: SteppedClock(at("20:00")))
    excused: list[tuple[datetime, datetime]] = field(default_factory=list)
    """Between these times of its own clock it could not do a check: it was off, or they never were."""
    _cut: bool = False
    _lives: int = 0

    async def play(self, happens: Sequence[Happening]) -> list[Received]:
        """All reports of the night, once everything is well again."""
        self.clock = SetClock(self.true)
        await self.installation.put(schedule(*self.homes(), made_at=at("12:00") - 24 * HOUR))
        self.true.add_probe(self._at_rest)
        await self._begin()
        for time, what in happens:
            await self.true.run(max(self.true.now(), at(time)))
            await self._ways()[what]()
        await self._back()
        await self._room()
        await self.true.run(at("08:00") + 4 * HOUR)
        await settled(self.gateway)
        await self.gateway.stop()
        return await self.installation.reports()

    def people(self) -> list[RecipientSchedule]:
        return [recipient(number, *TIMES) for number in (1, 2)]

    def homes(self) -> list[HomeSchedule]:
        return [home(number, someone) for number, someone in enumerate(self.people(), start=1)]

    def due(self) -> dict[UUID, datetime]:
        return {slot.slot: slot.due_at for someone in self.people() for slot in slots(someone)}

    def may_be_late(self, due: datetime) -> bool:
        return any(begin - LOOKED_AT_EVERY <= due <= end for begin, end in self.excused)

    def _ways(self) -> dict[str, Callable[[], Awaitable[None]]]:
        ways = (self._cut_off, self._back, self._set_on, self._set_back, self._lose_power, self._fill, self._room)
        return dict(zip(KINDS, ways, strict=True))

    async def _at_rest(self) -> bool:
        return self.gateway.idle() if self._cut else await self.gateway.at_rest()

    async def _begin(self) -> None:
        cameras = {camera_id(1): str(bedroom(self.folder)), camera_id(2): str(dark_room(self.folder))}
        data = self.folder / f"life {self._lives}"
        self.gateway = Gateway(self.installation.settings(cameras=cameras, data=data), self.clock)
        await self.gateway.start()
        if not self._cut:
            await settled(self.gateway)

    async def _lose_power(self) -> None:
        await self.true.run(self.true.now() + 2 * LOOKED_AT_EVERY)  # a clock that was set has been seen
        if self.gateway._spool.unwritten:
            return  # no room, and then no power: what is in memory only is made again, if it is not too late
        before = self.folder / f"life {self._lives}"
        self._lives += 1
        shutil.copytree(before, self.folder / f"life {self._lives}")
        begin = self.clock.now()
        await self.gateway.stop()
        self.true.remove_probe(self._at_rest)
        await self.true.run(self.true.now() + OFF_FOR)
        self.true.add_probe(self._at_rest)
        self.excused.append((begin, self.clock.now()))
        await self._begin()

    async def _cut_off(self) -> None:
        if not self._cut:
            self._cut = True
            await self.installation.server.kill()

    async def _back(self) -> None:
        if self._cut:
            await self.installation.server.start()
            await settled(self.gateway)
            self._cut = False

    async def _set_on(self) -> None:
        self.excused.append((self.clock.now(), self.clock.now() + HOUR))
        self.clock.off += HOUR

    async def _set_back(self) -> None:
        self.excused.append((self.clock.now() - HOUR, self.clock.now()))
        self.clock.off -= HOUR

    async def _fill(self) -> None:
        self.gateway._spool._db.execute("PRAGMA max_page_count = 1")

    async def _room(self) -> None:
        self.gateway._spool._db.execute("PRAGMA max_page_count = 1000000")
