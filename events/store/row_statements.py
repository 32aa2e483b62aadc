"""The statements that row writes become: text made once for each shape, values bound by the columns' own types."""

from collections.abc import Callable, Iterable
from itertools import groupby
from typing import Any

from sqlalchemy import Column, Dialect, MetaData, Table

from events.store.errors import UnknownRowError
from events.store.rows import Delete, Put, RowWrite, Set, settle

Bind = Callable[[Any], Any] | None
Shape = tuple[type[RowWrite], str, tuple[str, ...]]
"""What a write is, of which table, and which columns it gives."""


class RowStatements:
    """Turns the row writes of one transaction into statements with many parameters each."""

    def __init__(self, metadata: MetaData, dialect: Dialect, placeholder: str) -> None:
        self._dialect = dialect
        self._placeholder = placeholder
        self._tables = {
            name: _Form(table, dialect) for name, table in metadata.tables.items() if not table.info.get("log")
        }
        self._texts: dict[Shape, str] = {}

    def check(self, writes: Iterable[RowWrite]) -> None:
        """UnknownRowError unless every write names a table of ours, columns of that table, and a whole key."""
        for write in writes:
            form = self._form(write.table)
            size = len(write.key) if isinstance(write.key, tuple) else 1
            if size != len(form.key):
                raise UnknownRowError(f"the key of {write.table} is {', '.join(form.key)}; {write.key!r} is not")
            if not isinstance(write, Delete) and not form.values.keys() >= write.values.keys():
                unknown = ", ".join(sorted(write.values.keys() - form.values.keys()))
                raise UnknownRowError(f"{write.table} has no column {unknown} beside its key")

    def statements(self, writes: Iterable[RowWrite]) -> list[tuple[str, list[tuple[Any, ...]]]]:
        """Statement texts with their parameters, in the order in which they are to be run."""
        bound = [self._bind(write) for write in settle(writes)]
        bound.sort(key=lambda item: item[0])
        runs = groupby(bound, key=lambda item: item[1])
        return [(self._text(shape), [item[2] for item in run]) for shape, run in runs]

    def _form(self, table: str) -> "_Form":
        form = self._tables.get(table)
        if form is None:
            raise UnknownRowError(f"{table!r} is no table that row writes may name; see events/store/tables")
        return form

    def _bind(self, write: RowWrite) -> tuple[tuple[str, str], Shape, tuple[Any, ...]]:
        form = self._tables[write.table]
        given = write.key if isinstance(write.key, tuple) else (write.key,)
        key = tuple(
            [value if bind is None else bind(value) for value, bind in zip(given, form.key.values(), strict=True)]
        )
        order = (write.table, str(key[0]) if len(key) == 1 else str(key))
        if isinstance(write, Delete):
            return order, (Delete, write.table, ()), key
        values = write.values
        if isinstance(write, Put):
            get = values.get
            row = [get(name) if bind is None else bind(get(name)) for name, bind in form.values.items()]
            return order, form.put, (*key, *row)
        names = tuple(values)
        changed = [values[name] if (bind := form.values[name]) is None else bind(values[name]) for name in names]
        return order, (Set, write.table, names), (*changed, *key)

    def _text(self, shape: Shape) -> str:
        text = self._texts.get(shape)
        if text is None:
            text = self._texts[shape] = self._compose(*shape)
        return text

    def _compose(self, kind: type[RowWrite], table: str, names: tuple[str, ...]) -> str:
        form = self._tables[table]
        quote, mark = self._dialect.identifier_preparer.quote, self._placeholder
        target = quote(table)
        key = " AND ".join(f"{quote(name)} = {mark}" for name in form.key)
        if kind is Delete:
            return f"DELETE FROM {target} WHERE {key}"  # noqa: S608 - names come from our MetaData
        if kind is Set:
            changes = ", ".join(f"{quote(name)} = {mark}" for name in names)
            return f"UPDATE {target} SET {changes} WHERE {key}"  # noqa: S608
        columns = [quote(name) for name in (*form.key, *form.values)]
        replaced = ", ".join(f"{quote(name)} = excluded.{quote(name)}" for name in form.values)
        action = f"UPDATE SET {replaced}" if replaced else "NOTHING"
        return (
            f"INSERT INTO {target} ({', '.join(columns)}) VALUES ({', '.join([mark] * len(columns))}) "  # noqa: S608
            f"ON CONFLICT ({', '.join(map(quote, form.key))}) DO {action}"
        )


class _Form:
    """A table's key columns and other columns, each with how its values are bound."""

    def __init__(self, table: Table, dialect: Dialect) -> None:
        self.key = {column.name: _bind_of(column, dialect) for column in table.primary_key}
        self.values = {column.name: _bind_of(column, dialect) for column in table.c if not column.primary_key}
        self.put: Shape = (Put, table.name, tuple(self.values))


def _bind_of(column: Column[Any], dialect: Dialect) -> Bind:
    return column.type.dialect_impl(dialect).bind_processor(dialect)
