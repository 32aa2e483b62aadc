"""The file under the spool: opened or begun anew, its tables, its size, and which errors mean a full disk."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import structlog

log = structlog.get_logger()

CHECKPOINT_PAGES = 250
"""1 MB of write-ahead log at 4 kB a page, then it is folded into the file and written over from its beginning."""
WAL_BYTES = 2_000_000
"""What a long transaction has made of the write-ahead log is cut back to this."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS outbox (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  subject TEXT NOT NULL,
  body BLOB NOT NULL,
  sent INTEGER NOT NULL DEFAULT 0,
  forget_at REAL NOT NULL,
  worth INTEGER NOT NULL DEFAULT 3
);
CREATE INDEX IF NOT EXISTS outbox_unsent ON outbox (number) WHERE sent = 0;
CREATE TABLE IF NOT EXISTS reported (
  slot TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  picture INTEGER NOT NULL,
  at TEXT NOT NULL,
  forget_at REAL NOT NULL,
  PRIMARY KEY (slot, attempt)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS look (
  look TEXT NOT NULL PRIMARY KEY,
  frames INTEGER NOT NULL,
  first_at TEXT NOT NULL,
  forget_at REAL NOT NULL
) WITHOUT ROWID;
"""
_LESSER = "CREATE INDEX IF NOT EXISTS outbox_lesser ON outbox (worth, number) WHERE sent = 0 AND worth < 3"
_ADD_WORTH = "ALTER TABLE outbox ADD COLUMN worth INTEGER NOT NULL DEFAULT 3"
"""Spools of before knew reports only."""

_NO_ROOM = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR}
_FAILING = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY}
_SALVAGED = {
    "outbox": "number, id, subject, body, sent, forget_at",
    "reported": "slot, attempt, picture, at, forget_at",
    "look": "look, frames, first_at, forget_at",
}


class SpoolInUseError(Exception):
    """Another process works on this spool: two gateways on one data folder would do everything twice."""


class SpoolUnusableError(Exception):
    """No spool can be had in this folder; the message says why, in one line."""


def open_spool(file: Path) -> sqlite3.Connection:
    """The spool's tables, every commit synced to the disk.

    A damaged file is put aside, and what can be read of it is kept. Where the disk of a spool that was there fails, or
    is read-only, the tables are in memory: a gateway that can still speak is worth more than none.

    Raises SpoolInUseError or SpoolUnusableError.
    """
    there = file.exists()
    try:
        return _connect(file)
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            raise SpoolInUseError(f"the spool {file} is in use: does another gateway run on this folder?") from None
        if there and _code(error) in _FAILING:
            return _in_memory(file, error)
        raise SpoolUnusableError(f"cannot make the spool {file}: {error}") from None
    except sqlite3.DatabaseError as error:
        return _begun_anew(file, error)


def is_on_disk(db: sqlite3.Connection) -> bool:
    """Whether what is written survives the process."""
    return bool(db.execute("PRAGMA database_list").fetchone()[2])


def no_room(error: sqlite3.Error) -> bool:
    """Whether more room on the disk might help: it is full, or a write to it failed (as over a quota)."""
    return _code(error) in _NO_ROOM


@contextmanager
def writing(db: sqlite3.Connection) -> Iterator[None]:
    """One transaction: all of it or nothing."""
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:  # a full disk may have ended it already
            db.execute("ROLLBACK")
        raise


def used_bytes(db: sqlite3.Connection) -> int:
    """What is in use of the file: pages that were freed are used again before it grows."""
    (pages,), (free,), (size,) = (
        db.execute(f"PRAGMA {what}").fetchone() for what in ("page_count", "freelist_count", "page_size")
    )
    return int((pages - free) * size)


def fold(db: sqlite3.Connection) -> None:
    """Fold the write-ahead log into the file, so that its room is written over from the beginning."""
    with closing(db.execute("PRAGMA wal_checkpoint(RESTART)")) as answer:
        answer.fetchall()


def _connect(file: Path) -> sqlite3.Connection:
    db = sqlite3.connect(file, isolation_level=None, timeout=0.5)
    try:
        db.execute("PRAGMA locking_mode = EXCLUSIVE")
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = FULL")
        db.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
        db.execute(f"PRAGMA journal_size_limit = {WAL_BYTES}")
        with closing(db.execute("PRAGMA quick_check(1)")) as answer:
            if (found := answer.fetchone()[0]) != "ok":
                raise sqlite3.DatabaseError(found)
        _make_tables(db)
    except BaseException:
        db.close()
        raise
    return db


def _make_tables(db: sqlite3.Connection) -> None:
    with writing(db):
        for statement in _SCHEMA.split(";"):
            db.execute(statement)
        if "worth" not in {row[1] for row in db.execute("PRAGMA table_info (outbox)")}:
            db.execute(_ADD_WORTH)
        db.execute(_LESSER)


def _code(error: sqlite3.Error) -> int:
    """The primary result code; 0 for an error that SQLite did not give (sqlite.org/rescode.html)."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def _in_memory(file: Path, error: sqlite3.Error) -> sqlite3.Connection:
    db = sqlite3.connect(":memory:", isolation_level=None)
    _make_tables(db)
    saved = _salvage(file, db)
    log.error("the spool cannot be written; reports are kept in memory", file=str(file), why=str(error), saved=saved)
    return db


def _begun_anew(file: Path, error: sqlite3.DatabaseError) -> sqlite3.Connection:
    aside = file.with_name(f"{file.name}.damaged")
    try:
        file.replace(aside)
        for companion in ("-wal", "-shm"):
            if (beside := file.with_name(file.name + companion)).exists():
                beside.replace(aside.with_name(aside.name + companion))
        db = _connect(file)
    except (sqlite3.Error, OSError) as again:
        raise SpoolUnusableError(f"the spool {file} is damaged, and no other can be made: {again}") from None
    saved, why = _salvage(aside, db), str(error)
    log.error("the spool is damaged; put aside and begun anew", file=str(file), aside=str(aside), why=why, saved=saved)
    return db


def _salvage(source: Path, db: sqlite3.Connection) -> int:
    """Take over every row that can still be read; how many."""
    saved = 0
    with closing(sqlite3.connect(source, isolation_level=None)) as damaged, writing(db):
        for table, columns in _SALVAGED.items():
            for order in ("ASC", "DESC"):  # from both ends to the page that cannot be read
                saved += _copy(damaged, db, table, columns, order)
    return saved


def _copy(damaged: sqlite3.Connection, db: sqlite3.Connection, table: str, columns: str, order: str) -> int:
    marks = ", ".join("?" * (columns.count(",") + 1))
    copied = 0
    try:
        for row in damaged.execute(f"SELECT {columns} FROM {table} NOT INDEXED ORDER BY 1 {order}"):  # noqa: S608
            copied += db.execute(f"INSERT OR IGNORE INTO {table} ({columns}) VALUES ({marks})", row).rowcount  # noqa: S608
    except sqlite3.DatabaseError:
        pass  # the rest of it is lost
    return copied
