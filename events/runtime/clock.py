"""Time as an argument: a part asks its clock what time it is and sleeps on it, never on the machine's.

`WallClock` is the real thing. `events.runtime.stepped_clock` lets a whole night pass in seconds.
"""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Protocol

LONGEST_SLEEP_S = 30.0
"""Seconds after which a sleeper sees that the clock was set."""


class Wake(Protocol):
    """What can end a sleep early."""

    def join(self, sleeper: "asyncio.Future[None]") -> None:
        """Set `sleeper` when there is new work, at once if there is some already."""
        ...


class Signal:
    """Wakes whoever sleeps on it: new work has come, do not wait for the timer."""

    def __init__(self) -> None:
        self._sleepers: set[asyncio.Future[None]] = set()
        self.count = 0

    def notify(self) -> None:
        """Wake all sleepers. With nobody asleep nothing happens; who must not miss it sleeps on a `watch`."""
        self.count += 1
        for sleeper in self._sleepers:
            if not sleeper.done():
                sleeper.set_result(None)
        self._sleepers.clear()

    def join(self, sleeper: "asyncio.Future[None]") -> None:
        """Wake `sleeper` at the next `notify`."""
        self._sleepers.add(sleeper)
        sleeper.add_done_callback(self._sleepers.discard)


class Watch:
    """One sleeper's view of a signal: what was notified since it last woke wakes it at once, so nothing is missed
    between looking for work and falling asleep.
    """

    def __init__(self, signal: Signal) -> None:
        self._signal = signal
        self._seen = signal.count

    def join(self, sleeper: "asyncio.Future[None]") -> None:
        if self._signal.count != self._seen:
            sleeper.set_result(None)
        else:
            self._signal.join(sleeper)

    def look(self) -> None:
        """All that was notified until now will be looked at: call it before looking for work."""
        self._seen = self._signal.count


class Clock(Protocol):
    """What time it is, and waiting for it to become later."""

    def now(self) -> datetime:
        """The time now, aware, in UTC."""
        ...

    async def sleep_until(self, when: datetime, signal: Wake | None = None) -> None:
        """Return at `when`, or earlier if `signal` is notified."""
        ...


class WallClock:
    """The machine's clock, which may be set while somebody sleeps on it: a small box begins in the past."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    async def sleep_until(self, when: datetime, signal: Wake | None = None) -> None:
        """Return at `when`, by a clock that is looked at again every `LONGEST_SLEEP_S`."""
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        if signal is not None:
            signal.join(woken)
        while True:
            await asyncio.wait([woken], timeout=min(self._left(when), LONGEST_SLEEP_S))
            if woken.done() or not self._left(when):
                break
        woken.cancel()

    def _left(self, when: datetime) -> float:
        return max(0.0, (when - self.now()).total_seconds())


async def sleep(clock: Clock, duration: timedelta, signal: Wake | None = None) -> None:
    """Sleep for `duration` of the clock's time."""
    await clock.sleep_until(clock.now() + duration, signal)
