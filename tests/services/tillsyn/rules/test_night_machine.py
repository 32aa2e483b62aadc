"""Random nights, by the night's decider alone: whatever is asked in whatever order, the invariants hold."""

from datetime import timedelta
from uuid import UUID

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from events.schedule import SlotKind
from events.types.night import AlarmCaller, CancelReason, ReviewVerdict, VisitInstead
from services.tillsyn import night as nights
from services.tillsyn.night import Slot
from services.tillsyn.night import commands as asked
from tests.builders import (
    ABSENCE,
    ANNA,
    BERTIL,
    CAMERA,
    DECISION,
    HOME,
    MANAGER,
    NIGHT,
    PATROL,
    RECIPIENT,
    RULES,
    SLOT,
    a_planned_slot,
    an_id,
    at,
    due,
    minutes,
    no_picture,
    own_visit,
    plan_of,
    seconds,
    unreachable,
)
from tests.services.tillsyn.rules.invariants import (
    a_delay_is_given_once_and_no_longer_than_the_lease,
    a_step_keeps_the_rules,
    doubts_are_settled_by_somebody_else,
    every_slot_has_ended_once,
    looks_on_somebodys_word_say_so_and_are_reviewed_once,
    nobody_is_looked_at_more_often_than_agreed_without_its_being_said,
    nothing_is_missed_in_silence,
    remote_completions_rest_on_a_look,
)
from tests.services.tillsyn.rules.told import Told

PLAN = (
    a_planned_slot("22:00", 0),
    a_planned_slot("02:00", 1, deadline=115),
    a_planned_slot("02:00", 2, opens=0, late=0, deadline=20),
    a_planned_slot("05:00", 3, kind=SlotKind.VISIT),
)
SLOTS = tuple(plan.slot for plan in PLAN)
ALARMS = (an_id("first alarm"), an_id("second alarm"))
ALONE = {one: frozenset({one}) for one in (*SLOTS, *ALARMS)}
TOGETHER = ALONE | dict.fromkeys(SLOTS[1:3], frozenset(SLOTS[1:3]))

planned = st.sampled_from(SLOTS)
slots = st.sampled_from((*SLOTS, *ALARMS))
staff = st.sampled_from([ANNA, BERTIL])
whiles = st.sampled_from([seconds(1), seconds(5), seconds(30), seconds(90), minutes(5), minutes(15)])
restrictions = st.sampled_from(
    [
        None,
        None,
        None,
        asked.Cancelled(CancelReason.ABSENT, ABSENCE),
        asked.Cancelled(CancelReason.DECISION_ENDED, DECISION),
        VisitInstead.CONSENT_WITHDRAWN,
        VisitInstead.CAMERA_PAUSED,
    ]
)


class ANight(RuleBasedStateMachine):
    """One night; the clock moves, and any command may come."""

    @initialize()
    def plan(self) -> None:
        self.now = at("21:30")
        self.at_desk = (SLOT, ANNA)
        self.looks: list[tuple[UUID, UUID]] = []
        self.reported: list[asked.Command] = []
        self.told = Told(nights, nights.EMPTY, a_step_keeps_the_rules)
        self.told.do(plan_of(*PLAN), self.now)

    def do(self, command: asked.Command) -> None:
        self.told.do(command, self.now)

    @rule(some_time=whiles)
    def time_passes(self, some_time: timedelta) -> None:
        self.now += some_time

    @rule(early=st.sampled_from([seconds(0), seconds(1), seconds(60)]))
    @precondition(lambda self: any(slot.open for slot in self.told.state.slots.values()))
    def a_limit_comes_near(self, early: timedelta) -> None:
        limit = min(slot.escalates_at for slot in self.told.state.slots.values() if slot.open)
        self.now = max(self.now, limit - early)

    @rule(slot=slots, who=staff)
    def claim(self, slot: UUID, who: UUID) -> None:
        self.do(asked.Claim(slot, who, self.now))
        self.at_desk = (slot, who)

    @rule()
    def grant(self) -> None:
        slot, who = self.at_desk
        look = an_id(f"look {len(self.looks)}")
        self.looks.append((slot, look))
        self.do(asked.GrantLook(slot, look, who, CAMERA, 1, self.now))

    @rule(data=st.data(), worked=st.booleans())
    @precondition(lambda self: self.looks)
    def a_reply_comes(self, data: st.DataObject, worked: bool) -> None:
        slot, look = data.draw(st.sampled_from(self.looks))
        self.do(
            asked.RecordServed(slot, look, self.now, 9) if worked else asked.RecordFailed(slot, look, "dark", self.now)
        )

    @rule(who=staff, data=st.data(), wait=st.sampled_from([seconds(0), minutes(15), minutes(50)]))
    @precondition(lambda self: self.for_the_camera())
    def look_in_time(self, who: UUID, data: st.DataObject, wait: timedelta) -> None:
        slot = data.draw(st.sampled_from(self.for_the_camera()))
        self.now = max(self.now, (slot.second_look_at or slot.plan.opens_at) + wait)
        self.claim(slot.id, who)
        self.grant()
        self.do(asked.RecordServed(*self.looks[-1], self.now, 9))

    def for_the_camera(self) -> list[Slot]:
        camera = [slot for slot in self.told.state.slots.values() if slot.open and slot.kind is SlotKind.REMOTE]
        return sorted(camera, key=lambda slot: slot.escalates_at)[:2]

    @rule()
    def all_well(self) -> None:
        self.do(asked.SayAllWell(*self.at_desk, self.now))

    @rule(consented=st.sampled_from([True, True, False]))
    def not_seen(self, consented: bool) -> None:
        self.do(asked.SayNotSeen(*self.at_desk, self.now, consented))

    @rule()
    def uncertain(self) -> None:
        self.do(asked.SaySeenUncertain(*self.at_desk, self.now))

    @rule(data=st.data(), who=staff, taken=st.sampled_from([False, False, True]))
    @precondition(lambda self: self.settled())
    def reopen(self, data: st.DataObject, who: UUID, taken: bool) -> None:
        slot = data.draw(st.sampled_from(self.settled()))
        self.do(asked.ReopenSlot(slot, who, "he coughed", self.now, at("11:00"), taken))

    def settled(self) -> list[UUID]:
        return [slot.id for slot in self.told.state.slots.values() if not slot.open]

    @rule(slot=st.sampled_from(ALARMS), who=staff, caller=st.sampled_from(AlarmCaller), camera=st.booleans())
    def alarm(self, slot: UUID, who: UUID, caller: AlarmCaller, camera: bool) -> None:
        place = (RECIPIENT, HOME, NIGHT, RULES)
        self.do(asked.RaiseManualAlarm(slot, *place, caller, who, "she phoned", camera, self.now))

    @rule(slot=st.sampled_from(ALARMS), who=staff)
    @precondition(lambda self: not set(ALARMS) <= set(self.told.state.slots))
    def look_on_somebodys_word(self, slot: UUID, who: UUID) -> None:
        self.alarm(slot, who, AlarmCaller.RELATIVE, camera=True)
        self.claim(slot, who)
        self.grant()
        self.do(asked.RecordServed(*self.looks[-1], self.now, 9))

    @rule(data=st.data(), who=st.sampled_from([ANNA, BERTIL, MANAGER]), verdict=st.sampled_from(ReviewVerdict))
    @precondition(lambda self: self.looks)
    def review(self, data: st.DataObject, who: UUID, verdict: ReviewVerdict) -> None:
        on_alarms = [(slot, look) for slot, look in self.looks if slot in ALARMS]
        slot, look = data.draw(st.sampled_from(on_alarms or self.looks))
        self.do(asked.ReviewLook(slot, look, who, verdict))

    @rule(slot=slots, who=staff, odd=st.sampled_from([asked.SayAllWell, asked.UndoAllWell, asked.Release]))
    def somebody_else_tries(self, slot: UUID, who: UUID, odd: type[asked.SayAllWell]) -> None:
        self.do(odd(slot, who, self.now))

    @rule()
    def undo(self) -> None:
        self.do(asked.UndoAllWell(*self.at_desk, self.now))

    @rule(slot=slots, who=staff, sure=st.integers(0, 4))
    def concern(self, slot: UUID, who: UUID, sure: int) -> None:
        if sure == 4:
            self.do(asked.RaiseConcern(slot, who, self.now))

    @rule(slot=planned, kind=st.sampled_from([due, no_picture, unreachable]), attempt=st.integers(1, 4))
    def report(self, slot: UUID, kind: object, attempt: int) -> None:
        report = kind(attempt, f"{self.now:%H:%M}", slot)  # type: ignore[operator]
        self.reported.append(report)
        self.do(report)

    @rule(data=st.data())
    @precondition(lambda self: self.reported)
    def a_report_is_repeated(self, data: st.DataObject) -> None:
        assert not self.told.do(data.draw(st.sampled_from(self.reported)), self.now), "kept once"

    @rule(which=st.dictionaries(st.sampled_from(range(5)), restrictions, max_size=4))
    def agreements_change(self, which: dict[int, asked.Restriction | None]) -> None:
        times = (SLOTS[:1], SLOTS[1:3], SLOTS[3:], ALARMS[:1], ALARMS[1:])
        stands = {slot: why for n, why in which.items() if why is not None for slot in times[n]}
        self.do(asked.Apply(stands, self.now))

    @rule(slot=slots, takes=whiles, n=st.integers(0, 1))
    def a_visit_arrives(self, slot: UUID, takes: timedelta, n: int) -> None:
        self.do(asked.RecordVisitArrived(own_visit(slot, n), self.now + takes))

    @rule(slot=slots, n=st.integers(0, 1))
    def a_visit_is_made(self, slot: UUID, n: int) -> None:
        self.do(asked.RecordVisitDone(own_visit(slot, n), PATROL, self.now))

    @rule()
    def sweep(self) -> None:
        self.do(asked.Sweep(self.now))
        nothing_is_missed_in_silence(self.told.state, self.now)
        assert not self.told.do(asked.Sweep(self.now), self.now), "a second sweep finds nothing"

    def teardown(self) -> None:
        if not hasattr(self, "told"):
            return
        self.now = max(self.now, at("09:00")) + RULES.hard_maximum
        self.sweep()
        assert not any(slot.open for slot in self.told.state.slots.values())
        self.told.folds_to_the_same_again()
        every_slot_has_ended_once(self.told.history, self.told.state.slots)
        doubts_are_settled_by_somebody_else(self.told.history)
        looks_on_somebodys_word_say_so_and_are_reviewed_once(self.told.history)
        nobody_is_looked_at_more_often_than_agreed_without_its_being_said(self.told.history)
        a_delay_is_given_once_and_no_longer_than_the_lease(self.told.history)
        remote_completions_rest_on_a_look(self.told.history, TOGETHER)


TestANight = ANight.TestCase
TestANight.settings = settings(deadline=None, max_examples=250, stateful_step_count=40)


def test_the_machine_plans_the_slots_it_means() -> None:
    assert SLOTS[0] == SLOT
    assert [plan.due_at for plan in PLAN] == [at("22:00"), at("02:00"), at("02:00"), at("05:00")]
