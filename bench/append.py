"""Events appended a second, ours beside the peer's `Application.save`, equally durable."""

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from bench.databases import Databases, databases
from bench.ours import OurWriters, opened
from bench.peer import PeerWriters, peer_on_postgres, peer_on_sqlite
from bench.report import Report
from bench.rounds import PEER, Case, check_scale, measure, report

HUNDRED = 100
WRITERS = 16
UNIT = "events/s"
HOW = (
    "Each writer appends to a stream of its own: one event at a time, or a hundred. Ours are tasks in one process, the "
    "peer's are threads in one process, each with a connection. SQLite: WAL and synchronous=FULL; PostgreSQL: one "
    "private cluster for both, fsync and synchronous_commit on. Making the events counts on both sides. "
    "db_functions: the peer with its optional functions inside PostgreSQL."
)


def run(seconds: float = 50.0, *, postgres: bool = True, progress: bool | None = None) -> Report:
    """Measure for about `seconds`, not counting the making of the databases."""
    check_scale(seconds)
    with databases(with_postgres=postgres) as places, asyncio.Runner() as runner, _cases(places, runner) as cases:
        return report("append", HOW, measure(cases, seconds, progress=progress), left_out=places.left_out)


@contextmanager
def _cases(places: Databases, runner: asyncio.Runner) -> Iterator[list[Case]]:
    with ExitStack() as stack:
        cases = _sqlite_cases(stack, places, runner)
        if places.postgres:
            cases += _postgres_cases(stack, places, runner)
        yield cases


SIZES = (("single", 1, 1), ("hundreds", 1, HUNDRED), (f"{WRITERS}_writers", WRITERS, 1))
"""Name, writers, and events an append."""


def _sqlite_cases(stack: ExitStack, places: Databases, runner: asyncio.Runner) -> list[Case]:
    store = stack.enter_context(opened(runner, places.our_sqlite()))
    peer = stack.enter_context(peer_on_sqlite(places.peer_sqlite()))
    return [
        Case(
            f"sqlite_{name}",
            UNIT,
            OurWriters(runner, store, writers, batch),
            {PEER: PeerWriters(peer, writers, batch)},
        )
        for name, writers, batch in SIZES
    ]


def _postgres_cases(stack: ExitStack, places: Databases, runner: asyncio.Runner) -> list[Case]:
    assert places.postgres
    store = stack.enter_context(opened(runner, places.our_postgres()))
    peer = stack.enter_context(peer_on_postgres(places.postgres, WRITERS))
    with_functions = stack.enter_context(peer_on_postgres(places.postgres, WRITERS, functions=True))
    return [
        Case(
            f"postgres_{name}",
            UNIT,
            OurWriters(runner, store, writers, batch),
            {PEER: PeerWriters(peer, writers, batch), "db_functions": PeerWriters(with_functions, writers, batch)},
        )
        for name, writers, batch in SIZES
    ]
