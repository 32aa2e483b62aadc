"""The spool: what the gateway has to say, on disk before anything is sent, and kept until the stream has it.

SQLite from the standard library, WAL, synchronous=FULL: what was written survives SIGKILL and a power cut. Calls block
for as long as the disk takes to sync one row: milliseconds, a few times a slot. No picture and no name is ever in it.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from uuid import UUID

import structlog

from camera_gateway.due import Reported
from events.runtime.clock import Signal

log = structlog.get_logger()

KEPT_AFTER_USE = timedelta(days=2)
"""How long what is settled is remembered beyond its need, for a clock that is set back."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS outbox (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  subject TEXT NOT NULL,
  body BLOB NOT NULL,
  sent INTEGER NOT NULL DEFAULT 0,
  forget_at REAL NOT NULL
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


class SpoolInUseError(Exception):
    """Another process works on this spool: two gateways on one data folder would do everything twice."""


@dataclass(frozen=True, slots=True)
class Message:
    """Something to be sent. The id is its `Nats-Msg-Id`: the same however often it is sent."""

    id: UUID
    subject: str
    body: bytes


class Spool:
    """One gateway's spool. `added` is notified when there is something new to send."""

    def __init__(self, file: Path, added: Signal) -> None:
        """Open or make the file. SpoolInUseError when another process has it; a damaged file is put aside."""
        self.added = added
        file.parent.mkdir(parents=True, exist_ok=True)
        self._db = _open(file)
        self._reported = {UUID(slot): found for slot, found in self._load_reported()}

    def close(self) -> None:
        """Give the file back."""
        self._db.close()

    @property
    def reported(self) -> Mapping[UUID, Reported]:
        """The latest attempt on record of each slot."""
        return MappingProxyType(self._reported)

    def report(self, message: Message, slot: UUID, attempt: Reported, needed_until: datetime) -> bool:
        """Write a report and remember its attempt, both or neither; False if that attempt was reported already."""
        forget_at = _forget_at(needed_until)
        with self._writing():
            remembered = self._db.execute(
                "INSERT INTO reported (slot, attempt, picture, at, forget_at) VALUES (?, ?, ?, ?, ?)"
                " ON CONFLICT DO NOTHING",
                (str(slot), attempt.attempt, attempt.picture, attempt.at.isoformat(), forget_at),
            )
            if not remembered.rowcount:
                return False
            self._add(message, forget_at)
        self._reported[slot] = attempt
        self.added.notify()
        return True

    def add(self, message: Message, needed_until: datetime) -> None:
        """Write something else that has to arrive. The same id a second time changes nothing."""
        with self._writing():
            self._add(message, _forget_at(needed_until))
        self.added.notify()

    def unsent(self, most: int) -> list[Message]:
        """What waits to be sent, oldest first."""
        rows = self._db.execute("SELECT id, subject, body FROM outbox WHERE sent = 0 ORDER BY number LIMIT ?", (most,))
        return [Message(UUID(message_id), subject, body) for message_id, subject, body in rows]

    def sent(self, messages: Iterable[UUID]) -> None:
        """The stream has acknowledged these."""
        with self._writing():
            self._db.executemany(
                "UPDATE outbox SET sent = 1, body = x'' WHERE id = ?", [(str(message),) for message in messages]
            )

    @property
    def waiting(self) -> int:
        """How many wait to be sent."""
        (count,) = self._db.execute("SELECT count(*) FROM outbox WHERE sent = 0").fetchone()
        return int(count)

    def use_frame(self, look: UUID, most: int, longest: timedelta, now: datetime) -> int | None:
        """Count one more picture of a look, before the camera is opened: its number, or None when the look is used up.

        On disk, so that a grant cannot be played again on a gateway that was restarted.
        """
        with self._writing():
            row = self._db.execute("SELECT frames, first_at FROM look WHERE look = ?", (str(look),)).fetchone()
            frames, first_at = (int(row[0]), datetime.fromisoformat(row[1])) if row else (0, now)
            if frames >= most or now - first_at > longest:
                return None
            self._db.execute(
                "INSERT INTO look (look, frames, first_at, forget_at) VALUES (?, 1, ?, ?)"
                " ON CONFLICT (look) DO UPDATE SET frames = frames + 1",
                (str(look), first_at.isoformat(), _forget_at(now)),
            )
        return frames + 1

    def forget(self, now: datetime) -> None:
        """Drop what is settled and no longer needed. What is not sent is never dropped."""
        with self._writing():
            self._db.execute("DELETE FROM outbox WHERE sent = 1 AND forget_at < ?", (now.timestamp(),))
            self._db.execute("DELETE FROM reported WHERE forget_at < ?", (now.timestamp(),))
            self._db.execute("DELETE FROM look WHERE forget_at < ?", (now.timestamp(),))
        self._reported = {UUID(slot): found for slot, found in self._load_reported()}

    def _add(self, message: Message, forget_at: float) -> None:
        self._db.execute(
            "INSERT INTO outbox (id, subject, body, forget_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
            (str(message.id), message.subject, message.body, forget_at),
        )

    def _load_reported(self) -> Iterator[tuple[str, Reported]]:
        rows = self._db.execute("SELECT slot, attempt, picture, at FROM reported ORDER BY slot, attempt")
        for slot, attempt, picture, at in rows:
            yield slot, Reported(attempt, bool(picture), datetime.fromisoformat(at))

    @contextmanager
    def _writing(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._db.execute("COMMIT")
        except BaseException:
            if self._db.in_transaction:  # a full disk may have ended it already
                self._db.execute("ROLLBACK")
            raise


def _open(file: Path) -> sqlite3.Connection:
    try:
        return _connect(file)
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            raise SpoolInUseError(f"the spool {file} is in use: does another gateway run on this folder?") from None
        raise
    except sqlite3.DatabaseError as error:
        aside = file.with_name(f"{file.name}.damaged")
        log.error("the spool is damaged; put aside and begun anew", file=str(file), aside=str(aside), why=str(error))
        file.replace(aside)
        for companion in (f"{file.name}-wal", f"{file.name}-shm"):
            file.with_name(companion).unlink(missing_ok=True)
        return _connect(file)


def _connect(file: Path) -> sqlite3.Connection:
    db = sqlite3.connect(file, isolation_level=None, timeout=0.5)
    try:
        db.execute("PRAGMA locking_mode = EXCLUSIVE")
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = FULL")
        with closing(db.execute("PRAGMA quick_check(1)")) as answer:
            if (found := answer.fetchone()[0]) != "ok":
                raise sqlite3.DatabaseError(found)
        db.executescript(f"BEGIN IMMEDIATE; {_SCHEMA} COMMIT;")
    except BaseException:
        db.close()
        raise
    return db


def _forget_at(needed_until: datetime) -> float:
    return (needed_until + KEPT_AFTER_USE).timestamp()
