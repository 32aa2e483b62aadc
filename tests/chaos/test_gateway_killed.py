"""SIGKILL of a gateway in the middle of its checks: it makes again what it had begun, and says what it says once.

A camera is open for some hundredths of a second. Killed is while one is, if that instant is seen in the log; else after
another check.
"""

from datetime import UTC, datetime

from tests.chaos.holds import nothing_is_lost_and_nothing_twice
from tests.chaos.night import Night


async def test_gateway_is_killed_in_the_middle_of_its_checks(night: Night) -> None:
    async def checks_are_under_way() -> bool:
        lines = night.lines("gateway")
        opened = {slot for line in lines if line["event"] == "machine opening" for slot in line["slots"]}
        reported = {line["slot"] for line in lines if line["event"] == "report"}
        return len(reported) >= 3 or (len(reported) >= 2 and bool(opened - reported))

    async def next_slot_is_due() -> bool:
        return datetime.now(UTC) > next_due

    await night.until(checks_are_under_way, "the night is in its middle")
    await night.kill("gateway")
    next_due = min(due for due in night.due if due > datetime.now(UTC))
    await night.until(next_slot_is_due, "another slot is due")
    await night.restart("gateway")

    await night.is_over()
    await nothing_is_lost_and_nothing_twice(night)
