"""A stream as a test tells it: commands in, events out, and what must hold of each decision whatever it is about."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Generic, TypeVar

from events.base import Event
from events.types import REGISTRY
from services.tillsyn.refused import RefusedError
from tests.builders import folded

S = TypeVar("S")
Watcher = Callable[[S, Event, S], None]


class Told(Generic[S]):
    """One stream. `history` holds each event with the instant it was decided at; `watch` sees each step of the fold."""

    def __init__(self, decider: Any, state: S, watch: Watcher[S] | None = None) -> None:
        self.decider = decider
        self.beginning = self.state = state
        self.history: list[tuple[datetime, Event]] = []
        self._watch = watch

    @property
    def events(self) -> list[Event]:
        return [event for _, event in self.history]

    def do(self, command: Any, now: datetime) -> Sequence[Event]:
        """What follows from `command`, folded in; nothing at all when it is refused."""
        before = self.state
        try:
            events = self.decider.decide(before, command)
        except RefusedError:
            self._is_refused_again(command)
            return ()
        assert list(self.decider.decide(before, command)) == list(events), "decide is a function of its arguments"
        assert self.state == before, "decide changes nothing by itself"
        assert all(type(event) in REGISTRY for event in events), "only registered events are decided"
        for event in events:
            self._fold(event)
        self.history += [(now, event) for event in events]
        return events

    def refuses(self, command: Any) -> bool:
        """Whether a rule forbids `command` now."""
        try:
            self.decider.decide(self.state, command)
        except RefusedError:
            return True
        return False

    def folds_to_the_same_again(self) -> None:
        """Folding is deterministic: the history alone gives the state."""
        assert folded(self.decider, self.beginning, self.events) == self.state

    def _fold(self, event: Event) -> None:
        before = self.state
        self.state = self.decider.evolve(before, event)
        assert self.decider.evolve(before, event) == self.state, "evolve is a function of its arguments"
        if self._watch is not None:
            self._watch(before, event, self.state)

    def _is_refused_again(self, command: Any) -> None:
        before = self.state
        assert self.refuses(command), "what is refused once is refused on the same state again"
        assert self.state == before, "a refused command changes nothing"
