"""Where people live, what was agreed with them, and the boxes and cameras that are there."""

from sqlalchemy import Boolean, Column, Date, Index, String, Text

from events.store.tables.read_models.owned import owned
from events.store.tables.types import Id, Instant

gateways = owned(
    "gateways",
    Column("id", Id, primary_key=True),
    Column("public_key", String, nullable=False),
    Column("online", Boolean, nullable=False),
)

homes = owned(
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

cameras = owned(
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

recipients = owned(
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
