"""Keeps the folder in order: forgets what is settled, writes what the disk did not take, keeps room for checks.

Needs no line: a gateway that is alone for a month is kept in order too.
"""

import sqlite3
from datetime import datetime, timedelta

import structlog

from camera_gateway.keeper import Keeper
from camera_gateway.metrics import Metrics
from camera_gateway.reserve import Reserve
from camera_gateway.spool import Spool
from events.runtime.clock import Clock, sleep

log = structlog.get_logger()

EVERY = timedelta(hours=6)
"""When all is well."""
WITHOUT_RESERVE = timedelta(minutes=10)
WITHOUT_ROOM = timedelta(seconds=5)
"""While something waits to be written."""


class Upkeep:
    """The disk's part of the gateway."""

    def __init__(self, clock: Clock, spool: Spool, keeper: Keeper, reserve: Reserve, metrics: Metrics) -> None:
        self._clock = clock
        self._spool = spool
        self._keeper = keeper
        self._reserve = reserve
        self._metrics = metrics
        self._forgot_at: datetime | None = None
        self._complained = False

    @property
    def trouble(self) -> str | None:
        """What is wrong with the disk, in a few words; None when all is well."""
        return self._keeper.trouble or self._spool.trouble

    async def run(self) -> None:
        """Look after it for ever."""
        while True:
            self.once(self._clock.now())
            await sleep(self._clock, self._pause())

    def once(self, now: datetime) -> None:
        """Everything that can be done now."""
        self._keeper.keep_again()
        try:
            self._spool.write_again()
            self._forget(now)
        except sqlite3.Error as error:
            if not self._complained:  # once: this is tried every few seconds
                log.error("the disk takes nothing", why=str(error))
            self._complained = True
        else:
            self._complained = False
            self._reserve.take()
        self._metrics.given_up.set(self._spool.given_up)

    def _pause(self) -> timedelta:
        if self._complained or self._spool.unwritten or self._keeper.trouble is not None:
            return WITHOUT_ROOM
        return WITHOUT_RESERVE if self._reserve.missing else EVERY

    def _forget(self, now: datetime) -> None:
        if self._forgot_at is None or abs(now - self._forgot_at) >= EVERY:
            self._spool.forget(now)
            self._forgot_at = now
