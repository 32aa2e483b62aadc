"""What stands behind a recipient's plan, read from the rows: for the watch that holds decisions against plans."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, select

from events.store.queries.rows import all_rows
from events.store.tables.read_models import cameras, gateways, heard, homes, recipients


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A recipient with a decision, past or present, and what its plan leans on."""

    id: UUID
    organisation: UUID
    unit: UUID
    home: UUID
    camera: UUID | None
    closed: bool | None
    gateway: UUID | None
    gateway_known: UUID | None
    """The gateway's id again, if it is registered."""
    heard_at: datetime | None
    commissioned: bool | None
    """None: no test is on record either way, as of cameras from before tests were asked for."""
    died_at: datetime | None
    review_at: datetime | None
    decision_handed_to: UUID | None
    decision_warned: UUID | None


def plan_rows(connection: Connection) -> list[PlanRow]:
    """Every recipient who has been granted a decision."""
    places = (
        recipients.join(homes, homes.c.id == recipients.c.home)
        .outerjoin(cameras, cameras.c.id == homes.c.camera)
        .outerjoin(gateways, gateways.c.id == homes.c.gateway)
        .outerjoin(heard, heard.c.gateway == homes.c.gateway)
    )
    known = [recipients.c[name] for name in ("id", "organisation", "unit", "home", "died_at", "review_at")]
    decision = [recipients.c.decision_handed_to, recipients.c.decision_warned]
    linked = [homes.c.camera, homes.c.closed, homes.c.gateway, cameras.c.commissioned]
    speaks = [gateways.c.id.label("gateway_known"), heard.c.at.label("heard_at")]
    wanted = select(*known, *decision, *linked, *speaks).select_from(places)
    granted = wanted.where(recipients.c.decision_from.is_not(None))
    return all_rows(connection, granted.order_by(recipients.c.id), PlanRow)


def absences_to_review(connection: Connection) -> list[tuple[UUID, datetime]]:
    """(recipient, when) of each absence without an end, next review first."""
    wanted = select(recipients.c.id, recipients.c.review_at).where(recipients.c.review_at.is_not(None))
    rows = connection.execute(wanted.where(recipients.c.died_at.is_(None)).order_by(recipients.c.review_at))
    return [(row.id, row.review_at) for row in rows]
