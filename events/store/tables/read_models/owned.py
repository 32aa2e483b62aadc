"""Tables whose rows somebody answers for."""

from sqlalchemy import Column, Table

from events.store.tables.metadata import METADATA
from events.store.tables.types import Id


def owned(name: str, *columns: Column[object]) -> Table:
    """A table whose rows belong to an organisation and a unit, as they were when the row was last written whole."""
    owner = (Column("organisation", Id, nullable=False), Column("unit", Id, nullable=False))
    return Table(name, METADATA, *columns, *owner)
