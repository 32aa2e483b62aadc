"""The one writer thread: it takes what is queued, runs one transaction for all of it, and answers after the commit.

Each caller is judged by its own expectations and gets its own error. Where the database refuses the transaction (a
constraint that one append breaks), each append is tried again in a transaction of its own.
"""

import asyncio
import random
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from queue import Empty, SimpleQueue
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection

from events.envelope import Recorded
from events.store.append import Append
from events.store.database import Database, DisconnectedError, InterferenceError, WriteTransaction
from events.store.errors import (
    RefusedByDatabaseError,
    StoreBusyError,
    StoreClosedError,
    StoreUnavailableError,
)
from events.store.judge import Judge, Request, Verdict, wanted_by
from events.store.rows import Projection

T = TypeVar("T")

MAX_EVENTS = 1000  # events a transaction: tens of milliseconds on SQLite, so that a single append soon has its turn
TRIES = 30  # new transactions after interference by others
LONGEST_PAUSE = 0.05  # seconds between two of them
PATIENCE = 20.0  # seconds for all of them


@dataclass(slots=True, eq=False)
class _Waiting(Generic[T]):
    """Somebody on an event loop who waits for an outcome of the writer thread."""

    loop: asyncio.AbstractEventLoop
    future: "asyncio.Future[T]"

    def settle(self, outcome: T | Exception) -> None:
        if self.future.done():  # the caller was cancelled meanwhile; what was kept stays kept
            return
        if isinstance(outcome, Exception):
            self.future.set_exception(outcome)
        else:
            self.future.set_result(outcome)


@dataclass(slots=True, eq=False)
class _Item:
    """One entry of the queue: an append, or another piece of work in a transaction of its own."""

    waiting: _Waiting[Any]
    task: Request | Callable[[Connection], Any]

    @property
    def size(self) -> int:
        """How many events it counts for; other work fills a transaction."""
        return max(1, self.task.size) if isinstance(self.task, Request) else MAX_EVENTS


class Writer:
    """Queue and thread. `append` and `run` are called on an event loop, everything else happens in the thread."""

    def __init__(self, database: Database, projections: Sequence[Projection], now: Callable[[], datetime]) -> None:
        self._database = database
        self._projections = tuple(projections)
        self._now = now
        self._queue: SimpleQueue[_Item | None] = SimpleQueue()
        self._held: _Item | None = None
        self._connection: WriteTransaction | None = None
        self._closed = False
        self._thread = threading.Thread(target=self._main, name="tillsyn-store-writer", daemon=True)
        self._thread.start()

    async def append(self, append: Append) -> tuple[Recorded, ...]:
        """Keep it; answered when it is durable."""
        request = Request.of(append)
        self._database.check_rows(append.rows)
        recorded: tuple[Recorded, ...] = await self._submit(_Item(self._waiting(), request))
        return recorded

    async def run(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in a transaction of its own, after what is queued. It is run again if others interfere."""
        result: T = await self._submit(_Item(self._waiting(), work))
        return result

    async def close(self) -> None:
        """Finish what is queued and end the thread."""
        if not self._closed:
            self._closed = True
            self._queue.put(None)
        await asyncio.to_thread(self._thread.join)

    def _waiting(self) -> _Waiting[Any]:
        loop = asyncio.get_running_loop()
        return _Waiting(loop, loop.create_future())

    async def _submit(self, item: _Item) -> Any:
        if self._closed:
            raise StoreClosedError("the store is closed; nothing more can be written")
        self._queue.put(item)
        return await item.waiting.future

    # --- in the thread -----------------------------------------------------------------------------------------------

    def _main(self) -> None:
        while (group := self._take()) is not None:
            outcomes = self._outcomes(group)
            _answer(group, outcomes)
        self._disconnect()

    def _take(self) -> list[_Item] | None:
        """The next group: appends up to `MAX_EVENTS` events, or one piece of other work; None: closed."""
        item = self._held or self._queue.get()
        self._held = None
        if item is None:
            return None
        group, size = [item], item.size
        while isinstance(item.task, Request):
            try:
                following = self._queue.get_nowait()
            except Empty:
                break
            if following is None:
                self._queue.put(None)
                break
            if not isinstance(following.task, Request) or size + following.size > MAX_EVENTS:
                self._held = following
                break
            group.append(following)
            size += following.size
        return group

    def _outcomes(self, group: list[_Item]) -> Sequence[Any]:
        """One outcome, a result or an exception, for each of the group."""
        requests = [item.task for item in group if isinstance(item.task, Request)]
        work = group[0].task
        try:
            if not isinstance(work, Request):
                return [self._patiently(lambda: self._database.write(work))]
            try:
                return self._patiently(lambda: self._append(requests))
            except RefusedByDatabaseError:
                if len(requests) == 1:
                    raise
                return [self._alone(request) for request in requests]
        except Exception as error:  # whatever it is, the callers must hear of it and the thread must go on
            return [error] * len(group)

    def _alone(self, request: Request) -> Verdict:
        try:
            return self._patiently(lambda: self._append([request]))[0]
        except Exception as error:  # as above
            return error

    def _patiently(self, attempt: Callable[[], T]) -> T:
        """The outcome of `attempt`, in new transactions while others interfere, and on one new connection."""
        lost = 0
        patience = time.monotonic() + PATIENCE
        for tried in range(TRIES):
            if time.monotonic() > patience:
                break
            try:
                return attempt()
            except DisconnectedError as error:
                self._disconnect()
                lost += 1
                if lost > 1:
                    raise StoreUnavailableError(f"the connection to the database broke: {error}") from None
            except InterferenceError:
                time.sleep(random.uniform(0, min(LONGEST_PAUSE, 0.001 * 2**tried)))  # noqa: S311 - no secret
        raise StoreBusyError("other writers were in the way again and again; nothing was kept, try again later")

    def _append(self, requests: list[Request]) -> list[Verdict]:
        """The verdict on each request, after a transaction that keeps those that can be kept."""
        if self._connection is None:
            self._connection = self._database.transaction()
        connection = self._connection
        locked = connection.begin(wanted_by(requests))
        try:
            at = self._now()
            judge = Judge(locked, self._projections, self._database.check_rows, at)
            verdicts = [judge.judge(request) for request in requests]
            if any(isinstance(verdict, tuple) for verdict in verdicts):
                connection.commit(judge.changes, at)
            else:
                connection.rollback()
            return verdicts
        except StoreUnavailableError:
            self._disconnect()
            raise
        except BaseException:
            connection.rollback()
            raise

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _answer(group: list[_Item], outcomes: Sequence[Any]) -> None:
    """Wake the callers, each event loop once."""
    loops: dict[asyncio.AbstractEventLoop, list[tuple[_Waiting[Any], Any]]] = {}
    for item, outcome in zip(group, outcomes, strict=True):
        loops.setdefault(item.waiting.loop, []).append((item.waiting, outcome))
    for loop, answers in loops.items():
        with suppress(RuntimeError):  # the loop was closed: nobody is left to be told
            loop.call_soon_threadsafe(_settle, answers)


def _settle(answers: list[tuple[_Waiting[Any], Any]]) -> None:
    for waiting, outcome in answers:
        waiting.settle(outcome)
