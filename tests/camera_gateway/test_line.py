"""Stopping works at whatever moment it is asked for."""

import asyncio

import pytest

from camera_gateway.line import answer_to


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
