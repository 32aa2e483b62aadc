"""The cast: simulated night staff and patrols. They use the desk as people do, and know nothing that people would not.

How long something takes hangs on the seed and on what is done, not on who does it or in which order.
"""

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import cv2
import numpy as np

from events.looks.messages import NoPicture
from events.looks.picture import BadPictureError, ViewerKey
from events.runtime.clock import Clock, Signal, Watch, sleep
from events.store import queries
from events.types.visit import Found
from services.demo.script import View
from services.tillsyn.desk import Alarms, NightStaff, Patrol, Staffing
from services.tillsyn.desk.night_staff import ROLE as NIGHT_STAFF
from services.tillsyn.refused import RefusedError
from services.tillsyn.visit import Stage

LONGEST_REST = timedelta(minutes=10)
WAIT_FOR_GATEWAY = timedelta(minutes=2)
"""Staff give the gateway so long to report before they look for themselves."""


class Chance:
    """Repeatable chance: the same for the same thing, whoever asks and whenever."""

    def __init__(self, seed: int) -> None:
        self._seed = seed

    def of(self, *what: object) -> random.Random:
        """The chance that goes with `what`."""
        return random.Random("/".join(map(str, (self._seed, *what))))  # noqa: S311 - repeatable on purpose

    def seconds(self, low: float, high: float, *what: object) -> timedelta:
        """A duration between `low` and `high` seconds."""
        return timedelta(seconds=round(self.of(*what).uniform(low, high), 1))


class Nurse:
    """One of the night staff: takes the most urgent slot that nobody has, looks, and answers."""

    def __init__(
        self,
        id_: UUID,
        unit: UUID,
        desk: NightStaff,
        clock: Clock,
        changed: Signal,
        chance: Chance,
        view: Callable[[UUID], View],
        staffing: Staffing,
        shift: tuple[datetime, datetime],
    ) -> None:
        self._id = id_
        self._unit = unit
        self._desk = desk
        self._clock = clock
        self._changes = Watch(changed)
        self._chance = chance
        self._view = view
        self._staffing = staffing
        self._begins, self._ends = shift
        self._given_up: set[tuple[UUID, str | None]] = set()

    async def run(self) -> None:
        """Work one shift."""
        await self._clock.sleep_until(self._begins)
        await self._staffing.sign_in(self._unit, NIGHT_STAFF, self._id)
        while self._clock.now() < self._ends:
            self._changes.look()
            slots = await self._desk.worklist(self._unit)
            for slot in slots:
                if self._wanted(slot) and await self._claimed(slot):
                    await self._look_and_answer(slot)
                    break
            else:
                await self._clock.sleep_until(self._next(slots), self._changes)
        await self._staffing.sign_out(self._unit, self._id)

    def _wanted(self, slot: queries.SlotRow) -> bool:
        now = self._clock.now()
        free = slot.lease_until is None or slot.lease_until <= now
        return (
            slot.kind == "remote"
            and free
            and self._ready_at(slot) <= now
            and (slot.id, slot.reported) not in self._given_up
        )

    def _ready_at(self, slot: queries.SlotRow) -> datetime:
        if slot.second_look_at is not None:
            return slot.second_look_at
        return slot.due_at if slot.reported else slot.due_at + WAIT_FOR_GATEWAY

    def _next(self, slots: list[queries.SlotRow]) -> datetime:
        now = self._clock.now()
        coming = [self._ready_at(slot) for slot in slots if self._ready_at(slot) > now]
        return min([now + LONGEST_REST, *coming])

    async def _claimed(self, slot: queries.SlotRow) -> bool:
        try:
            await self._desk.claim(slot.id, self._id)
        except RefusedError:  # a colleague was faster, or it ended meanwhile
            return False
        return True

    async def _look_and_answer(self, slot: queries.SlotRow) -> None:
        second = slot.second_look_at is not None
        try:
            await sleep(self._clock, self._chance.seconds(3, 9, slot.id, second, "walk to the screen"))
            seen = await self._look(slot)
            await sleep(self._clock, self._chance.seconds(5, 24, slot.id, second, "watch"))
            await self._answer(slot, seen)
        except RefusedError:  # consent withdrawn while looking: the slot is a visit now
            self._given_up.add((slot.id, slot.reported))

    async def _look(self, slot: queries.SlotRow) -> bool:
        """Whether a picture could be opened that shows something."""
        key = ViewerKey()
        reply = await self._desk.look(slot.id, self._id, key.public())
        if isinstance(reply, NoPicture):
            return False
        try:
            picture = cv2.imdecode(np.frombuffer(key.open(reply), np.uint8), cv2.IMREAD_COLOR)
        except BadPictureError:
            return False
        return picture is not None and self._view(slot.home) is not View.COVERED_LENS

    async def _answer(self, slot: queries.SlotRow, seen: bool) -> None:
        if not seen:
            self._given_up.add((slot.id, slot.reported))
            await self._desk.release(slot.id, self._id)
            return
        match self._view(slot.home):
            case View.SLEEPER:
                await self._desk.all_well(slot.id, self._id)
            case View.ON_FLOOR:
                await self._desk.concern(slot.id, self._id, "ligger på golvet bredvid sängen")
            case _:
                await self._desk.not_seen(slot.id, self._id)


class Answering:
    """One of the night staff hears the alarms, and says that somebody has them."""

    def __init__(self, id_: UUID, unit: UUID, desk: Alarms, clock: Clock, changed: Signal, chance: Chance) -> None:
        self._id = id_
        self._unit = unit
        self._desk = desk
        self._clock = clock
        self._changes = Watch(changed)
        self._chance = chance

    async def run(self) -> None:
        """Answer until cancelled."""
        while True:
            self._changes.look()
            open_ones = [row for row in await self._desk.standing(self._unit, NIGHT_STAFF) if row.state == "open"]
            for row in open_ones[:1]:
                await sleep(self._clock, self._chance.seconds(20, 60, row.id, row.repeats, "hear"))
                await self._acknowledge(row.id)
            if not open_ones:
                await self._clock.sleep_until(self._clock.now() + LONGEST_REST, self._changes)

    async def _acknowledge(self, alarm: UUID) -> None:
        try:
            await self._desk.acknowledge(alarm, self._id)
        except RefusedError:  # its cause went away meanwhile
            return


class Car:
    """Who drives a patrol car, or goes in their own: answers, drives, knocks, tells what was found. One at a time."""

    def __init__(
        self, id_: UUID, car: UUID | None, unit: UUID, desk: Patrol, clock: Clock, changed: Signal, chance: Chance
    ) -> None:
        self._id = id_
        self._responders = {id_, car}
        self._unit = unit
        self._desk = desk
        self._clock = clock
        self._changes = Watch(changed)
        self._chance = chance

    async def run(self) -> None:
        """Work until cancelled."""
        while True:
            self._changes.look()
            visits = await self._desk.open_visits(self._unit)
            now = self._clock.now()
            mine = [visit for visit in visits if self._is_asked(visit)]
            ready = [visit for visit in mine if visit.not_before <= now]
            if ready:
                await self._make(ready[0])
                continue
            coming = [visit.not_before for visit in mine]
            await self._clock.sleep_until(min([now + LONGEST_REST, *coming]), self._changes)

    def _is_asked(self, visit: queries.VisitRow) -> bool:
        return visit.responder in self._responders and visit.stage == Stage.ASSIGNED.value

    async def _make(self, visit: queries.VisitRow) -> None:
        chance = self._chance.of(visit.id, "visit")
        minutes, kilometres = chance.randint(10, 35), round(chance.uniform(0.8, 7.5), 1)
        needs_two = visit.reason in ("concern", "not-seen")
        try:
            await sleep(self._clock, self._chance.seconds(20, 100, visit.id, "answer"))
            await self._desk.acknowledge(visit.id, self._id)
            await sleep(self._clock, self._chance.seconds(240, 900, visit.id, "drive"))
            await self._desk.arrive(visit.id, self._id)
            await sleep(self._clock, timedelta(minutes=minutes))
            await self._desk.complete(
                visit.id,
                self._id,
                minutes=minutes,
                people=2 if needs_two else 1,
                kilometres=kilometres,
                found=_FOUND.get(visit.reason, Found.ALL_WELL),
            )
        except RefusedError:  # called off on the way
            return


_FOUND = {
    "concern": Found.ON_THE_FLOOR,
    "not-seen": Found.NEEDED_HELP,
    "no-usable-picture": Found.CAMERA_FAULT,
    "camera-unreachable": Found.CAMERA_FAULT,
}
