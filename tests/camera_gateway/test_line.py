"""The line stops at whatever moment it is asked to, and does not fill the log."""

import asyncio

import pytest
from structlog.testing import capture_logs

from camera_gateway.line import Line, answer_to
from events.transport.users import new_seed


async def test_a_cancellation_that_comes_together_with_the_answer_is_not_lost() -> None:
    answer: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    async def request() -> str:  # as nats-py waits for an answer
        return await asyncio.wait_for(answer, 5)

    asking = asyncio.create_task(answer_to(request()))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    answer.set_result("here")
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking


async def test_the_answer_and_the_error_come_through() -> None:
    async def works() -> str:
        return "here"

    async def fails() -> str:
        raise ConnectionResetError

    assert await answer_to(works()) == "here"
    with pytest.raises(ConnectionResetError):
        await answer_to(fails())


async def test_an_outage_is_one_line_a_cause_and_not_two_a_second() -> None:
    line = Line("nats://127.0.0.1:1", new_seed(), "gateway")
    refused, lost = ConnectionRefusedError("nobody there"), ConnectionResetError("gone")
    with capture_logs() as lines:
        for error in (refused, refused, refused, lost, lost, refused):
            await line._complain(error)
    assert [entry["error"].partition(":")[0] for entry in lines] == [
        "ConnectionRefusedError",
        "ConnectionResetError",
        "ConnectionRefusedError",
    ]
