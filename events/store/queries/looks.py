"""Looks: the access log, and those of them that somebody has to review."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, select

from events.looks.grant import LookPurpose
from events.store.queries.rows import all_rows
from events.store.tables.read_models import looks


@dataclass(frozen=True, slots=True)
class LookRow:
    """One look: who, at which slot, with which camera, what for, and what came of it.

    A look for two recipients of a home is one row, by the slot that it is counted for. Of a look in a camera's test
    `slot` is the test.
    """

    id: UUID
    slot: UUID
    staff: UUID
    camera: UUID
    granted_at: datetime
    served_at: datetime | None
    frames: int | None
    fault: str | None
    purpose: str | None
    """None in rows from before there was another purpose than a slot."""
    reviewed_by: UUID | None
    reviewed_at: datetime | None
    organisation: UUID
    unit: UUID


def all_looks(connection: Connection) -> list[LookRow]:
    """Every look, for a check of the whole database."""
    return all_rows(connection, select(looks), LookRow)


def looks_to_review(connection: Connection, unit: UUID) -> list[LookRow]:
    """The unit's looks outside the agreed times that nobody has reviewed yet, oldest first."""
    wanted = (
        select(looks)
        .where(looks.c.unit == unit, looks.c.purpose == LookPurpose.ALARM.value, looks.c.reviewed_at.is_(None))
        .order_by(looks.c.granted_at, looks.c.id)
    )
    return all_rows(connection, wanted, LookRow)
