"""The read models: rows keyed by slot, visit, look, home or person, made from events alone.

Projections write them by name in the append's transaction (``Set("slots", slot, {…})``); the queries that screens,
planner and sweeper ask of them stand in `events.store.queries`. Personal columns hold ciphertext: ``name`` is the
sealed JSON, ``name_event`` the id of the event that it is bound to.
"""

from typing import Any

from sqlalchemy import Boolean, Column, Date, Float, Index, Integer, String, Table, Text

from events.store.tables.metadata import METADATA
from events.store.tables.types import Id, Instant

OPERATIONAL: dict[str, Any] = {"operational": True}
"""Marks a table that comes from messages or from running parts and not from events: the log cannot rebuild it."""


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
    Column("area", String),
    Column("key_code", Text),
    Column("key_code_event", Id),
    Column("carer", Id),
    Column("stopped", String),
    Column("closed", Boolean),
)
"""`camera` and `gateway` are those linked last, NULL once any is unlinked: of several ask `cameras`. `carer` is who
came last, until anybody goes: of several ask the stream."""
Index("ix_homes_gateway", homes.c.gateway)
Index("ix_homes_area", homes.c.area)

cameras = _owned(
    "cameras",
    Column("id", Id, primary_key=True),
    Column("home", Id, nullable=False),
    Column("gateway", Id, nullable=False),
    Column("sees", Text),
    Column("commissioned", Boolean, nullable=False),
)
"""Cameras that are linked to a home, tested or not yet; `sees` is recipients' ids, apart by spaces, empty for all."""
Index("ix_cameras_home", cameras.c.home)
Index("ix_cameras_gateway", cameras.c.gateway)

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
    Column("died_at", Instant),
    Column("review_at", Instant),
    Column("decision_handed_to", Id),
    Column("decision_warned", Id),
)
"""`review_at` is when an absence without an end must be asked about; `decision_warned` the decision told of last."""
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
    Column("caller", String),
    Column("uncertain_by", Id),
    Column("reopened_by", Id),
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
    Column("purpose", String),
    Column("reviewed_by", Id),
    Column("reviewed_at", Instant),
)
Index("ix_looks_slot", looks.c.slot)
Index("ix_looks_review", looks.c.unit, looks.c.purpose, looks.c.reviewed_at)
"""The access log as a table: every look with its name, whether it showed anything or not."""

patrols = _owned(
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

incidents = _owned(
    "incidents",
    Column("id", Id, primary_key=True),
    Column("cause", String, nullable=False),
    Column("area", String),
    Column("gateway", Id),
    Column("opened_at", Instant, nullable=False),
    Column("taken_by", Id),
    Column("loudness", Integer, nullable=False),
    Column("closed_at", Instant),
)
Index("ix_incidents_unit", incidents.c.unit)

incident_homes = Table(
    "incident_homes",
    METADATA,
    Column("incident", Id, primary_key=True),
    Column("home", Id, primary_key=True),
    Column("organisation", Id, nullable=False),
    Column("unit", Id, nullable=False),
    Column("risk_class", String, nullable=False),
    Column("outage_agreement", String, nullable=False),
    Column("state", String, nullable=False),
    Column("phoned", String),
    Column("decided_by", Id),
    Column("until", Instant),
    Column("back_at", Instant),
)
"""`until` is when the home must be decided about; NULL while it need not be."""
Index("ix_incident_homes_home", incident_homes.c.home)
Index("ix_incident_homes_until", incident_homes.c.until)

alarms = _owned(
    "alarms",
    Column("id", Id, primary_key=True),
    Column("kind", String, nullable=False),
    Column("cause", String, nullable=False),
    Column("role", String, nullable=False),
    Column("recipient", Id),
    Column("home", Id),
    Column("state", String, nullable=False),
    Column("owner", Id),
    Column("raised_at", Instant, nullable=False),
    Column("repeats", Integer, nullable=False),
    Column("act_at", Instant),
    Column("cleared_at", Instant),
)
"""`act_at` is when it repeats; NULL once it is cleared."""
Index("ix_alarms_act_at", alarms.c.act_at)
Index("ix_alarms_unit", alarms.c.unit)
Index("ix_alarms_owner", alarms.c.owner)

notices = _owned(
    "notices",
    Column("id", Id, primary_key=True),
    Column("kind", String, nullable=False),
    Column("to_role", String, nullable=False),
    Column("recipient", Id),
    Column("home", Id),
    Column("about", Id, nullable=False),
    Column("sent_at", Instant, nullable=False),
    Column("read_by", Id),
    Column("read_at", Instant),
)
Index("ix_notices_unit", notices.c.unit)

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

break_glass = _owned(
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

shifts = _owned(
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
