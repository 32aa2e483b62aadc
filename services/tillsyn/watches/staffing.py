"""Whether somebody is there before the night's first slot, and whether anybody who has gone still owns something.

From SQL alone, like the sweeper: neither a gateway nor a broker has a say in it.
"""

from datetime import date, datetime, timedelta
from uuid import UUID

import structlog

from events.envelope import Context, Owner
from events.runtime.clock import Clock, Watch
from events.schedule import night_bounds, zone_named
from events.store import queries
from events.types.shift import SignedOut
from events.types.unit import NightRules
from services.tillsyn import shift as shifts
from services.tillsyn import unit as units
from services.tillsyn.desk.handover import hand_over_late
from services.tillsyn.desk.who import system
from services.tillsyn.each_by_itself import EachByItself
from services.tillsyn.kinds import SHIFT, UNIT
from services.tillsyn.ledger import Ledger, Transaction

log = structlog.get_logger()

NAME = "staffing-watch"
GONE_LATELY = timedelta(minutes=15)
"""So long after somebody has gone it is looked whether something came to be theirs in that moment."""
AHEAD = timedelta(hours=24)
"""Slots due so soon are looked at; no unit can ask for somebody to be there earlier than that before the first one."""


class StaffingWatch:
    """Notices nights without staff and shifts that ended without a word. Several may run side by side."""

    def __init__(self, ledger: Ledger, clock: Clock, interval: timedelta) -> None:
        self._ledger = ledger
        self._clock = clock
        self._interval = interval
        self._each = EachByItself("could not look at a shift")

    async def run(self) -> None:
        """Watch for ever: when the next limit passes, when somebody comes or goes here, and at each interval."""
        changes = Watch(self._ledger.changed_in("shift"))
        while True:
            changes.look()
            await self._clock.sleep_until(await self.watch(), changes)

    async def watch(self) -> datetime:
        """Record what is to be recorded now; when to look again."""
        now = self._clock.now()
        again = [now + self._interval]
        for row in await self._ledger.store.query(queries.nights_to_staff, now + AHEAD, now):
            await self._each(shifts.stream_of(row.unit, row.night), self._look_at_night(row, now, again))
        for at_work in await self._ledger.store.query(queries.at_work):
            stream = f"{shifts.stream_of(at_work.unit, at_work.night)}, {at_work.staff}"
            await self._each(stream, self._look_at_who_is_there(at_work, now, again))
        for unit, night, member in await self._ledger.store.query(queries.gone_since, now - GONE_LATELY):
            if await self._ledger.store.query(queries.owned_by, unit, member, now):
                await self._each(f"what {member} owned in {unit}", self._take_over(unit, night, member))
        return min(again)

    async def _look_at_night(self, row: queries.UncoveredRow, now: datetime, again: list[datetime]) -> None:
        limit = row.first_slot_at - (await self._rules(row.unit)).staffed_before
        if limit > now:
            again.append(limit)
        elif not shifts.covering(by_camera=row.by_camera) & row.signed_in:
            await self._unstaffed(row)

    async def _look_at_who_is_there(self, row: queries.AtWorkRow, now: datetime, again: list[datetime]) -> None:
        limit = await self._limit_of(row)
        if row.role_until is not None and row.role_until > now:
            again.append(row.role_until)  # from then on they are nobody who is there
        if limit > now:
            again.append(limit)
        else:
            await self._sign_out(row)

    async def _rules(self, unit: UUID) -> NightRules:
        return UNIT.fold((await self._ledger.store.load(units.stream_of(unit)))[1]).rules

    async def _limit_of(self, row: queries.AtWorkRow) -> datetime:
        """When who has not signed out counts as gone: a while after the end of their shift, else of the night, and of
        their role in any case: who can claim nothing any more must not count as somebody who is there.

        Who came, or went on, when their shift by the roster was over has that of the night.
        """
        unit = UNIT.fold((await self._ledger.store.load(units.stream_of(row.unit)))[1])
        by_roster = row.ends_at if row.ends_at is not None and row.at < row.ends_at else None
        ends_at = by_roster or night_bounds(row.night, zone_named(unit.zone))[1]
        if row.role_until is not None:
            ends_at = min(ends_at, row.role_until)
        return ends_at + unit.rules.signed_out_after

    async def _unstaffed(self, row: queries.UncoveredRow) -> None:
        async def use_case(tx: Transaction) -> None:
            stream = await tx.load(SHIFT, shifts.stream_of(row.unit, row.night))
            roles = shifts.covering(by_camera=row.by_camera)
            check = shifts.CheckStaffed(row.unit, row.night, row.first_slot_at, roles, row.without_role)
            owner = Owner(row.organisation, row.unit)
            context = system(NAME, owner, self._clock.now(), tx.ledger.ids.thing())
            tx.record(stream, shifts.decide(stream.state, check), context)

        await self._ledger.transact(use_case)

    async def _sign_out(self, row: queries.AtWorkRow) -> None:
        async def use_case(tx: Transaction) -> Context | None:
            unit = (await tx.load(UNIT, units.stream_of(row.unit))).state
            stream = await tx.load(SHIFT, shifts.stream_of(row.unit, row.night))
            if unit.organisation is None or row.staff not in stream.state.signed_in:
                return None
            owner = Owner(unit.organisation, row.unit)
            context = system(NAME, owner, self._clock.now(), tx.ledger.ids.thing())
            tx.record(stream, shifts.decide(stream.state, shifts.SignOut(row.staff)), context)
            return context

        context = await self._ledger.transact(use_case)
        if context is None:
            return
        await self._take_over(row.unit, row.night, row.staff)
        log.warning("shift ended without signing out", staff=str(row.staff), unit=str(row.unit))

    async def _take_over(self, unit: UUID, night: date, member: UUID) -> None:
        """What became theirs while they signed out, and was not handed over since: whoever did it may have died."""

        async def use_case(tx: Transaction) -> None:
            owner = units.owner_of((await tx.load(UNIT, units.stream_of(unit))).state)
            context = system(NAME, owner, self._clock.now(), tx.ledger.ids.thing())
            await hand_over_late(tx, SignedOut(unit=unit, night=night, staff=member, to=None), context)

        await self._ledger.transact(use_case)
