"""The rules of roles: an agency's end by themselves; one taken in an emergency is short, reasoned and reviewed."""

from collections.abc import Sequence

from events.base import Event
from events.personal import Personal, Purpose
from events.types.staff import BreakGlassOpened, BreakGlassReviewed, StaffRoleEnded, StaffRoleGranted
from services.tillsyn.staff import commands as asked
from services.tillsyn.staff.errors import (
    AccessReviewedError,
    AgencyRoleWithoutEndError,
    NoEmergencyReasonError,
    NoSuchAccessError,
    NoSuchRoleError,
    NotAnEmergencyRoleError,
    ReviewByOneselfError,
    RoleEndsBeforeItBeginsError,
    UnknownRoleError,
)
from services.tillsyn.staff.roles import EMERGENCY_ROLES, ROLES
from services.tillsyn.staff.state import Rights


def decide(rights: Rights, command: asked.Command) -> Sequence[Event]:
    """The events that follow from `command`; none when it changes nothing. RefusedError when a rule forbids it."""
    match command:
        case asked.GrantRole():
            return _grant(rights, command)
        case asked.EndRole(staff, unit, role, registered):
            place = (unit, role)
            if place in rights.ended:
                return []
            if place not in rights.granted and not registered:
                raise NoSuchRoleError(f"{staff} is not {role} in unit {unit}; nothing is there to end")
            return [StaffRoleEnded(staff=staff, unit=unit, role=role)]
        case asked.OpenBreakGlass():
            return _open(rights, command)
        case asked.ReviewBreakGlass():
            return _review(rights, command)


def _grant(rights: Rights, command: asked.GrantRole) -> Sequence[Event]:
    if command.role not in ROLES:
        raise UnknownRoleError(f"no role is called {command.role!r}; the roles are {', '.join(ROLES)}")
    if command.agency and command.until is None:
        raise AgencyRoleWithoutEndError(f"the role of {command.staff} has no end; for an agency's people give one")
    if command.until is not None and command.until <= max(command.holds_from, command.at):
        begins = max(command.holds_from, command.at)
        raise RoleEndsBeforeItBeginsError(f"the role would end at {command.until}; give an end after {begins}")
    granted = StaffRoleGranted(
        staff=command.staff,
        unit=command.unit,
        role=command.role,
        holds_from=command.holds_from,
        until=command.until,
        agency=command.agency,
    )
    known = rights.granted.get((command.unit, command.role))
    return [] if known is not None and _says_the_same(known, granted, command) else [granted]


def _says_the_same(known: StaffRoleGranted, granted: StaffRoleGranted, command: asked.GrantRole) -> bool:
    """Whether the role holds already, to the same end: when it began is then no news."""
    begun = known.holds_from <= command.at and granted.holds_from <= command.at
    return known == (granted.model_copy(update={"holds_from": known.holds_from}) if begun else granted)


def _open(rights: Rights, command: asked.OpenBreakGlass) -> Sequence[Event]:
    if not command.reason.strip():
        raise NoEmergencyReasonError(f"role {command.role} was asked for without a reason; say what the emergency is")
    if command.role not in EMERGENCY_ROLES:
        allowed = ", ".join(EMERGENCY_ROLES)
        raise NotAnEmergencyRoleError(f"{command.role!r} cannot be taken in an emergency; that can be {allowed}")
    if rights.emergency(command.unit, command.role, command.at) is not None:
        return []
    opened = BreakGlassOpened(
        access=command.access,
        staff=command.staff,
        unit=command.unit,
        role=command.role,
        until=command.at + command.holds,
        reason=Personal.of(command.reason.strip(), command.staff, Purpose.ACCESS_LOG),
    )
    return [opened]


def _review(rights: Rights, command: asked.ReviewBreakGlass) -> Sequence[Event]:
    access = rights.accesses.get(command.access)
    if access is None:
        raise NoSuchAccessError(f"no emergency access has the id {command.access}; list them to see those there are")
    if access.reviewed_by == command.by:
        return []
    if access.reviewed_by is not None:
        raise AccessReviewedError(f"access {command.access} was reviewed by {access.reviewed_by}; once is enough")
    if access.staff == command.by:
        raise ReviewByOneselfError(f"{command.by} opened access {command.access}; another manager must review it")
    about = command.note.strip() if command.note else ""
    reviewed = BreakGlassReviewed(
        access=command.access,
        staff=access.staff,
        unit=access.unit,
        by=command.by,
        verdict=command.verdict,
        note=Personal.of(about, access.staff, Purpose.ACCESS_LOG) if about else None,
    )
    return [reviewed]
