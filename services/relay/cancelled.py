"""Stopping for good: nats-py (and `asyncio.wait_for` of Python 3.11 below it) can swallow a cancellation.

A task that was cancelled while it waited for a reply may be handed the reply, or a time-out, instead. A loop that goes
on then never ends, so each round begins by asking.
"""

import asyncio


def require_not_cancelled() -> None:
    """CancelledError when this task was asked to stop and has not been told."""
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError
