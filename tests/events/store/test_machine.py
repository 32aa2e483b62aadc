"""Random appends, right and wrong, against a dict: the store keeps what a dict would, and says the same of the rest."""

import asyncio
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID, uuid4

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from events.store import (
    AlreadyConsumedError,
    Append,
    Checkpoint,
    ConflictError,
    EventStore,
    StreamWrite,
)
from events.types import REGISTRY
from tests.events.store.builders import Time, deeds
from tests.postgres import Cluster, roomy

STREAMS = ("a", "b", "c")
streams = st.sampled_from(STREAMS)
drifts = st.sampled_from([0, 0, 0, 0, 1, -1])
"""How far a decision's version is from the true one; mostly not at all."""


class Log(RuleBasedStateMachine):
    """The store, and beside it a dict of streams, a list of everything, and a set of messages."""

    url = ""
    messages: Bundle[UUID] = Bundle("messages")

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.store = self.wait(EventStore.open(self.fresh(), registry=REGISTRY, now=Time()))
        self.model: dict[str, list[UUID]] = {name: [] for name in STREAMS}
        self.everything: list[UUID] = []
        self.consumed: set[UUID] = set()
        self.place: Checkpoint | None = None
        self.seen: list[UUID] = []

    def fresh(self) -> str:
        return self.url

    def wait(self, coroutine: Any) -> Any:
        return self.runner.run(coroutine)

    def version(self, stream: str, drift: int) -> int:
        return max(0, len(self.model[stream]) + drift)

    @rule(target=messages)
    def message(self) -> UUID:
        return uuid4()

    @rule(
        writes=st.dictionaries(streams, st.tuples(drifts, st.integers(0, 3)), max_size=3),
        relied_on=st.dictionaries(streams, drifts, max_size=2),
        inbox=st.lists(messages, max_size=2),
    )
    def append(self, writes: dict[str, tuple[int, int]], relied_on: dict[str, int], inbox: list[UUID]) -> None:
        asked = Append(
            writes=tuple(
                StreamWrite(name, self.version(name, drift), deeds(number)) for name, (drift, number) in writes.items()
            ),
            unchanged={name: self.version(name, drift) for name, drift in relied_on.items()},
            inbox=tuple(inbox),
        )
        (outcome,) = self.wait(self.all_at_once([asked]))
        assert type(outcome) is self.judge(asked)
        if isinstance(outcome, tuple):
            self.keep(asked)

    @rule(sizes=st.lists(st.tuples(streams, st.integers(1, 2)), min_size=2, max_size=5))
    def append_together(self, sizes: list[tuple[str, int]]) -> None:
        """Callers that all decided on the versions of now: in each stream the first wins."""
        asked = [
            Append(writes=(StreamWrite(name, len(self.model[name]), deeds(number)),), inbox=(uuid4(),))
            for name, number in sizes
        ]
        outcomes = self.wait(self.all_at_once(asked))
        for one, outcome in zip(asked, outcomes, strict=True):
            assert type(outcome) is self.judge(one)
            if isinstance(outcome, tuple):
                self.keep(one)

    async def all_at_once(self, asked: list[Append]) -> list[Any]:
        return await asyncio.gather(*map(self.store.append, asked), return_exceptions=True)

    @rule(limit=st.integers(1, 4))
    def read_on(self, limit: int) -> None:
        page = self.wait(self.store.read_all(self.place, limit))
        self.place = page.checkpoint
        self.seen += [event.id for event in page.events]
        assert self.seen == self.everything[: len(self.seen)]
        assert len(page.events) == limit or self.seen == self.everything

    @rule(stream=streams, after=st.integers(0, 4))
    def read(self, stream: str, after: int) -> None:
        events = self.wait(self.store.read(stream, after=after))
        assert [event.id for event in events] == self.model[stream][after:]
        assert [event.version for event in events] == list(range(after + 1, len(self.model[stream]) + 1))

    @invariant()
    def loading_gives_the_versions_of_the_dict(self) -> None:
        loaded = self.wait(self.store.load_many(STREAMS))
        assert {name: version for name, (version, _) in loaded.items()} == {
            name: len(ids) for name, ids in self.model.items()
        }

    def judge(self, asked: Append) -> type:
        """What a dict would say to it."""
        if self.consumed & set(asked.inbox):
            return AlreadyConsumedError
        expected = {write.stream: write.expected for write in asked.writes}
        right = all(len(self.model[name]) == version for name, version in [*expected.items(), *asked.unchanged.items()])
        return tuple if right else ConflictError

    def keep(self, asked: Append) -> None:
        for write in asked.writes:
            ids = [new.id for new in write.events]
            self.model[write.stream] += ids
            self.everything += ids
        self.consumed |= set(asked.inbox)

    def teardown(self) -> None:
        assert self.wait(self.store.consumed(self.consumed)) == self.consumed
        self.wait(self.store.close())
        self.runner.close()


def run(machine: type[Log], examples: int) -> None:
    chosen = settings(
        max_examples=examples,
        stateful_step_count=15,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(machine, settings=chosen)


def test_the_store_on_sqlite_behaves_as_a_dict(sqlite_template: Path) -> None:
    class OnSqlite(Log):
        def fresh(self) -> str:
            self.folder = TemporaryDirectory(prefix="tillsyn-", dir=roomy())
            return f"sqlite:///{shutil.copy(sqlite_template, self.folder.name)}"

        def teardown(self) -> None:
            super().teardown()
            self.folder.cleanup()

    run(OnSqlite, examples=25)


def test_the_store_on_postgresql_behaves_as_a_dict(postgres: Cluster, postgres_template: str) -> None:
    class OnPostgres(Log):
        def fresh(self) -> str:
            self.name = postgres.database(postgres_template)
            return postgres.url(self.name)

        def teardown(self) -> None:
            super().teardown()
            postgres.drop(self.name)

    run(OnPostgres, examples=6)
