"""What the lists on paper are made of: a unit's night with names, addresses and key codes, all of them sealed."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, exists, or_, select

from events.store.queries.rows import all_rows
from events.store.tables.read_models import homes, patrols, recipients, slots, visits


@dataclass(frozen=True, slots=True)
class PaperPatrolRow:
    """A patrol as a list is headed; `areas` apart by newlines."""

    id: UUID
    name: str
    areas: str
    place: int


@dataclass(frozen=True, slots=True)
class PaperRow:
    """A person at an address, and a slot of theirs; `slot` None and no times for somebody who has none tonight.

    `visit_stage` is how far the slot's visit has come, if it has one.
    """

    recipient: UUID
    home: UUID
    name: str
    name_event: UUID
    address: str
    address_event: UUID
    key_code: str | None
    key_code_event: UUID | None
    risk_class: str
    outage_agreement: str
    area: str | None
    slot: UUID | None = None
    kind: str | None = None
    status: str | None = None
    reason: str | None = None
    opens_at: datetime | None = None
    due_at: datetime | None = None
    deadline: datetime | None = None
    caller: str | None = None
    people_needed: int | None = None
    visit_stage: str | None = None
    died_at: datetime | None = None


_PERSON: tuple[ColumnElement[Any], ...] = (
    recipients.c.id.label("recipient"),
    recipients.c.name,
    recipients.c.name_event,
    recipients.c.died_at,
    homes.c.id.label("home"),
    homes.c.address,
    homes.c.address_event,
    homes.c.key_code,
    homes.c.key_code_event,
    homes.c.risk_class,
    homes.c.outage_agreement,
    homes.c.area,
)


def paper_patrols(connection: Connection, unit: UUID) -> list[PaperPatrolRow]:
    """The unit's patrols in the order of asking."""
    columns = (patrols.c[name] for name in PaperPatrolRow.__slots__)
    wanted = select(*columns).where(patrols.c.unit == unit).order_by(patrols.c.place, patrols.c.id)
    return all_rows(connection, wanted, PaperPatrolRow)


def paper_rows(connection: Connection, unit: UUID, night: date) -> list[PaperRow]:
    """Every slot of the unit's night, of whatever kind and however it stands, in order of time."""
    joined = (
        slots.join(recipients, recipients.c.id == slots.c.recipient)
        .join(homes, homes.c.id == slots.c.home)
        .outerjoin(visits, visits.c.id == slots.c.visit)
    )
    plain = (slots.c[name] for name in ("kind", "status", "reason", "opens_at", "due_at", "deadline", "caller"))
    wanted = (
        select(*_PERSON, slots.c.id.label("slot"), *plain, visits.c.people_needed, visits.c.stage.label("visit_stage"))
        .select_from(joined)
        .where(slots.c.unit == unit, slots.c.night == night)
        .order_by(slots.c.due_at, slots.c.id)
    )
    return all_rows(connection, wanted, PaperRow)


def paper_rows_without_slots(connection: Connection, unit: UUID, night: date) -> list[PaperRow]:
    """Whose decision covers the night, and who has no slot in it: away, or without times."""
    planned = exists().where(slots.c.recipient == recipients.c.id, slots.c.night == night)
    wanted = (
        select(*_PERSON)
        .select_from(recipients.join(homes, homes.c.id == recipients.c.home))
        .where(recipients.c.unit == unit, recipients.c.died_at.is_(None), recipients.c.decision_from <= night)
        .where(or_(recipients.c.decision_to.is_(None), recipients.c.decision_to >= night))
        .where(recipients.c.decision_ended_at.is_(None), ~planned)
        .order_by(recipients.c.id)
    )
    return all_rows(connection, wanted, PaperRow)
