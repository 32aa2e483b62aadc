"""The rules of a night: cameras in test, patrols, incidents, alarms, notices, roles that expire, shifts."""

import sqlalchemy as sa
from alembic import op

from events.store.tables.types import Id, Instant

revision = "0003_rules_of_a_night"
down_revision = "0002_read_models"
branch_labels = None
depends_on = None


def _owner() -> tuple[sa.Column[object], sa.Column[object]]:
    return (sa.Column("organisation", Id, nullable=False), sa.Column("unit", Id, nullable=False))


def _owned(name: str, *columns: sa.Column[object]) -> None:
    key = sa.PrimaryKeyConstraint("id", name=f"pk_{name}")
    op.create_table(name, sa.Column("id", Id, nullable=False), *columns, *_owner(), key)


def upgrade() -> None:
    """Make the tables and columns, and fill what nobody can work without; `tillsyn rebuild` fills the rest."""
    _columns()
    _cameras_and_patrols()
    _incidents()
    _alarms_and_notices()
    _staff()
    _keys()
    _from_before()


def _columns() -> None:
    added: dict[str, list[sa.Column[object]]] = {
        "homes": [
            sa.Column("area", sa.String),
            sa.Column("key_code", sa.Text),
            sa.Column("key_code_event", Id),
            sa.Column("carer", Id),
            sa.Column("stopped", sa.String),
            sa.Column("closed", sa.Boolean),
        ],
        "recipients": [
            sa.Column("died_at", Instant),
            sa.Column("review_at", Instant),
            sa.Column("decision_handed_to", Id),
            sa.Column("decision_warned", Id),
        ],
        "slots": [sa.Column("caller", sa.String), sa.Column("uncertain_by", Id), sa.Column("reopened_by", Id)],
        "visits": [
            sa.Column("area", sa.String),
            sa.Column("people_needed", sa.Integer),
            sa.Column("phone_first", sa.Boolean),
            sa.Column("phoned", sa.String),
            sa.Column("held_by", Id),
            sa.Column("loudness", sa.Integer),
            sa.Column("second_responder", Id),
            sa.Column("acknowledged_at", Instant),
            sa.Column("arrived_at", Instant),
            sa.Column("asked_at", Instant),
            sa.Column("second_act_at", Instant),
        ],
        "looks": [sa.Column("purpose", sa.String), sa.Column("reviewed_by", Id), sa.Column("reviewed_at", Instant)],
    }
    for table, columns in added.items():
        for column in columns:
            op.add_column(table, column)
    op.create_index("ix_homes_area", "homes", ["area"])
    op.create_index("ix_looks_review", "looks", ["unit", "purpose", "reviewed_at"])
    for name in ("second_act_at", "recipient", "home", "held_by"):
        op.create_index(f"ix_visits_{name}", "visits", [name])


def _cameras_and_patrols() -> None:
    _owned(
        "cameras",
        sa.Column("home", Id, nullable=False),
        sa.Column("gateway", Id, nullable=False),
        sa.Column("sees", sa.Text),
        sa.Column("commissioned", sa.Boolean, nullable=False),
    )
    op.create_index("ix_cameras_home", "cameras", ["home"])
    op.create_index("ix_cameras_gateway", "cameras", ["gateway"])
    op.execute(
        "INSERT INTO cameras (id, home, gateway, sees, commissioned, organisation, unit) "
        "SELECT camera, id, gateway, '', TRUE, organisation, unit FROM homes WHERE camera IS NOT NULL"
    )  # those linked before there was a test are in use
    _owned(
        "patrols",
        sa.Column("name", sa.String, nullable=False),
        sa.Column("areas", sa.Text, nullable=False),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("crew", sa.Text, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("state_until", Instant),
    )
    op.create_index("ix_patrols_unit", "patrols", ["unit"])


def _incidents() -> None:
    _owned(
        "incidents",
        sa.Column("cause", sa.String, nullable=False),
        sa.Column("area", sa.String),
        sa.Column("gateway", Id),
        sa.Column("opened_at", Instant, nullable=False),
        sa.Column("taken_by", Id),
        sa.Column("loudness", sa.Integer, nullable=False),
        sa.Column("closed_at", Instant),
    )
    op.create_index("ix_incidents_unit", "incidents", ["unit"])
    op.create_table(
        "incident_homes",
        sa.Column("incident", Id, nullable=False),
        sa.Column("home", Id, nullable=False),
        *_owner(),
        sa.Column("risk_class", sa.String, nullable=False),
        sa.Column("outage_agreement", sa.String, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("phoned", sa.String),
        sa.Column("decided_by", Id),
        sa.Column("until", Instant),
        sa.Column("back_at", Instant),
        sa.PrimaryKeyConstraint("incident", "home", name="pk_incident_homes"),
    )
    op.create_index("ix_incident_homes_home", "incident_homes", ["home"])
    op.create_index("ix_incident_homes_until", "incident_homes", ["until"])


def _alarms_and_notices() -> None:
    _owned(
        "alarms",
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("cause", sa.String, nullable=False),
        sa.Column("role", sa.String, nullable=False),
        sa.Column("recipient", Id),
        sa.Column("home", Id),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("owner", Id),
        sa.Column("raised_at", Instant, nullable=False),
        sa.Column("repeats", sa.Integer, nullable=False),
        sa.Column("act_at", Instant),
        sa.Column("cleared_at", Instant),
    )
    for column in ("act_at", "unit", "owner"):
        op.create_index(f"ix_alarms_{column}", "alarms", [column])
    _owned(
        "notices",
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("to_role", sa.String, nullable=False),
        sa.Column("recipient", Id),
        sa.Column("home", Id),
        sa.Column("about", Id, nullable=False),
        sa.Column("sent_at", Instant, nullable=False),
        sa.Column("read_by", Id),
        sa.Column("read_at", Instant),
    )
    op.create_index("ix_notices_unit", "notices", ["unit"])


def _staff() -> None:
    op.create_table(
        "staff_roles",
        sa.Column("staff", Id, nullable=False),
        sa.Column("unit", Id, nullable=False),
        sa.Column("role", sa.String, nullable=False),
        sa.Column("organisation", Id, nullable=False),
        sa.Column("holds_from", Instant, nullable=False),
        sa.Column("until", Instant),
        sa.Column("agency", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("staff", "unit", "role", name="pk_staff_roles"),
    )
    op.create_index("ix_staff_roles_unit", "staff_roles", ["unit"])
    _owned(
        "break_glass",
        sa.Column("staff", Id, nullable=False),
        sa.Column("role", sa.String, nullable=False),
        sa.Column("opened_at", Instant, nullable=False),
        sa.Column("until", Instant, nullable=False),
        sa.Column("reviewed_by", Id),
        sa.Column("reviewed_at", Instant),
    )
    op.create_index("ix_break_glass_staff", "break_glass", ["staff"])
    _owned(
        "shifts",
        sa.Column("night", sa.Date, nullable=False),
        sa.Column("staff", Id, nullable=False),
        sa.Column("role", sa.String, nullable=False),
        sa.Column("starts_at", Instant, nullable=False),
        sa.Column("ends_at", Instant, nullable=False),
        sa.Column("source", sa.String, nullable=False),
    )
    op.create_index("ix_shifts_unit_night", "shifts", ["unit", "night"])
    op.create_table(
        "signed_in",
        sa.Column("unit", Id, nullable=False),
        sa.Column("night", sa.Date, nullable=False),
        sa.Column("staff", Id, nullable=False),
        sa.Column("organisation", Id, nullable=False),
        sa.Column("role", sa.String, nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("out_at", Instant),
        sa.PrimaryKeyConstraint("unit", "night", "staff", name="pk_signed_in"),
    )


def _keys() -> None:
    """Keys of organisations beside those there are, which stay as they are wrapped."""
    op.create_table(
        "organisation_keys",
        sa.Column("key", Id, nullable=False),
        sa.Column("organisation", Id, nullable=False),
        sa.Column("person", Id, nullable=False),
        sa.Column("purpose", sa.String, nullable=False),
        sa.Column("wrapped", sa.LargeBinary),
        sa.Column("added_at", Instant, nullable=False),
        sa.Column("destroyed_at", Instant),
        sa.PrimaryKeyConstraint("key", name="pk_organisation_keys"),
        sa.UniqueConstraint(
            "person", "purpose", "organisation", name="uq_organisation_keys_person_purpose_organisation"
        ),
    )


def _from_before() -> None:
    """Who was registered when roles were no rows keeps them; visits and looks are what all of them were then."""
    op.execute("UPDATE looks SET purpose = 'slot'")
    op.execute("UPDATE visits SET people_needed = 1, phone_first = FALSE, loudness = 0")
    connection = op.get_bind()
    registered = connection.execute(
        sa.text(
            "SELECT staff.id, staff.unit, staff.organisation, staff.roles, events.time "
            "FROM staff JOIN events ON events.id = staff.name_event"
        )
    ).all()
    for member in registered:
        for role in member.roles.split():
            connection.execute(
                sa.text(
                    "INSERT INTO staff_roles (staff, unit, role, organisation, holds_from, agency) "
                    "VALUES (:staff, :unit, :role, :organisation, :since, FALSE)"
                ),
                {
                    "staff": member.id,
                    "unit": member.unit,
                    "role": role,
                    "organisation": member.organisation,
                    "since": member.time,
                },
            )
