"""What must hold of a night whatever happens in it: DESIGN.md's invariants, judged from the events themselves.

Written without the decider: leases, looks and ends are worked out anew from the history.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from events.base import Event
from events.looks.grant import LookPurpose
from events.types.night import (
    AllWellUndone,
    CompletedBy,
    DelayReason,
    EscalationDelayed,
    LateReportReceived,
    LookFailed,
    LookGranted,
    LookReviewed,
    LookServed,
    ManualAlarmRaised,
    NotSeen,
    SeenUncertain,
    SlotBecameVisit,
    SlotCancelled,
    SlotClaimed,
    SlotCompleted,
    SlotEscalated,
    SlotReinstated,
    SlotReleased,
    SlotReopened,
)
from services.tillsyn.night import Night, Slot, Status

History = Iterable[tuple[datetime, Event]]
ENDS = (SlotCompleted, SlotEscalated, SlotCancelled)
REOPENS = (AllWellUndone, SlotReinstated, SlotReopened)
RECORDED_AFTER_THE_END = (LateReportReceived, LookServed, LookFailed, LookReviewed)
ENDS_A_LEASE = (SlotReleased, NotSeen, SeenUncertain, SlotBecameVisit, SlotReopened, *ENDS)


def hard_maximum(night: Night, slot: Slot) -> datetime:
    """The last instant to which an extension may reach; a deadline agreed later than that is no extension."""
    return max(slot.plan.deadline, (slot.reopened_at or slot.plan.due_at) + night.rules.hard_maximum)


def a_step_keeps_the_rules(before: Night, event: Event, after: Night) -> None:
    """A settled slot changes by undo, reinstatement and reopening only; an open one keeps its windows in order and in
    bounds. Reopened, its windows begin anew.
    """
    for id_, slot in after.slots.items():
        was = before.slots.get(id_)
        if was is None:
            continue
        if not was.open and not (isinstance(event, REOPENS) and event.slot == id_):
            ended = (was.status, was.completion, was.visit, was.kind, was.because_of)
            assert (slot.status, slot.completion, slot.visit, slot.kind, slot.because_of) == ended, event
            if was != slot:
                assert isinstance(event, RECORDED_AFTER_THE_END), event
        if isinstance(event, REOPENS) and event.slot == id_:
            assert not was.open, event
            assert slot.open, event
        assert slot.plan.opens_at <= slot.plan.due_at < slot.plan.deadline, event
        assert (slot.reopened_at or slot.plan.due_at) <= slot.late_at < slot.deadline, event
        assert was.deadline <= slot.deadline or isinstance(event, SlotReopened), event
        assert slot.deadline <= hard_maximum(after, slot), event
        if slot.open:
            assert slot.escalates_at <= hard_maximum(after, slot), event
        if slot.status is Status.ESCALATED:
            assert slot.visit is not None, event


def nothing_is_missed_in_silence(night: Night, now: datetime) -> None:
    """After a sweep at `now`: no open slot whose time is up, none open past its hard maximum."""
    for slot in night.slots.values():
        if slot.open:
            assert slot.escalates_at > now
            assert hard_maximum(night, slot) > now
            waited_for = slot.delayed or slot.uncertain_by
            assert slot.deadline > now or waited_for, "only somebody who is on it holds a slot past its deadline"


def every_slot_has_ended_once(history: History, slots: Iterable[UUID]) -> None:
    """As many ends as reopenings and one."""
    balance: Counter[UUID] = Counter()
    for _, event in history:
        balance[getattr(event, "slot", UUID(int=0))] += isinstance(event, ENDS) - isinstance(event, REOPENS)
    assert all(balance[slot] == 1 for slot in slots)


def no_slot_is_completed_before_it_opens(history: History, slots: Iterable[Slot]) -> None:
    """Neither by camera nor by visit, whoever was needed earlier. Slots of one instant open with the first of them."""
    opens: dict[UUID, datetime] = {}
    plans = [slot.plan for slot in slots]
    for plan in plans:
        opens[plan.slot] = min(other.opens_at for other in plans if other.due_at == plan.due_at)
    for now, event in history:
        if isinstance(event, SlotCompleted):
            assert opens[event.slot] <= event.at <= now, event


def a_delay_is_given_once_and_no_longer_than_the_lease(history: History) -> None:
    """Each slot is held back once for each cause, for a lease by its remainder at most; reopened, it begins anew."""
    given: Counter[tuple[UUID, DelayReason]] = Counter()
    longest: dict[UUID, timedelta] = {}
    for now, event in history:
        if isinstance(event, SlotClaimed):
            longest[event.slot] = event.until - now
        if isinstance(event, SlotReopened):
            given -= Counter({(event.slot, reason): given[event.slot, reason] for reason in DelayReason})
        if isinstance(event, EscalationDelayed):
            given[event.slot, event.reason] += 1
            assert given[event.slot, event.reason] == 1, event
            if event.reason is DelayReason.LIVE_LEASE:
                assert now < event.until <= now + max(longest.values()), event


def remote_completions_rest_on_a_look(history: History, together: dict[UUID, frozenset[UUID]]) -> None:
    """Whoever completes by camera was served a live picture, of this slot or one fallen together with it, under the
    very lease that they answer under.
    """
    lease: dict[UUID, tuple[UUID, datetime, int]] = {}
    granted: dict[UUID, tuple[UUID, UUID, int]] = {}
    shown: set[UUID] = set()
    for number, (now, event) in enumerate(history):
        match event:
            case SlotClaimed(slot=slot, by=by, until=until):
                held = lease.get(slot)
                same = held is not None and held[0] == by and now < held[1]
                lease[slot] = (by, until, held[2] if held is not None and same else number)
            case LookGranted(slot=slot, look=look, by=by):
                assert slot in lease, "no grant without a lease"
                assert lease[slot][0] == by, "no grant on another's lease"
                assert now < lease[slot][1], "no grant on a lease that ran out"
                assert event.valid_until <= lease[slot][1]
                granted[look] = (slot, by, lease[slot][2])
            case LookServed(look=look):
                assert look in granted, "no picture without a grant"
                shown.add(look)
            case SlotCompleted(how=CompletedBy.REMOTE_CHECK, look=look):
                assert look in shown, "no all well without a picture"
                of, to, under = granted[look]
                assert of in together[event.slot]
                assert to == event.by, "the picture was another's"
                assert lease[of][2] == under, "the picture was an earlier lease's"
                assert now < lease[of][1], "the lease had run out"
            case AllWellUndone(slot=slot):
                lease.pop(slot, None)
        if isinstance(event, ENDS_A_LEASE) and not _completes_several(event):
            lease.pop(event.slot, None)


def _completes_several(event: Event) -> bool:
    return isinstance(event, SlotCompleted) and event.how is CompletedBy.REMOTE_CHECK


def doubts_are_settled_by_somebody_else(history: History) -> None:
    """Whoever could not tell does not claim, answer or doubt again, until the slot was reopened."""
    doubted: dict[UUID, UUID] = {}
    for _, event in history:
        match event:
            case SeenUncertain(slot=slot, by=by):
                assert slot not in doubted, "a colleague is asked once"
                doubted[slot] = by
            case SlotReopened(slot=slot):
                doubted.pop(slot, None)
            case SlotClaimed(slot=slot, by=by) | NotSeen(slot=slot, by=by):
                assert doubted.get(slot) != by, event
            case SlotCompleted(slot=slot, by=by, how=CompletedBy.REMOTE_CHECK):
                assert doubted.get(slot) != by, event


def nobody_is_looked_at_more_often_than_agreed_without_its_being_said(history: History) -> None:
    """Of one slot no fourth look is granted as one that was agreed; those that failed showed nobody."""
    agreed: dict[UUID, dict[UUID, bool]] = {}
    for _, event in history:
        match event:
            case LookGranted(slot=slot, look=look, purpose=purpose):
                looks = agreed.setdefault(slot, {})
                assert purpose is LookPurpose.ALARM or sum(looks.values()) < 3, event
                looks[look] = True
            case LookFailed(slot=slot, look=look):
                agreed[slot][look] = False
            case LookServed(slot=slot, look=look):
                agreed[slot][look] = True


def looks_on_somebodys_word_say_so_and_are_reviewed_once(history: History) -> None:
    """A look at an alarm's slot is granted as one; no other look is reviewed, none twice, and none by its viewer."""
    alarms: set[UUID] = set()
    to_review: dict[UUID, UUID] = {}
    for _, event in history:
        match event:
            case ManualAlarmRaised(slot=slot):
                alarms.add(slot)
            case LookGranted(slot=slot, look=look, by=by, purpose=purpose):
                assert purpose is LookPurpose.ALARM or slot not in alarms, event
                if purpose is LookPurpose.ALARM:
                    to_review[look] = by
            case LookReviewed(look=look, by=by):
                assert to_review.pop(look) != by, event
