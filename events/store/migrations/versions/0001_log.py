"""The log: events, stream heads, inbox, keys, leases, epochs, checkpoints."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from events.store.epochs import cluster_of
from events.store.tables.types import BigInt, Id, Instant, StreamName, Xid

revision = "0001_log"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables, and begin the first epoch."""
    connection = op.get_bind()
    on_postgres = connection.dialect.name == "postgresql"
    op.create_table(
        "events",
        sa.Column("position", BigInt, nullable=False, autoincrement=False),
        sa.Column("id", Id, nullable=False),
        sa.Column("stream", StreamName, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("schema_version", sa.Integer, nullable=False),
        sa.Column("time", Instant, nullable=False),
        sa.Column("recordedtime", Instant, nullable=False),
        sa.Column("clock_trusted", sa.Boolean, nullable=False),
        sa.Column("actor_kind", sa.String, nullable=False),
        sa.Column("actor_id", sa.String, nullable=False),
        sa.Column("actor_role", sa.String, nullable=False),
        sa.Column("organisation", Id, nullable=False),
        sa.Column("unit", Id, nullable=False),
        sa.Column("correlation", Id, nullable=False),
        sa.Column("causation", Id),
        sa.Column("traceparent", sa.String),
        sa.Column("data", sa.Text, nullable=False),
        sa.Column("xid", Xid, nullable=False, server_default=sa.text("pg_current_xact_id()" if on_postgres else "0")),
        sa.PrimaryKeyConstraint("position", name="pk_events"),
        sa.UniqueConstraint("id", name="uq_events_id"),
        sa.UniqueConstraint("stream", "version", name="uq_events_stream_version"),
    )
    op.create_table(
        "inbox",
        sa.Column("id", Id, nullable=False),
        sa.Column("consumed_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_inbox"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "keys",
        sa.Column("key", Id, nullable=False),
        sa.Column("person", Id, nullable=False),
        sa.Column("purpose", sa.String, nullable=False),
        sa.Column("wrapped", sa.LargeBinary),
        sa.Column("added_at", Instant, nullable=False),
        sa.Column("destroyed_at", Instant),
        sa.PrimaryKeyConstraint("key", name="pk_keys"),
        sa.UniqueConstraint("person", "purpose", name="uq_keys_person_purpose"),
    )
    op.create_table(
        "leases",
        sa.Column("name", sa.String, nullable=False),
        sa.Column("owner", sa.String, nullable=False),
        sa.Column("token", BigInt, nullable=False),
        sa.Column("expires_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_leases"),
    )
    epochs = op.create_table(
        "epochs",
        sa.Column("epoch", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("after_position", BigInt, nullable=False),
        sa.Column("started_at", Instant, nullable=False),
        sa.Column("cluster", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("epoch", name="pk_epochs"),
    )
    op.create_table(
        "checkpoints",
        sa.Column("name", sa.String, nullable=False),
        sa.Column("checkpoint", sa.String, nullable=False),
        sa.Column("saved_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_checkpoints"),
    )
    if on_postgres:
        op.create_index("ix_events_xid_position", "events", ["xid", "position"])
        op.execute("CREATE SEQUENCE events_position OWNED BY events.position")
        op.create_table(
            "stream_heads",
            sa.Column("stream", StreamName, nullable=False),
            sa.Column("version", sa.Integer, nullable=False),
            sa.PrimaryKeyConstraint("stream", name="pk_stream_heads"),
        )
        op.execute("ALTER TABLE stream_heads SET (fillfactor = 70)")  # new heads stay on their page
    else:
        op.execute("CREATE VIEW stream_heads AS SELECT stream, max(version) AS version FROM events GROUP BY stream")
    first = {"epoch": 1, "after_position": 0, "started_at": datetime.now(UTC), "cluster": cluster_of(connection)}
    op.bulk_insert(epochs, [first])
