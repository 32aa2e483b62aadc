"""Recipients, homes, staff, units."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, func, select

from events.envelope import Owner
from events.store.queries.rows import all_rows, one_row
from events.store.tables.read_models import cameras, homes, recipients, slots, staff, units


@dataclass(frozen=True, slots=True)
class RecipientRow:
    """What the planner and the projector need to know of a recipient before they load the stream."""

    id: UUID
    home: UUID
    organisation: UUID
    unit: UUID
    decision_from: date | None
    decision_to: date | None
    latest_night: date | None
    """The last night that is planned."""


@dataclass(frozen=True, slots=True)
class StaffRow:
    """A member of staff: which unit, which roles."""

    id: UUID
    unit: UUID
    organisation: UUID
    roles: frozenset[str]


@dataclass(frozen=True, slots=True)
class HomeRow:
    """A home, with its camera and gateway if one is linked."""

    id: UUID
    organisation: UUID
    unit: UUID
    camera: UUID | None
    gateway: UUID | None
    area: str | None = None
    risk_class: str = "medium"
    outage_agreement: str = "visit"
    carer: UUID | None = None


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit, its name and its time zone."""

    id: UUID
    organisation: UUID
    name: str
    zone: str


def all_units(connection: Connection) -> list[UnitRow]:
    """Every unit."""
    columns = (units.c[name] for name in UnitRow.__slots__)
    return all_rows(connection, select(*columns).order_by(units.c.id), UnitRow)


def staff_of_unit(connection: Connection, unit: UUID) -> dict[UUID, frozenset[str]]:
    """Who works for a unit, with their roles."""
    rows = connection.execute(select(staff.c.id, staff.c.roles).where(staff.c.unit == unit).order_by(staff.c.id))
    return {row.id: frozenset(row.roles.split()) for row in rows}


def all_recipients(connection: Connection) -> list[RecipientRow]:
    """Every recipient."""
    return all_rows(connection, _recipients().order_by(recipients.c.id), RecipientRow)


def recipient(connection: Connection, id_: UUID) -> RecipientRow | None:
    """One recipient."""
    return one_row(connection, _recipients().where(recipients.c.id == id_), RecipientRow)


def recipients_of_home(connection: Connection, home_id: UUID) -> list[UUID]:
    """Who is checked on in a home."""
    wanted = select(recipients.c.id).where(recipients.c.home == home_id).order_by(recipients.c.id)
    return list(connection.scalars(wanted))


def homes_of_recipients(connection: Connection, ids: Collection[UUID]) -> dict[UUID, tuple[UUID, frozenset[UUID]]]:
    """Of each given recipient that is registered: the home, and the gateways that its cameras stand behind."""
    joined = recipients.outerjoin(cameras, cameras.c.home == recipients.c.home)
    wanted = select(recipients.c.id, recipients.c.home, cameras.c.gateway).select_from(joined)
    found: dict[UUID, tuple[UUID, frozenset[UUID]]] = {}
    for row in connection.execute(wanted.where(recipients.c.id.in_(ids))):
        _, known = found.get(row.id, (row.home, frozenset()))
        found[row.id] = (row.home, known | {row.gateway} if row.gateway else known)
    return found


def home(connection: Connection, id_: UUID) -> HomeRow | None:
    """One home."""
    columns = (homes.c[name] for name in HomeRow.__slots__)
    return one_row(connection, select(*columns).where(homes.c.id == id_), HomeRow)


def home_of_camera(connection: Connection, camera: UUID) -> UUID | None:
    """The home that a camera shows."""
    found: UUID | None = connection.scalar(select(cameras.c.home).where(cameras.c.id == camera))
    return found


def gateways_of_home(connection: Connection, home_id: UUID) -> list[UUID]:
    """The gateways that a home's cameras stand behind."""
    wanted = select(cameras.c.gateway).where(cameras.c.home == home_id).distinct().order_by(cameras.c.gateway)
    return list(connection.scalars(wanted))


def homes_of_gateway(connection: Connection, gateway_id: UUID) -> list[HomeRow]:
    """The homes with a camera behind a gateway."""
    columns = (homes.c[name] for name in HomeRow.__slots__)
    behind = select(cameras.c.home).where(cameras.c.gateway == gateway_id)
    return all_rows(connection, select(*columns).where(homes.c.id.in_(behind)).order_by(homes.c.id), HomeRow)


def staff_member(connection: Connection, id_: UUID) -> StaffRow | None:
    """One member of staff."""
    wanted = select(staff.c.id, staff.c.unit, staff.c.organisation, staff.c.roles).where(staff.c.id == id_)
    row = connection.execute(wanted).one_or_none()
    return row and StaffRow(row.id, row.unit, row.organisation, frozenset(row.roles.split()))


def owners_of_units(connection: Connection) -> dict[UUID, Owner]:
    """Every unit, with who answers for it."""
    rows = connection.execute(select(units.c.id, units.c.organisation))
    return {row.id: Owner(row.organisation, row.id) for row in rows}


def zones(connection: Connection) -> dict[UUID, str]:
    """Every unit's time zone."""
    return {row.id: row.zone for row in connection.execute(select(units.c.id, units.c.zone))}


def _recipients() -> Select[Any]:
    planned = slots.c.caller.is_(None)  # a manual alarm plans nothing
    latest = select(func.max(slots.c.night)).where(slots.c.recipient == recipients.c.id, planned).scalar_subquery()
    plain = (recipients.c[name] for name in RecipientRow.__slots__ if name != "latest_night")
    return select(*plain, latest.label("latest_night"))
