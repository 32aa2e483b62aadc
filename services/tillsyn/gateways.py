"""Gateways that come and go: back with a heartbeat, silent when none comes for a while. One event for each change."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import structlog

from events.base import Event
from events.envelope import Context, Owner
from events.runtime.clock import Clock, sleep
from events.store import Put, queries
from events.types.check import Heartbeat
from events.types.incident import Cause
from events.types.unit import GatewayStateChanged
from services.tillsyn.desk.who import system
from services.tillsyn.ledger import Kind, Ledger, Transaction
from services.tillsyn.losses import gateway_back, gateway_lost

log = structlog.get_logger()

NAME = "gateway-watch"


@dataclass(frozen=True, slots=True)
class GatewayState:
    """A gateway as its stream tells."""

    online: bool = False


def _evolve(state: GatewayState, event: Event) -> GatewayState:
    return GatewayState(event.online) if isinstance(event, GatewayStateChanged) else state


GATEWAY = Kind(GatewayState(), _evolve)


def stream_of(gateway: UUID) -> str:
    """The stream of one gateway."""
    return f"gateway-{gateway}"


async def heard(tx: Transaction, heartbeat: Heartbeat, context: Context) -> None:
    """A heartbeat has come: the row of last words, and an event if the gateway was silent until now.

    One that was held up and is older than the last word we have says nothing.
    """
    last = await tx.store.query(queries.last_heard, heartbeat.gateway)
    before = [*_said_here(tx, heartbeat.gateway), *([last] if last is not None else [])]
    if before and context.time <= max(before):
        return
    gateway = await tx.load(GATEWAY, stream_of(heartbeat.gateway))
    if not gateway.state.online:
        back = GatewayStateChanged(gateway=heartbeat.gateway, online=True, last_heard=context.time)
        tx.record(gateway, [back], context)
        await gateway_back(tx, heartbeat.gateway, context)
    row = {
        "organisation": context.owner.organisation,
        "unit": context.owner.unit,
        "at": context.time,
        "spooled": heartbeat.spooled,
        "schedule_revision": heartbeat.schedule_revision,
        "clock_skew_s": heartbeat.clock_skew_s,
    }
    tx.rows.append(Put("heard", heartbeat.gateway, row))


def _said_here(tx: Transaction, gateway: UUID) -> list[datetime]:
    """When the gateway said what this transaction is about to keep of it: heartbeats come in batches."""
    return [row.values["at"] for row in tx.rows if isinstance(row, Put) and (row.table, row.key) == ("heard", gateway)]


class GatewayWatch:
    """Notices gateways that have fallen silent. From SQL alone, like the sweeper."""

    def __init__(
        self, ledger: Ledger, clock: Clock, silent_after: timedelta, connected: Callable[[], bool] = lambda: True
    ) -> None:
        self._ledger = ledger
        self._clock = clock
        self._silent_after = silent_after
        self._connected = connected

    async def run(self) -> None:
        """Watch for ever. After a start gateways get their time first: what they said may still be waiting."""
        await sleep(self._clock, self._silent_after)
        while True:
            await self.watch()
            await sleep(self._clock, self._silent_after / 3)

    async def watch(self) -> int:
        """Record every gateway that has been silent for too long; how many those were."""
        limit = self._clock.now() - self._silent_after
        silent = await self._ledger.store.query(queries.silent_gateways, limit)
        return sum([await self._fell_silent(row, limit) for row, _ in silent])

    async def _fell_silent(self, row: queries.GatewayRow, limit: datetime) -> bool:
        """Whether it is silent still: where many are, it may have been heard of while the others were recorded."""

        async def use_case(tx: Transaction) -> datetime | None:
            gateway = await tx.load(GATEWAY, stream_of(row.id))
            last_heard = await tx.store.query(queries.last_heard, row.id)
            if last_heard is None or last_heard >= limit or not gateway.state.online:
                return None
            context = system(NAME, Owner(row.organisation, row.unit), self._clock.now(), tx.ledger.ids.thing())
            gone = GatewayStateChanged(gateway=row.id, online=False, last_heard=last_heard)
            tx.record(gateway, [gone], context)
            cause = Cause.GATEWAY if self._connected() else Cause.BROKER
            await gateway_lost(tx, row.id, context, cause, self._silent_after)
            return last_heard

        last_heard = await self._ledger.transact(use_case)
        if last_heard is not None:
            log.warning("gateway is silent", gateway=str(row.id), last_heard=last_heard.isoformat())
        return last_heard is not None
