"""Slots: by id, by night, by urgency."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Connection, func, select

from events.store.queries.rows import all_rows, one_row
from events.store.tables.read_models import slots


@dataclass(frozen=True, slots=True)
class SlotRow:
    """A slot as the worklist and the night's table show it."""

    id: UUID
    recipient: UUID
    home: UUID
    night: date
    kind: str
    status: str
    reason: str | None
    opens_at: datetime
    due_at: datetime
    late_at: datetime
    deadline: datetime
    act_at: datetime | None
    reported: str | None
    second_look_at: datetime | None
    lease_by: UUID | None
    lease_until: datetime | None
    completed_by: str | None
    settled_by: str | None
    settled_at: datetime | None
    visit: UUID | None
    organisation: UUID
    unit: UUID
    caller: str | None = None
    uncertain_by: UUID | None = None
    reopened_by: UUID | None = None


def slot(connection: Connection, id_: UUID) -> SlotRow | None:
    """One slot."""
    return one_row(connection, select(slots).where(slots.c.id == id_), SlotRow)


def slots_of_night(connection: Connection, night: date, unit: UUID | None = None) -> list[SlotRow]:
    """Every slot of a night, in order of time; of one unit if it is given."""
    wanted = select(slots).where(slots.c.night == night).order_by(slots.c.due_at, slots.c.id)
    return all_rows(connection, wanted if unit is None else wanted.where(slots.c.unit == unit), SlotRow)


def all_slots(connection: Connection) -> list[SlotRow]:
    """Every slot, for a check of the whole database."""
    return all_rows(connection, select(slots), SlotRow)


def slots_of_visit(connection: Connection, recipient: UUID, night: date, visit: UUID) -> list[UUID]:
    """The slots of a recipient's night that a visit is made for: several may have run out together."""
    theirs = (slots.c.recipient == recipient, slots.c.night == night, slots.c.visit == visit)
    return list(connection.scalars(select(slots.c.id).where(*theirs).order_by(slots.c.id)))


def worklist(connection: Connection, unit: UUID, now: datetime) -> list[SlotRow]:
    """The unit's open slots whose window has opened, most urgent first."""
    wanted = (
        select(slots)
        .where(slots.c.unit == unit, slots.c.act_at.is_not(None), slots.c.opens_at <= now)
        .order_by(slots.c.act_at, slots.c.id)
    )
    return all_rows(connection, wanted, SlotRow)


def open_nights(connection: Connection, recipient: UUID) -> list[date]:
    """The planned nights of a recipient in which a slot is open or was cancelled, oldest first."""
    wanted = (
        select(slots.c.night)
        .where(slots.c.recipient == recipient, slots.c.status.in_(("open", "cancelled")))
        .distinct()
        .order_by(slots.c.night)
    )
    return list(connection.scalars(wanted))


def nights_under_way(connection: Connection, recipient: UUID, now: datetime) -> list[date]:
    """The nights of a recipient in which a slot is open whose window has opened."""
    opened = (slots.c.recipient == recipient, slots.c.status == "open", slots.c.opens_at <= now)
    return list(connection.scalars(select(slots.c.night).where(*opened).distinct().order_by(slots.c.night)))


def latest_planned_night(connection: Connection, recipient: UUID) -> date | None:
    """The last night that is planned. A manual alarm plans nothing."""
    planned = select(func.max(slots.c.night)).where(slots.c.recipient == recipient, slots.c.caller.is_(None))
    latest: date | None = connection.scalar(planned)
    return latest


def closed_to_the_camera(connection: Connection, recipient: UUID, since: date) -> list[UUID]:
    """Planned slots from a night on that are not the camera's: visits and cancelled ones, in order of time."""
    wanted = (
        select(slots.c.id)
        .where(slots.c.recipient == recipient, slots.c.night >= since)
        .where((slots.c.kind == "visit") | (slots.c.status == "cancelled"))
        .order_by(slots.c.due_at, slots.c.id)
    )
    return list(connection.scalars(wanted))


def nights_to_sweep(connection: Connection, now: datetime, limit: int) -> list[tuple[UUID, date]]:
    """(recipient, night) of slots whose time to act has come, longest overdue first."""
    first = func.min(slots.c.act_at)
    wanted = (
        select(slots.c.recipient, slots.c.night)
        .where(slots.c.act_at <= now)
        .group_by(slots.c.recipient, slots.c.night)
        .order_by(first)
        .limit(limit)
    )
    return [(row.recipient, row.night) for row in connection.execute(wanted)]
