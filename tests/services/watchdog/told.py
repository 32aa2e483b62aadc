"""A watch that is told what happens to it, at times of the clock: given, when, then."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from services.watchdog.decide import Begin, Event, Look, Policy, Proof, Tell, decide, evolve
from services.watchdog.state import Kind, Watch, due
from tests.builders import at, minutes, seconds

ONE, TWO = "http://one/alive", "http://two/alive"
POLICY = Policy(
    silent_after=minutes(2),
    again_after=(minutes(5), minutes(4), minutes(3)),
    retry_after=seconds(15),
    callers={"webhook": 1, "sms": 1, "manager": 2},
)


def proof(clock: str, now: str) -> Proof:
    """A proof of `clock`, answered when the service's own clock said `now`."""
    return Proof(at(clock), at(now) - at(clock))


class Told:
    """The watch, and what has followed."""

    def __init__(self, policy: Policy = POLICY, begins: str | None = "02:00") -> None:
        self.policy = policy
        self.watch = Watch()
        self.events: list[Event] = []
        if begins:
            self.begin(begins)

    def begin(self, clock: str) -> "Told":
        """The watchdog begins again, with what it remembers."""
        self._do(Begin(at(clock)))
        return self

    def look(self, clock: str | datetime, proofs: Mapping[str, Proof] | None = None) -> "Told":
        """A round at `clock` that got these proofs, or none."""
        self._do(Look(at(clock) if isinstance(clock, str) else clock, proofs or {}))
        return self

    def proven(self, clock: str, *addresses: str) -> "Told":
        """A round that gets a proof a second old, by a service whose clock is as ours."""
        given = Proof(at(clock) - timedelta(seconds=1), timedelta(seconds=1))
        return self.look(clock, dict.fromkeys(addresses or (ONE,), given))

    def tell(self, clock: str, *callers: str, arrived: bool = True) -> "Told":
        """What became of the calls."""
        for caller in callers:
            self._do(Tell(at(clock), caller, arrived))
        return self

    def calls(self, clock: str) -> dict[str, Kind]:
        """Who is to say what, at `clock`."""
        return {call.caller: call.kind for call in due(self.watch, at(clock))}

    def _do(self, command: Begin | Look | Tell) -> None:
        for event in decide(self.watch, command, self.policy):
            self.events.append(event)
            self.watch = evolve(self.watch, event)
