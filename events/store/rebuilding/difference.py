"""Where a table in service and its shadow differ, and making the one like the other. Values are never told."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import (
    JSON,
    ColumnElement,
    Connection,
    FromClause,
    Select,
    Table,
    Text,
    and_,
    cast,
    delete,
    exists,
    or_,
    select,
    tuple_,
)
from sqlalchemy.dialects import postgresql, sqlite

from events.store.rows import Key

How = Literal["missing", "different", "surplus"]


@dataclass(frozen=True, slots=True)
class Difference:
    """A row that is not as the log has it: `missing` in the table, `different` in `columns`, or `surplus`."""

    table: str
    key: Key
    how: How
    columns: tuple[str, ...] = ()


def unlike(connection: Connection, live: Table, shadow: Table) -> list[Key]:
    """The keys of all rows that differ. Reads both tables whole."""
    pair = _Pair(live, shadow)
    missing_or_different = pair.beside_live(*shadow.primary_key).where(pair.differs)
    keys = [_key(row) for row in connection.execute(missing_or_different)]
    return keys + [_key(row) for row in connection.execute(pair.surplus())]


def differences(connection: Connection, live: Table, shadow: Table, keys: Iterable[Key]) -> list[Difference]:
    """How the rows with these keys differ, if they do."""
    pair, wanted = _Pair(live, shadow), list(keys)
    flags = [unequal.label(f"is_{name}") for name, unequal in pair.unequal.items()]
    size = len(shadow.primary_key)
    found = pair.beside_live(*shadow.primary_key, pair.absent.label("absent"), *flags).where(pair.differs)
    told: list[Difference] = []
    for row in connection.execute(found.where(_among(shadow, wanted))):
        absent, marks = row[size], row[size + 1 :]
        columns = () if absent else tuple(name for name, unequal in zip(pair.unequal, marks, strict=True) if unequal)
        told.append(Difference(live.name, _key(row[:size]), "missing" if absent else "different", columns))
    surplus = connection.execute(pair.surplus().where(_among(live, wanted)))
    return told + [Difference(live.name, _key(row), "surplus") for row in surplus]


def mend(connection: Connection, live: Table, shadow: Table, found: Sequence[Difference]) -> None:
    """Make the rows that differ as the shadow has them."""
    surplus = [difference.key for difference in found if difference.how == "surplus"]
    if surplus:
        connection.execute(delete(live).where(_among(live, surplus)))
    wrong = [difference.key for difference in found if difference.how != "surplus"]
    if wrong:
        _put(connection, live, select(*shadow.columns).where(_among(shadow, wrong)))


def has_rows(connection: Connection, table: Table) -> bool:
    """Whether there is any row."""
    return bool(connection.scalar(select(exists(select(table)))))


class _Pair:
    """A table and its shadow, row by row."""

    def __init__(self, live: Table, shadow: Table) -> None:
        self._live, self._shadow = live, shadow
        names = [column.name for column in shadow.columns if not column.primary_key]
        self.unequal = {name: _comparable(live, name).is_distinct_from(_comparable(shadow, name)) for name in names}
        self.absent: ColumnElement[bool] = next(iter(live.primary_key)).is_(None)
        self.differs = or_(self.absent, *self.unequal.values())

    def beside_live(self, *columns: Any) -> Select[Any]:
        """The shadow's rows, each with the one in service, if there is one."""
        return select(*columns).select_from(self._joined(self._shadow, self._live))

    def surplus(self) -> Select[Any]:
        """The keys of rows in service that the shadow does not have."""
        joined = self._joined(self._live, self._shadow)
        return select(*self._live.primary_key).select_from(joined).where(next(iter(self._shadow.primary_key)).is_(None))

    def _joined(self, left: Table, right: Table) -> FromClause:
        same = [self._live.c[column.name] == column for column in self._shadow.primary_key]
        return left.outerjoin(right, and_(*same))


def _comparable(table: Table, name: str) -> ColumnElement[Any]:
    """The column; as text where PostgreSQL knows no equality of its type."""
    column = table.c[name]
    return cast(column, Text) if isinstance(column.type, JSON) else column


def _put(connection: Connection, live: Table, rows: Select[Any]) -> None:
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    put = insert(live).from_select([column.name for column in live.columns], rows)
    changed = {column.name: put.excluded[column.name] for column in live.columns if not column.primary_key}
    key = [column.name for column in live.primary_key]
    statement = put.on_conflict_do_update(index_elements=key, set_=changed) if changed else put.on_conflict_do_nothing()
    connection.execute(statement)


def _among(table: Table, keys: Sequence[Key]) -> ColumnElement[bool]:
    columns = list(table.primary_key)
    return columns[0].in_(keys) if len(columns) == 1 else tuple_(*columns).in_(keys)


def _key(row: Sequence[Any]) -> Key:
    """As row writes name it: the value, or a tuple of values."""
    return row[0] if len(row) == 1 else tuple(row)
