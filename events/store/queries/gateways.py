"""Gateways, and which of them are heard of."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, select

from events.store.queries.rows import all_rows, one_row
from events.store.tables.read_models import gateways, heard


@dataclass(frozen=True, slots=True)
class GatewayRow:
    """A gateway, and whether it is heard of."""

    id: UUID
    organisation: UUID
    unit: UUID
    online: bool


def gateway(connection: Connection, id_: UUID) -> GatewayRow | None:
    """One gateway."""
    columns = (gateways.c[name] for name in GatewayRow.__slots__)
    return one_row(connection, select(*columns).where(gateways.c.id == id_), GatewayRow)


def gateways_among(connection: Connection, ids: Collection[UUID]) -> list[GatewayRow]:
    """Those of the given gateways that are registered."""
    columns = (gateways.c[name] for name in GatewayRow.__slots__)
    return all_rows(connection, select(*columns).where(gateways.c.id.in_(ids)), GatewayRow)


def all_gateways(connection: Connection) -> list[GatewayRow]:
    """Every gateway."""
    columns = (gateways.c[name] for name in GatewayRow.__slots__)
    return all_rows(connection, select(*columns).order_by(gateways.c.id), GatewayRow)


def last_heard(connection: Connection, id_: UUID) -> datetime | None:
    """When a gateway's last heartbeat was sent."""
    at: datetime | None = connection.scalar(select(heard.c.at).where(heard.c.gateway == id_))
    return at


def silent_gateways(connection: Connection, limit: datetime) -> list[tuple[GatewayRow, datetime]]:
    """Gateways that count as online and were last heard before `limit`, with when that was; longest ago first."""
    columns = (gateways.c[name] for name in GatewayRow.__slots__)
    joined = gateways.join(heard, heard.c.gateway == gateways.c.id)
    wanted = select(*columns, heard.c.at).select_from(joined).where(gateways.c.online, heard.c.at < limit)
    ordered = wanted.order_by(heard.c.at, gateways.c.id)
    return [(GatewayRow(*row[:-1]), row.at) for row in connection.execute(ordered)]
