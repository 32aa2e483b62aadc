"""Incidents, the homes in them, and what is lost with a gateway."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, func, select

from events.store.queries.rows import all_rows
from events.store.tables.read_models import gateways, heard, homes, incident_homes, incidents, recipients, slots, visits


@dataclass(frozen=True, slots=True)
class LostHomeRow:
    """A home that cannot be reached, and when its next check that is still open is due."""

    home: UUID
    gateway: UUID
    area: str | None
    risk_class: str
    outage_agreement: str
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class IncidentRow:
    """An incident as the screens show it."""

    id: UUID
    cause: str
    area: str | None
    gateway: UUID | None
    opened_at: datetime
    taken_by: UUID | None
    loudness: int
    closed_at: datetime | None
    organisation: UUID
    unit: UUID


@dataclass(frozen=True, slots=True)
class IncidentHomeRow:
    """A home in an incident; `until` is when it must be decided about."""

    incident: UUID
    home: UUID
    organisation: UUID
    unit: UUID
    risk_class: str
    outage_agreement: str
    state: str
    phoned: str | None
    decided_by: UUID | None
    until: datetime | None
    back_at: datetime | None


@dataclass(frozen=True, slots=True)
class HeldUnasked:
    """A home in which an incident holds visits, and about which nobody is asked there."""

    incident: UUID
    home: UUID
    unit: UUID


@dataclass(frozen=True, slots=True)
class DueInIncident:
    """A check by camera that is due in a home that was lost, and what was decided about the home."""

    slot: UUID
    recipient: UUID
    home: UUID
    state: str
    until: datetime | None


def homes_lost_with(connection: Connection, lost: Collection[UUID]) -> list[LostHomeRow]:
    """The homes behind these gateways in which somebody is checked on."""
    due = (
        select(func.min(slots.c.due_at))
        .where(slots.c.home == homes.c.id, slots.c.status == "open", slots.c.kind == "remote")
        .scalar_subquery()
    )
    lived_in = select(recipients.c.id).where(recipients.c.home == homes.c.id).exists()
    wanted = (
        select(
            homes.c.id.label("home"),
            homes.c.gateway,
            homes.c.area,
            homes.c.risk_class,
            homes.c.outage_agreement,
            due.label("due_at"),
        )
        .where(homes.c.gateway.in_(lost), lived_in)
        .order_by(homes.c.id)
    )
    return all_rows(connection, wanted, LostHomeRow)


def silent_since(connection: Connection, unit: UUID, since: datetime) -> list[UUID]:
    """The gateways of a unit that are silent, and were last heard at `since` or later."""
    joined = gateways.join(heard, heard.c.gateway == gateways.c.id)
    wanted = select(gateways.c.id).select_from(joined).where(gateways.c.unit == unit, ~gateways.c.online)
    return list(connection.scalars(wanted.where(heard.c.at >= since).order_by(gateways.c.id)))


def unreachable_behind(connection: Connection, gateway: UUID) -> list[tuple[UUID, UUID, date]]:
    """Home, recipient and night of the open slots behind a gateway that say that the camera could not be reached."""
    joined = slots.join(homes, homes.c.id == slots.c.home)
    wanted = (
        select(slots.c.home, slots.c.recipient, slots.c.night)
        .distinct()
        .select_from(joined)
        .where(homes.c.gateway == gateway, slots.c.status == "open", slots.c.reported == "camera-unreachable")
        .order_by(slots.c.home, slots.c.recipient, slots.c.night)
    )
    return [(home, recipient, night) for home, recipient, night in connection.execute(wanted)]


def open_incidents(connection: Connection, unit: UUID) -> list[IncidentRow]:
    """The unit's incidents that are not closed, oldest first."""
    wanted = select(incidents).where(incidents.c.unit == unit, incidents.c.closed_at.is_(None))
    return all_rows(connection, wanted.order_by(incidents.c.opened_at, incidents.c.id), IncidentRow)


def homes_of_incident(connection: Connection, incident: UUID) -> list[IncidentHomeRow]:
    """The homes of an incident, in no order that means anything."""
    wanted = select(incident_homes).where(incident_homes.c.incident == incident).order_by(incident_homes.c.home)
    return all_rows(connection, wanted, IncidentHomeRow)


def units_with_overdue_incidents(connection: Connection, now: datetime) -> list[UUID]:
    """Units in whose incidents a home waits for a decision that should have been taken."""
    wanted = select(incident_homes.c.unit).distinct().where(incident_homes.c.until <= now)
    return list(connection.scalars(wanted.order_by(incident_homes.c.unit)))


def next_incident_decision(connection: Connection) -> datetime | None:
    """When the next decision about a home in an incident is due."""
    found: datetime | None = connection.scalar(select(func.min(incident_homes.c.until)))
    return found


def held_visits(connection: Connection, incident: UUID, home: UUID | None = None) -> list[UUID]:
    """The visits that an incident holds back, of one home if it is given."""
    wanted = select(visits.c.id).where(visits.c.held_by == incident, visits.c.ended_at.is_(None))
    wanted = wanted if home is None else wanted.where(visits.c.home == home)
    return list(connection.scalars(wanted.order_by(visits.c.requested_at, visits.c.id)))


def held_unasked(connection: Connection) -> list[HeldUnasked]:
    """Homes of incidents in which visits are held though nobody is asked about them: there should be none."""
    home_of_it = (incident_homes.c.incident == visits.c.held_by) & (incident_homes.c.home == visits.c.home)
    wanted = (
        select(incident_homes.c.incident, incident_homes.c.home, incident_homes.c.unit)
        .distinct()
        .select_from(visits.join(incident_homes, home_of_it))
        .where(visits.c.held_by.is_not(None), visits.c.ended_at.is_(None), incident_homes.c.until.is_(None))
        .order_by(incident_homes.c.incident, incident_homes.c.home)
    )
    return all_rows(connection, wanted, HeldUnasked)


def due_in_lost_homes(connection: Connection, now: datetime) -> list[DueInIncident]:
    """Open checks by camera that are due in homes that were lost and are not back."""
    return all_rows(connection, _open_in_lost_homes().where(slots.c.due_at <= now), DueInIncident)


def opened_in_lost_home(connection: Connection, home: UUID, now: datetime) -> list[DueInIncident]:
    """Open checks by camera in a home that is lost, due or so soon that they could be made now."""
    wanted = _open_in_lost_homes().where(slots.c.home == home, slots.c.opens_at <= now)
    return all_rows(connection, wanted, DueInIncident)


def nights_open_in(connection: Connection, home: UUID, until: datetime) -> list[tuple[UUID, date]]:
    """Whose nights, and which, have a check by camera in this home that is open and due by then."""
    wanted = (
        select(slots.c.recipient, slots.c.night)
        .distinct()
        .where(slots.c.home == home, slots.c.status == "open", slots.c.kind == "remote", slots.c.due_at <= until)
        .order_by(slots.c.recipient, slots.c.night)
    )
    return [(recipient, night) for recipient, night in connection.execute(wanted)]


def _open_in_lost_homes() -> Select[Any]:
    joined = slots.join(incident_homes, incident_homes.c.home == slots.c.home).join(
        incidents, incidents.c.id == incident_homes.c.incident
    )
    return (
        select(
            slots.c.id.label("slot"), slots.c.recipient, slots.c.home, incident_homes.c.state, incident_homes.c.until
        )
        .select_from(joined)
        .where(incidents.c.closed_at.is_(None), incident_homes.c.back_at.is_(None))
        .where(slots.c.status == "open", slots.c.kind == "remote")
        .order_by(slots.c.due_at, slots.c.id)
    )


def next_due_in_lost_homes(connection: Connection, now: datetime) -> datetime | None:
    """When the next check by camera falls due in a home that is lost."""
    joined = slots.join(incident_homes, incident_homes.c.home == slots.c.home).join(
        incidents, incidents.c.id == incident_homes.c.incident
    )
    wanted = (
        select(func.min(slots.c.due_at))
        .select_from(joined)
        .where(incidents.c.closed_at.is_(None), incident_homes.c.back_at.is_(None))
        .where(slots.c.status == "open", slots.c.kind == "remote", slots.c.due_at > now)
    )
    found: datetime | None = connection.scalar(wanted)
    return found
