"""Visits: by id, by night, by the limit that runs."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Connection, select

from events.store.queries.rows import all_rows, one_row
from events.store.tables.read_models import visits


@dataclass(frozen=True, slots=True)
class VisitRow:
    """A visit as the patrol's list shows it."""

    id: UUID
    slot: UUID
    recipient: UUID
    home: UUID
    night: date
    kind: str
    reason: str
    stage: str
    responder: UUID | None
    step: int
    not_before: datetime
    act_at: datetime | None
    requested_at: datetime
    ended_at: datetime | None
    minutes: int | None
    people: int | None
    kilometres: float | None
    found: str | None
    organisation: UUID
    unit: UUID
    area: str | None = None
    people_needed: int | None = None
    phone_first: bool | None = None
    phoned: str | None = None
    held_by: UUID | None = None
    loudness: int | None = None
    second_responder: UUID | None = None
    acknowledged_at: datetime | None = None
    arrived_at: datetime | None = None


def visit(connection: Connection, id_: UUID) -> VisitRow | None:
    """One visit."""
    return one_row(connection, select(visits).where(visits.c.id == id_), VisitRow)


def visits_of_night(connection: Connection, night: date, unit: UUID | None = None) -> list[VisitRow]:
    """Every visit of a night, in order of request; of one unit if it is given."""
    wanted = select(visits).where(visits.c.night == night).order_by(visits.c.requested_at, visits.c.id)
    return all_rows(connection, wanted if unit is None else wanted.where(visits.c.unit == unit), VisitRow)


def all_visits(connection: Connection) -> list[VisitRow]:
    """Every visit, for a check of the whole database."""
    return all_rows(connection, select(visits), VisitRow)


def open_visits(connection: Connection, unit: UUID) -> list[VisitRow]:
    """The unit's visits that are not over, the next limit first."""
    wanted = (
        select(visits).where(visits.c.unit == unit, visits.c.act_at.is_not(None)).order_by(visits.c.act_at, visits.c.id)
    )
    return all_rows(connection, wanted, VisitRow)


def open_visits_of(connection: Connection, recipient: UUID) -> list[UUID]:
    """The visits to a recipient that are not over, in order of request."""
    wanted = (
        select(visits.c.id)
        .where(visits.c.recipient == recipient, visits.c.ended_at.is_(None))
        .order_by(visits.c.requested_at, visits.c.id)
    )
    return list(connection.scalars(wanted))


def visits_to_sweep(connection: Connection, now: datetime, limit: int) -> list[UUID]:
    """Visits whose limit has passed, longest overdue first."""
    wanted = select(visits.c.id).where(visits.c.act_at <= now).order_by(visits.c.act_at).limit(limit)
    return list(connection.scalars(wanted))
