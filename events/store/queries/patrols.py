"""Patrols: which a unit has, who is in them, and what they are doing."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, or_, select

from events.store.tables.read_models import patrols, visits

_OFF, _FREE = "off-the-road", "free"
_TAKEN = {"acknowledged": "driving", "arrived": "with-somebody"}


@dataclass(frozen=True, slots=True)
class PatrolRow:
    """A patrol as it is now. `state` is free, driving, with-somebody or off-the-road: a car that its crew has taken off
    the road is off the road; else what its visits tell; else what the crew said last.
    """

    id: UUID
    organisation: UUID
    unit: UUID
    name: str
    areas: tuple[str, ...]
    place: int
    crew: tuple[UUID, ...]
    state: str
    visits: tuple[UUID, ...]
    """Visits that it drives to or is at."""


def patrol(connection: Connection, id_: UUID, now: datetime) -> PatrolRow | None:
    """One patrol, as of `now`."""
    unit = connection.scalar(select(patrols.c.unit).where(patrols.c.id == id_))
    found = () if unit is None else patrols_of_unit(connection, unit, now)
    return next((row for row in found if row.id == id_), None)


def patrols_of_unit(connection: Connection, unit: UUID, now: datetime) -> list[PatrolRow]:
    """The unit's patrols, as of `now`, by their place in the order of asking."""
    taken = _taken(connection, unit, now)
    wanted = select(patrols).where(patrols.c.unit == unit).order_by(patrols.c.place, patrols.c.id)
    return [
        PatrolRow(
            id=row.id,
            organisation=row.organisation,
            unit=row.unit,
            name=row.name,
            areas=tuple(row.areas.split("\n")) if row.areas else (),
            place=row.place,
            crew=tuple(UUID(one) for one in row.crew.split()),
            state=_state(row.state, row.state_until, taken.get(row.id, {}), now),
            visits=tuple(sorted(taken.get(row.id, {}), key=str)),
        )
        for row in connection.execute(wanted)
    ]


def _taken(connection: Connection, unit: UUID, now: datetime) -> dict[UUID, dict[UUID, str]]:
    """Of each responder of the unit: the visits that they drive to or are at, with its stage."""
    of_now = or_(visits.c.kind == "sent", visits.c.stage == "arrived", visits.c.not_before <= now)
    columns = (visits.c.id, visits.c.stage, visits.c.responder, visits.c.second_responder, visits.c.second_act_at)
    wanted = select(*columns).where(visits.c.unit == unit, visits.c.act_at.is_not(None), of_now)
    taken: dict[UUID, dict[UUID, str]] = {}
    for row in connection.execute(wanted):
        if row.stage in _TAKEN:
            taken.setdefault(row.responder, {})[row.id] = _TAKEN[row.stage]
        if row.second_responder is not None:  # asked to go along counts as driving: nothing else is to be asked of them
            there = "driving" if row.second_act_at is not None else "with-somebody"
            taken.setdefault(row.second_responder, {})[row.id] = there
    return taken


def _state(said: str, until: datetime | None, taken: dict[UUID, str], now: datetime) -> str:
    holds = until is None or now < until
    if said == _OFF and holds:
        return said
    if taken:
        return "with-somebody" if "with-somebody" in taken.values() else "driving"
    return said if holds else _FREE
