"""What keeps a granted decision from being carried out tonight: pure rules over recipient, rows and time.

Slots are worked out here anew from the entries' wall-clock times, apart from the planner's rules and its code: a fault
there must not hide from who looks for it.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from events.home_schedule import SchedulePeriod
from events.schedule import ScheduleEntry, SlotKind
from events.store import queries
from services.tillsyn.recipient.state import Absence, Decision, Recipient

PLANNER_HAS = timedelta(minutes=2)
"""An agreement younger than this may still wait for its planner."""
NOON = 12


class PlanConcern(StrEnum):
    """Why a decision has no working plan."""

    DECISION_ENDED = "decision-ended"
    """It has run out, no successor was granted, and nobody answers for the nights that follow."""
    NO_SCHEDULE = "no-schedule"
    NO_CAMERA = "no-camera"
    NOT_COMMISSIONED = "not-commissioned"
    NO_GATEWAY = "no-gateway"
    GATEWAY_NEVER_HEARD = "gateway-never-heard"
    ABSENCE_TO_REVIEW = "absence-to-review"
    NOT_PLANNED = "not-planned"
    """Times are agreed, and the night lacks slots: the planner failed, or had planned the night before they were."""


def plan_concerns(
    person: Recipient, row: queries.PlanRow, night: date, zone: ZoneInfo, now: datetime, *, planned: bool
) -> tuple[PlanConcern, ...]:
    """What stands in the way tonight, none if the plan works. `planned`: the night has every slot agreed."""
    if row.died_at is not None:
        return ()
    decision = decision_over(person, night)
    if decision is None or (decision.ended_at is not None and decision.ended_at <= now):
        unanswered = _ran_out(person, night) and row.decision_handed_to is None
        return (PlanConcern.DECISION_ENDED,) if unanswered else ()
    entries = _entries(person, night)
    if not entries:
        return (PlanConcern.NO_SCHEDULE,)
    found: list[PlanConcern] = []
    if row.review_at is not None and row.review_at <= now:
        found.append(PlanConcern.ABSENCE_TO_REVIEW)
    if not _away(person.absences.values(), wanted(person, night, zone)):
        found += _device_concerns(person, row, night, now)
    if not planned and must_be_planned(person, night, zone, now):
        found.append(PlanConcern.NOT_PLANNED)
    return tuple(found)


def decision_over(person: Recipient, night: date) -> Decision | None:
    """The latest decision that covers a night; one that was not ended before one that was."""
    covering = [each for each in person.decisions if each.covers(night)]
    standing = [each for each in covering if each.ended_at is None]
    return next(reversed(standing or covering), None)


def wanted(person: Recipient, night: date, zone: ZoneInfo) -> list[datetime]:
    """When checks are due in a night by what was agreed, in UTC; none while no decision stands."""
    decision, period = decision_over(person, night), _period(person, night)
    if decision is None or period is None:
        return []
    since, until = max(decision.holds_from, period.holds_from), decision.ended_at
    day_after = night + timedelta(days=1)
    due = [
        datetime.combine(night if entry.time.hour >= NOON else day_after, entry.time, zone).astimezone(UTC)
        for entry in period.entries
    ]
    return sorted(instant for instant in due if since <= instant and (until is None or instant < until))


def must_be_planned(person: Recipient, night: date, zone: ZoneInfo, now: datetime) -> bool:
    """Whether checks are due in a night, and were agreed long enough ago for the planner to have seen it."""
    decision, period = decision_over(person, night), _period(person, night)
    if decision is None or period is None or max(decision.holds_from, period.holds_from) > now - PLANNER_HAS:
        return False
    return bool(wanted(person, night, zone))


def _ran_out(person: Recipient, night: date) -> bool:
    """Whether the latest decision came to the end of its dates. One that somebody ended by name is settled."""
    latest = max(person.decisions, key=lambda each: each.from_night, default=None)
    return latest is not None and latest.ended_at is None and latest.from_night <= night


def _device_concerns(person: Recipient, row: queries.PlanRow, night: date, now: datetime) -> list[PlanConcern]:
    by_camera = any(entry.kind is SlotKind.REMOTE for entry in _entries(person, night))
    if not by_camera or person.camera_shut(now) is not None:
        return []
    if row.camera is None:
        return [PlanConcern.NO_CAMERA]
    found = [PlanConcern.NOT_COMMISSIONED] if row.commissioned is False else []
    if row.gateway_known is None:
        found.append(PlanConcern.NO_GATEWAY)
    elif row.heard_at is None:
        found.append(PlanConcern.GATEWAY_NEVER_HEARD)
    return found


def _period(person: Recipient, night: date) -> SchedulePeriod | None:
    begun = sorted((each for each in person.periods if each.from_night <= night), key=lambda each: each.from_night)
    return begun[-1] if begun else None


def _entries(person: Recipient, night: date) -> Sequence[ScheduleEntry]:
    period = _period(person, night)
    return period.entries if period is not None else ()


def _away(absences: Iterable[Absence], due: Sequence[datetime]) -> bool:
    """Whether every check of the night falls into one absence."""
    return bool(due) and any(away.starts_at <= due[0] and due[-1] < away.ends_at for away in absences)
