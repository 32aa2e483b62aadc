"""Staff at work: roles, what was opened in an emergency, rosters, who is signed in, and what each of them owns."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, case, func, null, select, type_coerce, union_all

from events.store.queries.rows import all_rows, one_row
from events.store.tables.read_models import (
    alarms,
    break_glass,
    incidents,
    shifts,
    signed_in,
    slots,
    staff_roles,
    units,
    visits,
)
from events.store.tables.types import Instant


@dataclass(frozen=True, slots=True)
class RoleRow:
    """A role that somebody has in a unit, and for how long."""

    staff: UUID
    unit: UUID
    role: str
    organisation: UUID
    holds_from: datetime
    until: datetime | None
    agency: bool

    def holds(self, at: datetime) -> bool:
        """Whether it holds at `at`."""
        return self.holds_from <= at and (self.until is None or at < self.until)


@dataclass(frozen=True, slots=True)
class AccessRow:
    """An emergency access, reviewed or not."""

    id: UUID
    organisation: UUID
    unit: UUID
    staff: UUID
    role: str
    opened_at: datetime
    until: datetime
    reviewed_by: UUID | None
    reviewed_at: datetime | None


@dataclass(frozen=True, slots=True)
class ShiftRow:
    """A line of the roster."""

    id: UUID
    organisation: UUID
    unit: UUID
    night: date
    staff: UUID
    role: str
    starts_at: datetime
    ends_at: datetime
    source: str


@dataclass(frozen=True, slots=True)
class SignedInRow:
    """Somebody at work, since when; `out_at` when they went."""

    unit: UUID
    night: date
    staff: UUID
    organisation: UUID
    role: str
    at: datetime
    out_at: datetime | None


@dataclass(frozen=True, slots=True)
class AtWorkRow:
    """Somebody who is signed in since `at`, with the end of their last shift by that night's roster, if it has one, and
    of the role that they are there in, given or taken in an emergency; None while it has no end."""

    unit: UUID
    night: date
    staff: UUID
    at: datetime
    ends_at: datetime | None
    role_until: datetime | None


@dataclass(frozen=True, slots=True)
class UncoveredRow:
    """A unit's night with open slots: when the next is due, whether by camera, the roles of those signed in, and who is
    signed in in a role that has ended."""

    organisation: UUID
    unit: UUID
    night: date
    first_slot_at: datetime
    by_camera: bool
    signed_in: frozenset[str]
    without_role: frozenset[UUID]


@dataclass(frozen=True, slots=True)
class OwnedRows:
    """What somebody owns in a unit: (recipient, night, slot) under a lease, alarms, incidents, visits on their way."""

    leases: list[tuple[UUID, date, UUID]]
    alarms: list[tuple[str, str]]
    """By kind and cause."""
    incidents: list[UUID]
    visits: list[UUID]

    def __bool__(self) -> bool:
        return bool(self.leases or self.alarms or self.incidents or self.visits)


def roles_of(connection: Connection, staff: UUID) -> list[RoleRow]:
    """Every role somebody has or had, in whatever unit, if it was not ended by name."""
    return all_rows(connection, select(staff_roles).where(staff_roles.c.staff == staff), RoleRow)


def roles_in(connection: Connection, unit: UUID) -> list[RoleRow]:
    """Every role in a unit, of whom it may be."""
    wanted = select(staff_roles).where(staff_roles.c.unit == unit)
    return all_rows(connection, wanted.order_by(staff_roles.c.role, staff_roles.c.staff), RoleRow)


def access(connection: Connection, id_: UUID) -> AccessRow | None:
    """One emergency access."""
    return one_row(connection, select(break_glass).where(break_glass.c.id == id_), AccessRow)


def accesses_to_review(connection: Connection, unit: UUID | None = None) -> list[AccessRow]:
    """Every emergency access that nobody has reviewed, oldest first; of one unit if it is given."""
    wanted = select(break_glass).where(break_glass.c.reviewed_by.is_(None))
    wanted = wanted if unit is None else wanted.where(break_glass.c.unit == unit)
    return all_rows(connection, wanted.order_by(break_glass.c.opened_at, break_glass.c.id), AccessRow)


def shifts_of_night(connection: Connection, unit: UUID, night: date) -> list[ShiftRow]:
    """The roster of a unit's night, in order of time."""
    wanted = select(shifts).where(shifts.c.unit == unit, shifts.c.night == night)
    return all_rows(connection, wanted.order_by(shifts.c.starts_at, shifts.c.staff), ShiftRow)


def shift_line(connection: Connection, id_: UUID) -> ShiftRow | None:
    """One line of a roster."""
    return one_row(connection, select(shifts).where(shifts.c.id == id_), ShiftRow)


def signed_in_of_night(connection: Connection, unit: UUID, night: date) -> list[SignedInRow]:
    """Who is and was at work in a unit's night, in order of coming."""
    wanted = select(signed_in).where(signed_in.c.unit == unit, signed_in.c.night == night)
    return all_rows(connection, wanted.order_by(signed_in.c.at, signed_in.c.staff), SignedInRow)


def nights_signed_in(connection: Connection, unit: UUID, staff: UUID) -> tuple[str | None, list[date]]:
    """The unit's time zone, and the nights in which somebody is signed in there and has not gone."""
    zone: str | None = connection.scalar(select(units.c.zone).where(units.c.id == unit))
    wanted = select(signed_in.c.night).where(signed_in.c.unit == unit, signed_in.c.staff == staff)
    return zone, list(connection.scalars(wanted.where(signed_in.c.out_at.is_(None)).order_by(signed_in.c.night)))


def at_work(connection: Connection) -> list[AtWorkRow]:
    """Everybody who is signed in, in every unit, with the end of their shift by the roster."""
    mine = (shifts.c.unit == signed_in.c.unit) & (shifts.c.night == signed_in.c.night)
    ends = select(func.max(shifts.c.ends_at)).where(mine, shifts.c.staff == signed_in.c.staff).scalar_subquery()
    who = (signed_in.c.unit, signed_in.c.night, signed_in.c.staff, signed_in.c.at)
    wanted = select(*who, ends.label("ends_at"), _role_until().label("role_until"))
    wanted = wanted.where(signed_in.c.out_at.is_(None))
    return all_rows(connection, wanted.order_by(signed_in.c.unit, signed_in.c.night, signed_in.c.staff), AtWorkRow)


def gone_since(connection: Connection, since: datetime) -> list[tuple[UUID, date, UUID]]:
    """Unit, night and member of staff of everybody who has signed out since then."""
    wanted = select(signed_in.c.unit, signed_in.c.night, signed_in.c.staff).where(signed_in.c.out_at >= since)
    ordered = wanted.order_by(signed_in.c.out_at, signed_in.c.staff)
    return [(row.unit, row.night, row.staff) for row in connection.execute(ordered)]


def _role_until() -> ColumnElement[datetime]:
    """The last end of the role of whoever is signed in; NULL where it was given without one. A role that was ended by
    name leaves no row: it counts from when they signed in."""
    rights = union_all(
        select(staff_roles.c.unit, staff_roles.c.staff, staff_roles.c.role, staff_roles.c.until),
        select(break_glass.c.unit, break_glass.c.staff, break_glass.c.role, break_glass.c.until),
    ).subquery()
    theirs = [rights.c[name] == signed_in.c[name] for name in ("unit", "staff", "role")]
    lasting = select(rights.c.unit).where(*theirs, rights.c.until.is_(None)).exists()
    last = select(func.max(rights.c.until)).where(*theirs).scalar_subquery()
    return type_coerce(case((lasting, null()), else_=func.coalesce(last, signed_in.c.at)), Instant())


def nights_to_staff(connection: Connection, until: datetime, now: datetime) -> list[UncoveredRow]:
    """Every unit's night with an open slot that is due before `until`, and who is signed in there in a role that they
    have at `now`."""
    return _to_staff(connection, now, slots.c.due_at <= until)


def night_to_staff(connection: Connection, unit: UUID, night: date, now: datetime) -> UncoveredRow | None:
    """The same of one night; None when no slot of it is open."""
    found = _to_staff(connection, now, slots.c.unit == unit, slots.c.night == night)
    return found[0] if found else None


def _to_staff(connection: Connection, now: datetime, *which: ColumnElement[bool]) -> list[UncoveredRow]:
    wanted = select(
        slots.c.organisation,
        slots.c.unit,
        slots.c.night,
        func.min(slots.c.due_at).label("first_slot_at"),
        func.min(slots.c.kind).label("kind"),
    ).where(slots.c.act_at.is_not(None), slots.c.status == "open", *which)
    grouped = wanted.group_by(slots.c.organisation, slots.c.unit, slots.c.night)
    roles: dict[tuple[UUID, date], set[str]] = {}
    without: dict[tuple[UUID, date], set[UUID]] = {}
    there = select(signed_in, _role_until().label("role_until")).where(signed_in.c.out_at.is_(None))
    for row in connection.execute(there):
        if row.role_until is None or now < row.role_until:
            roles.setdefault((row.unit, row.night), set()).add(row.role)
        else:
            without.setdefault((row.unit, row.night), set()).add(row.staff)
    return [
        UncoveredRow(
            row.organisation,
            row.unit,
            row.night,
            row.first_slot_at,
            row.kind == "remote",  # comes before "visit": the least, if there is one
            frozenset(roles.get((row.unit, row.night), ())),
            frozenset(without.get((row.unit, row.night), ())),
        )
        for row in connection.execute(grouped.order_by(slots.c.unit, slots.c.night))
    ]


def owned_by(connection: Connection, unit: UUID, staff: UUID, now: datetime) -> OwnedRows:
    """What somebody owns in a unit now."""
    held = select(slots.c.recipient, slots.c.night, slots.c.id).where(
        slots.c.unit == unit, slots.c.lease_by == staff, slots.c.lease_until > now, slots.c.act_at.is_not(None)
    )
    owned = select(alarms.c.kind, alarms.c.cause).where(
        alarms.c.owner == staff, alarms.c.unit == unit, alarms.c.state != "cleared"
    )
    taken = select(incidents.c.id).where(
        incidents.c.unit == unit, incidents.c.taken_by == staff, incidents.c.closed_at.is_(None)
    )
    first = (visits.c.responder == staff) & (visits.c.stage == "acknowledged")
    second = (visits.c.second_responder == staff) & visits.c.second_act_at.is_not(None)
    coming = select(visits.c.id).where(visits.c.unit == unit, first | second)
    return OwnedRows(
        leases=[(row.recipient, row.night, row.id) for row in connection.execute(held.order_by(slots.c.id))],
        alarms=[(row.kind, row.cause) for row in connection.execute(owned.order_by(alarms.c.id))],
        incidents=list(connection.scalars(taken.order_by(incidents.c.id))),
        visits=list(connection.scalars(coming.order_by(visits.c.id))),
    )
