"""Messages a second from JetStream to committed and acknowledged, and how long one takes from publish to there."""

import asyncio
import statistics
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager, ExitStack, contextmanager
from typing import TypeVar

from bench.bus import Bus, running_bus
from bench.databases import Databases, databases
from bench.inbound import OurInbound
from bench.ours import opened
from bench.peer import Peer, peer_on_postgres, peer_on_sqlite
from bench.peer_inbound import PeerInbound
from bench.report import Figure, Report
from bench.rounds import PEER, Case, check_scale, measure, report
from bench.town import SLOTS, Town
from events.store import EventStore
from services.tillsyn.read_models import PROJECTIONS

T = TypeVar("T")

MOST_RECIPIENTS = 500
UNIT = "messages/s"
MOST_MESSAGES = 4_000
MESSAGES_A_SECOND = 40
"""How many messages a turn has for each second that the bench may take; so that it takes about as long as asked."""
LATENCY_SHARE = 0.15
LATENCY_PACE = 50.0
"""Messages a second while latency is measured: a town's worth, far from the limit."""
HOW = (
    f"Reports of up to {MOST_RECIPIENTS} homes' slots lie in the inbound stream; the service's own partitions "
    "(FastStream, inbox, deciders, read models) consume them, until the last is committed and acknowledged. "
    "The peer: the same messages pulled in batches of 500 with nats-py, one Application.save a batch, no inbox, no "
    "checks, no read models. NATS on the production configuration, synced. latency: publish to committed and "
    f"acknowledged, at {LATENCY_PACE:.0f} messages/s."
)


def run(seconds: float = 30.0, *, postgres: bool = True, progress: bool | None = None) -> Report:
    """Measure for about `seconds` on this kind of machine; the number of messages is what is fixed by it."""
    check_scale(seconds)
    messages = max(20, min(MOST_MESSAGES, int(seconds * MESSAGES_A_SECOND)))
    with databases(with_postgres=postgres) as places, asyncio.Runner() as runner, ExitStack() as stack:
        bus = stack.enter_context(_held(runner, running_bus(places.folder / "nats")))
        sides = [_sqlite(stack, places, runner)]
        if places.postgres:
            sides.append(_postgres(stack, places, runner))
        recipients = min(MOST_RECIPIENTS, max(1, messages // SLOTS))
        inbound = {name: _inbound(runner, bus, store, Town(recipients), messages) for name, store, _ in sides}
        cases = [
            Case(name, UNIT, inbound[name], {PEER: PeerInbound(runner, bus, peer, Town(recipients), messages)})
            for name, _, peer in sides
        ]
        measured = measure(cases, seconds * (1 - LATENCY_SHARE), progress=progress)
        count = max(10, int(seconds * LATENCY_SHARE / len(sides) * LATENCY_PACE))
        latency = {
            figure: value for name, ours in inbound.items() for figure, value in _latency(name, ours, count).items()
        }
        return report("consume", HOW, measured, figures=latency, left_out=places.left_out)


Side = tuple[str, EventStore, Peer]
"""A database's name, our store on it, and the peer on one of its own there."""


def _sqlite(stack: ExitStack, places: Databases, runner: asyncio.Runner) -> Side:
    store = stack.enter_context(opened(runner, places.our_sqlite(), PROJECTIONS))
    return "sqlite", store, stack.enter_context(peer_on_sqlite(places.peer_sqlite()))


def _postgres(stack: ExitStack, places: Databases, runner: asyncio.Runner) -> Side:
    assert places.postgres
    store = stack.enter_context(opened(runner, places.our_postgres(), PROJECTIONS))
    return "postgres", store, stack.enter_context(peer_on_postgres(places.postgres, writers=1))


def _inbound(runner: asyncio.Runner, bus: Bus, store: EventStore, town: Town, messages: int) -> OurInbound:
    runner.run(town.register(store))
    return OurInbound(runner, bus, store, town, messages)


def _latency(name: str, ours: OurInbound, count: int) -> dict[str, Figure]:
    cuts = statistics.quantiles(ours.latencies(count, LATENCY_PACE), n=100, method="inclusive")
    return {f"{name}_latency_p{cut}": Figure(value=round(cuts[cut - 1] * 1000, 2), unit="ms") for cut in (50, 99)}


@contextmanager
def _held(runner: asyncio.Runner, resource: AbstractAsyncContextManager[T]) -> Iterator[T]:
    """An asynchronous resource, held on the runner's loop."""
    entered = runner.run(_enter(resource))
    try:
        yield entered
    finally:
        runner.run(_leave(resource))


async def _enter(resource: AbstractAsyncContextManager[T]) -> T:
    return await resource.__aenter__()


async def _leave(resource: AbstractAsyncContextManager[T]) -> None:
    await resource.__aexit__(None, None, None)
