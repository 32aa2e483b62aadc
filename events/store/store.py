"""The event store: the log, and all that is kept with it, behind async methods."""

import asyncio
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import TracebackType
from typing import Concatenate, ParamSpec, TypeVar
from uuid import UUID

from sqlalchemy import Connection, delete, select, text

from events.envelope import Recorded
from events.keys import INSTALLATION, KeyRow
from events.personal import Purpose
from events.registry import Registry
from events.store import key_table, leases
from events.store.append import Append, Fence
from events.store.checkpoint import Checkpoint, Page
from events.store.database import Database, parse_url
from events.store.epochs import check_cluster
from events.store.errors import StoreClosedError
from events.store.migrations import check_migrated
from events.store.postgres import PostgresDatabase
from events.store.reader import Loaded, PostgresReader, Reader, SqliteReader
from events.store.rebuilding import Progress, Rebuild, Rebuilt, named_tables
from events.store.rows import Projection
from events.store.sqlite import SqliteDatabase
from events.store.tables import log
from events.store.writer import Writer

T = TypeVar("T")
P = ParamSpec("P")

READERS = 4  # threads, and connections, that read at once


@dataclass(frozen=True, slots=True)
class WatermarkLag:
    """How far readers of the whole log are behind what is committed: events, and seconds since the oldest of them."""

    events: int
    seconds: float


class EventStore:
    """Append, read, and read all. Use `await EventStore.open(…)`; it is an async context manager too.

    It is also the key table of a key ring (`events.keys.KeyTable`).
    """

    def __init__(
        self, database: Database, reader: Reader, projections: Sequence[Projection], now: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._reader = reader
        self._now = now
        self._projections = tuple(projections)
        self._writer = Writer(database, projections, now)
        self._threads = ThreadPoolExecutor(READERS, thread_name_prefix="tillsyn-store-reader")

    @classmethod
    async def open(
        cls,
        url: str,
        *,
        registry: Registry,
        projections: Sequence[Projection] = (),
        now: Callable[[], datetime],
    ) -> "EventStore":
        """The store on a database that is migrated.

        BadDatabaseUrlError, StoreUnavailableError, NotMigratedError or RestoredElsewhereError say what to do.
        """
        database, reader = await asyncio.to_thread(_connect, url, registry)
        return cls(database, reader, projections, now)

    async def close(self) -> None:
        """Finish what is queued and close every connection."""
        await self._writer.close()
        await asyncio.to_thread(self._shut)

    async def __aenter__(self) -> "EventStore":
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    # --- the log -----------------------------------------------------------------------------------------------------

    async def append(self, append: Append) -> tuple[Recorded, ...]:
        """Keep all of it or nothing; answered when it is durable. The events come back in the order given.

        ConflictError, AlreadyConsumedError, FencedError: decide anew. PersonalNotSealedError, UnknownRowError,
        RefusedByDatabaseError: this append can never be kept. StoreBusyError, StoreUnavailableError: later.
        A caller that is cancelled does not take back what it asked for.
        """
        return await self._writer.append(append)

    async def read(self, stream: str, *, after: int = 0) -> tuple[Recorded, ...]:
        """The events of a stream with versions above `after`, oldest first."""
        return await self._in_thread(self._reader.read, stream, after)

    async def load(self, stream: str) -> Loaded:
        """Version and events of a stream, for folding; (0, []) where there is none."""
        return await self._in_thread(self._reader.load, stream)

    async def load_many(self, streams: Iterable[str]) -> dict[str, Loaded]:
        """As `load`, for many streams, all as they were at one instant."""
        return await self._in_thread(self._reader.load_many, list(streams))

    async def read_all(self, after: Checkpoint | None, limit: int) -> Page:
        """The next events of the whole log after a checkpoint; None: from the beginning.

        In global order without gaps: what a later page shows was not there to be shown in an earlier one.
        BadCheckpointError for a checkpoint of an epoch that this log does not know.
        """
        return await self._in_thread(self._reader.page, after or Checkpoint.START, limit)

    async def consumed(self, ids: Iterable[UUID]) -> frozenset[UUID]:
        """Which of these messages were consumed."""
        by_text = {str(id_): id_ for id_ in ids}
        found = await self._in_thread(self._reader.consumed, by_text)
        return frozenset(by_text[text] for text in found)

    async def forget_consumed(self, before: datetime) -> int:
        """Forget the messages consumed before an instant; how many. Keep them longer than any spool can hold."""
        forget = delete(log.inbox).where(log.inbox.c.consumed_at < before)
        return await self._writer.run(lambda c: c.execute(forget).rowcount)

    async def checkpoint(self, name: str) -> Checkpoint | None:
        """How far a named reader has come, as its appends saved it (`Append.checkpoints`)."""
        found = await self.query(
            lambda connection: connection.scalar(
                select(log.checkpoints.c.checkpoint).where(log.checkpoints.c.name == name)
            )
        )
        return None if found is None else Checkpoint.parse(found)

    async def query(self, fn: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What `fn` finds, given a connection that sees one snapshot and can write nothing. Runs in a thread."""
        return await self._in_thread(self._database.query, lambda connection: fn(connection, *args, **kwargs))

    async def query_log(self, fn: Callable[[Connection, Iterator[Recorded]], T]) -> T:
        """As `query`, with the whole log besides, in global order, as that one snapshot has it.

        However many append meanwhile, the log ends where it did at the start, and rows agree with it. Read it without
        long pauses: PostgreSQL ends a transaction that has been idle for 30 s.
        """
        return await self.query(lambda connection: fn(connection, self._reader.whole(connection)))

    # --- leases ------------------------------------------------------------------------------------------------------

    async def acquire_lease(self, name: str, owner: str, ttl: timedelta) -> Fence | None:
        """The lease, if it is free, has run out, or is the owner's own from before; else None."""
        return await self._writer.run(lambda c: leases.acquire(c, name, owner, ttl, self._now()))

    async def renew_lease(self, fence: Fence, ttl: timedelta) -> bool:
        """Hold it for `ttl` from now; False when it was taken over or given back."""
        return await self._writer.run(lambda c: leases.renew(c, fence, ttl, self._now()))

    async def release_lease(self, fence: Fence) -> None:
        """Give it back, if it is still held."""
        await self._writer.run(lambda c: leases.release(c, fence, self._now()))

    # --- keys: events.keys.KeyTable -----------------------------------------------------------------------------------

    async def key_of(self, person: UUID, purpose: Purpose, organisation: UUID = INSTALLATION) -> KeyRow | None:
        """The person's key for a purpose in an organisation, destroyed or not."""
        return await self.query(lambda c: key_table.key_of(c, person, purpose, organisation))

    async def key_by_id(self, key: UUID) -> KeyRow | None:
        """The key with this id."""
        return await self.query(lambda c: key_table.key_by_id(c, key))

    async def add_key(self, row: KeyRow) -> KeyRow:
        """Keep `row` unless the person has such a key already; the one that is kept is returned."""
        return await self._writer.run(lambda c: key_table.add_key(c, row, self._now))

    async def destroy_keys(self, person: UUID, purpose: Purpose) -> int:
        """Forget the wrapped keys, of every organisation, for ever; how many were destroyed."""
        destroyed = await self._writer.run(lambda c: key_table.destroy_keys(c, person, purpose, self._now))
        await self._in_thread(self._database.scrub)
        return destroyed

    # --- read models -------------------------------------------------------------------------------------------------

    async def rebuild(
        self, tables: Iterable[str] = (), *, check: bool = False, told: Callable[[Progress], None] = lambda _: None
    ) -> Rebuilt:
        """Make read models (all, or those named) from the log, while others append; with `check` only say what differs.

        `told` is called in another thread. NoSuchReadModelError, NotFromEventsError, UnreadableLogError say what to do.
        Cancelled: it ends at its next step, and what it mended stays mended.
        """
        chosen, named = named_tables(tables), bool(tables)
        stopped = threading.Event()

        def tell(progress: Progress) -> None:
            if stopped.is_set():
                raise StoreClosedError("the rebuilding was stopped")
            told(progress)

        def run() -> Rebuilt:
            with self._database.workbench() as bench:
                rebuild = Rebuild(bench, self._reader, self._projections, chosen, tell)
                return rebuild.check() if check else rebuild.mend(also_empty=named)

        try:
            return await asyncio.to_thread(run)
        except asyncio.CancelledError:
            stopped.set()
            raise

    # --- health ------------------------------------------------------------------------------------------------------

    async def ping(self) -> None:
        """Return when the database answers; StoreUnavailableError when it does not."""
        await self.query(lambda c: c.execute(text("SELECT 1")).all())

    async def watermark_lag(self) -> WatermarkLag:
        """How far readers of the whole log are behind. It grows while any transaction in the cluster stays open."""
        count, since = await self._in_thread(self._reader.lag)
        seconds = (self._now() - since).total_seconds() if since else 0.0
        return WatermarkLag(count, max(0.0, seconds))

    # -----------------------------------------------------------------------------------------------------------------

    async def _in_thread(self, fn: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, lambda: fn(*args, **kwargs))

    def _shut(self) -> None:
        self._threads.shutdown()
        self._database.close()


def _connect(text_url: str, registry: Registry) -> tuple[Database, Reader]:
    url = parse_url(text_url)
    database: Database
    database = SqliteDatabase(url) if url.get_backend_name() == "sqlite" else PostgresDatabase(url)
    try:
        database.query(check_migrated)
        database.query(check_cluster)
        if isinstance(database, SqliteDatabase):
            return database, SqliteReader(database, registry)
        return database, PostgresReader(database, registry)
    except BaseException:
        database.close()
        raise
