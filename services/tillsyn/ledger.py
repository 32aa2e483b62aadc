"""Loading, deciding and recording as one: a transaction over streams, tried anew when somebody else was faster.

What a use case loads it either writes to, or relies on, or merely reads. What it relies on must not have changed by the
time of the append (`unchanged`), or the whole use case runs again on the new state.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Generic, TypeVar
from uuid import UUID

from events.base import Event
from events.envelope import Context, NewEvent, Recorded
from events.keys import KeyRing, PersonErasedError, personal_fields
from events.personal import Plain
from events.runtime.clock import Clock, Signal
from events.runtime.ids import Ids
from events.store import Append, ConflictError, EventStore, Fence, RowWrite, StreamWrite
from events.types.home import CarerArrived, CarerLeft, CohabitantConsentWithdrawn
from events.types.recipient import ConsentWithdrawn
from events.types.visit import VisitCompleted
from services.tillsyn.refused import RefusedError

S = TypeVar("S")
T = TypeVar("T")
TRIES = 12
FIRST_WAIT_S = 0.002
AGREED = ("recipient-", "home-", "unit-", "gateway-")
"""Streams that nights are planned by …"""
COMING_AND_GOING = (CarerArrived, CarerLeft)
"""… but for these events of theirs."""
NEVER_REFUSED = (ConsentWithdrawn, CohabitantConsentWithdrawn, VisitCompleted)
"""A no, and that somebody was there: these are kept without their words where no words can be kept."""


class WordsOfErasedError(RefusedError):
    """Words about somebody whose keys are destroyed can be sealed by nothing, and are kept by nobody."""

    def __init__(self, error: PersonErasedError) -> None:
        super().__init__(f"{error}; leave the words about them out")


@dataclass(frozen=True, slots=True)
class Kind(Generic[S]):
    """How the streams of one kind are folded."""

    empty: S
    evolve: Callable[[S, Event], S]

    def fold(self, events: Iterable[Event]) -> S:
        """The state after `events`."""
        state = self.empty
        for event in events:
            state = self.evolve(state, event)
        return state


@dataclass(slots=True)
class Stream(Generic[S]):
    """One stream in a transaction: its version as loaded, its state with what is decided so far."""

    name: str
    version: int
    state: S
    kind: Kind[S]
    relied_on: bool = False
    decided: list[tuple[Event, Context]] = field(default_factory=list)


class Transaction:
    """One try at a use case."""

    def __init__(self, ledger: "Ledger") -> None:
        self.ledger = ledger
        self.inbox: list[UUID] = []
        self.rows: list[RowWrite] = []
        self.fence: Fence | None = None
        self._streams: dict[str, Stream[Any]] = {}
        self._answers: dict[Callable[[Any], Any], Any] = {}
        self._fresh: list[tuple[str, Event, Context]] = []

    @property
    def store(self) -> EventStore:
        """The store, for queries."""
        return self.ledger.store

    async def ask(self, question: Callable[[Any], T]) -> T:
        """What the rows said when this transaction first asked: for a policy that sees many events in one."""
        if question not in self._answers:
            self._answers[question] = await self.store.query(question)
        answer: T = self._answers[question]
        return answer

    async def load(self, kind: Kind[S], name: str, *, rely: bool = False) -> Stream[S]:
        """The stream, folded; what this transaction has decided of it already is included.

        With `rely` the append fails if somebody else has written to it meanwhile, written to by us or not.
        """
        stream = self._streams.get(name)
        if stream is None:
            version, events = await self.store.load(name)
            stream = self._streams[name] = Stream(name, version, kind.fold(events), kind)
        stream.relied_on = stream.relied_on or rely
        return stream

    async def load_all(self, kind: Kind[S], names: Iterable[str]) -> None:
        """Load many streams of a kind at once, for a use case that will ask for each of them."""
        missing = [name for name in dict.fromkeys(names) if name not in self._streams]
        if not missing:
            return
        for name, (version, events) in (await self.store.load_many(missing)).items():
            self._streams[name] = Stream(name, version, kind.fold(events), kind)

    def loaded(self, kind: Kind[S]) -> list[Stream[S]]:
        """The streams of a kind that this transaction has loaded so far."""
        return [stream for stream in self._streams.values() if stream.kind is kind]

    def record(self, stream: Stream[S], events: Sequence[Event], context: Context) -> None:
        """Add decided events to a loaded stream."""
        for event in events:
            stream.decided.append((event, context))
            self._fresh.append((stream.name, event, context))
            stream.state = stream.kind.evolve(stream.state, event)

    async def commit(self) -> int:
        """Append what was decided; how many events that were. ConflictError when a stream has moved."""
        await self.follow()
        written = [stream for stream in self._streams.values() if stream.decided]
        if not written and not self.inbox and not self.rows:
            return 0
        writes = [StreamWrite(stream.name, stream.version, await self._sealed(stream)) for stream in written]
        relied = {
            stream.name: stream.version for stream in self._streams.values() if stream.relied_on and not stream.decided
        }
        append = Append(
            writes=tuple(writes),
            unchanged=relied,
            inbox=tuple(self.inbox),
            rows=tuple(self.rows),
            fence=self.fence,
        )
        recorded = await self.store.append(append)
        if recorded:
            self.ledger.changed.notify()
        for kind in {event.stream.partition("-")[0] for event in recorded}:
            self.ledger.changed_in(kind).notify()
        if any(_agreed(event) for event in recorded):
            self.ledger.agreements_changed.notify()
        return len(recorded)

    async def follow(self) -> None:
        """Let every policy see every event decided since the last time, and those that policies decide, until nothing
        more follows. The commit does; a use case does where what it decides next builds on what followed."""
        while self._fresh:
            fresh, self._fresh = self._fresh, []
            for stream, event, context in fresh:
                for policy in self.ledger.policies:
                    await policy(self, stream, event, context)

    async def _sealed(self, stream: Stream[Any]) -> tuple[NewEvent, ...]:
        ids, keys = self.ledger.ids, self.ledger.keys
        sealed = []
        for event, context in stream.decided:
            id_ = ids.event()
            kept = await _seal(keys, id_, event, context.owner.organisation)
            sealed.append(NewEvent(id_, kept, _traced(context, id_)))
        return tuple(sealed)


Policy = Callable[[Transaction, str, Event, Context], Awaitable[None]]
"""What follows elsewhere from an event (of the named stream), in its own transaction."""


async def _seal(keys: KeyRing, id_: UUID, event: Event, organisation: UUID) -> Event:
    """`event` with its words sealed. WordsOfErasedError where they are of somebody who is erased, or without them."""
    try:
        return await keys.seal(id_, event, organisation)
    except PersonErasedError as error:
        if not isinstance(event, NEVER_REFUSED):
            raise WordsOfErasedError(error) from None
    said = {name: None for name, content in personal_fields(event).items() if isinstance(content, Plain)}
    return event.model_copy(update=said)


def _agreed(recorded: Recorded) -> bool:
    return recorded.stream.startswith(AGREED) and not isinstance(recorded.event, COMING_AND_GOING)


def _traced(context: Context, event_id: UUID) -> Context:
    """With a W3C trace context; where the cause brought none, the correlation is the trace and the event the span."""
    if context.traceparent is not None:
        return context
    return replace(context, traceparent=f"00-{context.correlation.hex}-{event_id.hex[16:]}-01")


class Ledger:
    """The log as use cases see it.

    After each append of this process `changed` is notified; `agreements_changed` when it was about something that
    nights are planned by; and `changed_in` for each kind of stream.
    """

    def __init__(
        self, store: EventStore, keys: KeyRing, clock: Clock, ids: Ids, policies: "Sequence[Policy]" = ()
    ) -> None:
        self.store = store
        self.policies = policies
        self.keys = keys
        self.clock = clock
        self.ids = ids
        self.changed = Signal()
        self.agreements_changed = Signal()
        self._changed_in: dict[str, Signal] = {}

    def changed_in(self, kind: str) -> Signal:
        """Notified when a stream of a kind (`shift`, `incident` …: what its name begins with) was appended to here."""
        return self._changed_in.setdefault(kind, Signal())

    async def transact(self, use_case: Callable[[Transaction], Awaitable[T]]) -> T:
        """Run `use_case` and append what it decided; run it anew, on fresh state, as long as others are faster.

        ConflictError after `TRIES` tries; refusals of the use case pass through, and then nothing is appended.
        """
        wait = FIRST_WAIT_S
        for attempt in range(1, TRIES + 1):
            transaction = Transaction(self)
            result = await use_case(transaction)
            try:
                await transaction.commit()
            except ConflictError:
                if attempt == TRIES:
                    raise
                await asyncio.sleep(wait * random.random())  # noqa: S311 - spreads contenders
                wait *= 2
            else:
                return result
        raise AssertionError("unreachable")
