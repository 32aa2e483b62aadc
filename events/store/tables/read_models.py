"""The read models: rows keyed by slot, visit, look, home or person, made from events alone.

Projections write them by name in the append's transaction (``Set("slots", slot, {…})``); the queries that screens,
planner and sweeper ask of them stand in `events.store.queries`. Personal columns hold ciphertext: ``name`` is the
sealed JSON, ``name_event`` the id of the event that it is bound to.
"""

from sqlalchemy import Boolean, Column, Date, Float, Index, Integer, String, Table, Text

from events.store.tables.metadata import METADATA
from events.store.tables.types import Id, Instant


def _owned(name: str, *columns: Column[object]) -> Table:
    """A table whose rows belong to an organisation and a unit, as they were when the row was last written whole."""
    owner = (Column("organisation", Id, nullable=False), Column("unit", Id, nullable=False))
    return Table(name, METADATA, *columns, *owner)


units = _owned(
    "units",
    Column("id", Id, primary_key=True),
    Column("name", String, nullable=False),
    Column("zone", String, nullable=False),
)

staff = _owned(
    "staff",
    Column("id", Id, primary_key=True),
    Column("roles", String, nullable=False),
    Column("name", Text, nullable=False),
    Column("name_event", Id, nullable=False),
)

gateways = _owned(
    "gateways",
    Column("id", Id, primary_key=True),
    Column("public_key", String, nullable=False),
    Column("online", Boolean, nullable=False),
)

homes = _owned(
    "homes",
    Column("id", Id, primary_key=True),
    Column("address", Text, nullable=False),
    Column("address_event", Id, nullable=False),
    Column("risk_class", String, nullable=False),
    Column("outage_agreement", String, nullable=False),
    Column("camera", Id),
    Column("gateway", Id),
)
Index("ix_homes_gateway", homes.c.gateway)

recipients = _owned(
    "recipients",
    Column("id", Id, primary_key=True),
    Column("home", Id, nullable=False),
    Column("name", Text, nullable=False),
    Column("name_event", Id, nullable=False),
    Column("decision_from", Date),
    Column("decision_to", Date),
    Column("decision_ended_at", Instant),
    Column("consent", Id),
    Column("paused", Boolean, nullable=False),
)
Index("ix_recipients_home", recipients.c.home)

slots = _owned(
    "slots",
    Column("id", Id, primary_key=True),
    Column("recipient", Id, nullable=False),
    Column("home", Id, nullable=False),
    Column("night", Date, nullable=False),
    Column("kind", String, nullable=False),
    Column("status", String, nullable=False),
    Column("reason", String),
    Column("opens_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("late_at", Instant, nullable=False),
    Column("deadline", Instant, nullable=False),
    Column("act_at", Instant),
    Column("reported", String),
    Column("second_look_at", Instant),
    Column("lease_by", Id),
    Column("lease_until", Instant),
    Column("completed_by", String),
    Column("settled_by", String),
    Column("settled_at", Instant),
    Column("visit", Id),
)
"""`act_at` is when the sweeper must act; NULL once the slot has ended."""
Index("ix_slots_act_at", slots.c.act_at)
Index("ix_slots_unit_night", slots.c.unit, slots.c.night)
Index("ix_slots_recipient_night", slots.c.recipient, slots.c.night)
Index("ix_slots_night", slots.c.night)

visits = _owned(
    "visits",
    Column("id", Id, primary_key=True),
    Column("slot", Id, nullable=False),
    Column("recipient", Id, nullable=False),
    Column("home", Id, nullable=False),
    Column("night", Date, nullable=False),
    Column("kind", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("stage", String, nullable=False),
    Column("responder", Id),
    Column("step", Integer, nullable=False),
    Column("not_before", Instant, nullable=False),
    Column("act_at", Instant),
    Column("requested_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("minutes", Integer),
    Column("people", Integer),
    Column("kilometres", Float),
    Column("found", String),
)
"""`act_at` is the limit that runs; NULL once the visit is over."""
Index("ix_visits_act_at", visits.c.act_at)
Index("ix_visits_unit_night", visits.c.unit, visits.c.night)

looks = _owned(
    "looks",
    Column("id", Id, primary_key=True),
    Column("slot", Id, nullable=False),
    Column("staff", Id, nullable=False),
    Column("camera", Id, nullable=False),
    Column("granted_at", Instant, nullable=False),
    Column("served_at", Instant),
    Column("frames", Integer),
    Column("fault", String),
)
Index("ix_looks_slot", looks.c.slot)
"""The access log as a table: every look with its name, whether it showed anything or not."""

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
)
"""The last heartbeat of each gateway. Operational: from messages, not from events, and not rebuilt from the log."""

alive = Table(
    "alive",
    METADATA,
    Column("name", String, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("process", String, nullable=False),
)
"""Proof of life: when a sweeper last looked through every open slot. Operational, like `heard`."""
