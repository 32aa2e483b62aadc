"""SIGKILL of the relay in the middle of a night: the feed stands still, then says what it missed, once, in order."""

from tests.chaos.holds import nothing_is_lost_and_nothing_twice
from tests.chaos.night import Night

BEHIND = 10


async def test_relay_is_killed_and_the_log_runs_ahead(night: Night) -> None:
    async def feed_is_behind() -> bool:
        return len(await night.log()) - await night.fed() >= BEHIND

    await night.until(night.half_done, "a slot is half done")
    await night.kill("relay")
    await night.until(feed_is_behind, f"the log is {BEHIND} events ahead")
    await night.restart("relay")

    await night.is_over()
    await nothing_is_lost_and_nothing_twice(night)
