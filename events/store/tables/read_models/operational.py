"""What comes from messages and from running parts, and from no event: the log cannot rebuild it."""

from typing import Any

from sqlalchemy import Column, Float, Integer, String, Table

from events.store.tables.metadata import METADATA
from events.store.tables.types import Id, Instant

OPERATIONAL: dict[str, Any] = {"operational": True}
"""Marks a table that comes from messages or from running parts and not from events: the log cannot rebuild it."""

heard = Table(
    "heard",
    METADATA,
    Column("gateway", Id, primary_key=True),
    Column("organisation", Id, nullable=False),
    Column("unit", Id, nullable=False),
    Column("at", Instant, nullable=False),
    Column("spooled", Integer, nullable=False),
    Column("schedule_revision", Integer, nullable=False),
    Column("clock_skew_s", Float),
    info=OPERATIONAL,
)
"""The last heartbeat of each gateway. Operational: from messages, not from events, and not rebuilt from the log."""

alive = Table(
    "alive",
    METADATA,
    Column("name", String, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("process", String, nullable=False),
    info=OPERATIONAL,
)
"""Proof of life: when a sweeper last looked through every open slot. Operational, like `heard`."""
