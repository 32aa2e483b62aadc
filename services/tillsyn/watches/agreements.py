"""How the watches of what was agreed wait: until their own time, or until agreements change here."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from events.runtime.clock import Clock, Watch, sleep
from services.tillsyn.ledger import Ledger

AFTER_A_CHANGE = timedelta(minutes=1)
"""Agreements change several at a time."""


async def keep_watching(
    ledger: Ledger,
    clock: Clock,
    watch: Callable[[], Awaitable[datetime]],
    after_a_change: timedelta = AFTER_A_CHANGE,
) -> None:
    """`watch` for ever: at the time that it gives back, and so long after a change."""
    changes = Watch(ledger.agreements_changed)
    while True:
        changes.look()
        until = await watch()
        await clock.sleep_until(until, changes)
        if clock.now() < until:
            await sleep(clock, after_a_change)
