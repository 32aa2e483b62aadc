"""The roles of one person, folded from their events. Those that they were registered with stand in another stream."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from events.base import Event
from events.types.staff import BreakGlassOpened, BreakGlassReviewed, StaffRoleEnded, StaffRoleGranted

Place = tuple[UUID, str]
"""A unit, and a role in it."""


@dataclass(frozen=True, slots=True)
class Access:
    """A role that was taken in an emergency."""

    access: UUID
    staff: UUID
    unit: UUID
    role: str
    until: datetime
    reviewed_by: UUID | None = None


@dataclass(frozen=True, slots=True)
class Rights:
    """What one person may do, beyond what they were registered with."""

    granted: Mapping[Place, StaffRoleGranted] = field(default_factory=dict)
    ended: frozenset[Place] = frozenset()
    accesses: Mapping[UUID, Access] = field(default_factory=dict)

    def emergency(self, unit: UUID, role: str, at: datetime) -> Access | None:
        """The role, taken in an emergency, if it holds at `at`. A review ends it: nothing is done after it unseen."""
        for one in self.accesses.values():
            if (one.unit, one.role) == (unit, role) and at < one.until and one.reviewed_by is None:
                return one
        return None


EMPTY = Rights()


def stream_of(staff: UUID) -> str:
    """The stream of one person's roles."""
    return f"roles-{staff}"


def evolve(rights: Rights, event: Event) -> Rights:
    """The rights after `event`. Events of other streams change nothing."""
    match event:
        case StaffRoleGranted(unit=unit, role=role):
            place = (unit, role)
            return replace(rights, granted={**rights.granted, place: event}, ended=rights.ended - {place})
        case StaffRoleEnded(unit=unit, role=role):
            place = (unit, role)
            granted = {key: value for key, value in rights.granted.items() if key != place}
            return replace(rights, granted=granted, ended=rights.ended | {place})
        case BreakGlassOpened(access=id_):
            access = Access(id_, event.staff, event.unit, event.role, event.until)
            return replace(rights, accesses={**rights.accesses, id_: access})
        case BreakGlassReviewed(access=id_, by=by):
            return replace(rights, accesses={**rights.accesses, id_: replace(rights.accesses[id_], reviewed_by=by)})
        case _:
            return rights
