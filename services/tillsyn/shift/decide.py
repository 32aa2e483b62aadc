"""The rules of a night at work."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from events.base import Event
from events.types.shift import ShiftEntered, ShiftRemoved, SignedIn, SignedOut, Unstaffed
from services.tillsyn.shift import commands as asked
from services.tillsyn.shift.errors import (
    HandsOverToOneselfError,
    NoSuchShiftError,
    NotInAFittingRoleError,
    NotSignedInError,
    ShiftEndsBeforeItBeginsError,
    ShiftOutsideTheNightError,
    ShiftsOverlapError,
)
from services.tillsyn.shift.state import Line, Shift, shift_id

LONGEST = timedelta(hours=25)
"""From noon to noon when clocks go back."""


def decide(shift: Shift, command: asked.Command) -> Sequence[Event]:
    """The events that follow from `command`; none when it changes nothing. RefusedError when a rule forbids it."""
    match command:
        case asked.EnterShift():
            return _enter(shift, command)
        case asked.RemoveShift(id_):
            if id_ not in shift.roster or shift.unit is None or shift.night is None:
                raise NoSuchShiftError(f"the roster has no line {id_}; `tillsyn roster show` lists those there are")
            return [ShiftRemoved(shift=id_, unit=shift.unit, night=shift.night)]
        case asked.SignIn(unit, night, staff, role):
            same = shift.signed_in.get(staff) == role
            return [] if same else [SignedIn(unit=unit, night=night, staff=staff, role=role)]
        case asked.SignOut(staff, to):
            return _sign_out(shift, staff, to)
        case asked.CheckStaffed(unit, night, first, roles, without_role):
            able = {role for staff, role in shift.signed_in.items() if staff not in without_role}
            there = shift.unstaffed or roles & able
            return [] if there else [Unstaffed(unit=unit, night=night, first_slot_at=first)]


def _enter(shift: Shift, command: asked.EnterShift) -> Sequence[Event]:
    line = Line(command.staff, command.role, command.starts_at, command.ends_at)
    if line.ends_at <= line.starts_at:
        raise ShiftEndsBeforeItBeginsError(f"the shift would end at {line.ends_at}; give an end after {line.starts_at}")
    if line.ends_at - line.starts_at > LONGEST:
        raise ShiftOutsideTheNightError(
            f"the shift would last {line.ends_at - line.starts_at}; no night is longer than {LONGEST}"
        )
    id_ = shift_id(command.unit, command.night, line)
    if id_ in shift.roster:
        return []
    for other in shift.roster.values():
        if other.staff == line.staff and other.starts_at < line.ends_at and line.starts_at < other.ends_at:
            raise ShiftsOverlapError(
                f"{line.staff} works from {other.starts_at} to {other.ends_at} already; remove that or give other times"
            )
    entered = ShiftEntered(
        shift=id_,
        unit=command.unit,
        night=command.night,
        staff=line.staff,
        role=line.role,
        starts_at=line.starts_at,
        ends_at=line.ends_at,
        source=command.source,
    )
    return [entered]


def _sign_out(shift: Shift, staff: UUID, to: UUID | None) -> Sequence[Event]:
    role = shift.signed_in.get(staff)
    if role is None and staff in shift.gone:
        return []
    if role is None or shift.unit is None or shift.night is None:
        raise NotSignedInError(f"{staff} is not signed in; those are {_names(shift)}")
    if to is not None:
        _require_colleague(shift, staff, role, to)
    return [SignedOut(unit=shift.unit, night=shift.night, staff=staff, to=to)]


def require_signed_in(shift: Shift, to: UUID) -> None:
    """NotSignedInError where `to` is not at work in this night, and so can be handed nothing."""
    if to not in shift.signed_in:
        raise NotSignedInError(f"{to} is not signed in and cannot be handed anything; those are {_names(shift)}")


def _require_colleague(shift: Shift, staff: UUID, role: str, to: UUID) -> None:
    if to == staff:
        raise HandsOverToOneselfError(f"{staff} would hand over to themselves; name a colleague, or nobody")
    require_signed_in(shift, to)
    other = shift.signed_in[to]
    if other != role:
        raise NotInAFittingRoleError(f"{to} is signed in as {other}; hand over to {role}: {_names(shift)}")


def _names(shift: Shift) -> str:
    return ", ".join(f"{staff} ({role})" for staff, role in shift.signed_in.items()) or "nobody"
