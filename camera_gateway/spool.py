"""The spool: what the gateway has to say, on disk before anything is sent, and kept until the stream has it.

SQLite from the standard library, WAL, synchronous=FULL: what was written survives SIGKILL and a power cut. Calls block
for as long as the disk takes to sync one row: milliseconds, a few times a slot. No picture and no name is ever in it.

When the disk is full, or the spool as large as it may be, the oldest of least worth is given up first (`Worth`), then
the room that `Reserve` has kept. A check's report is never given up: where the disk takes nothing at all it is kept in
memory, sent as soon as there is a line, and written as soon as the disk takes it.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar
from uuid import UUID

import structlog

from camera_gateway.due import Reported
from camera_gateway.message import Message, Worth
from camera_gateway.reserve import Reserve
from camera_gateway.spool_file import fold, is_on_disk, no_room, open_spool, used_bytes, writing
from camera_gateway.unwritten import Unwritten
from events.runtime.clock import Signal

log = structlog.get_logger()

T = TypeVar("T")

KEPT_AFTER_USE = timedelta(days=2)
"""How long what is settled is remembered beyond its need, for a clock that is set back."""
MOST_BYTES = 100_000_000
"""How large the spool grows before the oldest of less worth than a check is given up: 30 days of a busy gateway of 16
homes fit twice (`bench/spool.py`)."""
GIVEN_UP_AT_ONCE = 200
FORGOTTEN_AT_ONCE = 500
"""Rows a transaction: the write-ahead log of a long one would be as large as the spool itself."""


class Spool:
    """One gateway's spool. `added` is notified when there is something new to send."""

    def __init__(
        self, file: Path, added: Signal, *, reserve: Reserve | None = None, most_bytes: int = MOST_BYTES
    ) -> None:
        """Open or make the file. SpoolInUseError when another process has it; a damaged file is put aside."""
        self.added = added
        self.given_up = 0
        """Messages of less worth than a check that were given up since the start."""
        file.parent.mkdir(parents=True, exist_ok=True)
        self._reserve = reserve
        self._most_bytes = most_bytes
        self._db = open_spool(file)
        self._unwritten = Unwritten()
        self._unmarked: set[UUID] = set()  # on disk, and sent; only the note of it is not on disk
        self._reported = {UUID(slot): found for slot, found in self._load_reported()}

    def close(self) -> None:
        """Give the file back."""
        self._db.close()

    @property
    def reported(self) -> Mapping[UUID, Reported]:
        """The latest attempt on record of each slot."""
        return MappingProxyType(self._reported)

    @property
    def trouble(self) -> str | None:
        """What is wrong with the disk, in a few words."""
        if not is_on_disk(self._db):
            return "the spool is in memory: its disk fails"
        if self.unwritten:
            return f"the disk takes no more: kept in memory, reports: {len(self._unwritten)}"
        if self._reserve is not None and self._reserve.missing:
            return "the disk is full, or nearly: no room is kept for checks"
        return None

    @property
    def unwritten(self) -> bool:
        """Something is in memory that the disk has yet to take."""
        return bool(self._unwritten or self._unmarked)

    def report(self, message: Message, slot: UUID, attempt: Reported, needed_until: datetime) -> bool:
        """Write a report and remember its attempt, both or neither; False if that attempt was reported already.

        Where the disk takes nothing it is kept in memory until it does, and sent like any other.
        """
        if self._unwritten.has(slot, attempt.attempt):
            return False
        try:
            new = self._with_room(Worth.CHECK, lambda: self._report(message, slot, attempt, needed_until, sent=False))
        except sqlite3.Error as error:
            log.error("the report is in memory only", slot=str(slot), why=str(error))
            self._unwritten.keep(message, slot, attempt, needed_until)
            new = True
        if new:
            self._reported[slot] = attempt
            self.added.notify()
        return new

    def add(self, message: Message, needed_until: datetime, worth: Worth = Worth.LOOK) -> bool:
        """Write something else that has to arrive; False when it was given up. The same id again changes nothing."""

        def write() -> None:
            with writing(self._db):
                self._add(message, _forget_at(needed_until), worth, sent=False)

        try:
            self._with_room(worth, write)
        except (sqlite3.Error, _AsLargeAsMayBeError) as error:
            self.given_up += 1
            log.error("given up: there is no room for it", message=str(message.id), why=str(error))
            return False
        self.added.notify()
        return True

    def unsent(self, most: int) -> list[Message]:
        """What waits to be sent, oldest first; then what could not be written."""
        rows = self._db.execute(
            "SELECT id, subject, body FROM outbox WHERE sent = 0 ORDER BY number LIMIT ?", (most + len(self._unmarked),)
        )
        written = [Message(UUID(message_id), subject, body) for message_id, subject, body in rows]
        known = [message for message in written if message.id not in self._unmarked][:most]
        return [*known, *self._unwritten.unsent(most - len(known))]

    def sent(self, messages: Iterable[UUID]) -> None:
        """The stream has acknowledged these. They are sent no more, also while the disk does not take that note."""
        self._unmarked |= self._unwritten.sent(messages)
        try:
            self._with_room(Worth.CHECK, self._mark)
        except sqlite3.Error as error:
            log.error("sent, but that cannot be noted yet", count=len(self._unmarked), why=str(error))

    @property
    def waiting(self) -> int:
        """How many wait to be sent."""
        (count,) = self._db.execute("SELECT count(*) FROM outbox WHERE sent = 0").fetchone()
        return int(count) - len(self._unmarked) + self._unwritten.waiting

    def use_frame(self, look: UUID, most: int, longest: timedelta, now: datetime) -> int | None:
        """Count one more picture of a look, before the camera is opened: its number, or None when the look is used up.

        On disk, so that a grant cannot be played again on a gateway that was restarted.
        """
        return self._with_room(Worth.CHECK, lambda: self._use_frame(look, most, longest, now))

    def write_again(self) -> None:
        """Write what is in memory only. Raises sqlite3.Error when the disk still takes nothing."""
        if self._unmarked:
            self._mark()
        for kept in self._unwritten.all():
            self._report(kept.message, kept.slot, kept.attempt, kept.needed_until, sent=kept.sent)
            self._unwritten.drop(kept)
            log.info("the report is on disk now", slot=str(kept.slot))

    def forget(self, now: datetime) -> None:
        """Drop what is settled and no longer needed. What is not sent is never dropped."""
        self._forget_from("outbox", "sent = 1 AND forget_at < ?", now)
        self._forget_from("reported", "forget_at < ?", now)
        self._forget_from("look", "forget_at < ?", now)
        self._unwritten.forget(now)
        self._reported = {UUID(slot): found for slot, found in self._load_reported()} | self._unwritten.reported()

    def _with_room(self, worth: Worth, write: Callable[[], T]) -> T:
        """What `write` gives, after as much was given up as it takes. Raises sqlite3.Error when that is not enough."""
        self._keep_to_size(worth)
        ways: tuple[Callable[[], object], ...] = (
            lambda: fold(self._db),
            lambda: self._give_up(worth),
            lambda: worth is Worth.CHECK and self._reserve is not None and self._reserve.give_up(),
            lambda: self._give_up(worth),
        )
        for make_room in ways:
            try:
                return write()
            except sqlite3.Error as error:
                if not no_room(error):
                    raise
            _if_it_can(make_room)
        return write()

    def _over_size(self) -> bool:
        return used_bytes(self._db) > self._most_bytes

    def _keep_to_size(self, worth: Worth) -> None:
        while self._over_size() and _if_it_can(lambda: self._give_up(worth)):
            pass
        if worth < Worth.CHECK and self._over_size():
            raise _AsLargeAsMayBeError(f"the spool is as large as it may be: {self._most_bytes} bytes")

    def _mark(self) -> None:
        with writing(self._db):
            self._db.executemany(
                "UPDATE outbox SET sent = 1, body = x'' WHERE id = ?", [(str(message),) for message in self._unmarked]
            )
        self._unmarked.clear()

    def _give_up(self, worth: Worth) -> bool:
        """Drop some of the oldest of least worth, of no more than `worth`; False when there is nothing such."""
        for lesser in (Worth.STATE, Worth.LOOK):
            if lesser > worth:
                break
            with writing(self._db):
                dropped = self._db.execute(
                    "DELETE FROM outbox WHERE number IN (SELECT number FROM outbox WHERE sent = 0 AND worth = ?"
                    " AND worth < 3 ORDER BY number LIMIT ?)",
                    (lesser, GIVEN_UP_AT_ONCE),
                ).rowcount
            if dropped:
                self.given_up += dropped
                log.error("no room: the oldest are given up", count=dropped, kind=lesser.name.lower())
                return True
        return False

    def _report(self, message: Message, slot: UUID, attempt: Reported, needed_until: datetime, *, sent: bool) -> bool:
        forget_at = _forget_at(needed_until)
        with writing(self._db):
            remembered = self._db.execute(
                "INSERT INTO reported (slot, attempt, picture, at, forget_at) VALUES (?, ?, ?, ?, ?)"
                " ON CONFLICT DO NOTHING",
                (str(slot), attempt.attempt, attempt.picture, attempt.at.isoformat(), forget_at),
            )
            if remembered.rowcount:
                self._add(message, forget_at, Worth.CHECK, sent=sent)
        return bool(remembered.rowcount)

    def _add(self, message: Message, forget_at: float, worth: Worth, *, sent: bool) -> None:
        body = b"" if sent else message.body
        self._db.execute(
            "INSERT INTO outbox (id, subject, body, forget_at, worth, sent) VALUES (?, ?, ?, ?, ?, ?)"
            " ON CONFLICT DO NOTHING",
            (str(message.id), message.subject, body, forget_at, worth, sent),
        )

    def _use_frame(self, look: UUID, most: int, longest: timedelta, now: datetime) -> int | None:
        with writing(self._db):
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

    def _forget_from(self, table: str, where: str, now: datetime) -> None:
        key = {"outbox": "number", "reported": "(slot, attempt)", "look": "look"}[table]
        columns = key.strip("()")
        while True:
            with writing(self._db):
                gone = self._db.execute(
                    f"DELETE FROM {table} WHERE {key} IN (SELECT {columns} FROM {table} WHERE {where} LIMIT ?)",  # noqa: S608
                    (now.timestamp(), FORGOTTEN_AT_ONCE),
                ).rowcount
            if gone < FORGOTTEN_AT_ONCE:
                return

    def _load_reported(self) -> Iterator[tuple[str, Reported]]:
        rows = self._db.execute("SELECT slot, attempt, picture, at FROM reported ORDER BY slot, attempt")
        for slot, attempt, picture, at in rows:
            yield slot, Reported(attempt, bool(picture), datetime.fromisoformat(at))


class _AsLargeAsMayBeError(Exception):
    """Nothing of so little worth is written any more."""


def _if_it_can(make_room: Callable[[], object]) -> bool:
    """Making room may need some itself."""
    try:
        return bool(make_room())
    except sqlite3.Error:
        return False


def _forget_at(needed_until: datetime) -> float:
    return (needed_until + KEPT_AFTER_USE).timestamp()
