"""The questions that planner, sweeper, desk and screens ask of the read models: each named, each with its index.

Every function takes a connection first and only reads; call them through ``EventStore.query``.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Connection, Select, func, select

from events.store.tables.log import events
from events.store.tables.read_models import (
    alive,
    gateways,
    heard,
    homes,
    recipients,
    slots,
    staff,
    units,
    visits,
)


R = TypeVar("R")


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
    """The last night that has slots."""


@dataclass(frozen=True, slots=True)
class StaffRow:
    """A member of staff: which unit, which roles."""

    id: UUID
    unit: UUID
    organisation: UUID
    roles: frozenset[str]


@dataclass(frozen=True, slots=True)
class GatewayRow:
    """A gateway, and whether it is heard of."""

    id: UUID
    organisation: UUID
    unit: UUID
    online: bool


@dataclass(frozen=True, slots=True)
class HomeRow:
    """A home, with its camera and gateway if one is linked."""

    id: UUID
    organisation: UUID
    unit: UUID
    camera: UUID | None
    gateway: UUID | None


def slot(connection: Connection, id_: UUID) -> SlotRow | None:
    """One slot."""
    return _one(connection, select(slots).where(slots.c.id == id_), SlotRow)


def slots_of_night(connection: Connection, night: date, unit: UUID | None = None) -> list[SlotRow]:
    """Every slot of a night, in order of time; of one unit if it is given."""
    wanted = select(slots).where(slots.c.night == night).order_by(slots.c.due_at, slots.c.id)
    return _all(connection, wanted if unit is None else wanted.where(slots.c.unit == unit), SlotRow)


def all_slots(connection: Connection) -> list[SlotRow]:
    """Every slot, for a check of the whole database."""
    return _all(connection, select(slots), SlotRow)


def all_visits(connection: Connection) -> list[VisitRow]:
    """Every visit, for a check of the whole database."""
    return _all(connection, select(visits), VisitRow)


def worklist(connection: Connection, unit: UUID, now: datetime) -> list[SlotRow]:
    """The unit's open slots whose window has opened, most urgent first."""
    wanted = (
        select(slots)
        .where(slots.c.unit == unit, slots.c.act_at.is_not(None), slots.c.opens_at <= now)
        .order_by(slots.c.act_at, slots.c.id)
    )
    return _all(connection, wanted, SlotRow)


def open_nights(connection: Connection, recipient: UUID) -> list[date]:
    """The planned nights of a recipient in which a slot is open or was cancelled, oldest first."""
    wanted = (
        select(slots.c.night)
        .where(slots.c.recipient == recipient, slots.c.status.in_(("open", "cancelled")))
        .distinct()
        .order_by(slots.c.night)
    )
    return list(connection.scalars(wanted))


def latest_planned_night(connection: Connection, recipient: UUID) -> date | None:
    """The last night that has slots."""
    return connection.scalar(select(func.max(slots.c.night)).where(slots.c.recipient == recipient))


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


def visits_to_sweep(connection: Connection, now: datetime, limit: int) -> list[UUID]:
    """Visits whose limit has passed, longest overdue first."""
    wanted = select(visits.c.id).where(visits.c.act_at <= now).order_by(visits.c.act_at).limit(limit)
    return list(connection.scalars(wanted))


def next_to_act(connection: Connection) -> datetime | None:
    """The next instant at which the sweeper must act."""
    times = [connection.scalar(select(func.min(table.c.act_at))) for table in (slots, visits)]
    return min((time for time in times if time is not None), default=None)


def visit(connection: Connection, id_: UUID) -> VisitRow | None:
    """One visit."""
    return _one(connection, select(visits).where(visits.c.id == id_), VisitRow)


def visits_of_night(connection: Connection, night: date, unit: UUID | None = None) -> list[VisitRow]:
    """Every visit of a night, in order of request; of one unit if it is given."""
    wanted = select(visits).where(visits.c.night == night).order_by(visits.c.requested_at, visits.c.id)
    return _all(connection, wanted if unit is None else wanted.where(visits.c.unit == unit), VisitRow)


def open_visits(connection: Connection, unit: UUID) -> list[VisitRow]:
    """The unit's visits that are not over, the next limit first."""
    wanted = (
        select(visits).where(visits.c.unit == unit, visits.c.act_at.is_not(None)).order_by(visits.c.act_at, visits.c.id)
    )
    return _all(connection, wanted, VisitRow)


def all_recipients(connection: Connection) -> list[RecipientRow]:
    """Every recipient."""
    return _all(connection, _recipients().order_by(recipients.c.id), RecipientRow)


def recipient(connection: Connection, id_: UUID) -> RecipientRow | None:
    """One recipient."""
    return _one(connection, _recipients().where(recipients.c.id == id_), RecipientRow)


def recipients_of_home(connection: Connection, home_id: UUID) -> list[UUID]:
    """Who is checked on in a home."""
    wanted = select(recipients.c.id).where(recipients.c.home == home_id).order_by(recipients.c.id)
    return list(connection.scalars(wanted))


def home(connection: Connection, id_: UUID) -> HomeRow | None:
    """One home."""
    columns = (homes.c[name] for name in HomeRow.__slots__)
    return _one(connection, select(*columns).where(homes.c.id == id_), HomeRow)


def homes_of_gateway(connection: Connection, gateway_id: UUID) -> list[HomeRow]:
    """The homes behind a gateway."""
    columns = (homes.c[name] for name in HomeRow.__slots__)
    return _all(connection, select(*columns).where(homes.c.gateway == gateway_id).order_by(homes.c.id), HomeRow)


def gateways_among(connection: Connection, ids: Collection[UUID]) -> list[GatewayRow]:
    """Those of the given gateways that are registered."""
    columns = (gateways.c[name] for name in GatewayRow.__slots__)
    return _all(connection, select(*columns).where(gateways.c.id.in_(ids)), GatewayRow)


def homes_of_recipients(connection: Connection, ids: Collection[UUID]) -> dict[UUID, tuple[UUID, UUID | None]]:
    """Of each given recipient that is registered: the home, and the gateway that it stands behind."""
    joined = recipients.join(homes, homes.c.id == recipients.c.home)
    wanted = select(recipients.c.id, homes.c.id.label("home"), homes.c.gateway).select_from(joined)
    rows = connection.execute(wanted.where(recipients.c.id.in_(ids)))
    return {row.id: (row.home, row.gateway) for row in rows}


def gateway(connection: Connection, id_: UUID) -> GatewayRow | None:
    """One gateway."""
    columns = (gateways.c[name] for name in GatewayRow.__slots__)
    return _one(connection, select(*columns).where(gateways.c.id == id_), GatewayRow)


def all_gateways(connection: Connection) -> list[GatewayRow]:
    """Every gateway."""
    columns = (gateways.c[name] for name in GatewayRow.__slots__)
    return _all(connection, select(*columns).order_by(gateways.c.id), GatewayRow)


def silent_gateways(connection: Connection, limit: datetime) -> list[tuple[GatewayRow, datetime]]:
    """Gateways that count as online and were last heard before `limit`, with when that was."""
    columns = (gateways.c[name] for name in GatewayRow.__slots__)
    joined = gateways.join(heard, heard.c.gateway == gateways.c.id)
    wanted = select(*columns, heard.c.at).select_from(joined).where(gateways.c.online, heard.c.at < limit)
    return [(GatewayRow(*row[:-1]), row.at) for row in connection.execute(wanted)]


def last_heard(connection: Connection) -> dict[UUID, datetime]:
    """When each gateway's last heartbeat came."""
    return {row.gateway: row.at for row in connection.execute(select(heard.c.gateway, heard.c.at))}


def staff_member(connection: Connection, id_: UUID) -> StaffRow | None:
    """One member of staff."""
    wanted = select(staff.c.id, staff.c.unit, staff.c.organisation, staff.c.roles).where(staff.c.id == id_)
    row = connection.execute(wanted).one_or_none()
    return row and StaffRow(row.id, row.unit, row.organisation, frozenset(row.roles.split()))


def unit_names(connection: Connection) -> dict[UUID, str]:
    """Every unit's name."""
    return {row.id: row.name for row in connection.execute(select(units.c.id, units.c.name))}


def zones(connection: Connection) -> dict[UUID, str]:
    """Every unit's time zone."""
    return {row.id: row.zone for row in connection.execute(select(units.c.id, units.c.zone))}


def proof_of_life(connection: Connection, name: str) -> datetime | None:
    """When the named watcher last went through everything it watches."""
    return connection.scalar(select(alive.c.at).where(alive.c.name == name))


def streams(connection: Connection, kind: str) -> list[str]:
    """Every stream of a kind (``night``, ``visit``, ``recipient`` …), by name."""
    wanted = select(events.c.stream).where(events.c.version == 1, events.c.stream.startswith(f"{kind}-"))
    return list(connection.scalars(wanted.order_by(events.c.stream)))


def count_events(connection: Connection) -> int:
    """How many events the log holds."""
    return connection.scalar(select(func.count()).select_from(events)) or 0


def _recipients() -> Select[Any]:
    latest = select(func.max(slots.c.night)).where(slots.c.recipient == recipients.c.id).scalar_subquery()
    plain = (recipients.c[name] for name in RecipientRow.__slots__ if name != "latest_night")
    return select(*plain, latest.label("latest_night"))


def _all(connection: Connection, wanted: Select[Any], kind: type[R]) -> list[R]:
    return [kind(**row._mapping) for row in connection.execute(wanted)]


def _one(connection: Connection, wanted: Select[Any], kind: type[R]) -> R | None:
    row = connection.execute(wanted).one_or_none()
    return None if row is None else kind(**row._mapping)
