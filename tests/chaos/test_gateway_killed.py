"""SIGKILL of a gateway while a camera is open: it makes the check again, and says what it says once."""

from datetime import UTC, datetime

from tests.chaos.holds import nothing_is_lost_and_nothing_twice
from tests.chaos.night import Night


async def test_gateway_is_killed_while_a_camera_is_open(night: Night) -> None:
    async def camera_is_open() -> bool:
        lines = night.lines("gateway")
        opened = {slot for line in lines if line["event"] == "machine opening" for slot in line["slots"]}
        reported = {line["slot"] for line in lines if line["event"] == "report"}
        return len(reported) >= 2 and bool(opened - reported)

    async def next_slot_is_due() -> bool:
        return datetime.now(UTC) > next_due

    await night.until(camera_is_open, "a camera is open in the middle of the night")
    await night.kill("gateway")
    next_due = min(due for due in night.due if due > datetime.now(UTC))
    await night.until(next_slot_is_due, "another slot is due")
    await night.restart("gateway")

    await night.is_over()
    await nothing_is_lost_and_nothing_twice(night)
