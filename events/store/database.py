"""What the store needs of a database, and how a URL becomes one. `sqlite` and `postgres` are the two there are."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, TypeVar

from sqlalchemy import URL, Connection, Engine, make_url
from sqlalchemy.exc import ArgumentError

from events.envelope import Recorded
from events.store.checkpoint import Checkpoint
from events.store.errors import BadDatabaseUrlError
from events.store.record import Row
from events.store.rows import RowWrite
from events.store.workbench import Workbench

T = TypeVar("T")

FORMS = "sqlite:///FILE or postgresql://USER:PASSWORD@HOST/DATABASE"
DRIVERS = {
    "sqlite": "sqlite+pysqlite",
    "sqlite+pysqlite": "sqlite+pysqlite",
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
}


def parse_url(text: str) -> URL:
    """The URL with the driver we use; BadDatabaseUrlError, which never shows a password."""
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise BadDatabaseUrlError(f"the database URL cannot be read; it has the form {FORMS}") from None
    shown = url.render_as_string(hide_password=True)
    if url.drivername not in DRIVERS:
        raise BadDatabaseUrlError(f"{shown}: there is no store on {url.drivername}; use {FORMS}")
    if url.get_backend_name() == "sqlite" and url.database in (None, "", ":memory:"):
        raise BadDatabaseUrlError(f"{shown} names no file; use sqlite:///FILE, for the log must outlive the process")
    return url.set(drivername=DRIVERS[url.drivername])


class InterferenceError(Exception):
    """Another transaction was in the way; a new one may succeed. Never leaves the store."""


class DisconnectedError(Exception):
    """The connection broke before anything was committed. Never leaves the store."""


@dataclass(slots=True)
class Wanted:
    """What a transaction has to lock and look up before its requests can be judged."""

    streams: set[str] = field(default_factory=set)
    maybe_new: set[str] = field(default_factory=set)
    inbox: set[str] = field(default_factory=set)
    leases: set[str] = field(default_factory=set)
    events: int = 0


@dataclass(slots=True)
class Locked:
    """What was found, and cannot change until the transaction ends."""

    heads: dict[str, int]
    consumed: set[str]
    tokens: Mapping[str, int]
    positions: Sequence[int]


@dataclass(slots=True)
class Changes:
    """What a transaction writes."""

    events: list[tuple[Recorded, str]] = field(default_factory=list)
    written: dict[str, int] = field(default_factory=dict)
    relied_on: dict[str, int] = field(default_factory=dict)
    inbox: list[str] = field(default_factory=list)
    rows: list[RowWrite] = field(default_factory=list)
    checkpoints: dict[str, Checkpoint] = field(default_factory=dict)


class WriteTransaction(Protocol):
    """A connection for appends, used by one thread. Each transaction is `begin`, then `commit` or `rollback`."""

    def begin(self, wanted: Wanted) -> Locked:
        """Start, lock, look up. InterferenceError or DisconnectedError: nothing is open any more."""
        ...

    def commit(self, changes: Changes, at: datetime) -> None:
        """Write and commit. RefusedByDatabaseError: roll back. StoreUnavailableError: the outcome is unknown."""
        ...

    def rollback(self) -> None:
        """End the transaction without a trace."""
        ...

    def close(self) -> None:
        """Give the connection back."""
        ...


class Database(Protocol):
    """One of the two databases, with its engines."""

    reader: Engine
    writer: Engine

    def check_rows(self, writes: Iterable[RowWrite]) -> None:
        """UnknownRowError for row writes that cannot be carried out."""
        ...

    def transaction(self) -> WriteTransaction:
        """A new connection for appends."""
        ...

    def fetch(self, statement: str, parameters: Sequence[Any], take: Callable[[Iterable[Row]], T]) -> T:
        """What `take` makes of the rows of one reading statement, run in a snapshot of its own."""
        ...

    def query(self, fn: Callable[[Connection], T]) -> T:
        """What `fn` finds on a SQLAlchemy connection that sees one snapshot and can write nothing."""
        ...

    def write(self, fn: Callable[[Connection], T]) -> T:
        """What `fn` gives back, having run in a transaction of its own. InterferenceError, DisconnectedError: again."""
        ...

    def workbench(self) -> AbstractContextManager[Workbench]:
        """A connection of its own with room for temporary tables, which are gone when the block, or we, end."""
        ...

    def scrub(self) -> None:
        """Leave no copy, as far as the database lets us, of what was just overwritten."""
        ...

    def close(self) -> None:
        """Close every connection."""
        ...


Open = Callable[[URL], Database]
