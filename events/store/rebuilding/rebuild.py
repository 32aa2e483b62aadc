"""Rebuilding under load: the log is folded into shadow tables, and the tables in service are mended where they differ.

1. The log is replayed into the shadow up to the watermark. Nobody waits.
2. Table and shadow are compared in one snapshot. Nobody waits. What was appended between the two makes rows look
   different that are not; the next step finds that out.
3. In short rounds nobody may append. Each takes what was appended meanwhile into the shadow, holds a portion of the
   suspicious rows against it, and writes those that differ. Where a row agrees once, every later append keeps it so.
   Just before each the log is replayed once more without holding anybody up, so that little is left to take in.

Why not a swap of tables: docs/decisions/0010-mending-in-place.md.
"""

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass

from sqlalchemy import Connection, Table

from events.registry import InvalidEventError, UnknownEventError
from events.store.checkpoint import Checkpoint, Page
from events.store.database import InterferenceError
from events.store.errors import NoSuchReadModelError, NotFromEventsError, StoreBusyError, UnreadableLogError
from events.store.reader import Reader
from events.store.rebuilding.difference import Difference, differences, has_rows, mend, unlike
from events.store.rebuilding.shadow import Keys, Shadow
from events.store.rows import Key, Projection
from events.store.tables import from_events
from events.store.workbench import Workbench

PAGE = 2000  # events taken into the shadow at once
PORTION = 250  # rows held against the shadow in one go, while nobody may append
PATIENCE = 20.0  # seconds for shutting others out
BREATH = 0.005  # seconds, at least, between two rounds

Suspects = list[tuple[str, Key]]
"""Rows that may differ, by table and key."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far it is: so many of about so many events read, or rows looked at."""

    doing: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """Every row that differed from the log. `longest_pause` is the longest that nobody could append, seconds."""

    tables: tuple[str, ...]
    differences: tuple[Difference, ...]
    longest_pause: float


Told = Callable[[Progress], None]


def named_tables(names: Iterable[str]) -> dict[str, Table]:
    """The read models of these names, of all if there are none; NoSuchReadModelError."""
    known, wanted = from_events(), list(names)
    for name in wanted:
        if name not in known:
            raise NoSuchReadModelError(f"{name!r} is no table that events fill; there are {', '.join(known)}")
    return {name: known[name] for name in wanted or known}


class Rebuild:
    """One rebuilding of `tables`, on a workbench. `told` hears of its progress, and may raise to end it."""

    def __init__(
        self,
        bench: Workbench,
        reader: Reader,
        projections: Sequence[Projection],
        tables: Mapping[str, Table],
        told: Told,
    ) -> None:
        self._bench = bench
        self._reader = reader
        self._tables = dict(tables)
        self._shadow = Shadow(tables, projections, bench.dialect)
        self._told = told
        self._place = Checkpoint.START
        self._longest_pause = 0.0

    def check(self) -> Rebuilt:
        """Say what differs, and change nothing; appends are not held up."""
        suspects = self._compared()
        found = self._round(lambda: self._bench.transaction(keep=False), suspects[:PORTION], first=True)
        for portion in self._portions("comparing", suspects):
            found += self._round(lambda: self._bench.transaction(keep=False), portion)
        return self._rebuilt(found)

    def mend(self, *, also_empty: bool = False) -> Rebuilt:
        """Make every row as the log has it.

        NotFromEventsError for a table that has rows and to which no event writes, unless `also_empty`.
        """
        suspects = self._compared()
        if not also_empty:
            self._require_from_events()
        found = self._alone(suspects[:PORTION], first=True)
        for portion in self._portions("mending", suspects):
            found += self._alone(portion)
        return self._rebuilt(found)

    def _portions(self, doing: str, suspects: Suspects) -> Iterator[Suspects]:
        """The portions after the first; before each the shadow is brought up to date, so that little is left to do."""
        for start in range(PORTION, len(suspects), PORTION):
            self._told(Progress(doing, start, len(suspects)))
            self._replay()
            yield suspects[start : start + PORTION]

    def _compared(self) -> Suspects:
        """Every row that differs now, and rows that only seem to because the shadow is a little behind."""
        with self._bench.transaction() as connection:
            self._shadow.make(connection)
        self._replay(whole=True)
        with self._bench.transaction() as connection:
            self._shadow.count(connection)
        self._told(Progress("comparing", 0, len(self._tables)))
        with self._bench.transaction() as connection:
            keys = {
                name: set(unlike(connection, live, self._shadow.tables[name])) for name, live in self._tables.items()
            }
        # a row that was damaged back to what the shadow still had looked right: the log has spoken of it since
        _join(keys, self._replay())
        return [(name, key) for name, each in keys.items() for key in each]

    def _replay(self, *, whole: bool = False) -> Keys:
        """Take the log in, up to the watermark; the rows that it spoke of, if it is not the `whole` of it.

        Pages are read in transactions of their own: no snapshot is held. A page that is not full is the last: others
        may append as fast as we read.
        """
        touched = Keys()
        with self._bench.transaction() as connection:
            total = self._reader.last_position(connection)
        full = True
        while full and (page := self._read(self._reader.page)).events:
            with self._bench.transaction() as connection:
                spoken_of = self._shadow.take(connection, page.events)
            self._place = page.checkpoint
            if not whole:
                _join(touched, spoken_of)
            self._told(Progress("replaying the log", min(page.events[-1].position, total), total))
            full = len(page.events) == PAGE
        return touched

    def _alone(self, suspects: Suspects, *, first: bool = False) -> list[Difference]:
        """A round in which nobody else appends; others then have at least as long to do so."""
        patience = time.monotonic() + PATIENCE
        while True:
            began = time.monotonic()
            try:
                found = self._round(self._bench.alone, suspects, first=first, write=True)
            except InterferenceError:
                if began > patience:
                    raise StoreBusyError(
                        f"others held the log for {PATIENCE:.0f} s; what is mended stays so, run it again later"
                    ) from None
                time.sleep(BREATH)
            else:
                time.sleep(max(BREATH, time.monotonic() - began))
                return found

    def _round(
        self,
        opened: Callable[[], AbstractContextManager[Connection]],
        suspects: Suspects,
        *,
        first: bool = False,
        write: bool = False,
    ) -> list[Difference]:
        found: list[Difference] = []
        with opened() as connection:
            began = time.monotonic()
            place, touched = self._catch_up(connection)
            keys = _by_table(suspects, touched if first else {})
            for name, portion in keys.items():
                live, shadow = self._tables[name], self._shadow.tables[name]
                for start in range(0, len(portion), PORTION):
                    differing = differences(connection, live, shadow, portion[start : start + PORTION])
                    if write:
                        mend(connection, live, shadow, differing)
                    found += differing
        if write:
            self._place = place
            self._longest_pause = max(self._longest_pause, time.monotonic() - began)
        return found

    def _catch_up(self, connection: Connection) -> tuple[Checkpoint, Keys]:
        """Take in all that this transaction sees of the log; the place reached, and the rows that it spoke of."""
        place, touched = self._place, Keys()
        while (page := self._read(lambda after, limit: self._reader.rest(connection, after, limit), place)).events:
            _join(touched, self._shadow.take(connection, page.events))
            place = page.checkpoint
        return place, touched

    def _read(self, read: Callable[[Checkpoint, int], Page], place: Checkpoint | None = None) -> Page:
        """The next page; UnreadableLogError, with the place, for an event that no version of ours understands."""
        after, limit = place or self._place, PAGE
        while True:
            try:
                return read(after, limit)
            except (InvalidEventError, UnknownEventError) as error:
                if limit == 1:
                    raise UnreadableLogError(
                        f"the event after {after} in the log cannot be read ({error}): nothing was changed"
                    ) from None
                limit //= 2

    def _require_from_events(self) -> None:
        with self._bench.transaction() as connection:
            for name, live in self._tables.items():
                if name not in self._shadow.written and has_rows(connection, live):
                    raise NotFromEventsError(
                        f"no event in the log writes to {name}, yet it has rows: nothing was changed; "
                        f"name it with --table to empty it, or mark it as operational in events/store/tables"
                    )

    def _rebuilt(self, found: list[Difference]) -> Rebuilt:
        return Rebuilt(tuple(self._tables), tuple(found), self._longest_pause)


def _by_table(suspects: Suspects, touched: Keys) -> dict[str, list[Key]]:
    keys: Keys = defaultdict(set)
    for name, key in suspects:
        keys[name].add(key)
    _join(keys, touched)
    return {name: list(each) for name, each in sorted(keys.items())}


def _join(keys: Keys, more: Keys) -> None:
    for name, each in more.items():
        keys.setdefault(name, set()).update(each)
