"""The key tables on the store's database: wrapped data keys, kept until they are destroyed."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Connection, Select, select, text, update
from sqlalchemy.dialects import postgresql, sqlite

from events.keys import INSTALLATION, KeyRow
from events.personal import Purpose
from events.store.tables.log import keys, organisation_keys


def key_of(connection: Connection, person: UUID, purpose: Purpose, organisation: UUID = INSTALLATION) -> KeyRow | None:
    """The person's key for a purpose in an organisation, destroyed or not.

    Where it was destroyed before the organisation had one of its own, that holds for it too.
    """
    wanted = select(keys).where(keys.c.person == person, keys.c.purpose == purpose.value)
    of_old = _key_row(connection, wanted)
    if organisation == INSTALLATION or (of_old is not None and of_old.wrapped is None):
        return of_old
    mine = (organisation_keys.c.person == person) & (organisation_keys.c.purpose == purpose.value)
    return _key_row(connection, select(organisation_keys).where(mine, organisation_keys.c.organisation == organisation))


def key_by_id(connection: Connection, key: UUID) -> KeyRow | None:
    """The key with this id."""
    found = _key_row(connection, select(organisation_keys).where(organisation_keys.c.key == key))
    return found or _key_row(connection, select(keys).where(keys.c.key == key))


def add_key(connection: Connection, row: KeyRow, now: Callable[[], datetime]) -> KeyRow:
    """Keep `row` unless the person has such a key already, destroyed or not; the one that is kept."""
    known = key_of(connection, row.person, row.purpose, row.organisation)
    if known is not None:
        return known
    values = {
        "key": row.key,
        "person": row.person,
        "purpose": row.purpose.value,
        "wrapped": row.wrapped,
        "added_at": now(),
    }
    unique = ["person", "purpose"]
    table = keys
    if row.organisation != INSTALLATION:
        table, unique = organisation_keys, [*unique, "organisation"]
        values["organisation"] = row.organisation
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    connection.execute(insert(table).values(values).on_conflict_do_nothing(index_elements=unique))
    return key_of(connection, row.person, row.purpose, row.organisation) or row


def destroy_keys(connection: Connection, person: UUID, purpose: Purpose, now: Callable[[], datetime]) -> int:
    """Forget the wrapped keys, of every organisation, for ever; how many were destroyed.

    A row stays, or is made, so that no new key ever is.
    """
    if connection.dialect.name == "sqlite":
        connection.execute(text("PRAGMA secure_delete = ON"))  # the old bytes are overwritten in the file
    count = 0
    for table in (keys, organisation_keys):
        destroyed = connection.scalars(
            update(table)
            .where(table.c.person == person, table.c.purpose == purpose.value, table.c.wrapped.is_not(None))
            .values(wrapped=None, destroyed_at=now())
            .returning(table.c.key)
        )
        count += len(destroyed.all())
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    never: dict[str, Any] = {"key": uuid4(), "person": person, "purpose": purpose.value, "wrapped": None}
    never |= {"added_at": now(), "destroyed_at": now()}
    connection.execute(insert(keys).values(never).on_conflict_do_nothing(index_elements=["person", "purpose"]))
    return count


def _key_row(connection: Connection, wanted: Select[Any]) -> KeyRow | None:
    row = connection.execute(wanted).one_or_none()
    if row is None:
        return None
    organisation = row._mapping.get("organisation", INSTALLATION)
    return KeyRow(row.key, row.person, Purpose(row.purpose), row.wrapped, organisation)
