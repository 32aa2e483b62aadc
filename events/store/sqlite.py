"""SQLite: one file, one writer at a time, readers undisturbed. Every commit is on disk before it is answered."""

import json
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError

from events.store import sql
from events.store.database import Changes, Locked, Wanted
from events.store.errors import NotMigratedError, RefusedByDatabaseError, StoreBusyError, StoreUnavailableError
from events.store.record import Row, rows_of
from events.store.row_statements import RowStatements
from events.store.rows import RowWrite
from events.store.tables import METADATA
from events.store.tables.types import instant_text
from events.store.workbench import Workbench

T = TypeVar("T")

LOCK_PATIENCE = 10.0  # seconds that a writer waits for other processes' writers
LOCK_POLL = (
    0.001  # seconds between two tries; SQLite's own handler backs off to 100 ms and starves beside a busy writer
)
SCRUB_TRIES = 2000  # to empty the write-ahead log between two transactions of others

UNUSABLE = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_NOTADB,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_READONLY,
}
"""What SQLite says when the trouble is with the file, and not with what was asked of it."""

SETTINGS = (
    "synchronous = FULL",  # a commit is on disk before it is answered
    "foreign_keys = ON",
    "secure_delete = FAST",
    "cache_size = -32000",  # KiB, negative by SQLite's convention
    "wal_autocheckpoint = 4000",  # pages, 16 MiB: index pages are written to the database once for many commits
)


class SqliteDatabase:
    """A SQLite file with its engines: many readers, one writer."""

    def __init__(self, url: URL) -> None:
        file = Path(str(url.database))
        if not file.exists():
            raise NotMigratedError(
                f"there is no database {file}: run `tillsyn migrate` with the same --data or settings"
            )
        self._file = file
        self._url = url
        self.reader = sqlite_engine(url, "BEGIN", "query_only = ON")
        self.writer = sqlite_engine(url)
        self._rows = RowStatements(METADATA, self.writer.dialect, "?")

    def check_rows(self, writes: Iterable[RowWrite]) -> None:
        self._rows.check(writes)

    def transaction(self) -> "SqliteTransaction":
        return SqliteTransaction(self.writer, self._rows)

    def fetch(self, statement: str, parameters: Sequence[Any], take: Callable[[Iterable[Row]], T]) -> T:
        with self._telling():
            lent = self.reader.raw_connection()
            try:
                connection: Any = lent.driver_connection
                return take(connection.execute(statement, parameters))
            finally:
                lent.close()

    def query(self, fn: Callable[[Connection], T]) -> T:
        with self._telling(), self.reader.connect() as connection:
            return fn(connection)

    def write(self, fn: Callable[[Connection], T]) -> T:
        with self._telling(), self.writer.begin() as connection:
            return fn(connection)

    @contextmanager
    def workbench(self) -> Iterator[Workbench]:
        engine = sqlite_engine(self._url, "")
        try:
            with self._telling(), engine.connect() as connection:
                yield Workbench(connection, self._telling, _begins, _shuts_others_out)
        finally:
            engine.dispose()

    @contextmanager
    def _telling(self) -> Iterator[None]:
        """What the driver says of the file, in one line of ours."""
        try:
            yield
        except (sqlite3.DatabaseError, DBAPIError) as error:
            reason = error.orig if isinstance(error, DBAPIError) else error
            if getattr(reason, "sqlite_errorcode", 0) & 0xFF not in UNUSABLE:
                raise
            raise StoreUnavailableError(f"the database {self._file} cannot be used: {reason}") from None

    def scrub(self) -> None:
        lent = self.writer.raw_connection()
        try:
            connection: Any = lent.driver_connection
            for _ in range(SCRUB_TRIES):
                busy = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
                if not busy:
                    break
                time.sleep(LOCK_POLL)
        finally:
            lent.close()

    def close(self) -> None:
        self.reader.dispose()
        self.writer.dispose()


class SqliteTransaction:
    """Appends on SQLite. While it holds the write lock nobody else writes, so what it looked up stays true."""

    def __init__(self, engine: Engine, rows: RowStatements) -> None:
        self._lent = engine.raw_connection()
        self._connection: sqlite3.Connection = self._lent.driver_connection  # type: ignore[assignment]
        self._rows = rows

    def begin(self, wanted: Wanted) -> Locked:
        begin_immediate(self._connection)
        return Locked(
            heads=self._heads(wanted.streams),
            consumed=self._consumed(wanted.inbox),
            tokens={name: row[0] for name in wanted.leases for row in self._run(sql.SQLITE_TOKEN, (name,))},
            positions=self._positions(wanted.events),
        )

    def commit(self, changes: Changes, at: datetime) -> None:
        run_many = self._connection.executemany
        try:
            if changes.events:
                run_many(sql.SQLITE_INSERT_EVENT, rows_of(changes.events, str, instant_text))
            if changes.inbox:
                moment = instant_text(at)
                run_many(sql.SQLITE_INSERT_INBOX, [(id_, moment) for id_ in sorted(changes.inbox)])
            if changes.rows:
                for statement, parameters in self._rows.statements(changes.rows):
                    run_many(statement, parameters)
            for name, checkpoint in changes.checkpoints.items():
                self._run(sql.SQLITE_SET_CHECKPOINT, (name, str(checkpoint), instant_text(at)))
            self._run("COMMIT")
        except sqlite3.Error as error:
            if isinstance(error, sqlite3.OperationalError) and error.sqlite_errorcode != sqlite3.SQLITE_ERROR:
                raise StoreUnavailableError(f"the database could not be written: {error}") from None
            raise RefusedByDatabaseError(f"nothing of the append was kept: {error}") from None

    def rollback(self) -> None:
        if self._connection.in_transaction:
            self._run("ROLLBACK")

    def close(self) -> None:
        self._lent.close()

    def _run(self, statement: str, parameters: Sequence[Any] = ()) -> sqlite3.Cursor:
        return self._connection.execute(statement, parameters)

    def _heads(self, streams: set[str]) -> dict[str, int]:
        if len(streams) == 1:
            (stream,) = streams
            return {stream: self._run(sql.SQLITE_HEAD, (stream,)).fetchone()[0]}
        return dict(self._run(sql.SQLITE_HEADS, (json.dumps([*streams]),))) if streams else {}

    def _consumed(self, ids: set[str]) -> set[str]:
        return {row[0] for row in self._run(sql.SQLITE_CONSUMED, (json.dumps([*ids]),))} if ids else set()

    def _positions(self, count: int) -> range:
        if not count:
            return range(0)
        last: int = self._run(sql.SQLITE_LAST_POSITION).fetchone()[0]
        return range(last + 1, last + 1 + count)


def _begins(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")


def _shuts_others_out(connection: Connection) -> None:
    begin_immediate(connection.connection.driver_connection)  # type: ignore[arg-type]


def sqlite_engine(url: URL, begin: str = sql.SQLITE_BEGIN, setting: str = "busy_timeout = 0") -> Engine:
    """An engine whose connections keep the log's promises, and whose transactions start with `begin`, if not empty."""
    engine = create_engine(url, pool_size=4, max_overflow=2, connect_args={"check_same_thread": False, "timeout": 10})

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _: object) -> None:
        connection.isolation_level = None  # transactions begin where we say, not where the driver guesses
        connection.execute("PRAGMA journal_mode = WAL")
        for pragma in (*SETTINGS, setting):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def start(connection: Connection) -> None:
        if begin == sql.SQLITE_BEGIN:
            begin_immediate(connection.connection.driver_connection)  # type: ignore[arg-type]
        elif begin:
            connection.exec_driver_sql(begin)

    return engine


def begin_immediate(connection: sqlite3.Connection) -> None:
    """Take the write lock, in turn with other processes; StoreBusyError when it stays taken."""
    patience = time.monotonic() + LOCK_PATIENCE
    while True:
        try:
            connection.execute(sql.SQLITE_BEGIN)
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise StoreUnavailableError(f"the database refuses to be written: {error}") from None
            if time.monotonic() > patience:
                raise StoreBusyError(
                    f"another process held the database for {LOCK_PATIENCE:.0f} s; nothing was kept, try again later"
                ) from None
            time.sleep(LOCK_POLL)
