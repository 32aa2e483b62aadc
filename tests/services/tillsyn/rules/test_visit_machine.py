"""Random visits: until somebody has been there or a named person closed it, a limit runs and somebody is asked.

Patrols decline, are stuck, need a second, meet nobody; the home is telephoned; an incident holds the visit and releases
it; the line changes from asking to asking.
"""

from datetime import timedelta
from itertools import pairwise
from uuid import UUID

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from events.base import Event
from events.types.night import CancelReason
from events.types.visit import (
    DeclineReason,
    Found,
    PhoneOutcome,
    VisitArrived,
    VisitAssigned,
    VisitDeclined,
    VisitFoundNobody,
    VisitHastened,
    VisitKind,
    VisitLimitPassed,
    VisitReleased,
    VisitRequested,
)
from services.tillsyn import visit as visits
from services.tillsyn.visit import MET_NOBODY, Stage, Visit
from tests.builders import ANNA, CHAIN, MANAGER, PATROL, SECOND_PATROL, a_request, an_id, at, minutes, seconds, secret
from tests.services.tillsyn.rules.told import Told

INCIDENT = an_id("incident")
WHY = (VisitLimitPassed, VisitDeclined, VisitFoundNobody, VisitHastened, VisitReleased, VisitRequested)
"""What somebody else may be asked after: nobody is skipped in silence."""
responders = st.sampled_from([*CHAIN, ANNA])
orders = st.sampled_from(
    [(), CHAIN, (SECOND_PATROL, PATROL, MANAGER), (SECOND_PATROL, MANAGER), (an_id("a third patrol"), MANAGER)]
)
whiles = st.sampled_from([seconds(1), minutes(1), minutes(5), minutes(45), minutes(60), minutes(180)])
crews = st.integers(1, 2)


def each_step(before: Visit, event: Event, after: Visit) -> None:
    """Nothing follows an end but being asked for anew; who is asked again is asked louder; no asking is forgotten."""
    if before.over and isinstance(event, VisitRequested):
        assert before.kind is VisitKind.PLANNED or before.called_off or before.told_death
    if isinstance(event, VisitAssigned):
        assert event.step == before.times_asked
        assert event.loudness == before.loudness + (event.responder in before.asked)
    if isinstance(event, VisitRequested):
        assert after.responder is None, "nobody has been asked yet"


class AVisit(RuleBasedStateMachine):
    """One visit, its patrols and a sweeper that may be late."""

    @initialize(kind=st.sampled_from(VisitKind))
    def ask(self, kind: VisitKind) -> None:
        self.now = at("22:00")
        self.told = Told(visits, visits.EMPTY, each_step)
        self.told.do(a_request("22:00", kind, "02:00" if kind is VisitKind.PLANNED else None), self.now)

    def do(self, command: visits.Command) -> list[Event]:
        return list(self.told.do(command, self.now))

    @rule(some_time=whiles)
    def time_passes(self, some_time: timedelta) -> None:
        self.now += some_time

    @rule()
    @precondition(lambda self: self.told.state.act_at is not None)
    def the_limit_comes(self) -> None:
        assert self.told.state.act_at is not None
        self.now = max(self.now, self.told.state.act_at)

    @rule(by=responders, people=crews, order=orders)
    def acknowledge(self, by: UUID, people: int, order: tuple[UUID, ...]) -> None:
        self.do(visits.Acknowledge(by, self.now, people=people, order=order))

    @rule(by=responders, people=crews, order=orders)
    def arrive(self, by: UUID, people: int, order: tuple[UUID, ...]) -> None:
        self.do(visits.Arrive(by, self.now, people=people, order=order))

    @rule(by=responders, reason=st.sampled_from(DeclineReason), order=orders)
    def decline(self, by: UUID, reason: DeclineReason, order: tuple[UUID, ...]) -> None:
        was = self.told.state
        events = self.do(visits.Decline(by, reason, self.now, order=order))
        asked = [event for event in events if isinstance(event, VisitAssigned) and not event.second]
        if events and by == was.responder and not asked:
            assert by in was.asked, "only the last in line is left with it"
            assert self.told.state.act_at == was.act_at

    @rule(data=st.data())
    @precondition(lambda self: self.told.state.responder is not None and not self.told.state.over)
    def who_was_asked_answers(self, data: st.DataObject) -> None:
        by = self.told.state.responder
        assert by is not None
        step = data.draw(st.sampled_from([self.acknowledge, self.arrive]))
        step(by, data.draw(crews), data.draw(orders))

    @rule(by=responders, order=orders)
    def need_two(self, by: UUID, order: tuple[UUID, ...]) -> None:
        self.do(visits.NeedTwo(by, self.now, order=order))

    @rule(by=responders, people=crews, order=orders)
    def join(self, by: UUID, people: int, order: tuple[UUID, ...]) -> None:
        self.do(visits.Join(by, self.now, people=people, order=order))

    @rule(outcome=st.sampled_from(PhoneOutcome), order=orders)
    def phone(self, outcome: PhoneOutcome, order: tuple[UUID, ...]) -> None:
        was = self.told.state
        events = self.do(visits.Phone(ANNA, outcome, self.now, order))
        assert bool(events) != was.over, "each call is kept"
        assert self.told.state.over == was.over, "a call ends nothing"
        assert outcome is not PhoneOutcome.NEEDS_HELP or self.told.state.held_by is None

    @rule(
        by=responders,
        found=st.sampled_from(Found),
        people=crews,
        said=st.booleans(),
        ago=st.none() | whiles,
        order=orders,
    )
    def been_there(
        self, by: UUID, found: Found, people: int, said: bool, ago: timedelta | None, order: tuple[UUID, ...]
    ) -> None:
        was, arrived_at = self.told.state, None if ago is None else self.now - ago
        command: visits.Command
        if found in MET_NOBODY:
            command = visits.FindNobody(by, 5, people, 2.0, found, self.now, order=order, arrived_at=arrived_at)
        else:
            note = secret("one was enough") if said else None
            command = visits.Complete(by, 10, people, 4.5, found, self.now, note=note, arrived_at=arrived_at)
        events = self.do(command)
        self.is_told_of_by_whoever_was_there(was, events)
        if found in MET_NOBODY:
            assert self.told.state.over == was.over, "who met nobody has ended nothing"
        else:
            few = people < was.people_needed and not said
            assert not few or self.told.state == was

    def is_told_of_by_whoever_was_there(self, was: Visit, events: list[Event]) -> None:
        if was.kind is VisitKind.SENT or not events:
            return
        assert was.not_before is not None
        assert self.now >= was.not_before, "a planned visit is made from its time on"
        before, told = self.since_it_was_asked_for(events), [e for e in events if isinstance(e, VisitArrived)]
        assert told or any(isinstance(event, VisitArrived) for event in before), "somebody has arrived"
        assert all(event.at is not None and was.not_before <= event.at <= self.now for event in told)

    def since_it_was_asked_for(self, events: list[Event]) -> list[Event]:
        """What had happened before `events`, which are the last, since the visit was asked for, or asked for again."""
        before = self.told.events[: -len(events)]
        asked = [number for number, event in enumerate(before) if isinstance(event, VisitRequested)]
        return before[asked[-1] :]

    @rule(by=responders)
    def driven(self, by: UUID) -> None:
        self.do(visits.TellDriven(by, 3.5))

    @rule(reason=st.sampled_from(["", "the daughter is there"]))
    def close(self, reason: str) -> None:
        self.do(visits.Close(MANAGER, reason))

    @rule(because=st.none() | st.sampled_from(CancelReason))
    def call_off(self, because: CancelReason | None) -> None:
        was = self.told.state
        self.do(visits.CallOff("gone", because))
        gone = because in (CancelReason.DEATH, CancelReason.ABSENT)
        if was.stage is Stage.ARRIVED or (was.kind is VisitKind.SENT and not gone):
            assert self.told.state == was, "whoever is there goes on; what was sent is called off for two reasons only"

    @rule()
    def hold(self) -> None:
        was = self.told.state
        self.do(visits.Hold(INCIDENT))
        if was.taken or was.kind is VisitKind.PLANNED:
            assert self.told.state == was, "nobody is called back, and a planned visit needs no camera"

    @rule(order=orders)
    @precondition(lambda self: self.told.state.held_by is not None)
    def release(self, order: tuple[UUID, ...]) -> None:
        self.do(visits.Release(MANAGER, self.now, order))
        assert self.told.state.responder == (order or CHAIN)[0], "asked from the beginning"

    @rule(kind=st.sampled_from(VisitKind), order=orders)
    def ask_again(self, kind: VisitKind, order: tuple[UUID, ...]) -> None:
        was = self.told.state
        self.do(a_request(f"{self.now:%H:%M}", kind, order=order))
        if was.kind is VisitKind.PLANNED and kind is VisitKind.SENT:
            assert not self.told.state.over, "what an escalation asks for runs"

    @rule(order=orders)
    def sweep(self, order: tuple[UUID, ...]) -> None:
        self.do(visits.Sweep(self.now, order))
        assert not self.do(visits.Sweep(self.now, order)), "a second sweep finds nothing"
        visit = self.told.state
        limit_runs = visit.act_at is not None and visit.act_at > self.now
        assert visit.over or visit.held_by is not None or limit_runs, "no escalation fades"

    @invariant()
    def exactly_one_is_asked_and_a_limit_runs(self) -> None:
        visit = getattr(self, "told", None) and self.told.state
        if not visit:
            return
        if visit.over or visit.held_by is not None:
            assert visit.act_at is None
            assert visit.second is None
        else:
            assert visit.stage is not Stage.ARRIVED or visit.responder in visit.there
            assert visit.responder is not None
            assert visit.act_at is not None
            assert visit.stage in (Stage.ASSIGNED, Stage.ACKNOWLEDGED, Stage.ARRIVED)
        if visit.taken and visit.people < visit.people_needed:
            assert visit.second is not None or set(CHAIN) <= {*visit.crews, visit.responder}, "a second is asked"

    def teardown(self) -> None:
        if not hasattr(self, "told"):
            return
        self.told.folds_to_the_same_again()
        for before, event in pairwise(self.told.events):
            if isinstance(event, VisitAssigned) and not event.second:
                assert isinstance(before, WHY), f"somebody else is asked after {type(before).__name__}"


TestAVisit = AVisit.TestCase
TestAVisit.settings = settings(deadline=None, max_examples=150, stateful_step_count=30)
