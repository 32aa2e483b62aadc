"""The same messages consumed with the peer: a batch pulled, each decoded, one save for all, acknowledged after it.

It does less than ours: no check of the sender, no inbox of ids, no read models, no deciding.
"""

import asyncio
import time
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from eventsourcing.domain import Aggregate, event
from nats.aio.msg import Msg
from nats.errors import TimeoutError as NatsTimeoutError
from nats.js.api import AckPolicy, ConsumerConfig

from bench.bus import Bus
from bench.peer import Peer
from bench.town import Night, Town, reports
from events.cloudevents import decode
from events.transport.subjects import INBOUND_STREAM, INBOUND_SUBJECTS
from events.types import REGISTRY
from events.types.check import CheckDue

BATCH = 500
LINGER_S = 0.05


class PeerReports(Aggregate):
    """A recipient's night in the peer's manner: which slots were reported due."""

    def __init__(self, recipient: UUID, night: str) -> None:
        self.due: dict[UUID, datetime] = {}

    @staticmethod
    def create_id(recipient: UUID, night: str) -> UUID:
        """The same id for the same night."""
        return uuid5(recipient, night)

    @event("CheckDueReported")
    def report(self, slot: UUID, attempt: int, at: datetime, quality: dict[str, Any]) -> None:
        """The slot's time has come."""
        self.due[slot] = at


class PeerInbound:
    """One consumer of all messages."""

    def __init__(self, runner: asyncio.Runner, bus: Bus, peer: Peer, town: Town, messages: int) -> None:
        self._runner = runner
        self._bus = bus
        self._peer = peer
        self._town = town
        self._messages = messages

    def __call__(self, _seconds: float) -> float:
        """Messages a second, from a full stream until the last is acknowledged."""
        return self._runner.run(self._rate())

    async def _rate(self) -> float:
        nights = self._town.next_nights(self._messages)
        self._plan(nights)
        await self._bus.fill(list(reports(nights))[: self._messages])
        config = ConsumerConfig(durable_name="peer", ack_policy=AckPolicy.EXPLICIT, max_ack_pending=2000)
        pulled = await self._bus.js.pull_subscribe(INBOUND_SUBJECTS, "peer", INBOUND_STREAM, config)
        began, done = time.perf_counter(), 0
        while done < self._messages:
            with suppress(NatsTimeoutError):
                batch = await pulled.fetch(BATCH, timeout=LINGER_S)
                await self._keep(batch)
                done += len(batch)
        rate = done / (time.perf_counter() - began)
        await self._bus.js.delete_consumer(INBOUND_STREAM, "peer")
        return rate

    def _plan(self, nights: list[Night]) -> None:
        for first in range(0, len(nights), BATCH):
            some = nights[first : first + BATCH]
            self._peer.save(*(PeerReports(one.recipient.id, one.night.isoformat()) for one in some))

    async def _keep(self, batch: Sequence[Msg]) -> None:
        changed: dict[UUID, PeerReports] = {}
        for message in batch:
            wire, due = decode(REGISTRY, message.data)
            assert isinstance(due, CheckDue)
            assert due.quality
            id_ = PeerReports.create_id(due.recipient, due.night.isoformat())
            if id_ not in changed:
                changed[id_] = self._peer.repository.get(id_)
            changed[id_].report(due.slot, due.attempt, wire.time, due.quality.model_dump())
        self._peer.save(*changed.values())
        for message in batch:
            await message.ack()
