"""Alarms and notices; and what the watches hold a plan against."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, func, select

from events.store.queries.rows import all_rows, one_row
from events.store.tables.read_models import alarms, gateways, homes, incident_homes, incidents, notices, slots


@dataclass(frozen=True, slots=True)
class AlarmRow:
    """An alarm as the screens list it."""

    id: UUID
    organisation: UUID
    unit: UUID
    kind: str
    cause: str
    role: str
    recipient: UUID | None
    home: UUID | None
    state: str
    owner: UUID | None
    raised_at: datetime
    repeats: int
    act_at: datetime | None
    cleared_at: datetime | None

    @property
    def since(self) -> datetime:
        """Since when it stands."""
        return self.raised_at


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """A notice as the screens list it."""

    id: UUID
    organisation: UUID
    unit: UUID
    kind: str
    to_role: str
    recipient: UUID | None
    home: UUID | None
    about: UUID
    sent_at: datetime
    read_by: UUID | None
    read_at: datetime | None


def alarm(connection: Connection, id_: UUID) -> AlarmRow | None:
    """One alarm, cleared or not."""
    return one_row(connection, select(alarms).where(alarms.c.id == id_), AlarmRow)


def open_alarms(connection: Connection, unit: UUID | None = None) -> list[AlarmRow]:
    """The alarms that stand, acknowledged or not, oldest first; of one unit if it is given."""
    wanted = select(alarms).where(alarms.c.act_at.is_not(None)).order_by(alarms.c.raised_at, alarms.c.id)
    return all_rows(connection, wanted if unit is None else wanted.where(alarms.c.unit == unit), AlarmRow)


def open_alarms_of(connection: Connection, kind: str, cause: str = "") -> list[AlarmRow]:
    """The alarms of a kind that stand, whose cause begins so, oldest first."""
    wanted = select(alarms).where(alarms.c.act_at.is_not(None), alarms.c.kind == kind)
    begins = wanted.where(alarms.c.cause.startswith(cause, autoescape=True))
    return all_rows(connection, begins.order_by(alarms.c.raised_at, alarms.c.id), AlarmRow)


def homes_with_lost_cameras(connection: Connection) -> dict[UUID, tuple[str, ...]]:
    """Of each home with a lost camera: the causes of its alarms, `camera:<id>`."""
    found: dict[UUID, tuple[str, ...]] = {}
    for row in open_alarms_of(connection, "device-lost", "camera:"):
        if row.home is not None:
            found[row.home] = (*found.get(row.home, ()), row.cause)
    return found


def alarms_to_sweep(connection: Connection, now: datetime, limit: int) -> list[AlarmRow]:
    """Alarms whose limit has passed, longest overdue first."""
    wanted = select(alarms).where(alarms.c.act_at <= now).order_by(alarms.c.act_at).limit(limit)
    return all_rows(connection, wanted, AlarmRow)


def all_alarms(connection: Connection) -> list[AlarmRow]:
    """Every alarm, for a check of the whole database."""
    return all_rows(connection, select(alarms), AlarmRow)


def notice(connection: Connection, id_: UUID) -> NoticeRow | None:
    """One notice, read or not."""
    return one_row(connection, select(notices).where(notices.c.id == id_), NoticeRow)


def unread_notices(connection: Connection, unit: UUID | None = None, role: str | None = None) -> list[NoticeRow]:
    """The notices that nobody has read, oldest first; of one unit, to one role, if these are given."""
    wanted = select(notices).where(notices.c.read_at.is_(None)).order_by(notices.c.sent_at, notices.c.id)
    if unit is not None:
        wanted = wanted.where(notices.c.unit == unit)
    return all_rows(connection, wanted if role is None else wanted.where(notices.c.to_role == role), NoticeRow)


def incident_of_gateway(connection: Connection, gateway: UUID) -> UUID | None:
    """The open incident that a gateway, or a home behind it, is lost to."""
    itself = select(incidents.c.id).where(incidents.c.gateway == gateway, incidents.c.closed_at.is_(None)).limit(1)
    behind = _lost_homes().with_only_columns(incidents.c.id).where(homes.c.gateway == gateway).limit(1)
    return connection.scalar(itself) or connection.scalar(behind)


def silent_gateways_of(connection: Connection, incident: UUID) -> list[UUID]:
    """The gateways of an incident and of its homes that are silent now."""
    named = select(incidents.c.gateway).where(incidents.c.id == incident)
    joined = incident_homes.join(homes, homes.c.id == incident_homes.c.home)
    behind = select(homes.c.gateway).select_from(joined).where(incident_homes.c.incident == incident)
    silent = select(gateways.c.id).where(gateways.c.online.is_(False))
    return list(connection.scalars(silent.where(gateways.c.id.in_(named.union(behind))).order_by(gateways.c.id)))


def _lost_homes() -> Select[Any]:
    joined = incident_homes.join(incidents, incidents.c.id == incident_homes.c.incident)
    lost = select(incidents).select_from(joined.join(homes, homes.c.id == incident_homes.c.home))
    return lost.where(incidents.c.closed_at.is_(None), incident_homes.c.back_at.is_(None))


def first_slots(connection: Connection, night: date) -> dict[UUID, datetime]:
    """When the first slot of each unit's night opens."""
    wanted = select(slots.c.unit, func.min(slots.c.opens_at).label("at")).where(slots.c.night == night)
    return {row.unit: row.at for row in connection.execute(wanted.group_by(slots.c.unit))}


def planned_times(connection: Connection, night: date) -> dict[UUID, set[datetime]]:
    """When the slots of a night are due, whatever became of them, by recipient."""
    found: dict[UUID, set[datetime]] = {}
    for row in connection.execute(select(slots.c.recipient, slots.c.due_at).where(slots.c.night == night)):
        found.setdefault(row.recipient, set()).add(row.due_at)
    return found
