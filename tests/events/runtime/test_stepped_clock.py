"""The stepped clock: a whole night in no time, in order, and never past work that is not done."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from time import monotonic

import pytest

from events.runtime.clock import Signal, sleep
from events.runtime.stepped_clock import SteppedClock

NOON = datetime(2026, 11, 21, 11, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def clock() -> SteppedClock:
    return SteppedClock(NOON)


async def during(clock: SteppedClock, *work: Awaitable[None], until: datetime = NOON + 24 * HOUR) -> None:
    """Let time pass while `work` is done."""
    tasks = [asyncio.ensure_future(one) for one in work]
    await clock.run(until)
    for task in tasks:
        task.cancel()
    for outcome in await asyncio.gather(*tasks, return_exceptions=True):
        if isinstance(outcome, Exception):
            raise outcome


async def test_a_night_passes_in_no_time(clock: SteppedClock) -> None:
    woken: list[datetime] = []

    async def every_hour() -> None:
        while True:
            await sleep(clock, HOUR)
            woken.append(clock.now())

    begun = monotonic()
    await during(clock, every_hour())

    assert woken == [NOON + n * HOUR for n in range(1, 25)]
    assert clock.now() == NOON + 24 * HOUR
    assert monotonic() - begun < 10


async def test_timers_fire_in_order_of_time_and_then_of_their_making(clock: SteppedClock) -> None:
    fired: list[str] = []

    async def fire(name: str, when: datetime) -> None:
        await clock.sleep_until(when)
        fired.append(name)

    await during(clock, fire("b", NOON + HOUR), fire("a", NOON + HOUR), fire("first", NOON + timedelta(minutes=1)))

    assert fired == ["first", "b", "a"]


async def test_time_stands_still_while_someone_awake_works(clock: SteppedClock) -> None:
    seen: list[datetime] = []

    async def worker() -> None:
        await sleep(clock, HOUR)
        for _ in range(50):
            await asyncio.sleep(0.001)  # work that waits for something real
        seen.append(clock.now())
        await sleep(clock, HOUR)

    async def other() -> None:
        await sleep(clock, timedelta(minutes=61))
        seen.append(clock.now())

    await during(clock, worker(), other())

    assert seen == [NOON + HOUR, NOON + timedelta(minutes=61)]


async def test_a_task_that_ended_holds_time_back_no_longer(clock: SteppedClock) -> None:
    async def short() -> None:
        await sleep(clock, HOUR)

    async def failing() -> None:
        await sleep(clock, HOUR)
        raise LookupError("over")

    with pytest.raises(LookupError):
        await during(clock, short(), failing())
    assert clock.now() == NOON + 24 * HOUR


async def test_time_stands_still_inside_working(clock: SteppedClock) -> None:
    done: list[datetime] = []

    async def sleeper() -> None:
        await sleep(clock, HOUR)
        done.append(clock.now())

    async def arriving_message() -> None:
        with clock.working():
            await asyncio.sleep(0.05)
            done.append(clock.now())

    await during(clock, sleeper(), arriving_message())

    assert done == [NOON, NOON + HOUR]


async def test_time_stands_still_until_every_probe_is_at_rest(clock: SteppedClock) -> None:
    answers = [False, False, False]
    asked: list[datetime] = []

    async def probe() -> bool:
        asked.append(clock.now())
        return answers.pop() if answers else True

    clock.add_probe(probe)

    async def sleeper() -> None:
        await sleep(clock, HOUR)

    await during(clock, sleeper())

    assert asked[:4] == [NOON] * 4


async def test_a_probe_that_wakes_somebody_is_asked_again(clock: SteppedClock) -> None:
    signal = Signal()
    heard: list[datetime] = []

    async def probe() -> bool:
        if not heard:
            signal.notify()
        return True

    clock.add_probe(probe)

    async def listener() -> None:
        await clock.sleep_until(NOON + 2 * HOUR, signal)
        heard.append(clock.now())

    async def sleeper() -> None:
        await sleep(clock, HOUR)

    await during(clock, listener(), sleeper())

    assert heard == [NOON]


async def test_what_a_probe_wakes_may_unsettle_what_another_said_before(clock: SteppedClock) -> None:
    signal = Signal()
    under_way: list[str] = []
    arrived: list[datetime] = []

    async def nothing_under_way() -> bool:
        return not under_way

    async def waking() -> bool:
        if not arrived and not under_way:
            signal.notify()
        return True

    def arrives() -> None:
        arrived.append(clock.now())
        under_way.clear()

    async def sends() -> None:
        await clock.sleep_until(NOON + 2 * HOUR, signal)
        under_way.append("a message that no task of ours holds")
        asyncio.get_running_loop().call_later(0.05, arrives)

    async def sleeper() -> None:
        await sleep(clock, HOUR)

    clock.add_probe(nothing_under_way)
    clock.add_probe(waking)
    await during(clock, sends(), sleeper())

    assert arrived == [NOON]


async def test_a_signal_wakes_before_the_time_and_the_timer_fires_no_more(clock: SteppedClock) -> None:
    signal = Signal()
    woken: list[datetime] = []

    async def listener() -> None:
        await clock.sleep_until(NOON + 5 * HOUR, signal)
        woken.append(clock.now())

    async def caller() -> None:
        await sleep(clock, HOUR)
        signal.notify()

    await during(clock, listener(), caller())

    assert woken == [NOON + HOUR]


async def test_a_cancelled_sleeper_does_not_hold_time_back(clock: SteppedClock) -> None:
    async def sleeper() -> None:
        await sleep(clock, 2 * HOUR)

    cancelled = asyncio.ensure_future(sleeper())
    await asyncio.sleep(0)
    cancelled.cancel()

    await during(clock, sleeper())

    assert clock.now() == NOON + 24 * HOUR


async def test_time_stops_where_it_was_told_to(clock: SteppedClock) -> None:
    woken: list[datetime] = []

    async def sleeper() -> None:
        await sleep(clock, HOUR)
        woken.append(clock.now())

    await during(clock, sleeper(), until=NOON + timedelta(minutes=59))

    assert (woken, clock.now()) == ([], NOON + timedelta(minutes=59))


async def test_a_time_that_has_passed_wakes_at_once(clock: SteppedClock) -> None:
    woken: list[datetime] = []

    async def sleeper() -> None:
        await clock.sleep_until(NOON - HOUR)
        woken.append(clock.now())

    await during(clock, sleeper())

    assert woken == [NOON]


async def test_a_pace_is_kept(clock: SteppedClock) -> None:
    paced = SteppedClock(NOON, pace=36_000)  # an hour in a tenth of a second

    begun = monotonic()
    await paced.run(NOON + HOUR)

    assert monotonic() - begun >= 0.1


@pytest.mark.parametrize("seed", range(3))
async def test_the_same_work_gives_the_same_night(seed: int) -> None:
    async def night() -> list[tuple[datetime, int]]:
        clock, seen = SteppedClock(NOON), list[tuple[datetime, int]]()

        def sleeper(number: int) -> Callable[[], Awaitable[None]]:
            async def run() -> None:
                while True:
                    await sleep(clock, timedelta(minutes=1 + (number * 7 + seed) % 5))
                    seen.append((clock.now(), number))

            return run

        await during(clock, *(sleeper(n)() for n in range(5)), until=NOON + HOUR)
        return seen

    assert await night() == await night()
