"""PostgreSQL: many writers; heads locked in order, snapshots older than the transaction ids they lead to."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, TypeVar

import psycopg
from psycopg import errors as pg
from sqlalchemy import URL, Connection, Engine, create_engine
from sqlalchemy.exc import DBAPIError, OperationalError

from events.store import sql
from events.store.database import Changes, DisconnectedError, InterferenceError, Locked, Wanted
from events.store.errors import RefusedByDatabaseError, StoreUnavailableError
from events.store.record import Row, rows_of
from events.store.row_statements import RowStatements
from events.store.rows import RowWrite
from events.store.tables import METADATA
from events.store.workbench import Workbench

T = TypeVar("T")

SESSION = "-c timezone=UTC -c idle_in_transaction_session_timeout=30s -c lock_timeout=10s -c statement_timeout=60s"
"""An open transaction holds the watermark for all readers: none may be forgotten."""

CONNECTION = {
    "application_name": "tillsyn",
    "connect_timeout": 5,  # seconds
    "keepalives_idle": 10,  # seconds; with the next two a server that is gone is noticed within half a minute
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,  # milliseconds
}

INTERFERENCE = (pg.SerializationFailure, pg.DeadlockDetected, pg.LockNotAvailable)


class PostgresDatabase:
    """A PostgreSQL database with its engines."""

    def __init__(self, url: URL) -> None:
        self._url = url
        self._shown = url.render_as_string(hide_password=True)
        self.reader = postgres_engine(url)
        self.writer = postgres_engine(url)
        self._snapshots = self.reader.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        self._transactions = self.writer.execution_options(isolation_level="REPEATABLE READ")
        self._rows = RowStatements(METADATA, self.writer.dialect, "%s")

    def check_rows(self, writes: Iterable[RowWrite]) -> None:
        self._rows.check(writes)

    def transaction(self) -> "PostgresTransaction":
        with self._telling():
            return PostgresTransaction(self.writer, self._rows)

    def fetch(self, statement: str, parameters: Sequence[Any], take: Callable[[Iterable[Row]], T]) -> T:
        return self._on_a_live_connection(lambda: self._fetch(statement, parameters, take))

    def query(self, fn: Callable[[Connection], T]) -> T:
        def run() -> T:
            with self._snapshots.connect() as connection:
                return fn(connection)

        return self._on_a_live_connection(run)

    def write(self, fn: Callable[[Connection], T]) -> T:
        with self._interpreting(), self._transactions.begin() as connection:
            return fn(connection)

    @contextmanager
    def workbench(self) -> Iterator[Workbench]:
        engine = postgres_engine(self._url).execution_options(isolation_level="REPEATABLE READ")
        try:
            with self._telling(), engine.connect() as connection:
                yield Workbench(connection, self._interpreting, _takes_its_time, _shuts_others_out)
        finally:
            engine.dispose()

    @contextmanager
    def _interpreting(self) -> Iterator[None]:
        """What the driver says of a transaction: to be tried anew, on another connection, or not now."""
        try:
            yield
        except DBAPIError as error:
            if isinstance(error.orig, INTERFERENCE):
                raise InterferenceError(first_line(error.orig)) from None
            if error.connection_invalidated:
                raise DisconnectedError(first_line(error.orig)) from None
            if isinstance(error, OperationalError):
                raise self._unusable(error.orig) from None
            raise

    def _fetch(self, statement: str, parameters: Sequence[Any], take: Callable[[Iterable[Row]], T]) -> T:
        lent = self.reader.raw_connection()
        try:
            connection: psycopg.Connection[Any] = lent.driver_connection  # type: ignore[assignment]
            try:
                return take(connection.execute(statement, parameters, prepare=True))
            except psycopg.OperationalError as error:
                if not connection.broken:
                    raise self._unusable(error) from None
                lent.invalidate()
                raise DisconnectedError(first_line(error)) from None
        finally:
            lent.close()

    def _on_a_live_connection(self, read: Callable[[], T]) -> T:
        """What `read` finds; once more, if the connection turns out to be from before a restart of the server."""
        with self._telling():
            try:
                return read()
            except DisconnectedError:
                return read()
            except DBAPIError as error:
                if not error.connection_invalidated:
                    raise
                return read()

    @contextmanager
    def _telling(self) -> Iterator[None]:
        """What the driver says of the server, in one line of ours."""
        try:
            yield
        except OperationalError as error:
            raise self._unusable(error.orig) from None
        except DisconnectedError as error:
            raise self._unusable(error) from None

    def _unusable(self, error: BaseException | None) -> StoreUnavailableError:
        return StoreUnavailableError(f"the database {self._shown} cannot be used: {first_line(error)}")

    def scrub(self) -> None:
        """Dead rows stay until vacuumed, and in the write-ahead log: they are wrapped by the master key still."""

    def close(self) -> None:
        self.reader.dispose()
        self.writer.dispose()


class PostgresTransaction:
    """Appends on PostgreSQL: two round trips, one to lock and look up, one to write and commit."""

    def __init__(self, engine: Engine, rows: RowStatements) -> None:
        self._lent = engine.raw_connection()
        self._connection: psycopg.Connection[Any] = self._lent.driver_connection  # type: ignore[assignment]
        self._rows = rows
        self._connection.execute(sql.POSTGRES_DURABLE)

    def begin(self, wanted: Wanted) -> Locked:
        run = self._connection.execute
        try:
            with self._connection.pipeline():
                run(sql.POSTGRES_BEGIN)
                run(sql.POSTGRES_GATE)
                if wanted.maybe_new:
                    run(sql.POSTGRES_MAKE_HEADS, (array(sorted(wanted.maybe_new)),), prepare=True)
                heads = run(sql.POSTGRES_LOCK_HEADS, (array(sorted(wanted.streams)),), prepare=True)
                ids, names = wanted.inbox, wanted.leases
                consumed = run(sql.POSTGRES_CONSUMED, (array(ids),), prepare=True) if ids else None
                tokens = run(sql.POSTGRES_TOKENS, (array(names),), prepare=True) if names else None
                positions = run(sql.POSTGRES_POSITIONS, (wanted.events,), prepare=True)
            return Locked(
                heads=dict(heads.fetchall()),
                consumed={row[0] for row in consumed.fetchall()} if consumed else set(),
                tokens=dict(tokens.fetchall()) if tokens else {},
                positions=[row[0] for row in positions.fetchall()],
            )
        except INTERFERENCE as error:
            self.rollback()
            raise InterferenceError(first_line(error)) from None
        except psycopg.OperationalError as error:
            self._give_up()
            raise DisconnectedError(first_line(error)) from None

    def commit(self, changes: Changes, at: datetime) -> None:
        try:
            with self._connection.pipeline():
                self._write(changes, at)
                self._connection.execute("COMMIT")
        except INTERFERENCE as error:
            self.rollback()
            raise InterferenceError(first_line(error)) from None
        except psycopg.OperationalError as error:
            self._give_up()
            raise StoreUnavailableError(
                f"the database failed while it committed, so the append may be kept or not: {first_line(error)}"
            ) from None
        except psycopg.Error as error:
            self.rollback()
            raise RefusedByDatabaseError(f"nothing of the append was kept: {first_line(error)}") from None

    def rollback(self) -> None:
        if self._connection.broken or self._connection.closed:
            return
        if self._connection.info.transaction_status != psycopg.pq.TransactionStatus.IDLE:
            self._connection.execute("ROLLBACK")

    def close(self) -> None:
        self._lent.close()

    def _write(self, changes: Changes, at: datetime) -> None:
        run = self._connection.execute
        if changes.events:
            rows = rows_of(changes.events, str, datetime.isoformat)
            columns = [array(column) for column in zip(*rows, strict=True)]
            run(sql.POSTGRES_INSERT_EVENTS, columns, prepare=True)
        heads = {**changes.relied_on, **changes.written}
        if heads:
            run(sql.POSTGRES_SET_HEADS, (array(heads), array(heads.values())), prepare=True)
        if changes.inbox:
            run(sql.POSTGRES_INSERT_INBOX, (at, array(sorted(changes.inbox))), prepare=True)
        if changes.rows:
            with self._connection.cursor() as cursor:
                for statement, parameters in self._rows.statements(changes.rows):
                    cursor.executemany(statement, parameters)
        for name, checkpoint in sorted(changes.checkpoints.items()):
            run(sql.POSTGRES_SET_CHECKPOINT, (name, str(checkpoint), at), prepare=True)

    def _give_up(self) -> None:
        self._connection.close()
        self._lent.invalidate()


def _takes_its_time(connection: Connection) -> None:
    connection.exec_driver_sql("SET LOCAL statement_timeout = '10min'")


def _shuts_others_out(connection: Connection) -> None:
    """Neither statement takes a snapshot: what is read next is all that was appended before."""
    connection.exec_driver_sql("SET LOCAL lock_timeout = '200ms'")  # appends queue behind us while we wait
    connection.exec_driver_sql(sql.POSTGRES_ALONE)


def postgres_engine(url: URL) -> Engine:
    """An engine whose connections commit each statement by itself unless a transaction is begun."""
    given = str(url.query.get("options", ""))
    return create_engine(
        url.difference_update_query(["options"]),
        isolation_level="AUTOCOMMIT",
        pool_size=4,
        max_overflow=2,
        connect_args={**CONNECTION, "options": f"{SESSION} {given}".strip()},
    )


def array(values: Iterable[Any]) -> str:
    """The values as a PostgreSQL array literal. Three times as fast as the driver's own lists."""
    return "{" + ",".join([_element(value) for value in values]) + "}"


def _element(value: Any) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return str(value)


def first_line(error: BaseException | None) -> str:
    """What went wrong in one line, without the values that a DETAIL would show."""
    primary = error.diag.message_primary if isinstance(error, psycopg.Error) else None
    return (primary or str(error)).strip().partition("\n")[0]
