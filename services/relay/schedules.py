"""The projector: from the log to the schedule document that each gateway keeps.

It reads the log behind its own checkpoint, sees which gateways an event concerns, and makes their documents anew from
the streams and rows as they stand. A document that says nothing new is not written; a revision grows with each that is.
"""

import asyncio
from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

import structlog
from nats.errors import Error as NatsError
from nats.js import JetStreamContext
from nats.js.errors import APIError, KeyNotFoundError, KeyWrongLastSequenceError
from nats.js.kv import KeyValue
from prometheus_client import CollectorRegistry, Counter

from events.base import Event
from events.home_schedule import GatewaySchedule, HomeSchedule, RecipientSchedule
from events.runtime.clock import Clock, Signal, Watch, sleep
from events.schedule import night_of, zone_named
from events.store import Append, Checkpoint, EventStore, queries
from events.transport import subjects
from events.types import home as home_events
from events.types import night as night_events
from events.types import unit as unit_events
from events.types.recipient import ConsentScope
from services.tillsyn import recipient as recipients
from services.tillsyn import unit as units
from services.tillsyn.kinds import RECIPIENT, UNIT

log = structlog.get_logger()

NAME = "schedules"
BATCH = 500
AFTER_FAILURE_S = 0.5


class ScheduleProjector:
    """Keeps the schedules bucket true to the log."""

    def __init__(
        self,
        store: EventStore,
        js: JetStreamContext,
        clock: Clock,
        interval: timedelta,
        metrics: CollectorRegistry,
        changed: Signal | None = None,
    ) -> None:
        self._store = store
        self._js = js
        self._clock = clock
        self._interval = interval
        self._changes = Watch(changed or Signal())
        self._position: Checkpoint | None = None
        self._written = Counter("tillsyn_schedules_written", "Gateway schedules published.", registry=metrics)

    async def run(self) -> None:
        """Project for ever; what fails is begun again from the checkpoint."""
        while True:
            try:
                self._position = await self._store.checkpoint(NAME)
                while True:
                    self._changes.look()
                    if not await self._project_page():
                        await sleep(self._clock, self._interval, self._changes)
            except (NatsError, APIError, TimeoutError, OSError) as error:
                log.warning("schedule projector begins anew", error=f"{type(error).__name__}: {error}")
                await asyncio.sleep(AFTER_FAILURE_S)

    async def at_rest(self) -> bool:
        """Whether the bucket says all that the log says."""
        page = await self._store.read_all(self._position, 1)
        return not page.events

    async def _project_page(self) -> int:
        page = await self._store.read_all(self._position, BATCH)
        if not page.events:
            return 0
        for gateway in await self._concerned([recorded.event for recorded in page.events]):
            await self._write(gateway)
        await self._store.append(Append(checkpoints={NAME: page.checkpoint}))
        self._position = page.checkpoint
        return len(page.events)

    async def _concerned(self, events: Iterable[Event]) -> list[UUID]:
        gateways: set[UUID] = set()
        homes: set[UUID] = set()
        everyone = False
        for event in events:
            match event:
                case home_events.CameraLinked(gateway=gateway):
                    gateways.add(gateway)
                case unit_events.GatewayRegistered(gateway=gateway):
                    gateways.add(gateway)
                case home_events.CameraUnlinked() | unit_events.UnitRulesChanged():
                    everyone = True  # the row no longer says which gateway it was, or every home is concerned
                case _ if event.NAME.startswith("recipient."):
                    recipient: UUID = event.recipient  # type: ignore[attr-defined]
                    row = await self._store.query(queries.recipient, recipient)
                    homes |= {row.home} if row else set()
                case night_events.SlotBecameVisit() | night_events.SlotCancelled() | night_events.SlotReinstated():
                    slot = await self._store.query(queries.slot, event.slot)
                    homes |= {slot.home} if slot else set()
                case _:
                    pass
        if everyone:
            return [row.id for row in await self._store.query(queries.all_gateways)]
        for home in homes:
            found = await self._store.query(queries.home, home)
            gateways |= {found.gateway} if found and found.gateway else set()
        return sorted(gateways)

    async def _write(self, gateway: UUID) -> None:
        bucket = await self._js.key_value(subjects.SCHEDULES_BUCKET)
        while True:
            kept, kv_revision = await _kept(bucket, gateway)
            wanted = await self._document(gateway, revision=kept.revision + 1 if kept else 1)
            if wanted is None or (kept is not None and _same(kept, wanted)):
                return
            try:
                await bucket.update(str(gateway), wanted.model_dump_json().encode(), last=kv_revision)
            except KeyWrongLastSequenceError:
                continue  # another projector was faster: look again
            self._written.inc()
            log.info("schedule written", gateway=str(gateway), revision=wanted.revision)
            return

    async def _document(self, gateway: UUID, revision: int) -> GatewaySchedule | None:
        row = await self._store.query(queries.gateway, gateway)
        if row is None:
            return None
        unit = UNIT.fold((await self._store.load(units.stream_of(row.unit)))[1])
        homes = []
        for home in await self._store.query(queries.homes_of_gateway, gateway):
            living = await self._store.query(queries.recipients_of_home, home.id)
            people = tuple([await self._recipient(id_, unit) for id_ in living])
            homes.append(HomeSchedule(home=home.id, camera=home.camera, recipients=people))
        return GatewaySchedule(
            gateway=gateway,
            organisation=row.organisation,
            unit=row.unit,
            revision=revision,
            made_at=self._clock.now(),
            retry_after=unit.rules.retry_after,
            homes=tuple(homes),
        )

    async def _recipient(self, id_: UUID, unit: units.Unit) -> RecipientSchedule:
        version, events = await self._store.load(recipients.stream_of(id_))
        state = RECIPIENT.fold(events)
        now = self._clock.now()
        yesterday = night_of(now, zone_named(unit.zone)) - timedelta(days=1)
        closed = await self._store.query(queries.closed_to_the_camera, id_, yesterday)
        decision = state.decision
        return RecipientSchedule(
            recipient=id_,
            version=version,
            zone=unit.zone,
            first_night=decision.from_night if decision else date.max,
            last_night=decision.to_night if decision else None,
            holds_from=decision.holds_from if decision else now,
            camera_allowed=decision is not None and state.camera_shut(now) is None,
            machine_openings=state.consents_to(ConsentScope.MACHINE_OPENINGS),
            extra_look_consented=state.consents_to(ConsentScope.EXTRA_AUTUMN_LOOK),
            periods=state.periods,
            closed_slots=tuple(closed),
        )


async def _kept(bucket: KeyValue, gateway: UUID) -> tuple[GatewaySchedule | None, int]:
    try:
        entry = await bucket.get(str(gateway))
    except KeyNotFoundError:
        return None, 0
    return GatewaySchedule.model_validate_json(entry.value or b""), entry.revision or 0


def _same(one: GatewaySchedule, other: GatewaySchedule) -> bool:
    told_apart = {"revision", "made_at"}
    return one.model_dump(exclude=told_apart) == other.model_dump(exclude=told_apart)
