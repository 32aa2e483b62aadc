"""A night's work: slots, looks, visits, and the cars that go."""

from sqlalchemy import Boolean, Column, Date, Float, Index, Integer, String, Text

from events.store.tables.read_models.owned import owned
from events.store.tables.types import Id, Instant

slots = owned(
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
    Column("caller", String),
    Column("uncertain_by", Id),
    Column("reopened_by", Id),
)
"""`act_at` is when the sweeper must act; NULL once the slot has ended."""
Index("ix_slots_act_at", slots.c.act_at)
Index("ix_slots_unit_night", slots.c.unit, slots.c.night)
Index("ix_slots_recipient_night", slots.c.recipient, slots.c.night)
Index("ix_slots_night", slots.c.night)

visits = owned(
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
    Column("area", String),
    Column("people_needed", Integer),
    Column("phone_first", Boolean),
    Column("phoned", String),
    Column("held_by", Id),
    Column("loudness", Integer),
    Column("second_responder", Id),
    Column("acknowledged_at", Instant),
    Column("arrived_at", Instant),
    Column("asked_at", Instant),
    Column("second_act_at", Instant),
)
"""`act_at` is the limit that runs; NULL once the visit is over, and while an incident holds it. `second_act_at` is that
of a second responder, where two are needed. `asked_at` is since when whoever is asked now has been.
"""
Index("ix_visits_act_at", visits.c.act_at)
Index("ix_visits_second_act_at", visits.c.second_act_at)
Index("ix_visits_recipient", visits.c.recipient)
Index("ix_visits_home", visits.c.home)
Index("ix_visits_held_by", visits.c.held_by)
Index("ix_visits_unit_night", visits.c.unit, visits.c.night)

looks = owned(
    "looks",
    Column("id", Id, primary_key=True),
    Column("slot", Id, nullable=False),
    Column("staff", Id, nullable=False),
    Column("camera", Id, nullable=False),
    Column("granted_at", Instant, nullable=False),
    Column("served_at", Instant),
    Column("frames", Integer),
    Column("fault", String),
    Column("purpose", String),
    Column("reviewed_by", Id),
    Column("reviewed_at", Instant),
)
Index("ix_looks_slot", looks.c.slot)
Index("ix_looks_review", looks.c.unit, looks.c.purpose, looks.c.reviewed_at)
"""The access log as a table: every look with its name, whether it showed anything or not."""

patrols = owned(
    "patrols",
    Column("id", Id, primary_key=True),
    Column("name", String, nullable=False),
    Column("areas", Text, nullable=False),
    Column("place", Integer, nullable=False),
    Column("crew", Text, nullable=False),
    Column("state", String, nullable=False),
    Column("state_until", Instant),
)
"""`areas` apart by newlines, `crew` ids apart by spaces; `state` is what the crew said. What its visits tell stands in
theirs.
"""
Index("ix_patrols_unit", patrols.c.unit)
