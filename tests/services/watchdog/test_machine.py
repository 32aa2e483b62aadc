"""Random nights of a watchdog, held against a plain model: who proved life when, by the true time."""

from datetime import datetime, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from services.watchdog.decide import Begin, CameBack, Look, Proof, Rang, Tell, decide, evolve
from services.watchdog.keeping import as_bytes, from_bytes
from services.watchdog.state import Kind, Watch, due
from tests.builders import at, seconds
from tests.services.watchdog.told import ONE, POLICY, TWO

BEGINS = at("22:00")
steps = st.sampled_from([1, 14, 15, 16, 60, 119, 120, 121, 400]).map(seconds)
skews = st.sampled_from([timedelta(), timedelta(hours=-5), timedelta(days=3), seconds(-90)])


class AWatchdog(RuleBasedStateMachine):
    """The service proves life now and then, or dies; addresses come and go; callers fail; clocks are wrong."""

    @initialize(skew=skews)
    def begin(self, skew: timedelta) -> None:
        self.skew = skew
        self.true = BEGINS
        self.ours = timedelta()
        self.watch = Watch()
        self.proof: datetime | None = None
        self.read: datetime | None = None
        """The newest proof that the watchdog has had a chance to read, in true time."""
        self.silenced_told: set[str] = set()
        self.do(Begin(self.now))
        self.begun = self.true

    @property
    def now(self) -> datetime:
        return self.true + self.ours

    def do(self, command: Begin | Look | Tell) -> list[object]:
        events = decide(self.watch, command, POLICY)
        for event in events:
            self.watch = evolve(self.watch, event)
        return list(events)

    @rule(step=steps)
    def time_passes(self, step: timedelta) -> None:
        self.true += step

    @rule()
    def the_sweeper_proves_life(self) -> None:
        self.proof = self.true

    @rule(by=st.sampled_from([seconds(30), timedelta(hours=1)]))
    def our_clock_is_set_back(self, by: timedelta) -> None:
        self.look([])  # so that it is known where it stood
        self.ours -= by
        self.look([])

    @rule(addresses=st.sampled_from([[], [ONE], [TWO], [ONE, TWO]]))
    def round(self, addresses: list[str]) -> None:
        self.look(addresses)

    def look(self, addresses: list[str]) -> None:
        proofs = {}
        if self.proof is not None and addresses:
            given = Proof(self.proof + self.skew, self.true - self.proof)
            proofs = dict.fromkeys(addresses, given)
            self.read = self.proof
        alarm = self.watch.alarm
        events = self.do(Look(self.now, proofs))
        silent = self.true - (self.read or self.begun) >= POLICY.silent_after
        rang = [event for event in events if isinstance(event, Rang)]
        back = [event for event in events if isinstance(event, CameBack)]
        if alarm is None:
            assert bool(rang) == silent
            assert not back
        else:
            assert bool(back) == (self.read is not None and not silent)
            assert len(rang) <= 1 - bool(back)

    @precondition(lambda self: bool(due(self.watch, self.now)))
    @rule(arrived=st.booleans(), data=st.data())
    def a_call_is_made(self, arrived: bool, data: st.DataObject) -> None:
        call = data.draw(st.sampled_from(due(self.watch, self.now)))
        self.do(Tell(self.now, call.caller, arrived))
        if arrived:
            if call.kind is Kind.BACK:
                self.silenced_told.discard(call.caller)
            else:
                self.silenced_told.add(call.caller)

    @rule()
    def it_is_kept_and_read_again(self) -> None:
        assert from_bytes(as_bytes({"sweeper": self.watch}))["sweeper"] == self.watch

    @invariant()
    def who_was_told_of_silence_hears_of_its_end(self) -> None:
        if self.watch.alarm is None:
            owed = {name for name, owed in self.watch.owed.items() if owed.kind is Kind.BACK}
            assert self.silenced_told <= owed
        else:
            assert self.silenced_told <= self.watch.told | self.watch.owed.keys()

    @invariant()
    def no_call_waits_longer_than_it_may(self) -> None:
        for owed in self.watch.owed.values():
            assert owed.next_at - self.now <= timedelta(minutes=5)


TestAWatchdog = AWatchdog.TestCase
