"""Which streams tell of a night: for telling it without reading the whole log."""

from collections.abc import Iterator
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Connection, select

from events.store.tables.read_models import alarms, incidents, notices, patrols, slots, visits


def streams_of_night(connection: Connection, night: date, unit: UUID, since: datetime, until: datetime) -> list[str]:
    """The streams in which something of a unit's night may stand, which lasts from `since` to `until`, sorted."""
    return sorted(set(_streams(connection, night, unit, since, until)))


def _streams(connection: Connection, night: date, unit: UUID, since: datetime, until: datetime) -> Iterator[str]:
    planned = select(slots.c.recipient, slots.c.home).where(slots.c.unit == unit, slots.c.night == night).distinct()
    for row in connection.execute(planned):
        yield from (f"night-{row.recipient}-{night}", f"recipient-{row.recipient}", f"home-{row.home}")
    for visit in connection.scalars(select(visits.c.id).where(visits.c.unit == unit, visits.c.night == night)):
        yield f"visit-{visit}"
    for table, at, kind in ((alarms, alarms.c.raised_at, "alarm"), (notices, notices.c.sent_at, "notice")):
        raised = select(table.c.id).where(table.c.unit == unit, at >= since, at < until)
        yield from (f"{kind}-{id_}" for id_ in connection.scalars(raised))
    for patrol in connection.scalars(select(patrols.c.id).where(patrols.c.unit == unit)):
        yield f"patrol-{patrol}"
    if connection.scalar(select(incidents.c.id).where(incidents.c.unit == unit).limit(1)) is not None:
        yield f"incident-{unit}"
    yield f"shift-{unit}-{night}"
