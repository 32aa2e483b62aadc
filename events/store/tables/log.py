"""The tables of the log itself. Projections and row writes cannot touch them; only `append` and the store do."""

from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    FetchedValue,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from events.store.tables.metadata import METADATA
from events.store.tables.types import BigInt, Id, Instant, StreamName, Xid

LOG: dict[str, Any] = {"log": True}
"""Marks a table that no row write may name."""

events = Table(
    "events",
    METADATA,
    Column("position", BigInt, primary_key=True, autoincrement=False),
    Column("id", Id, nullable=False, unique=True),
    Column("stream", StreamName, nullable=False),
    Column("version", Integer, nullable=False),
    Column("name", String, nullable=False),
    Column("schema_version", Integer, nullable=False),
    Column("time", Instant, nullable=False),
    Column("recordedtime", Instant, nullable=False),
    Column("clock_trusted", Boolean, nullable=False),
    Column("actor_kind", String, nullable=False),
    Column("actor_id", String, nullable=False),
    Column("actor_role", String, nullable=False),
    Column("organisation", Id, nullable=False),
    Column("unit", Id, nullable=False),
    Column("correlation", Id, nullable=False),
    Column("causation", Id),
    Column("traceparent", String),
    Column("data", Text, nullable=False),
    Column("xid", Xid, nullable=False, server_default=FetchedValue()),
    UniqueConstraint("stream", "version"),
    info=LOG,
)
"""What happened. Rows are added and never changed. `position` comes from the sequence `events_position`."""

Index("ix_events_xid_position", events.c.xid, events.c.position).ddl_if(dialect="postgresql")

stream_heads = Table(
    "stream_heads",
    METADATA,
    Column("stream", StreamName, primary_key=True),
    Column("version", Integer, nullable=False),
    info=LOG,
)
"""One row a stream: what an append locks. Version 0 is a stream that somebody relied on and that has no events yet.
On SQLite, where the whole file is locked, it is a view of the log."""

inbox = Table(
    "inbox",
    METADATA,
    Column("id", Id, primary_key=True),
    Column("consumed_at", Instant, nullable=False),
    info=LOG,
    sqlite_with_rowid=False,
)
"""The messages that were consumed."""

keys = Table(
    "keys",
    METADATA,
    Column("key", Id, primary_key=True),
    Column("person", Id, nullable=False),
    Column("purpose", String, nullable=False),
    Column("wrapped", LargeBinary),
    Column("added_at", Instant, nullable=False),
    Column("destroyed_at", Instant),
    UniqueConstraint("person", "purpose"),
    info=LOG,
)
"""Data keys, wrapped by the master key. A destroyed key keeps its row, without the key."""

organisation_keys = Table(
    "organisation_keys",
    METADATA,
    Column("key", Id, primary_key=True),
    Column("organisation", Id, nullable=False),
    Column("person", Id, nullable=False),
    Column("purpose", String, nullable=False),
    Column("wrapped", LargeBinary),
    Column("added_at", Instant, nullable=False),
    Column("destroyed_at", Instant),
    UniqueConstraint("person", "purpose", "organisation"),
    info=LOG,
)
"""Data keys, wrapped by the key of an organisation. Those in `keys` are older, and wrapped by the master key itself; a
row there whose key is destroyed stands for every organisation."""

leases = Table(
    "leases",
    METADATA,
    Column("name", String, primary_key=True),
    Column("owner", String, nullable=False),
    Column("token", BigInt, nullable=False),
    Column("expires_at", Instant, nullable=False),
    info=LOG,
)
"""Who may act for a partition or a task. The token grows with every new holder."""

epochs = Table(
    "epochs",
    METADATA,
    Column("epoch", Integer, primary_key=True, autoincrement=False),
    Column("after_position", BigInt, nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("cluster", String, nullable=False),
    info=LOG,
)
"""An epoch holds the positions above its `after_position`, up to the next one's. Within one, xids are comparable."""

checkpoints = Table(
    "checkpoints",
    METADATA,
    Column("name", String, primary_key=True),
    Column("checkpoint", String, nullable=False),
    Column("saved_at", Instant, nullable=False),
    info=LOG,
)
"""How far each reader of the log has come."""
