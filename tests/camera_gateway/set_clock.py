"""A stepped clock whose time of day is set by hand: sleepers see it within minutes, as on the machine's clock."""

import asyncio
from datetime import datetime, timedelta

from events.runtime.clock import Wake
from events.runtime.stepped_clock import SteppedClock

LOOKED_AT_EVERY = timedelta(minutes=5)
"""`WallClock` looks every half a minute; a night of these is played faster."""


class SetClock:
    """What a gateway takes for the time: the true time, and how far it is off."""

    def __init__(self, true: SteppedClock) -> None:
        self._true = true
        self.off = timedelta(0)

    def now(self) -> datetime:
        return self._true.now() + self.off

    async def sleep_until(self, when: datetime, signal: Wake | None = None) -> None:
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        if signal is not None:
            signal.join(woken)
        while True:
            left = max(timedelta(0), when - self.now())
            await self._true.sleep_until(self._true.now() + min(left, LOOKED_AT_EVERY), _Passing(woken))
            if woken.done() or self.now() >= when:
                break
        woken.cancel()


class _Passing:
    """Hands on what woke somebody."""

    def __init__(self, woken: "asyncio.Future[None]") -> None:
        self._woken = woken

    def join(self, sleeper: "asyncio.Future[None]") -> None:
        if self._woken.done():
            sleeper.set_result(None)
        else:
            self._woken.add_done_callback(lambda _: sleeper.done() or sleeper.set_result(None))
