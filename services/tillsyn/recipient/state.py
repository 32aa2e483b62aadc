"""The state of one recipient, folded from its events, and what follows from it for a slot."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from events.base import Event
from events.home_schedule import SchedulePeriod, period_of, planned_in
from events.schedule import PlannedSlot
from events.types import recipient as happened
from events.types.night import CancelReason, VisitInstead
from events.types.recipient import ConsentScope
from services.tillsyn.night.commands import Cancelled, Restriction

FAR_AWAY = datetime.max.replace(tzinfo=UTC)
"""The end of an absence that has none yet."""


@dataclass(frozen=True, slots=True)
class Decision:
    """The grant of night supervision: nights, and the instant at which it ended early."""

    decision: UUID
    from_night: date
    to_night: date | None
    holds_from: datetime
    ended_at: datetime | None = None

    def covers(self, night: date) -> bool:
        """Whether the night lies within the granted dates."""
        return self.from_night <= night and (self.to_night is None or night <= self.to_night)


@dataclass(frozen=True, slots=True)
class Consent:
    """The yes that stands, and what it covers."""

    consent: UUID
    scope: frozenset[ConsentScope]


@dataclass(frozen=True, slots=True)
class Absence:
    """Away from one instant to another."""

    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Recipient:
    """One recipient as things stand now."""

    recipient: UUID | None = None
    home: UUID | None = None
    unit: UUID | None = None
    decisions: tuple[Decision, ...] = ()
    """Every decision granted, in that order: one may stand and its successor wait for its first night."""
    consent: Consent | None = None
    paused: bool = False
    paused_until: datetime | None = None
    absences: Mapping[UUID, Absence] = field(default_factory=dict)
    periods: tuple[SchedulePeriod, ...] = ()

    def slots(self, night: date, zone: ZoneInfo) -> tuple[PlannedSlot, ...]:
        """The slots that decision and schedule ask for in a night; none while no decision covers it."""
        period, decision = period_of(self.periods, night), self.decision_of(night)
        if self.recipient is None or period is None or decision is None:
            return ()
        extra = self.consents_to(ConsentScope.EXTRA_AUTUMN_LOOK)
        since, until = decision.holds_from, decision.ended_at
        slots = planned_in(period, self.recipient, zone, night, since, extra_look_consented=extra)
        return tuple(slot for slot in slots if until is None or slot.due_at < until)

    def decision_of(self, night: date) -> Decision | None:
        """The decision that a night stands under: the latest granted of those that cover it, one not ended first."""
        covering = [decision for decision in self.decisions if decision.covers(night)]
        standing = [decision for decision in covering if decision.ended_at is None]
        return next(reversed(standing or covering), None)

    def consents_to(self, scope: ConsentScope) -> bool:
        """Whether the consent that stands covers `scope`."""
        return self.consent is not None and scope in self.consent.scope

    def camera_shut(self, at: datetime) -> VisitInstead | None:
        """Why the camera may not be opened at `at`; None when it may."""
        if self.consent is None:
            return VisitInstead.CONSENT_WITHDRAWN
        if self.paused and (self.paused_until is None or at < self.paused_until):
            return VisitInstead.CAMERA_PAUSED
        return None

    def restriction(self, due_at: datetime, night: date, now: datetime | None = None) -> Restriction | None:
        """What stands against an open slot of `night` due at `due_at`; None when nothing does.

        A slot that was due before `now` and is still open is held against what stands now, too: nobody is sent to
        somebody who was fetched by an ambulance ten minutes after the slot was due.
        """
        against = self._against(due_at, night)
        if against is None and now is not None and due_at < now:
            later = self._against(now, night)
            return later if isinstance(later, Cancelled) else None
        return against

    def _against(self, due_at: datetime, night: date) -> Restriction | None:
        decision = self.decision_of(night)
        if decision is None and self.decisions:
            return Cancelled(CancelReason.DECISION_ENDED, self.decisions[-1].decision)
        if decision is not None and decision.ended_at is not None and due_at >= decision.ended_at:
            return Cancelled(CancelReason.DECISION_ENDED, decision.decision)
        for id_, absence in self.absences.items():
            if absence.starts_at <= due_at < absence.ends_at:
                return Cancelled(CancelReason.ABSENT, id_)
        return self.camera_shut(due_at)


EMPTY = Recipient()


def stream_of(recipient: UUID) -> str:
    """The stream of one recipient."""
    return f"recipient-{recipient}"


def evolve(recipient: Recipient, event: Event) -> Recipient:
    """The recipient after `event`. Events of other streams change nothing."""
    match event:
        case happened.RecipientRegistered(recipient=id_, home=home, unit=unit):
            return replace(recipient, recipient=id_, home=home, unit=unit)
        case happened.DecisionGranted(decision=decision, from_night=first, to_night=last, holds_from=since):
            others = tuple(known for known in recipient.decisions if known.decision != decision)
            return replace(recipient, decisions=(*others, Decision(decision, first, last, since)))
        case happened.DecisionEnded(decision=decision, from_instant=instant):
            ended = tuple(
                replace(known, ended_at=instant) if known.decision == decision else known
                for known in recipient.decisions
            )
            return replace(recipient, decisions=ended)
        case happened.ConsentGiven(consent=consent, scope=scope):
            return replace(recipient, consent=Consent(consent, scope))
        case happened.ConsentWithdrawn():
            return replace(recipient, consent=None)
        case happened.CameraPaused(until=until):
            return replace(recipient, paused=True, paused_until=until)
        case happened.CameraResumed():
            return replace(recipient, paused=False, paused_until=None)
        case happened.AbsenceReported(absence=id_, starts_at=starts_at, ends_at=ends_at):
            return replace(recipient, absences={**recipient.absences, id_: Absence(starts_at, ends_at or FAR_AWAY)})
        case happened.AbsenceEnded(absence=id_, ended_at=ended_at):
            shorter = replace(recipient.absences[id_], ends_at=ended_at)
            return replace(recipient, absences={**recipient.absences, id_: shorter})
        case happened.ScheduleSet(from_night=first, entries=entries, holds_from=since):
            kept = tuple(period for period in recipient.periods if period.from_night < first)
            period = SchedulePeriod(from_night=first, entries=entries, holds_from=since)
            return replace(recipient, periods=(*kept, period))
        case _:
            return recipient
