"""One random night as it passes: time moves by hand from limit to limit, and what the service's loops do is done then.

Each loop is called when it would wake: at its own limit, or when the log, or what was agreed, has changed.
"""

import random
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select

from events.envelope import Actor, ActorKind, Context, Owner
from events.looks.messages import LookFault, NoPicture
from events.looks.picture import SealedPicture
from events.schedule import ScheduleEntry, night_bounds, zone_named
from events.store import queries
from events.store.tables.log import events as log_table
from events.types.check import Heartbeat
from events.types.unit import UnitRulesChanged
from services.tillsyn import recipient as recipients
from services.tillsyn.desk import (
    Alarms,
    Care,
    Dispatch,
    Incidents,
    Installing,
    NightStaff,
    Notices,
    Patrol,
    Reviews,
    Staffing,
)
from services.tillsyn.gateways import GatewayWatch
from services.tillsyn.inbound.deciding import decide_batch
from services.tillsyn.inbound.reading import Report
from services.tillsyn.ledger import Ledger
from services.tillsyn.looking import GrantRequest
from services.tillsyn.planner import Planner
from services.tillsyn.refused import RefusedError
from services.tillsyn.sweeper import Sweeper
from services.tillsyn.watches import AbsenceWatch, CauseWatch, DecisionWatch, IncidentWatch, PlanWatch, StaffingWatch
from tests.builders import MANAGER, ORGANISATION, UNIT, an_id, minutes
from tests.night.random.plan import Plan
from tests.night.random.town import AGENCY, CAR, DRIVER, ENTERING, GATEWAYS, NURSES, PEOPLE, HandClock

INTERVAL = timedelta(minutes=10)
SILENT_AFTER = timedelta(seconds=90)
RARELY = minutes(90)
"""Watches that ask to be called each minute while something stands are called so often."""
MORNING_STEP = timedelta(hours=1)
"""Once all slots have ended only repetitions are left: they are swept so often, and not at each limit."""
SWEEPS_AT_ONCE = 6
OWNER = Owner(ORGANISATION, UNIT)


class StuckError(AssertionError):
    """Something is overdue however often it is swept."""


class Hours:
    """The service on one database, the time, and the world outside as far as it has a state."""

    def __init__(self, ledger: Ledger, clock: HandClock, plan: Plan) -> None:
        self.ledger, self.clock, self.store, self.plan = ledger, clock, ledger.store, plan
        self.zone = zone_named(plan.zone)
        self.noon, self.end = night_bounds(plan.night, self.zone)
        self.chance = random.Random(repr(plan))
        self.care = Care(ledger, ENTERING)
        self.desk = NightStaff(ledger, self)
        self.installing = Installing(ledger, self, bytes(32))
        self.patrol, self.dispatch = Patrol(ledger), Dispatch(ledger, ENTERING)
        self.incidents, self.staffing = Incidents(ledger), Staffing(ledger)
        self.alarms, self.notices, self.reviews = Alarms(ledger), Notices(ledger), Reviews(ledger)
        self._planner = Planner(ledger, clock, INTERVAL, "random")
        self._sweeper = Sweeper(ledger, clock, INTERVAL, "random")
        self._gateway_watch = GatewayWatch(ledger, clock, SILENT_AFTER)
        self._incident_watch = IncidentWatch(ledger, clock, INTERVAL)
        self._cause_watch = CauseWatch(ledger, clock)
        self._loops: dict[str, Callable[[], Awaitable[datetime]]] = {
            "absences": AbsenceWatch(ledger, clock).watch,
            "decisions": DecisionWatch(ledger, clock).watch,
            "plans": PlanWatch(ledger, clock, SILENT_AFTER).watch,
            "staffing": StaffingWatch(ledger, clock, INTERVAL).watch,
        }
        self._again: dict[str, datetime] = {}
        self._agreed = self._changed = -1
        self.sweeper_back: datetime | None = None
        self.pauses: list[tuple[datetime, datetime]] = []
        self.silent_at: dict[UUID, datetime] = {}
        """Of each gateway that is off: when that is noticed."""
        self.off: set[UUID] = set()
        self.spool: dict[UUID, list[Report]] = {gateway: [] for gateway in GATEWAYS}
        self.absences: dict[UUID, UUID] = {}
        self.meanwhile: Callable[[], Awaitable[None]] | None = None
        """What happens between the grant of the next look and its answer."""
        self.fault: LookFault | None = None
        """What the next look fails with."""
        self.told: list[str] = []

    # --- before the night ---------------------------------------------------------------------------------------------

    async def begin(self) -> None:
        """Enter decisions and schedules, plan, and let it be so late that the first act is near."""
        plan, now = self.plan, self.clock.now()
        await self.care.change_rules(UnitRulesChanged(unit=UNIT, rules=plan.rules))
        for person, entries in zip(PEOPLE, plan.schedules, strict=True):
            if not entries:
                continue
            granted = recipients.GrantDecision(an_id(f"decision of {person}"), plan.night, None, len(entries), now)
            await self.care.recipient(person, UNIT, granted)
            times = tuple(
                ScheduleEntry(id=an_id(f"entry {n} of {person}"), time=entry.at, kind=entry.kind)
                for n, entry in enumerate(entries)
            )
            await self.care.recipient(person, UNIT, recipients.SetSchedule(plan.night, times, now))
        ends = self.noon + timedelta(hours=10 + plan.role_hours)
        await self.staffing.grant_role(AGENCY, UNIT, "night-staff", MANAGER, until=ends, agency=True)
        if plan.car:
            await self.dispatch.crew(CAR, (DRIVER,))
        for nurse in NURSES[: plan.signed_in]:
            await self.staffing.sign_in(UNIT, "night-staff", nurse)
        await self._beat()
        await self.settle()
        first = min((slot.opens_at for slot in await self.slots()), default=self.noon + timedelta(hours=10))
        await self.until(max(self.clock.now(), first - minutes(plan.begins)))

    async def slots(self) -> list[queries.SlotRow]:
        """Tonight's slots, in the order of their times."""
        rows = await self.store.query(queries.slots_of_night, self.plan.night)
        return sorted(rows, key=lambda row: (row.due_at, row.id))

    # --- asking -------------------------------------------------------------------------------------------------------

    async def ask(self, asked: Callable[[], Awaitable[object]], *, whole: bool = True) -> bool:
        """Ask something of the desk; whether it was allowed. What is refused leaves the log as it was; what is not
        `whole` is several transactions, of which the first may be kept when a later one is refused.
        """
        before = await self.length()
        try:
            await asked()
        except RefusedError as refused:
            self.told.append(f"  refused: {refused}")
            if whole and await self.length() != before:
                raise AssertionError(f"refused, and the log has more than before: {refused}") from refused
            return False
        return True

    async def length(self) -> int:
        return await self.store.query(lambda c: c.scalar(select(func.count()).select_from(log_table)) or 0)

    async def look(self, request: GrantRequest) -> SealedPicture | NoPicture:
        """The gateway's answer to a look: at once, or after what happens meanwhile."""
        look, fault, meanwhile = request.grant.look, self.fault, self.meanwhile
        self.fault = self.meanwhile = None
        if meanwhile is not None:
            await meanwhile()
        if fault is None and request.grant.gateway in self.off:
            fault = LookFault.GATEWAY_SILENT
        if fault is not None:
            return NoPicture(look, fault, "")
        return SealedPicture(look, 1, self.clock.now(), b"sealed")

    # --- time ---------------------------------------------------------------------------------------------------------

    async def until(self, when: datetime) -> None:
        """Let time pass, from limit to limit."""
        await self.settle()
        while (limit := await self._next()) < when:
            self.clock.time = max(self.clock.time + timedelta(milliseconds=1), limit)
            await self.settle()
        self.clock.time = max(self.clock.time, when)
        await self.settle()

    async def morning(self, until: datetime) -> None:
        """Let the rest of the night pass: exactly while a slot is open, then in larger steps."""
        while any(slot.status == "open" for slot in await self.slots()):
            limits = [slot.act_at for slot in await self.slots() if slot.act_at is not None]
            await self.until(max(self.clock.now() + minutes(1), min(limits)))
        while self.clock.now() < until:
            self.clock.time = min(until, self.clock.now() + MORNING_STEP)
            await self.settle()

    async def settle(self) -> None:
        """Let every loop do what it has to do now, until none has anything more to do."""
        await self._silence()
        for _ in range(SWEEPS_AT_ONCE):
            counts = (self.ledger.agreements_changed.count, self.ledger.changed.count)
            await self._agreements()
            await self._sweep()
            if counts == (self.ledger.agreements_changed.count, self.ledger.changed.count):
                return
        overdue = await self.store.query(queries.next_to_act)
        if overdue is not None and overdue <= self.clock.now() and self.sweeper_back is None:
            raise StuckError(f"something was due at {overdue}, and still is after {SWEEPS_AT_ONCE} rounds")

    async def _agreements(self) -> None:
        now, agreed = self.clock.now(), self.ledger.agreements_changed.count
        changed = agreed != self._agreed
        self._agreed = agreed
        if changed:
            await self._planner.plan_all()
        for name, watch in self._loops.items():
            if changed or self._again.get(name, now) <= now:
                self._again[name] = max(await watch(), now + RARELY)
        if self._again.get("causes", now) <= now:
            await self._cause_watch.watch()
            self._again["causes"] = now + RARELY * 2

    async def _sweep(self) -> None:
        if self.sweeper_back is not None and self.clock.now() >= self.sweeper_back:
            self.sweeper_back = None
        if self.sweeper_back is None:
            overdue = await self.store.query(queries.next_to_act)
            if overdue is not None and overdue <= self.clock.now():
                assert await self._sweeper.sweep() == 0, "something could not be swept"
        await self._incident_watch.watch()

    async def _next(self) -> datetime:
        now = self.clock.now()
        due = await self.store.query(queries.next_to_act) if self.sweeper_back is None else None
        incidents = [
            await self.store.query(queries.next_due_in_lost_homes, now),
            await self.store.query(queries.next_incident_decision),
        ]
        times = [due, self.sweeper_back, *incidents, *self._again.values(), *self.silent_at.values()]
        return min((max(time, now) for time in times if time is not None), default=self.end)

    # --- gateways -----------------------------------------------------------------------------------------------------

    async def _silence(self) -> None:
        """The gateway watch wakes when somebody has been silent for too long; those that are not have been heard."""
        if not any(when <= self.clock.now() for when in self.silent_at.values()):
            return
        self.silent_at = {one: when for one, when in self.silent_at.items() if when > self.clock.now()}
        await self._beat()
        await self._gateway_watch.watch()

    async def _beat(self) -> None:
        """A heartbeat of every gateway that is on."""
        for gateway in GATEWAYS:
            if gateway not in self.off:
                await decide_batch(self.ledger, [self.heartbeat(gateway)], None)

    def heartbeat(self, gateway: UUID) -> Report:
        beat = Heartbeat(gateway=gateway, started_at=self.noon, spooled=0, schedule_revision=1)
        return Report(self.ledger.ids.thing(), gateway, beat, self.context_of(gateway, self.clock.now()))

    def context_of(self, gateway: UUID, at: datetime) -> Context:
        return Context(Actor(ActorKind.GATEWAY, str(gateway), "gateway"), OWNER, at, self.ledger.ids.thing())

    async def switch_off(self, gateway: UUID) -> None:
        """It falls silent: no heartbeat, and what it has to say stays in its spool."""
        if gateway not in self.off:
            await self._beat()
            self.off.add(gateway)
            self.silent_at[gateway] = self.clock.now() + SILENT_AFTER + timedelta(seconds=1)

    async def switch_on(self, gateway: UUID) -> None:
        """It is heard of again."""
        self.off.discard(gateway)
        self.silent_at.pop(gateway, None)
        await decide_batch(self.ledger, [self.heartbeat(gateway)], None)
