"""Row writes: what projections and operations put beside the log, in the transaction of the append.

Each names its row by primary key, and says what the row is, not how it changes: no counters. All writes of a
transaction are brought down to one a row, and written in the order of table and key, so that two transactions never
wait for each other crosswise.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from events.envelope import Recorded

Key = Any
"""A row's primary key: the value, or a tuple of values in the order of the key's columns."""


@dataclass(frozen=True, slots=True)
class Put:
    """The whole row: it is made, or replaced. Columns that `values` leaves out become NULL."""

    table: str
    key: Key
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Set:
    """Some columns of a row that exists; where there is no such row, nothing happens."""

    table: str
    key: Key
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Delete:
    """The row is removed, if it is there."""

    table: str
    key: Key


RowWrite = Put | Set | Delete

Projection = Callable[[Recorded], Iterable[RowWrite]]
"""What an event means for the rows beside the log. Pure: it sees the event, and no rows."""


def settle(writes: Iterable[RowWrite]) -> list[RowWrite]:
    """The same effect with one write a row."""
    net: dict[tuple[str, Key], RowWrite] = {}
    for write in writes:
        place = (write.table, write.key)
        before = net.get(place)
        net[place] = write if before is None or not isinstance(write, Set) else _after(before, write)
    return list(net.values())


def _after(before: RowWrite, change: Set) -> RowWrite:
    match before:
        case Put(table, key, values):
            return Put(table, key, {**values, **change.values})
        case Set(table, key, values):
            return Set(table, key, {**values, **change.values})
        case Delete():
            return before
