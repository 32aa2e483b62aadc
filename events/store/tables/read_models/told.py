"""What somebody must do something about: incidents, alarms, notices."""

from sqlalchemy import Column, Index, Integer, String, Table

from events.store.tables.metadata import METADATA
from events.store.tables.read_models.owned import owned
from events.store.tables.types import Id, Instant

incidents = owned(
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

alarms = owned(
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

notices = owned(
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
