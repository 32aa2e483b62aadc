"""Who works in a unit: who they are, what they may do, when they are there."""

from sqlalchemy import Boolean, Column, Date, Index, String, Table, Text

from events.store.tables.metadata import METADATA
from events.store.tables.read_models.owned import owned
from events.store.tables.types import Id, Instant

units = owned(
    "units",
    Column("id", Id, primary_key=True),
    Column("name", String, nullable=False),
    Column("zone", String, nullable=False),
)

staff = owned(
    "staff",
    Column("id", Id, primary_key=True),
    Column("roles", String, nullable=False),
    Column("name", Text, nullable=False),
    Column("name_event", Id, nullable=False),
)

staff_roles = Table(
    "staff_roles",
    METADATA,
    Column("staff", Id, primary_key=True),
    Column("unit", Id, primary_key=True),
    Column("role", String, primary_key=True),
    Column("organisation", Id, nullable=False),
    Column("holds_from", Instant, nullable=False),
    Column("until", Instant),
    Column("agency", Boolean, nullable=False),
)
"""What somebody may do in which unit. The row of `staff` is who they are; these are their rights."""
Index("ix_staff_roles_unit", staff_roles.c.unit)

break_glass = owned(
    "break_glass",
    Column("id", Id, primary_key=True),
    Column("staff", Id, nullable=False),
    Column("role", String, nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("until", Instant, nullable=False),
    Column("reviewed_by", Id),
    Column("reviewed_at", Instant),
)
Index("ix_break_glass_staff", break_glass.c.staff)

shifts = owned(
    "shifts",
    Column("id", Id, primary_key=True),
    Column("night", Date, nullable=False),
    Column("staff", Id, nullable=False),
    Column("role", String, nullable=False),
    Column("starts_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False),
    Column("source", String, nullable=False),
)
Index("ix_shifts_unit_night", shifts.c.unit, shifts.c.night)

signed_in = Table(
    "signed_in",
    METADATA,
    Column("unit", Id, primary_key=True),
    Column("night", Date, primary_key=True),
    Column("staff", Id, primary_key=True),
    Column("organisation", Id, nullable=False),
    Column("role", String, nullable=False),
    Column("at", Instant, nullable=False),
    Column("out_at", Instant),
)
