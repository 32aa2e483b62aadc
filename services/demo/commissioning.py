"""Before the night each camera passes its test, through its own gateway: without that every slot would be a visit.

The look is real. That the code is in the picture is played: the drawn bedroom shows none, so whoever looks is told it.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from uuid import UUID

from events.looks.picture import SealedPicture, ViewerKey
from services.demo.script import HomeScript, Script
from services.tillsyn.desk import Installing
from services.tillsyn.desk.installing import ShownCode

POLL_S = 0.01
WITHIN_S = 60.0


async def commission(script: Script, installing: Installing, heard: Callable[[], Awaitable[bool]]) -> list[UUID]:
    """Test every camera. `heard` says whether all gateways know all that the log says. Returns the cameras in use.

    One that gives no picture stays untested, as it would: its slots are visits.
    """
    shown = [
        (home, await installing.begin(home.home, home.camera, script.installer, recipient_present=True))
        for home in script.homes
    ]
    async with asyncio.timeout(WITHIN_S):
        while not await heard():  # noqa: ASYNC110 - what is waited for happens in NATS
            await asyncio.sleep(POLL_S)
    return await _read_all(script, installing, shown)


async def _read_all(
    script: Script, installing: Installing, shown: Sequence[tuple[HomeScript, ShownCode]]
) -> list[UUID]:
    reader, in_use = script.staff[0], []
    for home, code in shown:
        if isinstance(await installing.look(home.home, reader, ViewerKey().public()), SealedPicture):
            await installing.confirm(home.home, reader, code.code, recipient_present=True)
            in_use.append(home.camera)
    return in_use
