"""Random visits: until somebody has been there or a named person closed it, a limit runs and somebody is asked."""

from datetime import timedelta
from uuid import UUID

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from events.base import Event
from events.types.visit import Found, VisitAssigned, VisitKind, VisitLimitPassed, VisitRequested
from services.tillsyn import visit as visits
from services.tillsyn.visit import Acknowledge, Arrive, CallOff, Close, Complete, Sweep, Visit
from tests.builders import ANNA, CHAIN, MANAGER, a_request, at, minutes, seconds
from tests.services.tillsyn.rules.told import Told

responders = st.sampled_from([*CHAIN, ANNA])
whiles = st.sampled_from([seconds(1), minutes(1), minutes(5), minutes(45), minutes(60), minutes(180)])


def over_is_over(before: Visit, event: Event, after: Visit) -> None:
    """Nothing follows an end but being asked for anew, and never once it was sent."""
    if before.over:
        assert isinstance(event, VisitRequested)
        assert before.kind is VisitKind.PLANNED
    if isinstance(event, VisitAssigned):
        assert event.responder == CHAIN[min(event.step, len(CHAIN) - 1)]
        assert event.step in (before.step, before.step + 1)
    if isinstance(event, VisitRequested):
        assert after.responder is None, "nobody has been asked yet"


class AVisit(RuleBasedStateMachine):
    """One visit, its patrols and a sweeper that may be late."""

    @initialize(kind=st.sampled_from(VisitKind))
    def ask(self, kind: VisitKind) -> None:
        self.now = at("22:00")
        self.told = Told(visits, visits.EMPTY, over_is_over)
        self.told.do(a_request("22:00", kind, "02:00" if kind is VisitKind.PLANNED else None), self.now)

    @rule(some_time=whiles)
    def time_passes(self, some_time: timedelta) -> None:
        self.now += some_time

    @rule()
    @precondition(lambda self: self.told.state.act_at is not None)
    def the_limit_comes(self) -> None:
        assert self.told.state.act_at is not None
        self.now = max(self.now, self.told.state.act_at)

    @rule(by=responders)
    def acknowledge(self, by: UUID) -> None:
        self.told.do(Acknowledge(by, self.now), self.now)

    @rule(by=responders)
    def arrive(self, by: UUID) -> None:
        self.told.do(Arrive(by, self.now), self.now)

    @rule(by=responders)
    def complete(self, by: UUID) -> None:
        self.told.do(Complete(by, 10, 2, 4.5, Found.ALL_WELL), self.now)

    @rule(reason=st.sampled_from(["", "the daughter is there"]))
    def close(self, reason: str) -> None:
        self.told.do(Close(MANAGER, reason), self.now)

    @rule()
    def call_off(self) -> None:
        was = self.told.state
        self.told.do(CallOff("absent"), self.now)
        if was.kind is VisitKind.SENT:
            assert self.told.state == was, "what an escalation asked for is never called off"

    @rule(kind=st.sampled_from(VisitKind))
    def ask_again(self, kind: VisitKind) -> None:
        was = self.told.state
        self.told.do(a_request(f"{self.now:%H:%M}", kind), self.now)
        if was.kind is VisitKind.PLANNED and kind is VisitKind.SENT:
            assert not self.told.state.over, "what an escalation asks for runs"

    @rule()
    def sweep(self) -> None:
        events = self.told.do(Sweep(self.now), self.now)
        assert [type(event) for event in events] in ([], [VisitLimitPassed, VisitAssigned])
        assert not self.told.do(Sweep(self.now), self.now), "a second sweep finds nothing"
        visit = self.told.state
        assert visit.over or (visit.act_at is not None and visit.act_at > self.now), "no escalation fades"

    @invariant()
    def somebody_is_asked(self) -> None:
        visit = getattr(self, "told", None) and self.told.state
        if visit:
            assert visit.responder in CHAIN
            assert (visit.act_at is None) == visit.over

    def teardown(self) -> None:
        if hasattr(self, "told"):
            self.sweep()
            self.told.folds_to_the_same_again()


TestAVisit = AVisit.TestCase
TestAVisit.settings = settings(deadline=None, max_examples=80, stateful_step_count=25)
