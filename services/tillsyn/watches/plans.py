"""Every evening each granted decision is held against what it takes to carry it out: a decision without a plan is an
alarm. Elsewhere a camera was deregistered by mistake, and nobody noticed for three months.

From SQL alone. The alarm goes out before the unit's first slot and is cleared when the plan works again.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from events.runtime.clock import Clock, sleep
from events.schedule import night_bounds, night_of, zone_named
from events.store import EventStore, queries
from events.types.alarm import AlarmKind
from services.tillsyn import recipient as recipients
from services.tillsyn.desk.follow import owner_of
from services.tillsyn.desk.who import system
from services.tillsyn.each_by_itself import EachByItself
from services.tillsyn.kinds import RECIPIENT
from services.tillsyn.ledger import Ledger, Transaction
from services.tillsyn.policies.alarming import ASSESSOR, clear_alarms, raise_alarm
from services.tillsyn.watches.agreements import keep_watching
from services.tillsyn.watches.plan_concerns import PlanConcern, plan_concerns, wanted

NAME = "plan-watch"
AHEAD = timedelta(hours=8)
"""So long before the first slot opens, but not before noon: somebody is at the office who can mend it."""
WITHOUT_SLOTS = timedelta(hours=4)
"""A unit that has no slot at all tonight is looked at so long after noon."""
AFTER_A_CHANGE = timedelta(seconds=30)
"""Agreements change several at a time, and the planner has to have seen them."""
UNTIL_MENDED = timedelta(minutes=1)
LONGEST = timedelta(minutes=15)
"""In the evening and at night: another process may have entered something."""
BATCH = 200


class PlanWatch:
    """Raises and clears the alarms of decisions that cannot be carried out."""

    def __init__(self, ledger: Ledger, clock: Clock, settle: timedelta) -> None:
        self._ledger = ledger
        self._clock = clock
        self._settle = settle
        self._each = EachByItself("could not look at a plan")

    async def run(self) -> None:
        """Watch for ever. After a start gateways get their time first, to be heard of."""
        await sleep(self._clock, self._settle)
        await keep_watching(self._ledger, self._clock, self.watch, AFTER_A_CHANGE)

    async def watch(self) -> datetime:
        """Hold every decision against its plan; when to look again."""
        now, store = self._clock.now(), self._ledger.store
        zones = {unit: zone_named(name) for unit, name in (await store.query(queries.zones)).items()}
        evenings = {unit: await self._evening(unit, zone, now) for unit, zone in zones.items()}
        standing = {row.recipient for row in await store.query(queries.open_alarms_of, AlarmKind.NO_PLAN.value)}
        looked_at = [
            row
            for row in await store.query(queries.plan_rows)
            if row.unit in evenings and (row.id in standing or evenings[row.unit] <= now)
        ]
        found = await concerns_of(store, looked_at, zones, now, self._each)
        soon = any(found.values()) or len(found) < len(looked_at)
        for row in looked_at:
            concerns = found.get(row.id)
            if concerns is None or bool(concerns) == (row.id in standing):
                continue
            if not concerns or evenings[row.unit] <= now:
                soon = not await self._each(recipients.stream_of(row.id), self._say(row, concerns, now)) or soon
        return _next(evenings, zones, now, UNTIL_MENDED if soon else LONGEST)

    async def _say(self, row: queries.PlanRow, concerns: tuple[PlanConcern, ...], now: datetime) -> None:
        kind, cause = AlarmKind.NO_PLAN, f"plan:{row.id}"

        async def use_case(tx: Transaction) -> None:
            context = system(NAME, owner_of(row), now, tx.ledger.ids.thing())
            if concerns:
                await raise_alarm(tx, context, kind, cause, ASSESSOR, recipient=row.id, home=row.home)
            else:
                await clear_alarms(tx, context, "the plan works", (kind, cause))

        await self._ledger.transact(use_case)

    async def _evening(self, unit: UUID, zone: ZoneInfo, now: datetime) -> datetime:
        """From when on tonight's plans must work."""
        tonight = night_of(now, zone)
        noon, _ = night_bounds(tonight, zone)
        first = (await self._ledger.store.query(queries.first_slots, tonight)).get(unit)
        return noon + WITHOUT_SLOTS if first is None else max(noon, first - AHEAD)


async def concerns_of(
    store: EventStore,
    rows: Iterable[queries.PlanRow],
    zones: Mapping[UUID, ZoneInfo],
    now: datetime,
    each: EachByItself | None = None,
) -> dict[UUID, tuple[PlanConcern, ...]]:
    """What stands in the way of each recipient's night, as the log and the rows say now.

    Whoever's stream cannot be read is left out, and told of by `each`.
    """
    each = each or EachByItself("could not look at a plan")
    rows = list(rows)
    nights = {unit: night_of(now, zone) for unit, zone in zones.items()}
    planned: dict[date, dict[UUID, set[datetime]]] = {}
    for night in set(nights.values()):
        planned[night] = await store.query(queries.planned_times, night)
    found = {}
    for first in range(0, len(rows), BATCH):
        batch = rows[first : first + BATCH]
        people = await _people(store, batch, each)
        for row in batch:
            if (person := people.get(row.id)) is None:
                continue
            night, zone = nights[row.unit], zones[row.unit]
            times = planned[night].get(row.id, set())
            all_there = bool(times) and times.issuperset(wanted(person, night, zone))
            found[row.id] = plan_concerns(person, row, night, zone, now, planned=all_there)
    return found


async def _people(
    store: EventStore, rows: Sequence[queries.PlanRow], each: EachByItself
) -> dict[UUID, recipients.Recipient]:
    """Whose plans these are: all at once, and one by one where one of them cannot be read."""
    found: dict[UUID, recipients.Recipient] = {}

    async def load(some: Sequence[queries.PlanRow]) -> None:
        loaded = await store.load_many([recipients.stream_of(row.id) for row in some])
        for row in some:
            found[row.id] = RECIPIENT.fold(loaded[recipients.stream_of(row.id)][1])

    try:
        await load(rows)
    except Exception:  # one of them cannot be read: which, is told below
        for row in rows:
            await each(recipients.stream_of(row.id), load([row]))
    return found


def _next(
    evenings: Mapping[UUID, datetime], zones: Mapping[UUID, ZoneInfo], now: datetime, meanwhile: timedelta
) -> datetime:
    """The next evening that begins; while one has begun, after `meanwhile`."""
    coming = [
        evening if evening > now else min(night_bounds(night_of(now, zones[unit]), zones[unit])[1], now + meanwhile)
        for unit, evening in evenings.items()
    ]
    return min(coming, default=now + LONGEST)
