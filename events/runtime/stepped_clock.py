"""A clock for demo and tests that jumps from timer to timer, and only when no work is outstanding.

A task that has slept on the clock counts as working from the moment it is woken until it sleeps again or ends. Work
that no task of ours shows (a message on its way through the broker) is asked for by probes. Timers fire one at a time,
in the order of their times and then of their making, so the same seed gives the same night.
"""

import asyncio
import heapq
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import count
from typing import Any

from events.runtime.clock import Wake

Probe = Callable[[], Awaitable[bool]]
"""Answers whether one corner of the system is at rest."""

QUIET_TURNS = 3  # turns of the event loop with nothing awake, before the probes are asked
RETRY_SECONDS = 0.002  # real time between two rounds of asking


class SteppedClock:
    """Simulated time. `pace` is simulated seconds a real second; None is as fast as the work allows."""

    def __init__(self, start: datetime, pace: float | None = None) -> None:
        self._now = start
        self._pace = pace
        self._timers: list[tuple[datetime, int, asyncio.Future[None]]] = []
        self._order = count()
        self._awake: set[asyncio.Task[Any]] = set()
        self._wakings = 0
        self._working = 0
        self._probes: list[Probe] = []

    def now(self) -> datetime:
        return self._now

    def add_probe(self, probe: Probe) -> None:
        """Time stands still while `probe` answers False."""
        self._probes.append(probe)

    def remove_probe(self, probe: Probe) -> None:
        """Time waits for `probe` no longer; ValueError if it never did."""
        self._probes.remove(probe)

    @contextmanager
    def working(self) -> Iterator[None]:
        """Time stands still inside the block: for work that is not begun by a timer."""
        self._working += 1
        try:
            yield
        finally:
            self._working -= 1

    async def sleep_until(self, when: datetime, signal: Wake | None = None) -> None:
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._timers, (max(when, self._now), next(self._order), woken))
        if signal is not None:
            signal.join(woken)
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError("sleep on the clock inside a task")
        self._awake.discard(task)
        try:
            await woken
        finally:
            self._wake(task)

    async def run(self, until: datetime) -> None:
        """Let time pass up to and including `until`, as fast as `pace` and the work allow."""
        while await self._rest() and self._timers and self._timers[0][0] <= until:
            when, _, woken = heapq.heappop(self._timers)
            await self._pass_time(when)
            if not woken.done():
                woken.set_result(None)
        await self._pass_time(until)

    def _wake(self, task: "asyncio.Task[Any]") -> None:
        self._wakings += 1
        if task not in self._awake:
            self._awake.add(task)
            task.add_done_callback(self._awake.discard)

    async def _pass_time(self, when: datetime) -> None:
        if self._pace is not None and when > self._now:
            await asyncio.sleep((when - self._now).total_seconds() / self._pace)
        self._now = max(self._now, when)

    async def _rest(self) -> bool:
        """Return once nothing is awake and every probe has answered yes without anything waking meanwhile."""
        while True:
            await self._nothing_awake()
            wakings = self._wakings
            at_rest = all([await probe() for probe in self._probes])
            await self._nothing_awake()  # whoever was woken meanwhile gets a turn, and is seen
            if at_rest and wakings == self._wakings:
                self._forget_cancelled()
                return True
            await asyncio.sleep(RETRY_SECONDS)

    async def _nothing_awake(self) -> None:
        quiet = 0
        while quiet < QUIET_TURNS:
            quiet = 0 if self._busy() else quiet + 1
            await asyncio.sleep(0 if quiet else RETRY_SECONDS)

    def _busy(self) -> bool:
        return bool(self._awake) or self._working > 0

    def _forget_cancelled(self) -> None:
        while self._timers and self._timers[0][2].done():
            heapq.heappop(self._timers)
