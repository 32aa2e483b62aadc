"""Which streams tell of a night, for telling it without reading the whole log; and what is named in it."""

from collections.abc import Iterator
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Connection, Select, or_, select

from events.store.tables.read_models import (
    alarms,
    break_glass,
    homes,
    incidents,
    notices,
    patrols,
    slots,
    staff,
    units,
    visits,
)


def streams_of_night(connection: Connection, night: date, unit: UUID, since: datetime, until: datetime) -> list[str]:
    """The streams in which something of a unit's night may stand, which lasts from `since` to `until`, sorted."""
    return sorted(set(_streams(connection, night, unit, since, until)))


def kinds_of_things(connection: Connection) -> dict[UUID, str]:
    """What each unit, home, car and member of staff is: `unit`, `home`, `car`, or the first of their roles."""
    found = {row.id: row.roles.split()[0] for row in connection.execute(select(staff.c.id, staff.c.roles)) if row.roles}
    for kind, table in {"unit": units, "home": homes, "car": patrols}.items():
        found |= dict.fromkeys(connection.scalars(select(table.c.id)), kind)
    return found


def _streams(connection: Connection, night: date, unit: UUID, since: datetime, until: datetime) -> Iterator[str]:
    planned = select(slots.c.recipient, slots.c.home).where(slots.c.unit == unit, slots.c.night == night).distinct()
    for row in connection.execute(planned):
        yield from (f"night-{row.recipient}-{night}", f"recipient-{row.recipient}", f"home-{row.home}")
    for visit in connection.scalars(select(visits.c.id).where(visits.c.unit == unit, visits.c.night == night)):
        yield f"visit-{visit}"
    sent = select(notices.c.id).where(notices.c.unit == unit, notices.c.sent_at >= since, notices.c.sent_at < until)
    yield from (f"notice-{id_}" for id_ in connection.scalars(sent))
    yield from (f"alarm-{id_}" for id_ in connection.scalars(_alarm_streams(unit, since, until)))
    taken = select(break_glass.c.staff).where(break_glass.c.unit == unit, break_glass.c.opened_at < until)
    of_now = or_(break_glass.c.opened_at >= since, break_glass.c.reviewed_at >= since)
    yield from (f"roles-{who}" for who in connection.scalars(taken.where(of_now)))
    for patrol in connection.scalars(select(patrols.c.id).where(patrols.c.unit == unit)):
        yield f"patrol-{patrol}"
    if connection.scalar(select(incidents.c.id).where(incidents.c.unit == unit).limit(1)) is not None:
        yield f"incident-{unit}"
    yield f"shift-{unit}-{night}"


def _alarm_streams(unit: UUID, since: datetime, until: datetime) -> Select[tuple[UUID]]:
    """The alarms that stood in the night, each by the first that there ever was of its cause: it names the stream."""
    first = alarms.alias()
    same = (first.c.kind == alarms.c.kind, first.c.cause == alarms.c.cause)
    named = select(first.c.id).where(*same).order_by(first.c.raised_at, first.c.id).limit(1)
    stood = or_(alarms.c.cleared_at.is_(None), alarms.c.cleared_at >= since)
    return select(named.scalar_subquery()).where(alarms.c.unit == unit, alarms.c.raised_at < until, stood)
