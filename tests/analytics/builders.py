"""Nights and visits as logs, in one line each."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid5

from analytics import SlotFact, VisitFact, fold_facts
from events.base import Event
from events.envelope import Actor, ActorKind, Context, Owner, Recorded
from events.personal import Personal, Sealed
from events.schedule import PlannedSlot, SlotKind
from events.types import night as nights
from events.types import visit as visits
from events.types.unit import NightRules

ORGANISATION, UNIT, OTHER_UNIT = UUID(int=0x0), UUID(int=0xA), UUID(int=0xB)
ASTRID, BENGT = UUID(int=0xA57), UUID(int=0xBE7)
PATROL = UUID(int=0x9A7)
NIGHT = date(2026, 11, 3)
DUE = datetime(2026, 11, 4, 1, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
SEALED = Sealed(UUID(int=0x5EA1), b"noise")


def seconds(count: float) -> timedelta:
    return timedelta(seconds=count)


@dataclass
class Stream:
    """A stream that is being written: each event gets the next version, and ids that are the same every time."""

    name: str
    unit: UUID = UNIT
    written: list[Recorded] = field(default_factory=list)

    def write(self, event: Event, at: datetime, actor: UUID | None = None) -> None:
        kind = ActorKind.STAFF if actor else ActorKind.SYSTEM
        version = len(self.written) + 1
        self.written.append(
            Recorded(
                id=uuid5(ORGANISATION, f"{self.name}/{version}"),
                stream=self.name,
                version=version,
                position=version,
                recordedtime=at,
                event=event,
                context=Context(
                    Actor(kind, str(actor or "sweeper"), "any"), Owner(ORGANISATION, self.unit), at, UUID(int=1)
                ),
            )
        )


def planned_slot(recipient: int, n: int, kind: SlotKind, due: datetime) -> PlannedSlot:
    return PlannedSlot(
        slot=UUID(int=recipient * 1000 + n),
        entry=UUID(int=n),
        n=0,
        kind=kind,
        opens_at=due - 10 * MINUTE,
        due_at=due,
        late_at=due + 30 * MINUTE,
        deadline=due + 60 * MINUTE,
    )


class NightLog(Stream):
    """One recipient's night. Its slots are numbered; times are offsets from when the slot is due."""

    def __init__(
        self,
        recipient: int = 1,
        *,
        slots: int = 1,
        kind: SlotKind = SlotKind.REMOTE,
        unit: UUID = UNIT,
        apart: timedelta = 60 * MINUTE,
    ) -> None:
        super().__init__(f"night-{UUID(int=recipient)}-{NIGHT}", unit)
        self.recipient = UUID(int=recipient)
        self.planned = [planned_slot(recipient, n, kind, DUE + n * apart) for n in range(slots)]
        self.visits: list[Recorded] = []
        self.write(
            nights.NightPlanned(
                recipient=self.recipient,
                home=UUID(int=0x40),
                night=NIGHT,
                slots=tuple(self.planned),
                rules=NightRules(),
            ),
            DUE - 12 * 60 * MINUTE,
        )

    def slot(self, n: int = 0) -> UUID:
        return self.planned[n].slot

    def visit(self, n: int = 0) -> UUID:
        return uuid5(self.slot(n), "visit")

    def at(self, n: int, after: timedelta) -> datetime:
        return self.planned[n].due_at + after

    def look(self, n: int = 0, *, by: UUID = ASTRID, after: timedelta = MINUTE, number: int = 1) -> UUID:
        """A claim, a grant and a picture that is there at once."""
        look, at = uuid5(self.slot(n), f"look {number}"), self.at(n, after)
        self.write(nights.SlotClaimed(slot=self.slot(n), by=by, until=at + seconds(90)), at, by)
        self.grant(look, n, by=by, at=at)
        self.write(nights.LookServed(slot=self.slot(n), look=look, taken_at=at, frames=3), at)
        return look

    def grant(self, look: UUID, n: int = 0, *, by: UUID = ASTRID, at: datetime, with_slot: UUID | None = None) -> None:
        granted = nights.LookGranted(
            slot=self.slot(n),
            look=look,
            by=by,
            camera=UUID(int=0xCA),
            valid_from=at,
            valid_until=at + seconds(30),
            recipient_version=3,
            with_slot=with_slot,
        )
        self.write(granted, at, by)

    def all_well(self, n: int = 0, *, by: UUID = ASTRID, looking: timedelta = timedelta(0)) -> "NightLog":
        """Looked at and completed, after so long a look."""
        look = self.look(n, by=by)
        return self.complete(look, n, by=by, after=MINUTE + looking)

    def complete(self, look: UUID, n: int = 0, *, by: UUID = ASTRID, after: timedelta) -> "NightLog":
        how = nights.CompletedBy.REMOTE_CHECK
        at = self.at(n, after)
        completed = nights.SlotCompleted(slot=self.slot(n), how=how, by=by, at=at, look=look, visit=None)
        self.write(completed, at, by)
        return self

    def undo(self, n: int = 0, *, by: UUID = ASTRID, after: timedelta) -> None:
        at = self.at(n, after)
        self.write(nights.AllWellUndone(slot=self.slot(n), by=by, escalates_at=at + MINUTE), at, by)

    def uncertain(self, look: UUID, n: int = 0, *, by: UUID = ASTRID, after: timedelta) -> None:
        at = self.at(n, after)
        doubt = nights.SeenUncertain(slot=self.slot(n), look=look, by=by, answer_by=at + 5 * MINUTE)
        self.write(doubt, at, by)

    def reopen(self, n: int = 0, *, by: UUID = BENGT, after: timedelta) -> "NightLog":
        """Second thoughts; a slot that was a visit leads to another."""
        at = self.at(n, after)
        reopened = nights.SlotReopened(
            slot=self.slot(n),
            by=by,
            reason=Personal.of("he coughed", self.recipient),
            at=at,
            late_at=at + 7 * MINUTE,
            deadline=at + 15 * MINUTE,
            visit=None,
        )
        self.write(reopened, at, by)
        return self

    def alarm(self, *, kind: SlotKind = SlotKind.REMOTE) -> int:
        """A relative is worried at some hour; the number of the slot that this adds."""
        n = len(self.planned)
        plan = planned_slot(self.recipient.int, n, kind, DUE + n * 17 * MINUTE)
        raised = nights.ManualAlarmRaised(
            slot=plan.slot,
            recipient=self.recipient,
            home=UUID(int=0x40),
            night=NIGHT,
            plan=plan,
            rules=NightRules(),
            caller=nights.AlarmCaller.RELATIVE,
            by=ASTRID,
            reason=Personal.of("does not answer", self.recipient),
        )
        self.planned.append(plan)
        self.write(raised, plan.opens_at, ASTRID)
        return n

    def not_seen(self, look: UUID, n: int = 0, *, by: UUID = ASTRID, after: timedelta) -> None:
        at = self.at(n, after)
        unseen = nights.NotSeen(
            slot=self.slot(n),
            look=look,
            by=by,
            second_look_at=at + 15 * MINUTE,
            late_at=at + 20 * MINUTE,
            deadline=at + 25 * MINUTE,
        )
        self.write(unseen, at, by)

    def escalate(
        self,
        n: int = 0,
        *,
        by: UUID | None = None,
        after: timedelta = 60 * MINUTE,
        reason: nights.EscalationReason = nights.EscalationReason.NOBODY_LOOKED,
        note: Personal[str] | None = None,
    ) -> None:
        escalated = nights.SlotEscalated(slot=self.slot(n), reason=reason, visit=self.visit(n), note=note)
        self.write(escalated, self.at(n, after), by)

    def concern(self, n: int = 0, *, looking: timedelta = timedelta(0)) -> "NightLog":
        """Looked at and escalated, after so long a look."""
        self.look(n)
        self.escalate(n, by=ASTRID, after=MINUTE + looking, reason=nights.EscalationReason.CONCERN)
        return self

    def became_visit(self, n: int = 0, reason: nights.VisitInstead = nights.VisitInstead.CAMERA_PAUSED) -> "NightLog":
        deadline = self.planned[n].deadline
        became = nights.SlotBecameVisit(slot=self.slot(n), reason=reason, visit=self.visit(n), escalates_at=deadline)
        self.write(became, self.at(n, -5 * MINUTE))
        return self

    def cancel(self, n: int = 0) -> "NightLog":
        cancelled = nights.SlotCancelled(
            slot=self.slot(n), reason=nights.CancelReason.ABSENT, because_of=UUID(int=0xAB5)
        )
        self.write(cancelled, self.at(n, timedelta(0)), ASTRID)
        return self

    def visited(self, n: int = 0, *, minutes: int, people: int = 2, kilometres: float = 0.0) -> "NightLog":
        """A visit for a slot, in a stream of its own, made; a slot that was a visit is completed by it."""
        escalated = {one.event.slot for one in self.written if isinstance(one.event, nights.SlotEscalated)}
        kind = visits.VisitKind.SENT if self.slot(n) in escalated else visits.VisitKind.PLANNED
        visit = VisitLog(self, n, kind=kind).made(minutes=minutes, people=people, kilometres=kilometres)
        self.visits += visit.written
        if kind is visits.VisitKind.PLANNED:
            how, at = nights.CompletedBy.VISIT, self.at(n, 90 * MINUTE)
            completed = nights.SlotCompleted(slot=self.slot(n), how=how, by=PATROL, at=at, look=None, visit=visit.visit)
            self.write(completed, at, PATROL)
        return self

    def covered(self, n: int, by: int = 0) -> "NightLog":
        """A slot that the visit made for another one completed."""
        how, at = nights.CompletedBy.VISIT, self.at(by, 90 * MINUTE)
        completed = nights.SlotCompleted(slot=self.slot(n), how=how, by=PATROL, at=at, look=None, visit=self.visit(by))
        self.write(completed, at, PATROL)
        return self

    def log(self) -> list[Recorded]:
        return self.written + self.visits


class VisitLog(Stream):
    """One visit's stream, asked for an hour after its slot was due."""

    def __init__(self, night: NightLog, n: int = 0, *, kind: visits.VisitKind = visits.VisitKind.SENT) -> None:
        self.visit = night.visit(n)
        self.asked_at = night.at(n, 60 * MINUTE)
        super().__init__(f"visit-{self.visit}", night.unit)
        requested = visits.VisitRequested(
            visit=self.visit,
            kind=kind,
            reason="concern",
            recipient=night.recipient,
            home=UUID(int=0x40),
            night=NIGHT,
            slot=night.slot(n),
            not_before=self.asked_at,
            chain=(PATROL,),
            rules=NightRules(),
        )
        self.write(requested, self.asked_at)

    def assigned(self, after: timedelta = timedelta(0), step: int = 0) -> None:
        at = self.asked_at + after
        assigned = visits.VisitAssigned(visit=self.visit, responder=PATROL, step=step, acknowledge_by=at + 5 * MINUTE)
        self.write(assigned, at)

    def under_way(self) -> "VisitLog":
        """Assigned at once, acknowledged after 2 minutes, at the door after 15."""
        self.assigned()
        acknowledged, arrived = self.asked_at + 2 * MINUTE, self.asked_at + 15 * MINUTE
        self.write(
            visits.VisitAcknowledged(visit=self.visit, responder=PATROL, arrive_by=acknowledged + 45 * MINUTE),
            acknowledged,
        )
        self.write(visits.VisitArrived(visit=self.visit, responder=PATROL, complete_by=arrived + 60 * MINUTE), arrived)
        return self

    def made(
        self, *, minutes: int, people: int = 2, kilometres: float = 0.0, note: Personal[str] | None = None
    ) -> "VisitLog":
        completed = visits.VisitCompleted(
            visit=self.visit,
            responder=PATROL,
            minutes=minutes,
            people=people,
            kilometres=kilometres,
            found=visits.Found.ALL_WELL,
            note=note,
        )
        self.under_way().write(completed, self.asked_at + (15 + minutes) * MINUTE)
        return self

    def found_nobody(self, *, minutes: int, people: int, kilometres: float) -> "VisitLog":
        """At the door, and nobody opens."""
        nobody = visits.VisitFoundNobody(
            visit=self.visit,
            responder=PATROL,
            by=PATROL,
            found=visits.Found.NO_ENTRY,
            minutes=minutes,
            people=people,
            kilometres=kilometres,
        )
        self.write(nobody, self.asked_at + 20 * MINUTE)
        return self

    def driven(self, kilometres: float) -> "VisitLog":
        """Driven for nothing."""
        driven = visits.VisitDriven(visit=self.visit, responder=PATROL, by=PATROL, kilometres=kilometres)
        self.write(driven, self.asked_at + 21 * MINUTE)
        return self

    def closed(self, reason: str = "phoned, all well") -> "VisitLog":
        said = Personal.of(reason, ASTRID)
        self.write(visits.VisitClosed(visit=self.visit, by=ASTRID, reason=said), self.asked_at + 9 * MINUTE)
        return self


def only_slot(log: Iterable[Recorded]) -> SlotFact:
    (slot,) = fold_facts(log).slots
    return slot


def only_visit(log: Iterable[Recorded]) -> VisitFact:
    (visit,) = fold_facts(log).visits
    return visit


def with_key_destroyed(recorded: Recorded) -> Recorded:
    """The same event with each personal field as nobody can ever read it again."""
    fields = {name: getattr(recorded.event, name) for name in type(recorded.event).model_fields}
    noise: dict[str, Personal[str]] = {
        name: Personal(SEALED) for name, value in fields.items() if isinstance(value, Personal)
    }
    return replace(recorded, event=recorded.event.model_copy(update=noise))
