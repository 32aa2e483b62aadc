"""Reading the log: one stream, what folding needs, and the whole log in global order without gaps."""

import json
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, func, select

from events.base import Event
from events.envelope import Recorded
from events.registry import Registry
from events.store import sql
from events.store.checkpoint import Checkpoint, Page
from events.store.database import Database
from events.store.epochs import Epoch, Epochs, epochs_of
from events.store.postgres import array
from events.store.record import Decoder, Row
from events.store.tables import log

LAST_POSITION = 2**63 - 1
PAGE = 2000  # events fetched at once where the whole log is read

Loaded = tuple[int, list[Event]]
"""A stream's version and events, oldest first; version 0 without events: there is no such stream."""


class Reader(ABC):
    """Blocking reads; the store runs them in threads."""

    def __init__(self, database: Database, registry: Registry) -> None:
        self._database = database
        self._decoder = Decoder(registry)

    def read(self, stream: str, after: int) -> tuple[Recorded, ...]:
        """The events of a stream with versions above `after`."""
        return tuple(self._database.fetch(self._READ, (stream, after), self._recorded))

    def load(self, stream: str) -> Loaded:
        """What is needed to fold a stream."""
        return self._database.fetch(self._LOAD, (stream,), self._loaded)

    def load_many(self, streams: Iterable[str]) -> dict[str, Loaded]:
        """What is needed to fold many streams, all as they were at one instant."""
        names = list(dict.fromkeys(streams))
        found = self._database.fetch(self._LOAD_MANY, (self._list(names),), self._loaded_by_stream)
        return {name: found.get(name) or (0, []) for name in names}

    def consumed(self, ids: Iterable[str]) -> set[str]:
        """Which of these messages were consumed."""
        found = self._database.fetch(self._CONSUMED, (self._list(list(ids)),), list)
        return {row[0] for row in found}

    @abstractmethod
    def page(self, after: Checkpoint, limit: int) -> Page:
        """The next page of the whole log."""

    @abstractmethod
    def rest(self, connection: Connection, after: Checkpoint, limit: int) -> Page:
        """As `page`, but of all that `connection` sees: up to its snapshot, or the end when nobody else can append."""

    def whole(self, connection: Connection) -> Iterator[Recorded]:
        """Every event that `connection` sees, in global order."""
        place = Checkpoint.START
        while (page := self.rest(connection, place, PAGE)).events:
            yield from page.events
            place = page.checkpoint

    def last_position(self, connection: Connection) -> int:
        """The highest position given out so far to an event that `connection` sees; 0 in an empty log."""
        return connection.scalar(select(func.max(log.events.c.position))) or 0

    @abstractmethod
    def lag(self) -> tuple[int, Any]:
        """How many committed events readers do not see yet, and when the oldest was recorded."""

    _READ: str
    _LOAD: str
    _LOAD_MANY: str
    _CONSUMED: str

    @staticmethod
    @abstractmethod
    def _list(values: list[str]) -> str:
        """A list of texts as one parameter of a statement."""

    def _recorded(self, rows: Iterable[Row]) -> list[Recorded]:
        return [self._decoder.recorded(row) for row in rows]

    def _loaded(self, rows: Iterable[Row]) -> Loaded:
        decode, version, events = self._decoder.event, 0, []
        for version, name, schema_version, data in rows:  # noqa: B007 - the last one is the stream's version
            events.append(decode(name, schema_version, data))
        return version, events

    def _loaded_by_stream(self, rows: Iterable[Row]) -> dict[str, Loaded]:
        streams = groupby(rows, key=itemgetter(0))
        return {stream: self._loaded(row[1:] for row in group) for stream, group in streams}


class SqliteReader(Reader):
    """One writer commits after the other: the position is the global order, and nothing is ever hidden."""

    _READ, _LOAD, _LOAD_MANY = sql.SQLITE_READ, sql.SQLITE_LOAD, sql.SQLITE_LOAD_MANY
    _CONSUMED = sql.SQLITE_CONSUMED

    @staticmethod
    def _list(values: list[str]) -> str:
        return json.dumps(values)

    def page(self, after: Checkpoint, limit: int) -> Page:
        return self._page(after, self._database.fetch(sql.SQLITE_READ_ALL, (after.position, limit), self._recorded))

    def rest(self, connection: Connection, after: Checkpoint, limit: int) -> Page:
        rows = connection.exec_driver_sql(sql.SQLITE_READ_ALL, (after.position, limit))
        return self._page(after, self._recorded(rows))

    @staticmethod
    def _page(after: Checkpoint, events: list[Recorded]) -> Page:
        places = tuple([Checkpoint(1, 0, event.position) for event in events])
        return Page(tuple(events), places[-1] if places else after, places)

    def lag(self) -> tuple[int, Any]:
        return 0, None


class PostgresReader(Reader):
    """Transactions commit in any order: readers follow (xid, position) and stop at the oldest that is still open."""

    _READ, _LOAD, _LOAD_MANY = sql.POSTGRES_READ, sql.POSTGRES_LOAD, sql.POSTGRES_LOAD_MANY
    _CONSUMED = sql.POSTGRES_CONSUMED

    @staticmethod
    def _list(values: list[str]) -> str:
        return array(values)

    def __init__(self, database: Database, registry: Registry) -> None:
        super().__init__(database, registry)
        self._epochs = self._read_epochs()

    def page(self, after: Checkpoint, limit: int) -> Page:
        while True:
            epochs = self._epochs
            epoch = epochs.of(after.epoch)
            if epoch is None:
                if epochs == self._refresh():
                    raise epochs.unknown(after)
                continue
            place = (str(after.xid), after.position, epoch.after_position)
            if epoch.up_to is None:
                parameters = (*place, epoch.number, limit)
                rows = self._database.fetch(sql.POSTGRES_READ_ALL, parameters, list)
            else:
                rows = self._database.fetch(sql.POSTGRES_READ_EARLIER_EPOCH, (*place, epoch.up_to, limit), list)
            if rows:
                return self._page(epoch, rows)
            if epoch.up_to is not None:
                after = Checkpoint(epoch.number + 1, 0, 0)
            elif epochs == self._refresh():
                return Page((), after)

    def rest(self, connection: Connection, after: Checkpoint, limit: int) -> Page:
        epochs = epochs_of(connection)
        while True:
            epoch = epochs.of(after.epoch)
            if epoch is None:
                raise epochs.unknown(after)
            last = LAST_POSITION if epoch.up_to is None else epoch.up_to
            given = (str(after.xid), after.position, epoch.after_position, last, limit)
            rows = connection.exec_driver_sql(sql.POSTGRES_READ_EARLIER_EPOCH, given).all()
            if rows:
                return self._page(epoch, rows)
            if epoch.up_to is None:
                return Page((), after)
            after = Checkpoint(epoch.number + 1, 0, 0)

    def _page(self, epoch: Epoch, rows: Sequence[Any]) -> Page:
        places = tuple([Checkpoint(epoch.number, int(row[-1]), row[0]) for row in rows])
        return Page(tuple(self._recorded(rows)), places[-1], places)

    def lag(self) -> tuple[int, Any]:
        start = self._refresh().last.after_position
        count, since = self._database.fetch(sql.POSTGRES_WATERMARK_LAG, (start,), list)[0]
        return count, since

    def _refresh(self) -> Epochs:
        self._epochs = self._read_epochs()
        return self._epochs

    def _read_epochs(self) -> Epochs:
        return self._database.query(epochs_of)
