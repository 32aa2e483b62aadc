"""Night staff and patrol: they ask at the desk as people do, wait a little, and try again when something is away."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from contextlib import suppress
from datetime import UTC, datetime
from uuid import UUID

from events.looks.messages import NoPicture
from events.looks.picture import ViewerKey
from events.store import StoreError, queries
from events.types.visit import Found
from services.tillsyn.desk import NightStaff, Patrol
from services.tillsyn.refused import RefusedError
from services.tillsyn.visit import Stage

PAUSE_S = 0.2
WATCHES_FOR_S = 0.6
"""Between the picture and the answer: in this time a slot is half done."""


async def nurse(id_: UUID, unit: UUID, desk: NightStaff) -> None:
    """Takes the most urgent slot that is due and free, looks, and says that all is well if there was a picture."""

    async def work() -> None:
        for slot in await desk.worklist(unit):
            if slot.kind == "remote" and slot.lease_by is None and slot.reported is not None:
                await _look(id_, slot, desk)
                return

    await _for_ever(work)


async def car(id_: UUID, unit: UUID, desk: Patrol) -> None:
    """Makes every visit that it is asked for, from its time on, at once."""

    async def work() -> None:
        for visit in await desk.open_visits(unit):
            asked = visit.responder == id_ and visit.stage == Stage.ASSIGNED.value
            if asked and visit.not_before <= datetime.now(UTC):
                await desk.acknowledge(visit.id, id_)
                await desk.arrive(visit.id, id_)
                await desk.complete(visit.id, id_, minutes=12, people=1, kilometres=3.5, found=Found.ALL_WELL)

    await _for_ever(work)


async def _look(by: UUID, slot: queries.SlotRow, desk: NightStaff) -> None:
    await desk.claim(slot.id, by)
    reply = await desk.look(slot.id, by, ViewerKey().public())
    if isinstance(reply, NoPicture):
        await desk.release(slot.id, by)
        return
    await asyncio.sleep(WATCHES_FOR_S)
    await desk.all_well(slot.id, by)


async def _for_ever(work: Callable[[], Awaitable[None]]) -> None:
    while True:
        with suppress(RefusedError, StoreError):  # a colleague was faster, the time is up, the database is busy
            await work()
        await asyncio.sleep(PAUSE_S)


def begin(people: Iterable[Coroutine[None, None, None]]) -> list["asyncio.Task[None]"]:
    """All of them at work."""
    return [asyncio.create_task(person) for person in people]
