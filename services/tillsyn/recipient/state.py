"""The state of one recipient, folded from its events, and what follows from it for a slot."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
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
ONE_DAY = timedelta(days=1)
MORNING = timedelta(hours=6)


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

    @property
    def first_uncovered(self) -> date | None:
        """The first night that the decision does not cover to its end; None while it is open.

        An end before six in the morning (UTC: the zone is not known here) leaves the night before uncovered, too.
        """
        over = None if self.to_night is None else self.to_night + ONE_DAY
        ended = None if self.ended_at is None else (self.ended_at - MORNING).date()
        return min((night for night in (over, ended) if night is not None), default=None)

    @property
    def last_night(self) -> date | None:
        """The last night that is covered to its end; None while that is open."""
        return None if self.first_uncovered is None else self.first_uncovered - ONE_DAY

    def ending(self, instant: datetime) -> "Decision":
        """The decision as it would be, ended at `instant`."""
        return replace(self, ended_at=instant)


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
    review_at: datetime | None = None
    """When somebody has to ask where the recipient is."""
    returned: bool = False


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
    warned: frozenset[UUID] = frozenset()
    """Decisions of whose end the assessor was told."""
    handed_over: Mapping[UUID, UUID] = field(default_factory=dict)
    """Of each decision that ends without a successor: who answers for the nights that follow."""
    died_at: datetime | None = None

    def slots(self, night: date, zone: ZoneInfo) -> tuple[PlannedSlot, ...]:
        """The slots that decision and schedule ask for in a night; none while no decision covers it."""
        period, decision = period_of(self.periods, night), self.decision_of(night)
        if self.recipient is None or period is None or decision is None or self.died_at is not None:
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

    def successor_of(self, decision: Decision) -> Decision | None:
        """A decision that goes on where `decision` ends: it covers the first night that is no longer covered."""
        first = decision.first_uncovered
        if first is None:
            return None
        others = (one for one in self.decisions if one.decision != decision.decision and one.from_night <= first)
        return next((one for one in others if one.first_uncovered is None or one.first_uncovered > first), None)

    def review_due(self, at: datetime) -> list[UUID]:
        """Absences that somebody has to ask about by now."""
        return [
            id_
            for id_, absence in self.absences.items()
            if absence.review_at is not None and absence.review_at <= at < absence.ends_at and not absence.returned
        ]

    def consents_to(self, scope: ConsentScope) -> bool:
        """Whether the consent that stands covers `scope`."""
        return self.consent is not None and scope in self.consent.scope

    def camera_shut(self, at: datetime) -> VisitInstead | None:
        """Why this person's word shuts the camera at `at`; None when it does not. (Others' words: `Household.shut`.)"""
        if self.consent is None:
            return VisitInstead.CONSENT_WITHDRAWN
        if self.paused and (self.paused_until is None or at < self.paused_until):
            return VisitInstead.CAMERA_PAUSED
        return None

    def restriction(self, due_at: datetime, night: date, now: datetime | None = None) -> Restriction | None:
        """What stands against an open slot of `night` due at `due_at`; None when nothing does.

        A slot that was due before `now` and is still open is held against who is there now, too: nobody is sent to
        somebody who was fetched by an ambulance ten minutes after the slot was due. What was agreed for its own time
        holds for it, though: a decision that ended after that leaves it to be done.
        """
        against = self._against(due_at, night)
        if against is None and now is not None and due_at < now:
            later = self._against(now, night)
            gone = isinstance(later, Cancelled) and later.reason in (CancelReason.DEATH, CancelReason.ABSENT)
            return later if gone else None
        return against

    def gone(self, at: datetime) -> bool:
        """Whether, as is known now, they were dead or away at `at`."""
        dead = self.died_at is not None and self.died_at <= at
        return dead or any(absence.starts_at <= at < absence.ends_at for absence in self.absences.values())

    def _against(self, due_at: datetime, night: date) -> Restriction | None:
        if self.died_at is not None and self.recipient is not None:
            return Cancelled(CancelReason.DEATH, self.recipient)
        decision = self.decision_of(night)
        if decision is None and self.decisions:
            return Cancelled(CancelReason.DECISION_ENDED, self.decisions[-1].decision)
        if decision is not None and decision.ended_at is not None and due_at >= decision.ended_at:
            return Cancelled(CancelReason.DECISION_ENDED, decision.decision)
        for id_, absence in self.absences.items():
            if absence.starts_at <= due_at < absence.ends_at:
                return Cancelled(CancelReason.ABSENT, id_, absence.starts_at)
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
        case happened.ScheduleSet(from_night=first, entries=entries, holds_from=since):
            kept = tuple(period for period in recipient.periods if period.from_night < first)
            period = SchedulePeriod(from_night=first, entries=entries, holds_from=since)
            return replace(recipient, periods=(*kept, period))
        case happened.RecipientDied(at=at):
            return replace(recipient, died_at=at)
        case happened.DeathTakenBack():
            return replace(recipient, died_at=None)
        case happened.RecipientMoved(to_home=home):
            return replace(recipient, home=home, consent=None, paused=False, paused_until=None)
        case happened.DecisionEndWarned(decision=decision):
            return replace(recipient, warned=recipient.warned | {decision})
        case happened.DecisionHandedOver(decision=decision, to=to):
            return replace(recipient, handed_over={**recipient.handed_over, decision: to})
        case _:
            return _evolve_absences(recipient, event)


def _evolve_absences(recipient: Recipient, event: Event) -> Recipient:
    match event:
        case happened.AbsenceReported(absence=id_, starts_at=starts_at, ends_at=ends_at, review_at=review_at):
            absence = Absence(starts_at, ends_at or FAR_AWAY, review_at)
        case happened.AbsenceReviewed(absence=id_, review_at=review_at):
            absence = replace(recipient.absences[id_], review_at=review_at)
        case happened.AbsenceEnded(absence=id_, ended_at=ended_at):
            absence = replace(recipient.absences[id_], ends_at=ended_at, review_at=None, returned=True)
        case _:
            return recipient
    return replace(recipient, absences={**recipient.absences, id_: absence})
