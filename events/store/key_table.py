"""The key table on the store's database: wrapped data keys, kept until they are destroyed."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Connection, Row, select, text, update
from sqlalchemy.dialects import postgresql, sqlite

from events.keys import KeyRow
from events.personal import Purpose
from events.store.tables.log import keys

COLUMNS = (keys.c.key, keys.c.person, keys.c.purpose, keys.c.wrapped)


def key_of(connection: Connection, person: UUID, purpose: Purpose) -> KeyRow | None:
    """The person's key for a purpose, destroyed or not."""
    found = connection.execute(select(*COLUMNS).where(keys.c.person == person, keys.c.purpose == purpose.value))
    return _key_row(found.one_or_none())


def key_by_id(connection: Connection, key: UUID) -> KeyRow | None:
    """The key with this id."""
    return _key_row(connection.execute(select(*COLUMNS).where(keys.c.key == key)).one_or_none())


def add_key(connection: Connection, row: KeyRow, now: Callable[[], datetime]) -> KeyRow:
    """Keep `row` unless the person has a key for that purpose already; the one that is kept."""
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    values = {
        "key": row.key,
        "person": row.person,
        "purpose": row.purpose.value,
        "wrapped": row.wrapped,
        "added_at": now(),
    }
    connection.execute(insert(keys).values(values).on_conflict_do_nothing(index_elements=["person", "purpose"]))
    return key_of(connection, row.person, row.purpose) or row


def destroy_keys(connection: Connection, person: UUID, purpose: Purpose, now: Callable[[], datetime]) -> int:
    """Forget the wrapped key for ever; how many were destroyed. A row stays, or is made, so that no new key ever is."""
    if connection.dialect.name == "sqlite":
        connection.execute(text("PRAGMA secure_delete = ON"))  # the old bytes are overwritten in the file
    destroyed = connection.scalars(
        update(keys)
        .where(keys.c.person == person, keys.c.purpose == purpose.value, keys.c.wrapped.is_not(None))
        .values(wrapped=None, destroyed_at=now())
        .returning(keys.c.key)
    )
    count = len(destroyed.all())
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    never: dict[str, Any] = {"key": uuid4(), "person": person, "purpose": purpose.value, "wrapped": None}
    never |= {"added_at": now(), "destroyed_at": now()}
    connection.execute(insert(keys).values(never).on_conflict_do_nothing(index_elements=["person", "purpose"]))
    return count


def _key_row(row: Row[Any, Any, Any, Any] | None) -> KeyRow | None:
    return None if row is None else KeyRow(row.key, row.person, Purpose(row.purpose), row.wrapped)
