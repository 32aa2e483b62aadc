"""The read models of the tillsyn service: units, people, homes, slots, visits, looks; and what gateways last said."""

import sqlalchemy as sa
from alembic import op

from events.store.tables.types import Id, Instant

revision = "0002_read_models"
down_revision = "0001_log"
branch_labels = None
depends_on = None


def _owned(name: str, *columns: sa.Column[object]) -> None:
    owner = (sa.Column("organisation", Id, nullable=False), sa.Column("unit", Id, nullable=False))
    op.create_table(name, *columns, *owner, sa.PrimaryKeyConstraint("id", name=f"pk_{name}"))


def upgrade() -> None:
    """Make the tables; those who append from now on fill them."""
    _people()
    _slots()
    _visits()
    _looks()
    _operational()


def _people() -> None:
    _owned(
        "units",
        sa.Column("id", Id, nullable=False),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("zone", sa.String, nullable=False),
    )
    _owned(
        "staff",
        sa.Column("id", Id, nullable=False),
        sa.Column("roles", sa.String, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("name_event", Id, nullable=False),
    )
    _owned(
        "gateways",
        sa.Column("id", Id, nullable=False),
        sa.Column("public_key", sa.String, nullable=False),
        sa.Column("online", sa.Boolean, nullable=False),
    )
    _owned(
        "homes",
        sa.Column("id", Id, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("address_event", Id, nullable=False),
        sa.Column("risk_class", sa.String, nullable=False),
        sa.Column("outage_agreement", sa.String, nullable=False),
        sa.Column("camera", Id),
        sa.Column("gateway", Id),
    )
    op.create_index("ix_homes_gateway", "homes", ["gateway"])
    _owned(
        "recipients",
        sa.Column("id", Id, nullable=False),
        sa.Column("home", Id, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("name_event", Id, nullable=False),
        sa.Column("decision_from", sa.Date),
        sa.Column("decision_to", sa.Date),
        sa.Column("decision_ended_at", Instant),
        sa.Column("consent", Id),
        sa.Column("paused", sa.Boolean, nullable=False),
    )
    op.create_index("ix_recipients_home", "recipients", ["home"])


def _slots() -> None:
    _owned(
        "slots",
        sa.Column("id", Id, nullable=False),
        sa.Column("recipient", Id, nullable=False),
        sa.Column("home", Id, nullable=False),
        sa.Column("night", sa.Date, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("status", sa.String, nullable=False),
        sa.Column("reason", sa.String),
        sa.Column("opens_at", Instant, nullable=False),
        sa.Column("due_at", Instant, nullable=False),
        sa.Column("late_at", Instant, nullable=False),
        sa.Column("deadline", Instant, nullable=False),
        sa.Column("act_at", Instant),
        sa.Column("reported", sa.String),
        sa.Column("second_look_at", Instant),
        sa.Column("lease_by", Id),
        sa.Column("lease_until", Instant),
        sa.Column("completed_by", sa.String),
        sa.Column("settled_by", sa.String),
        sa.Column("settled_at", Instant),
        sa.Column("visit", Id),
    )
    op.create_index("ix_slots_act_at", "slots", ["act_at"])
    op.create_index("ix_slots_unit_night", "slots", ["unit", "night"])
    op.create_index("ix_slots_recipient_night", "slots", ["recipient", "night"])
    op.create_index("ix_slots_night", "slots", ["night"])


def _visits() -> None:
    _owned(
        "visits",
        sa.Column("id", Id, nullable=False),
        sa.Column("slot", Id, nullable=False),
        sa.Column("recipient", Id, nullable=False),
        sa.Column("home", Id, nullable=False),
        sa.Column("night", sa.Date, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("reason", sa.String, nullable=False),
        sa.Column("stage", sa.String, nullable=False),
        sa.Column("responder", Id),
        sa.Column("step", sa.Integer, nullable=False),
        sa.Column("not_before", Instant, nullable=False),
        sa.Column("act_at", Instant),
        sa.Column("requested_at", Instant, nullable=False),
        sa.Column("ended_at", Instant),
        sa.Column("minutes", sa.Integer),
        sa.Column("people", sa.Integer),
        sa.Column("kilometres", sa.Float),
        sa.Column("found", sa.String),
    )
    op.create_index("ix_visits_act_at", "visits", ["act_at"])
    op.create_index("ix_visits_unit_night", "visits", ["unit", "night"])


def _looks() -> None:
    _owned(
        "looks",
        sa.Column("id", Id, nullable=False),
        sa.Column("slot", Id, nullable=False),
        sa.Column("staff", Id, nullable=False),
        sa.Column("camera", Id, nullable=False),
        sa.Column("granted_at", Instant, nullable=False),
        sa.Column("served_at", Instant),
        sa.Column("frames", sa.Integer),
        sa.Column("fault", sa.String),
    )
    op.create_index("ix_looks_slot", "looks", ["slot"])


def _operational() -> None:
    op.create_table(
        "heard",
        sa.Column("gateway", Id, nullable=False),
        sa.Column("organisation", Id, nullable=False),
        sa.Column("unit", Id, nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("spooled", sa.Integer, nullable=False),
        sa.Column("schedule_revision", sa.Integer, nullable=False),
        sa.Column("clock_skew_s", sa.Float),
        sa.PrimaryKeyConstraint("gateway", name="pk_heard"),
    )
    op.create_table(
        "alive",
        sa.Column("name", sa.String, nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("process", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_alive"),
    )
