"""Shadow tables: what the log makes of the read models, in temporary tables beside those in service."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Column, Connection, Dialect, MetaData, Table
from sqlalchemy.schema import CreateTable

from events.envelope import Recorded
from events.store.row_statements import RowStatements
from events.store.rows import Delete, Key, Projection, Put, RowWrite, Set

PREFIX = "rebuilt_"

Keys = dict[str, set[Key]]
"""Primary keys by table."""


class Shadow:
    """A shadow of each of `tables`, empty until events are taken in."""

    def __init__(self, tables: Mapping[str, Table], projections: Sequence[Projection], dialect: Dialect) -> None:
        metadata = MetaData()
        self.tables = {name: _shadow_of(table, metadata) for name, table in tables.items()}
        self.written: set[str] = set()
        """The tables to which some event wrote."""
        self._projections = tuple(projections)
        self._statements = RowStatements(metadata, dialect, "?" if dialect.name == "sqlite" else "%s")

    def make(self, connection: Connection) -> None:
        """Create the tables."""
        for table in self.tables.values():
            connection.execute(CreateTable(table))

    def count(self, connection: Connection) -> None:
        """Let PostgreSQL count the rows, so that it compares them in a sensible order; nobody else does it."""
        if connection.dialect.name == "postgresql":
            for table in self.tables.values():
                connection.exec_driver_sql(f"ANALYZE {table.name}")

    def take(self, connection: Connection, events: Iterable[Recorded]) -> Keys:
        """What `events` mean for the tables is written; the keys of the rows that they spoke of."""
        touched: Keys = defaultdict(set)
        writes: list[RowWrite] = []
        for event in events:
            for project in self._projections:
                for write in project(event):
                    if write.table in self.tables:
                        touched[write.table].add(write.key)
                        writes.append(_renamed(write))
        self._statements.check(writes)
        for statement, parameters in self._statements.statements(writes):
            connection.exec_driver_sql(statement, parameters)
        self.written.update(touched)
        return touched


def _shadow_of(table: Table, metadata: MetaData) -> Table:
    columns = [
        Column(column.name, column.type, primary_key=column.primary_key, nullable=column.nullable, autoincrement=False)
        for column in table.columns
    ]
    return Table(f"{PREFIX}{table.name}", metadata, *columns, prefixes=["TEMPORARY"])


def _renamed(write: RowWrite) -> RowWrite:
    match write:
        case Put(table, key, values):
            return Put(PREFIX + table, key, values)
        case Set(table, key, values):
            return Set(PREFIX + table, key, values)
        case Delete(table, key):
            return Delete(PREFIX + table, key)
