"""Rows of roles, emergency access, shifts and patrols."""

from collections.abc import Iterable
from typing import Any

from events.envelope import Recorded
from events.store import Delete, Put, RowWrite, Set
from events.types import patrol, shift, staff


def staff_rows(recorded: Recorded) -> Iterable[RowWrite]:
    """The rows that an event of somebody's roles or of a shift changes."""
    organisation, at = recorded.context.owner.organisation, recorded.context.time
    match recorded.event:
        case staff.StaffRoleGranted(staff=who, unit=unit, role=role) as granted:
            row: dict[str, Any] = {"holds_from": granted.holds_from, "until": granted.until, "agency": granted.agency}
            return [Put("staff_roles", (who, unit, role), {"organisation": organisation, **row})]
        case staff.StaffRoleEnded(staff=who, unit=unit, role=role):
            return [Delete("staff_roles", (who, unit, role))]
        case staff.BreakGlassOpened() as opened:
            row = {"staff": opened.staff, "role": opened.role, "opened_at": at, "until": opened.until}
            return [Put("break_glass", opened.access, {"organisation": organisation, "unit": opened.unit, **row})]
        case staff.BreakGlassReviewed(access=access, by=by):
            return [Set("break_glass", access, {"reviewed_by": by, "reviewed_at": at})]
        case shift.ShiftEntered() as entered:
            times: dict[str, Any] = {
                "starts_at": entered.starts_at,
                "ends_at": entered.ends_at,
                "source": entered.source.value,
            }
            row = {"night": entered.night, "staff": entered.staff, "role": entered.role, **times}
            return [Put("shifts", entered.shift, {"organisation": organisation, "unit": entered.unit, **row})]
        case shift.ShiftRemoved(shift=id_):
            return [Delete("shifts", id_)]
        case shift.SignedIn(unit=unit, night=night, staff=who, role=role):
            return [Put("signed_in", (unit, night, who), {"organisation": organisation, "role": role, "at": at})]
        case shift.SignedOut(unit=unit, night=night, staff=who):
            return [Set("signed_in", (unit, night, who), {"out_at": at})]
        case _:
            return []


def patrol_rows(recorded: Recorded) -> Iterable[RowWrite]:
    """The rows that an event of a patrol changes."""
    owner = {"organisation": recorded.context.owner.organisation, "unit": recorded.context.owner.unit}
    match recorded.event:
        case patrol.PatrolRegistered(patrol=id_, name=name, areas=areas, place=place):
            row = {"name": name, "areas": "\n".join(areas), "place": place, "crew": "", "state": "free"}
            return [Put("patrols", id_, {**owner, **row})]
        case patrol.PatrolAreasChanged(patrol=id_, areas=areas):
            return [Set("patrols", id_, {"areas": "\n".join(areas)})]
        case patrol.PatrolCrewed(patrol=id_, staff=crew):
            return [Set("patrols", id_, {"crew": " ".join(map(str, crew))})]
        case patrol.PatrolStateSaid(patrol=id_, state=state, until=until):
            return [Set("patrols", id_, {"state": state.value, "state_until": until})]
        case _:
            return []
