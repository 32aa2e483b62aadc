"""The projector: from the log to the schedule document that each gateway keeps.

It reads the log behind its own checkpoint, sees which gateways an event concerns, and makes their documents anew from
the streams and rows as they stand. A document that says nothing new is not written; a revision grows with each that is.
"""

import asyncio
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from nats.errors import Error as NatsError
from nats.js import JetStreamContext
from nats.js.errors import APIError, KeyNotFoundError, KeyWrongLastSequenceError
from nats.js.kv import KeyValue
from prometheus_client import CollectorRegistry, Counter
from pydantic import ValidationError

from events.base import Event
from events.home_schedule import GatewaySchedule, GrantedNights, HomeSchedule, RecipientSchedule
from events.runtime.clock import Clock, Signal, Watch
from events.schedule import night_of, zone_named
from events.store import Append, Checkpoint, EventStore, StoreError, queries
from events.transport import subjects
from events.types import home as home_events
from events.types import night as night_events
from events.types import recipient as recipient_events
from events.types import unit as unit_events
from events.types.recipient import ConsentScope
from services.relay.cancelled import require_not_cancelled
from services.tillsyn import recipient as recipients
from services.tillsyn import unit as units
from services.tillsyn.home import stream_of as home_stream
from services.tillsyn.household import Household
from services.tillsyn.kinds import HOME, RECIPIENT, UNIT

log = structlog.get_logger()

NAME = "schedules"
BATCH = 500
AFTER_FAILURE_S = 0.5
ALARMS = {ConsentScope.ALARM_BY_RELATIVE, ConsentScope.ALARM_BY_STAFF, ConsentScope.ALARM_BY_DEVICE}
"""Scopes that let the camera be opened outside the agreed times; which of them it was, the service sees to."""


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
        self._reopens_at: dict[UUID, datetime] = {}
        self._written = Counter("tillsyn_schedules_written", "Gateway schedules published.", registry=metrics)

    async def run(self) -> None:
        """Project for ever; what fails is begun again from the checkpoint."""
        while True:
            try:
                self._position = await self._store.checkpoint(NAME)
                await self._write_all()
                while True:
                    self._changes.look()
                    if not await self._project_page():
                        await self._reopen()
                        require_not_cancelled()
                        await self._sleep()
            except (NatsError, APIError, StoreError, TimeoutError, OSError) as error:
                require_not_cancelled()
                log.warning("schedule projector begins anew", error=f"{type(error).__name__}: {error}")
                await asyncio.sleep(AFTER_FAILURE_S)

    async def at_rest(self) -> bool:
        """Whether the bucket says all that the log says."""
        page = await self._store.read_all(self._position, 1)
        return not page.events

    async def _write_all(self) -> None:
        """Every document: the bucket may have been lost, or a pause have ended, while nobody was here."""
        for row in await self._store.query(queries.all_gateways):
            await self._write(row.id)

    async def _reopen(self) -> None:
        """Make anew what time alone changes: a pause that ends, or a test. No event tells of that."""
        now = self._clock.now()
        for gateway in [gateway for gateway, ends_at in self._reopens_at.items() if ends_at <= now]:
            await self._write(gateway)

    async def _sleep(self) -> None:
        """Until the log changes, the interval is over, or a pause ends."""
        until = min([self._clock.now() + self._interval, *self._reopens_at.values()])
        await self._clock.sleep_until(until, self._changes)

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
                case recipient_events.RecipientMoved(from_home=old, to_home=new):
                    homes |= {old, new}
                case _ if event.NAME.startswith("home."):
                    homes.add(event.home)  # type: ignore[attr-defined]
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
            gateways |= set(await self._store.query(queries.gateways_of_home, home))
        return sorted(gateways)

    async def _write(self, gateway: UUID) -> None:
        bucket = await self._js.key_value(subjects.SCHEDULES_BUCKET)
        while True:
            kept, kv_revision = await _kept(bucket, gateway)
            wanted = await self._document(gateway, self._next_revision(kept))
            if wanted is None or (kept is not None and _same(kept, wanted)):
                return
            try:
                await bucket.update(str(gateway), wanted.model_dump_json().encode(), last=kv_revision)
            except KeyWrongLastSequenceError:
                continue  # another projector was faster: look again
            self._written.inc()
            log.info("schedule written", gateway=str(gateway), revision=wanted.revision)
            return

    def _next_revision(self, kept: GatewaySchedule | None) -> int:
        """Above what the bucket holds, and above what it held before it was lost: documents follow the log's growth."""
        return max(kept.revision + 1 if kept else 1, self._position.position if self._position else 0)

    async def _document(self, gateway: UUID, revision: int) -> GatewaySchedule | None:
        row = await self._store.query(queries.gateway, gateway)
        if row is None:
            return None
        unit = UNIT.fold((await self._store.load(units.stream_of(row.unit)))[1])
        homes, changes_at = [], []
        for home in await self._store.query(queries.homes_of_gateway, gateway):
            schedule, until = await self._home(home.id, gateway, unit)
            homes.append(schedule)
            changes_at += [until] if until is not None else []
        self._reopens_at.pop(gateway, None)
        if changes_at:
            self._reopens_at[gateway] = min(changes_at)
        return GatewaySchedule(
            gateway=gateway,
            organisation=row.organisation,
            unit=row.unit,
            revision=revision,
            made_at=self._clock.now(),
            retry_after=unit.rules.retry_after,
            homes=tuple(homes),
        )

    async def _home(self, id_: UUID, gateway: UUID, unit: units.Unit) -> tuple[HomeSchedule, datetime | None]:
        """A home as this gateway has to know it, and when that must be made anew because time alone changes it: a
        pause ends, or a test.
        """
        household, versions = await self._household(id_)
        home, now = household.home, self._clock.now()
        behind = {camera.camera for camera in home.cameras if camera.gateway == gateway}
        shown = [
            (recipient, camera.camera)
            for recipient in sorted(household.people)
            if (camera := household.camera_of(recipient)) is not None and camera.camera in behind
        ]
        people = [await self._recipient(household, who, camera, versions[who], unit) for who, camera in shown]
        in_test, test = household.in_test(now), home.commissioning
        schedule = HomeSchedule(
            home=id_,
            camera=next((camera.camera for camera in home.cameras if camera.gateway == gateway), None),
            recipients=tuple(people),
            in_test=in_test if in_test in behind else None,
            in_test_until=test.until if test and in_test in behind else None,
            carer=household.carer,
        )
        ends = [household.opens_again_at(now), test.until if test and in_test else None]
        return schedule, min((end for end in ends if end is not None), default=None)

    async def _household(self, id_: UUID) -> tuple[Household, dict[UUID, int]]:
        """A home and its people, with the version of each recipient's stream."""
        home = HOME.fold((await self._store.load(home_stream(id_)))[1])
        living = dict.fromkeys([*home.recipients, *await self._store.query(queries.recipients_of_home, id_)])
        loaded = {who: await self._store.load(recipients.stream_of(who)) for who in living}
        people = {who: RECIPIENT.fold(events) for who, (_, events) in loaded.items()}
        here = {who: person for who, person in people.items() if person.home == id_}
        return Household(home, here), {who: version for who, (version, _) in loaded.items()}

    async def _recipient(
        self, household: Household, id_: UUID, camera: UUID, version: int, unit: units.Unit
    ) -> RecipientSchedule:
        state, scope = household.people[id_], household.scope(id_)
        now, zone = self._clock.now(), zone_named(unit.zone)
        yesterday = night_of(now, zone) - timedelta(days=1)
        closed = await self._store.query(queries.closed_to_the_camera, id_, yesterday)
        granted = tuple(
            GrantedNights(
                first_night=decision.from_night,
                last_night=decision.to_night,
                holds_from=decision.holds_from,
                ends_at=decision.ended_at,
            )
            for decision in state.decisions
        )
        return RecipientSchedule(
            recipient=id_,
            version=version,
            zone=unit.zone,
            granted=granted,
            camera_allowed=household.shut(id_, now) is None,
            machine_openings=ConsentScope.MACHINE_OPENINGS in scope,
            extra_look_consented=ConsentScope.EXTRA_AUTUMN_LOOK in scope,
            periods=state.periods,
            closed_slots=tuple(closed),
            camera=camera,
            alarm_looks=bool(scope & ALARMS),
        )


async def _kept(bucket: KeyValue, gateway: UUID) -> tuple[GatewaySchedule | None, int]:
    """What the bucket holds, and its revision there. What cannot be read counts as nothing, and is written over."""
    try:
        entry = await bucket.get(str(gateway))
    except KeyNotFoundError as error:  # never there, or deleted by hand: then its revision goes on
        return None, error.entry.revision if error.entry else 0
    try:
        return GatewaySchedule.model_validate_json(entry.value or b""), entry.revision or 0
    except ValidationError:
        log.warning("unreadable schedule in the bucket", gateway=str(gateway))
        return None, entry.revision or 0


def _same(one: GatewaySchedule, other: GatewaySchedule) -> bool:
    told_apart = {"revision", "made_at"}
    return one.model_dump(exclude=told_apart) == other.model_dump(exclude=told_apart)
