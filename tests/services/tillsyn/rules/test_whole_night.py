"""Random whole nights: recipient, night and visits together, held against the invariants of DESIGN.md."""

from datetime import datetime, timedelta
from uuid import UUID

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from events.schedule import SlotKind
from events.types.night import AlarmCaller, CancelReason, VisitInstead
from events.types.visit import DeclineReason, Found, PhoneOutcome, VisitClosed, VisitCompleted
from services.tillsyn import recipient as recipients
from services.tillsyn import visit as visits
from services.tillsyn.night import Slot, Status
from services.tillsyn.night import commands as asked
from tests.builders import (
    ANNA,
    BERTIL,
    CAMERA,
    CHAIN,
    HOME,
    MANAGER,
    NIGHT,
    PATROL,
    RECIPIENT,
    RULES,
    a_consent,
    a_handover,
    a_planned_slot,
    an_id,
    at,
    due,
    minutes,
    no_picture,
    seconds,
    unreachable,
)
from tests.services.tillsyn.rules.invariants import (
    a_delay_is_given_once_and_no_longer_than_the_lease,
    doubts_are_settled_by_somebody_else,
    every_slot_has_ended_once,
    looks_on_somebodys_word_say_so_and_are_reviewed_once,
    no_slot_is_completed_before_it_opens,
    nothing_is_missed_in_silence,
    remote_completions_rest_on_a_look,
)
from tests.services.tillsyn.rules.whole import WholeNight

PLAN = (
    a_planned_slot("23:00", 0),
    a_planned_slot("02:00", 1),
    a_planned_slot("02:00", 2),
    a_planned_slot("03:30", 3, kind=SlotKind.VISIT),
    a_planned_slot("05:00", 4, deadline=100),
)
SLOTS = tuple(plan.slot for plan in PLAN)
ALARMS = (an_id("first alarm"), an_id("second alarm"))
TOGETHER = {one: frozenset({one}) for one in (*SLOTS, *ALARMS)} | dict.fromkeys(SLOTS[1:3], frozenset(SLOTS[1:3]))
slots = st.sampled_from(SLOTS)
staff = st.sampled_from([ANNA, BERTIL])
patrols = st.sampled_from(CHAIN)
PATROLS_STEPS = (
    "acknowledge",
    "arrive",
    "complete",
    "tell afterwards",
    "close",
    "decline",
    "meet nobody",
    "need two",
    "join",
    "phone",
)
hours = st.sampled_from([at(clock) for clock in ("21:00", "23:30", "01:00", "02:30", "06:00", "09:00")])
whiles = st.sampled_from([seconds(4), seconds(60), seconds(90), minutes(7), minutes(15)])
AWAY = st.sampled_from([an_id("hospital"), an_id("holiday")])


class AWholeNight(RuleBasedStateMachine):
    """A clock that moves, a sweeper that runs or is late, staff, gateways, patrols, and agreements that change."""

    @initialize()
    def plan(self) -> None:
        self.all = WholeNight(at("22:30"), PLAN)
        self.looks = 0
        self.at_desk = (SLOTS[0], ANNA)
        self.spool: list[asked.Command] = []
        self.delivered: list[asked.Command] = []

    # The clock and the sweeper.

    @rule(some_time=whiles)
    def time_passes(self, some_time: timedelta) -> None:
        self.all.now += some_time

    @rule()
    @precondition(lambda self: self.limits())
    def the_next_limit_comes(self) -> None:
        self.all.now = max(self.all.now, min(self.limits()))

    def limits(self) -> list[datetime]:
        open_slots = [slot for slot in self.all.night.state.slots.values() if slot.open]
        escalations = [slot.escalates_at for slot in open_slots]
        looks = [slot.second_look_at or slot.plan.due_at for slot in open_slots]
        states = [visit.state for visit in self.all.visits.values()]
        both = [(state.act_at, state.second and state.second.act_at) for state in states]
        visiting = [limit for limits in both for limit in limits if limit is not None]
        return escalations + looks + visiting

    @rule()
    def sweep(self) -> None:
        self.all.sweep()
        nothing_is_missed_in_silence(self.all.night.state, self.all.now)
        for visit in self.all.visits.values():
            assert visit.state.over or (visit.state.act_at or self.all.now) > self.all.now, "no escalation fades"

    # The desk.

    @rule(slot=slots, who=staff)
    def claim(self, slot: UUID, who: UUID) -> None:
        self.all.ask_night(asked.Claim(slot, who, self.all.now))
        self.at_desk = (slot, who)

    @rule(who=staff, data=st.data(), wait=st.sampled_from([seconds(0), minutes(15), minutes(50)]))
    @precondition(lambda self: self.for_the_camera())
    def look_in_time(self, who: UUID, data: st.DataObject, wait: timedelta) -> None:
        slot = data.draw(st.sampled_from(self.for_the_camera()))
        self.all.now = max(self.all.now, (slot.second_look_at or slot.plan.opens_at) + wait)
        self.claim(slot.id, who)
        self.look()

    def for_the_camera(self) -> list[Slot]:
        camera = [slot for slot in self.slots_now() if slot.open and slot.kind is SlotKind.REMOTE]
        return sorted(camera, key=lambda slot: slot.escalates_at)[:2]

    @rule()
    def look(self) -> None:
        slot, who = self.at_desk
        self.looks += 1
        look = an_id(f"look {self.looks}")
        if self.all.recipient.state.camera_shut(self.all.now) is None:
            self.all.ask_night(asked.GrantLook(slot, look, who, CAMERA, 1, self.all.now))
            self.all.ask_night(asked.RecordServed(slot, look, self.all.now, 9))

    @rule()
    def all_well(self) -> None:
        self.all.ask_night(asked.SayAllWell(*self.at_desk, self.all.now))

    @rule()
    def undo(self) -> None:
        self.all.ask_night(asked.UndoAllWell(*self.at_desk, self.all.now))

    @rule(consented=st.sampled_from([True, True, False]))
    def not_seen(self, consented: bool) -> None:
        self.all.ask_night(asked.SayNotSeen(*self.at_desk, self.all.now, consented))

    @rule(slot=slots, who=staff, sure=st.integers(0, 4))
    def concern(self, slot: UUID, who: UUID, sure: int) -> None:
        if sure == 4:
            self.all.ask_night(asked.RaiseConcern(slot, who, self.all.now))

    @rule()
    def uncertain(self) -> None:
        self.all.ask_night(asked.SaySeenUncertain(*self.at_desk, self.all.now))

    @rule(data=st.data(), who=staff)
    @precondition(lambda self: any(not slot.open for slot in self.slots_now()))
    def second_thoughts(self, data: st.DataObject, who: UUID) -> None:
        slot = data.draw(st.sampled_from([slot.id for slot in self.slots_now() if not slot.open]))
        self.all.reopen(slot, who, at("11:00"))

    @rule(slot=st.sampled_from(ALARMS), who=staff, caller=st.sampled_from(AlarmCaller))
    def somebody_is_worried(self, slot: UUID, who: UUID, caller: AlarmCaller) -> None:
        """With the camera where nothing stands against it; somebody is sent where it does."""
        against = self.all.recipient.state.restriction(self.all.now, NIGHT)
        if isinstance(against, asked.Cancelled) and against.reason is CancelReason.DECISION_ENDED:
            return
        place = (RECIPIENT, HOME, NIGHT, RULES)
        self.all.ask_night(
            asked.RaiseManualAlarm(slot, *place, caller, who, "she phoned", against is None, self.all.now)
        )

    # Gateways, with what they hold back, reorder and repeat.

    @rule(slot=slots, kind=st.sampled_from([due, no_picture, unreachable]), attempt=st.integers(1, 2))
    def a_gateway_writes(self, slot: UUID, kind: object, attempt: int) -> None:
        self.spool.append(kind(attempt, f"{self.all.now:%H:%M}", slot))  # type: ignore[operator]

    @rule(data=st.data())
    @precondition(lambda self: self.spool)
    def a_report_arrives(self, data: st.DataObject) -> None:
        report = self.spool.pop(data.draw(st.integers(0, len(self.spool) - 1)))
        self.delivered.append(report)
        self.all.ask_night(report)

    @rule(data=st.data())
    @precondition(lambda self: self.delivered)
    def a_report_arrives_again(self, data: st.DataObject) -> None:
        events = self.all.events()
        self.all.ask_night(data.draw(st.sampled_from(self.delivered)))
        assert self.all.events() == events, "nothing twice"

    # Agreements.

    @rule(data=st.data(), until=st.none() | hours, sure=st.integers(0, 2))
    def the_yes_changes(self, data: st.DataObject, until: datetime | None, sure: int) -> None:
        no = [recipients.WithdrawConsent(), recipients.PauseCamera(until, self.all.now)]
        yes = [a_consent(), recipients.ResumeCamera()]
        self.all.ask_recipient(data.draw(st.sampled_from(no if sure == 2 else yes)))

    @rule(absence=AWAY, start=hours, end=hours)
    def somebody_goes_away(self, absence: UUID, start: datetime, end: datetime) -> None:
        self.all.ask_recipient(recipients.ReportAbsence(absence, start, end, "hospital"))

    @rule(absence=AWAY)
    def somebody_is_back_early(self, absence: UUID) -> None:
        self.all.ask_recipient(recipients.EndAbsence(absence, self.all.now))

    @rule(when=st.sampled_from([at("04:00"), at("06:00")]), sure=st.integers(0, 2))
    def the_decision_ends(self, when: datetime, sure: int) -> None:
        if sure == 2:
            self.all.ask_recipient(a_handover())
            self.all.ask_recipient(recipients.EndDecision(when, "moved"))

    # Patrols.

    @rule(data=st.data(), by=patrols, step=st.sampled_from(PATROLS_STEPS))
    @precondition(lambda self: self.all.visits)
    def a_patrol_acts(self, data: st.DataObject, by: UUID, step: str) -> None:
        now = self.all.now
        command = {
            "acknowledge": visits.Acknowledge(by, now),
            "arrive": visits.Arrive(by, now),
            "complete": visits.Complete(by, 10, 2, 4.5, Found.ALL_WELL, now),
            "tell afterwards": visits.Complete(by, 10, 2, 4.5, Found.ALL_WELL, now, arrived_at=now - minutes(10)),
            "decline": visits.Decline(by, DeclineReason.STUCK, now),
            "meet nobody": visits.FindNobody(by, 5, 1, 4.5, Found.NO_ENTRY, now),
            "need two": visits.NeedTwo(by, now),
            "join": visits.Join(by, now),
            "phone": visits.Phone(by, PhoneOutcome.NEEDS_HELP, now),
            "close": visits.Close(MANAGER, "the daughter is there"),
        }[step]
        self.all.ask_visit(data.draw(st.sampled_from(sorted(self.all.visits))), command)

    # What must hold all the time.

    @invariant()
    def no_escalation_is_without_a_visit(self) -> None:
        for slot in self.slots_now():
            if slot.status is Status.ESCALATED:
                visit = self.all.visits[slot.visit]  # type: ignore[index]
                made_or_closed = any(isinstance(event, VisitCompleted | VisitClosed) for event in visit.events)
                assert visit.state.act_at is not None or made_or_closed

    @invariant()
    def nothing_stands_against_an_open_slot(self) -> None:
        stands = self.all.restrictions() if hasattr(self, "all") else {}
        for slot in self.slots_now():
            why = stands.get(slot.id)
            if slot.open:
                assert not isinstance(why, asked.Cancelled), "nobody is sought who is away"
                assert not (isinstance(why, VisitInstead) and slot.kind is SlotKind.REMOTE), "the camera stays shut"
            if slot.kind is SlotKind.VISIT and slot.open:
                visit = self.all.visits[slot.visit]  # type: ignore[index]
                closed = any(isinstance(event, VisitClosed) for event in visit.events)
                assert visit.state.act_at is not None or closed, "somebody is to go"

    def slots_now(self) -> list[Slot]:
        return list(self.all.night.state.slots.values()) if hasattr(self, "all") else []

    def teardown(self) -> None:
        if not hasattr(self, "all"):
            return
        self.all.now = max(self.all.now, at("09:30")) + RULES.hard_maximum
        self.sweep()
        assert not any(slot.open for slot in self.all.night.state.slots.values())
        for id_, visit in list(self.all.visits.items()):
            if not visit.state.over:
                now = self.all.now
                self.all.ask_visit(id_, visits.Complete(PATROL, 10, 2, 4.5, Found.ALL_WELL, now, arrived_at=now))
            assert visit.state.over
            visit.folds_to_the_same_again()
        self.all.night.folds_to_the_same_again()
        self.all.recipient.folds_to_the_same_again()
        no_slot_is_completed_before_it_opens(self.all.night.history, self.all.night.state.slots.values())
        every_slot_has_ended_once(self.all.night.history, self.all.night.state.slots)
        doubts_are_settled_by_somebody_else(self.all.night.history)
        looks_on_somebodys_word_say_so_and_are_reviewed_once(self.all.night.history)
        a_delay_is_given_once_and_no_longer_than_the_lease(self.all.night.history)
        remote_completions_rest_on_a_look(self.all.night.history, TOGETHER)


TestAWholeNight = AWholeNight.TestCase
TestAWholeNight.settings = settings(deadline=None, max_examples=250, stateful_step_count=40)
