"""The peer: `eventsourcing`, used as its documentation shows, at the level of its `Application.save`.

Its aggregate carries the same facts as our events: who claimed which slot until when. It keeps none of our envelope
(actor, organisation, unit, correlation …), so it has less to write.
"""

import sqlite3
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event

from bench.databases import NotDurableError
from tests.postgres import Cluster

SQLITE_FULL = 2  # https://www.sqlite.org/pragma.html#pragma_synchronous
LEASE = timedelta(seconds=90)
PAGE = 1_000


class PeerNight(Aggregate):
    """A night in the peer's manner: who holds which slot."""

    def __init__(self) -> None:
        self.leases: dict[UUID, tuple[UUID, datetime]] = {}

    @event("SlotClaimed")
    def claim(self, slot: UUID, by: UUID, until: datetime, renewed: bool) -> None:
        """Somebody takes a slot."""
        self.leases[slot] = (by, until)


class Peer(Application[UUID]):
    """The peer as it comes, but for the length of a page of its log."""

    log_section_size = PAGE


@contextmanager
def peer_on_sqlite(file: Path) -> Iterator[Peer]:
    """The peer on SQLite: WAL by its own choice, synchronous=FULL by SQLite's default, which is checked."""
    app = Peer(env={"PERSISTENCE_MODULE": "eventsourcing.sqlite", "SQLITE_DBNAME": str(file)})
    try:
        _check_sqlite(app)
        yield app
    finally:
        app.close()


@contextmanager
def peer_on_postgres(postgres: Cluster, writers: int, *, functions: bool = False) -> Iterator[Peer]:
    """The peer on a new database of the cluster, with a connection for each writer.

    With `functions` it inserts through functions in the database, which is faster, and not its default.
    """
    env = {
        "PERSISTENCE_MODULE": "eventsourcing.postgres",
        "POSTGRES_DBNAME": postgres.database(),
        "POSTGRES_HOST": "127.0.0.1",
        "POSTGRES_PORT": str(postgres.port),
        "POSTGRES_USER": "tillsyn",
        "POSTGRES_PASSWORD": postgres.password,
        "POSTGRES_POOL_SIZE": str(writers),
        "POSTGRES_MAX_OVERFLOW": "0",
        "POSTGRES_ENABLE_DB_FUNCTIONS": "yes" if functions else "no",
    }
    app = Peer(env=env)
    try:
        yield app
    finally:
        app.close()


class PeerWriters:
    """Threads that save, each to a night of its own."""

    def __init__(self, app: Peer, writers: int, batch: int) -> None:
        self._app = app
        self._batch = batch
        self._nights = [PeerNight() for _ in range(writers)]
        self._threads = ThreadPoolExecutor(writers)
        self._staff, self._slots = uuid4(), [uuid4() for _ in range(4)]

    def __call__(self, seconds: float) -> float:
        """Events saved a second."""
        began = time.perf_counter()
        if len(self._nights) == 1:
            saved = self._save_until(self._nights[0], began + seconds)
        else:
            saved = sum(self._threads.map(lambda night: self._save_until(night, began + seconds), self._nights))
        return saved / (time.perf_counter() - began)

    def _save_until(self, night: PeerNight, end: float) -> int:
        saved = 0
        while time.perf_counter() < end or not saved:
            claim(night, self._batch, self._slots, self._staff)
            self._app.save(night)
            saved += self._batch
        return saved


def claim(night: PeerNight, count: int, slots: list[UUID], by: UUID) -> None:
    """So many claims, not yet saved."""
    for number in range(count):
        night.claim(slot=slots[number % len(slots)], by=by, until=datetime.now(UTC) + LEASE, renewed=True)


def _check_sqlite(app: Peer) -> None:
    datastore: Any = app.factory.datastore  # type: ignore[attr-defined]
    with datastore.get_connection(commit=True) as connection:
        raw: sqlite3.Connection = connection._sqlite_conn
        synchronous, journal = (raw.execute(f"PRAGMA {name}").fetchone()[0] for name in ("synchronous", "journal_mode"))
    if (synchronous, journal) != (SQLITE_FULL, "wal"):
        raise NotDurableError(
            f"the peer's SQLite runs with synchronous {synchronous} and journal {journal}; ours with 2 (FULL) and wal"
        )
