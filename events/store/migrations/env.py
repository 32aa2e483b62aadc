"""Alembic's entry: runs revisions on the connection that `migrate` opened, all in its one transaction."""

from alembic import context
from sqlalchemy import text

from events.store.tables import METADATA

ONE_AT_A_TIME = 7155197  # an advisory lock of ours: two migrations started at once run one after the other

connection = context.config.attributes["connection"]
if connection.dialect.name == "postgresql":
    connection.execute(text(f"SELECT pg_advisory_xact_lock({ONE_AT_A_TIME})"))
context.configure(connection=connection, target_metadata=METADATA, transactional_ddl=True)
context.run_migrations()
