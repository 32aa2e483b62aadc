"""Random alarms: one that stands has a limit that runs, and none ends but with its cause."""

from datetime import timedelta
from uuid import UUID

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from events.base import Event
from events.types.alarm import AlarmCleared, AlarmKind, AlarmRaised, AlarmRepeated
from services.tillsyn import alarm as alarms
from services.tillsyn.alarm import Acknowledge, Alarm, Clear, Disown, HandOver, Raise, State, Sweep
from tests.builders import ANNA, BERTIL, RULES, UNIT, at, minutes, seconds
from tests.services.tillsyn.rules.told import Told

somebody = st.sampled_from([ANNA, BERTIL])
whiles = st.sampled_from([seconds(1), minutes(1), minutes(5), minutes(15), minutes(180)])


def only_its_cause_ends_it(before: Alarm, event: Event, now: Alarm) -> None:
    """Nothing but `AlarmCleared` ends an alarm, nothing but `AlarmRaised` begins one, and no id is used twice."""
    if before.stands and not now.stands:
        assert isinstance(event, AlarmCleared)
    if now.stands and not before.stands:
        assert isinstance(event, AlarmRaised)
        assert now.alarm != before.alarm
    if isinstance(event, AlarmRepeated):
        assert now.repeats == before.repeats + 1
        assert event.since == before.since


class AnAlarm(RuleBasedStateMachine):
    """One cause that comes and goes, two people, and a sweeper that may be late."""

    @initialize(kind=st.sampled_from(AlarmKind))
    def begin(self, kind: AlarmKind) -> None:
        self.now = at("22:00")
        self.kind = kind
        self.ids: list[UUID] = []
        self.told = Told(alarms, alarms.EMPTY, only_its_cause_ends_it)

    @rule(some_time=whiles)
    def time_passes(self, some_time: timedelta) -> None:
        self.now += some_time

    @rule()
    def the_cause_comes(self) -> None:
        events = self.told.do(Raise(self.kind, "cause", UNIT, "night-staff", None, None, self.now, RULES), self.now)
        self.ids += [event.alarm for event in events if isinstance(event, AlarmRaised)]
        assert self.told.state.stands
        assert len(set(self.ids)) == len(self.ids)

    @rule()
    def the_cause_goes(self) -> None:
        self.told.do(Clear("gone"), self.now)
        assert not self.told.state.stands

    @rule(by=somebody)
    def acknowledge(self, by: UUID) -> None:
        was = self.told.state
        self.told.do(Acknowledge(by, self.now, RULES), self.now)
        if was.state is State.OPEN:
            assert (self.told.state.state, self.told.state.owner) == (State.ACKNOWLEDGED, by)

    @rule(by=somebody, to=somebody)
    def hand_over(self, by: UUID, to: UUID) -> None:
        self.told.do(HandOver(by, to), self.now)

    @rule(was=somebody)
    def go_home(self, was: UUID) -> None:
        self.told.do(Disown(was, self.now, RULES), self.now)
        assert not self.told.state.stands or self.told.state.owner != was

    @rule()
    def sweep(self) -> None:
        self.told.do(Sweep(self.now, RULES), self.now)
        assert not self.told.do(Sweep(self.now, RULES), self.now), "a second sweep finds nothing"
        alarm = self.told.state
        assert not alarm.stands or (alarm.act_at is not None and alarm.act_at > self.now), "no alarm fades"

    @invariant()
    def a_limit_runs_while_it_stands(self) -> None:
        if hasattr(self, "told"):
            alarm = self.told.state
            assert (alarm.act_at is not None) == alarm.stands
            assert alarm.state is not State.ACKNOWLEDGED or alarm.owner is not None

    def teardown(self) -> None:
        if hasattr(self, "told"):
            self.sweep()
            self.told.folds_to_the_same_again()


TestAnAlarm = AnAlarm.TestCase
TestAnAlarm.settings = settings(deadline=None, max_examples=80, stateful_step_count=25)
