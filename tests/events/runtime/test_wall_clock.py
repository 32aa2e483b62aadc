"""The machine's clock: a sleeper sees that it was set, in either direction, and a signal wakes it as before."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from events.runtime.clock import Signal, WallClock

HOUR = timedelta(hours=1)


class SetByHand(WallClock):
    """The machine's clock, so much off."""

    off = timedelta(0)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.off


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> SetByHand:
    monkeypatch.setattr("events.runtime.clock.LONGEST_SLEEP_S", 0.01)
    return SetByHand()


@pytest.mark.parametrize("signal", [None, Signal()], ids=["for the time alone", "or for a signal"])
async def test_a_clock_that_is_set_on_wakes_who_slept_until_then(clock: SetByHand, signal: Signal | None) -> None:
    sleeping = asyncio.create_task(clock.sleep_until(clock.now() + HOUR / 2, signal))
    await asyncio.sleep(0.03)
    assert not sleeping.done()
    clock.off = HOUR
    async with asyncio.timeout(15):
        await sleeping


async def test_a_clock_that_is_set_back_wakes_nobody_too_early(clock: SetByHand) -> None:
    sleeping = asyncio.create_task(clock.sleep_until(clock.now() + timedelta(seconds=0.05)))
    await asyncio.sleep(0)
    clock.off = -HOUR
    await asyncio.sleep(0.1)
    assert not sleeping.done()
    clock.off = HOUR
    await sleeping


async def test_a_signal_wakes_at_once_and_a_time_that_is_past_gives_others_a_turn() -> None:
    clock, signal, turns = WallClock(), Signal(), []
    sleeping = asyncio.create_task(clock.sleep_until(clock.now() + HOUR, signal))
    await asyncio.sleep(0)
    signal.notify()
    await sleeping
    asyncio.get_running_loop().call_soon(turns.append, 1)
    await clock.sleep_until(clock.now() - HOUR)
    assert turns == [1]
