"""Consuming one partition of the inbound stream: batches from JetStream, through FastStream, acknowledged by us.

FastStream hands over raw messages. One that nobody can read goes to the dead letters; the rest are decided together.
Where that fails for another cause they are decided one by one, and only the failing ones come again, later each time.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import structlog
from nats.aio.msg import Msg
from prometheus_client import CollectorRegistry, Counter, Histogram

from events.envelope import Owner
from events.registry import Registry
from events.store import Fence, FencedError, StoreBusyError, StoreError, StoreUnavailableError, queries
from events.transport.dead_letters import DeadLetters, DeadReason
from events.types.check import SlotReport
from services.tillsyn.inbound.deciding import Outcome, SlotNotPlannedYetError, decide_batch
from services.tillsyn.inbound.reading import Known, Message, Report, UnreadableMessageError, accept, read
from services.tillsyn.inbound.waiting import MOST_OF_ONE_GATEWAY, Waiting
from services.tillsyn.ledger import Ledger

log = structlog.get_logger()

FIRST_DELAY_S = 0.2
LONGEST_DELAY_S = 60.0
TRIES = 15
"""So often a report is tried that fails for no cause of the database's: about seven minutes."""


class InboundMetrics:
    """What came in, and what became of it."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.recorded = Counter("tillsyn_reports_recorded", "Reports that led to events.", registry=registry)
        self.duplicates = Counter("tillsyn_reports_duplicate", "Reports known already.", registry=registry)
        self.failed = Counter("tillsyn_reports_failed", "Reports that will be tried again.", registry=registry)
        self.dead = Counter("tillsyn_reports_dead", "Messages nobody can read.", ["reason"], registry=registry)
        self.batch = Histogram("tillsyn_inbound_batch_size", "Messages in a batch.", registry=registry)


@dataclass(slots=True)
class _Batch:
    """A batch sorted out: what can be acted on, and what must be buried with its reason."""

    reports: list[tuple[Msg, Report]] = field(default_factory=list)
    dead: list[tuple[Msg, UnreadableMessageError]] = field(default_factory=list)


class InboundConsumer:
    """Handles the batches of one partition. With a stale `fence` nothing is kept."""

    def __init__(self, ledger: Ledger, registry: Registry, dead_letters: DeadLetters, metrics: InboundMetrics) -> None:
        self._ledger = ledger
        self._registry = registry
        self._dead_letters = dead_letters
        self._metrics = metrics
        self.fence: Fence | None = None
        self._waiting = Waiting()

    def begin(self, fence: Fence) -> None:
        """The partition is ours, from now and under `fence`: what waited under an earlier one is delivered again."""
        self.fence = fence
        self._waiting = Waiting()

    async def handle(self, messages: Sequence[Msg]) -> None:
        """Bury, decide, keep, acknowledge. Never raises: what could not be done comes again."""
        self._metrics.batch.observe(len(messages))
        try:
            batch = await self._sort(messages)
        except Exception:
            log.exception("inbound batch could not be read", messages=len(messages))
            await self._again(messages)
            return
        for message, error in batch.dead:
            await self._bury(message, error)
        if batch.reports:
            await self._keep(batch.reports)

    async def _sort(self, messages: Sequence[Msg]) -> _Batch:
        batch = _Batch()
        read_: list[tuple[Msg, Report]] = []
        for message in messages:
            try:
                read_.append((message, read(self._registry, Message(message.subject, message.data))))
            except UnreadableMessageError as error:
                batch.dead.append((message, error))
        known = await self._known([report for _, report in read_])
        now = self._ledger.clock.now()
        for message, report in read_:
            try:
                batch.reports.append((message, accept(report, known, now)))
            except UnreadableMessageError as error:
                batch.dead.append((message, error))
        return batch

    async def _known(self, reports: Sequence[Report]) -> Known:
        senders = {report.gateway for report in reports}
        recipients = {report.event.recipient for report in reports if isinstance(report.event, SlotReport)}
        store = self._ledger.store
        gateways = await store.query(queries.gateways_among, senders)
        homes = await store.query(queries.homes_of_recipients, recipients)
        return Known({row.id: Owner(row.organisation, row.unit) for row in gateways}, homes)

    async def _keep(self, pairs: Sequence[tuple[Msg, Report]]) -> None:
        messages = [message for message, _ in pairs]
        try:
            outcome = await decide_batch(self._ledger, [report for _, report in pairs], self.fence)
        except (FencedError, StoreUnavailableError, StoreBusyError) as error:
            log.warning("reports come again", error=str(error), messages=len(messages))
            await self._again(messages)
        except Exception as error:
            if len(pairs) > 1:
                for pair in pairs:
                    await self._keep([pair])
                return
            await self._failed(*pairs[0], error)
        else:
            self._count(outcome)
            for message, report in pairs:
                self._waiting.leave(report.gateway, message.metadata.sequence.stream)
                await message.ack()

    async def _failed(self, message: Msg, report: Report, error: Exception) -> None:
        """One report that could not be decided: it comes again, later each time, but not for ever, and of one gateway
        not so many that the others behind the same partition get no turn.
        """
        if isinstance(error, StoreError):
            log.warning("report failed and comes again", error=f"{type(error).__name__}: {error}")
            await self._again([message])
            return
        hopeless = self._hopeless(message, report, error)
        if hopeless is None:
            log.warning("report failed and comes again", error=f"{type(error).__name__}: {error}")
            await self._again([message])
            return
        self._waiting.leave(report.gateway, message.metadata.sequence.stream)
        await self._bury(message, hopeless)

    def _hopeless(self, message: Msg, report: Report, error: Exception) -> UnreadableMessageError | None:
        """Why `message` is not to come again; None if it may."""
        if isinstance(error, UnreadableMessageError):
            return error
        planless = isinstance(error, SlotNotPlannedYetError)
        reason = DeadReason.UNKNOWN_SLOT if planless else DeadReason.CANNOT_BE_KEPT
        why = f"{type(error).__name__}: {error}"
        if (message.metadata.num_delivered or 1) >= TRIES:
            return UnreadableMessageError(reason, why)
        if not self._waiting.enter(report.gateway, message.metadata.sequence.stream):
            return UnreadableMessageError(
                reason, f"gateway {report.gateway} has {MOST_OF_ONE_GATEWAY} reports waiting, and no more may: {why}"
            )
        return None

    async def _bury(self, message: Msg, error: UnreadableMessageError) -> None:
        try:
            if await self._dead_letters.bury(message, error.reason, str(error)):
                self._metrics.dead.labels(error.reason.value).inc()
        except Exception:
            log.exception("dead letter could not be kept", reason=error.reason.value)
            await self._again([message])
        else:
            await message.ack()

    async def _again(self, messages: Sequence[Msg]) -> None:
        self._metrics.failed.inc(len(messages))
        for message in messages:
            delivered = message.metadata.num_delivered or 1
            await message.nak(delay=min(LONGEST_DELAY_S, FIRST_DELAY_S * 2 ** min(delivered - 1, 20)))

    def _count(self, outcome: Outcome) -> None:
        self._metrics.recorded.inc(outcome.recorded)
        self._metrics.duplicates.inc(outcome.duplicates)
