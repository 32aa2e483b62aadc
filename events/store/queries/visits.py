"""Visits: by id, by night, by the limit that runs."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, or_, select

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
    asked_at: datetime | None = None
    second_act_at: datetime | None = None


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
    """The unit's visits not over, held ones too: those sent by their next limit, then those planned by time."""
    return _listed(all_rows(connection, select(visits).where(visits.c.unit == unit, _open()), VisitRow))


def visits_of_patrol(connection: Connection, unit: UUID, responder: UUID) -> list[VisitRow]:
    """What a patrol, or a person, is asked for, drives to, is at, or goes along to, in the same order."""
    theirs = or_(visits.c.responder == responder, visits.c.second_responder == responder)
    wanted = select(visits).where(visits.c.unit == unit, _open(), theirs)
    return _listed(all_rows(connection, wanted, VisitRow))


def open_visits_of(connection: Connection, recipient: UUID) -> list[UUID]:
    """The visits to a recipient that are not over, in order of request."""
    wanted = (
        select(visits.c.id)
        .where(visits.c.recipient == recipient, visits.c.ended_at.is_(None))
        .order_by(visits.c.requested_at, visits.c.id)
    )
    return list(connection.scalars(wanted))


def sent_visits_of(connection: Connection, recipient: UUID) -> list[UUID]:
    """The visits that somebody was sent on to a recipient, or that told of their death, in order of request."""
    wanted = (
        select(visits.c.id)
        .where(visits.c.recipient == recipient, or_(visits.c.kind == "sent", visits.c.found == "found-dead"))
        .order_by(visits.c.requested_at, visits.c.id)
    )
    return list(connection.scalars(wanted))


def visits_under_way_in(connection: Connection, home: UUID) -> list[VisitRow]:
    """Visits whose responder is in this home now."""
    there = (visits.c.home == home, visits.c.stage == "arrived")
    return all_rows(connection, select(visits).where(*there).order_by(visits.c.arrived_at, visits.c.id), VisitRow)


def visits_to_sweep(connection: Connection, now: datetime, limit: int) -> list[UUID]:
    """Visits with a limit that has passed, longest overdue first."""
    found: dict[UUID, datetime] = {}
    for limit_of in (visits.c.act_at, visits.c.second_act_at):
        wanted = select(visits.c.id, limit_of).where(limit_of <= now).order_by(limit_of).limit(limit)
        for id_, act_at in connection.execute(wanted):
            found[id_] = min(act_at, found.get(id_, act_at))
    return sorted(found, key=found.__getitem__)[:limit]


def _open() -> ColumnElement[bool]:
    return or_(visits.c.act_at.is_not(None), visits.c.held_by.is_not(None))


def _listed(rows: list[VisitRow]) -> list[VisitRow]:
    return sorted(rows, key=lambda row: (row.kind != "sent", _first(row), str(row.id)))


def _first(row: VisitRow) -> datetime:
    return row.act_at or row.requested_at if row.kind == "sent" else row.not_before
