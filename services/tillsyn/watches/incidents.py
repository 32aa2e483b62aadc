"""Checks that fall due in homes that are lost: a decision is asked for then, not only when the check runs out.

Where somebody has said that a visit is to be made, the check becomes one as soon as it is due. And where a visit is
held though nobody is asked about its home, whatever led to that, somebody is.
"""

from datetime import datetime, timedelta
from uuid import UUID

from events.envelope import Context
from events.runtime.clock import Clock, Watch
from events.store import queries
from services.tillsyn import incident as incidents
from services.tillsyn import unit as units
from services.tillsyn.desk.follow import owner_of
from services.tillsyn.desk.help_now import somebody_goes
from services.tillsyn.desk.incidents import give_up_camera
from services.tillsyn.desk.who import system
from services.tillsyn.each_by_itself import EachByItself
from services.tillsyn.held import visits_held
from services.tillsyn.incident import Standing
from services.tillsyn.kinds import INCIDENTS, UNIT
from services.tillsyn.ledger import Ledger, Transaction

NAME = "incident-watch"


class IncidentWatch:
    """Looks at every check that is due in a lost home, and asks again where nobody decided in time."""

    def __init__(self, ledger: Ledger, clock: Clock, interval: timedelta) -> None:
        self._ledger = ledger
        self._clock = clock
        self._interval = interval
        self._each = EachByItself("could not look at an incident")

    async def run(self) -> None:
        """Watch for ever: when a check is due or a decision overdue, when an incident changes, at each interval."""
        changes = Watch(self._ledger.changed_in("incident"))
        while True:
            changes.look()
            await self.watch()
            await self._clock.sleep_until(await self._next(), changes)

    async def watch(self) -> None:
        """Act on all that is due or overdue."""
        now, store = self._clock.now(), self._ledger.store
        for row in await store.query(queries.due_in_lost_homes, now):
            if row.state == Standing.SENT or row.until is None:
                await self._each(f"slot {row.slot}", self._due(row))
        for held in await store.query(queries.held_unasked):
            await self._each(f"home {held.home}", self._ask_about(held))
        for unit in await store.query(queries.units_with_overdue_incidents, now):
            await self._each(incidents.stream_of(unit), self._ask_again(unit))

    async def _next(self) -> datetime:
        now = self._clock.now()
        times = [
            await self._ledger.store.query(queries.next_due_in_lost_homes, now),
            await self._ledger.store.query(queries.next_incident_decision),
        ]
        coming = [time for time in times if time is not None and time > now]
        return min([now + self._interval, *coming])

    async def _due(self, row: queries.DueInIncident) -> None:
        async def use_case(tx: Transaction) -> None:
            slot = await tx.store.query(queries.slot, row.slot)
            if slot is None or slot.status != "open":
                return
            context = self._context(tx, slot)
            stream = await tx.load(INCIDENTS, incidents.stream_of(slot.unit), rely=True)
            incident = stream.state.holding(row.home)
            if incident is None:
                return
            if incident.homes[row.home].standing is Standing.SENT:
                if not await somebody_goes(tx, row.home, [row.recipient]):  # who goes already does this check, too
                    await give_up_camera(tx, row, context)
                return
            unit = await tx.load(UNIT, units.stream_of(slot.unit))
            decide_by = context.time + unit.state.rules.incident_decided_within
            tx.record(stream, incidents.decide(stream.state, incidents.RunOut(row.home, decide_by)), context)

        await self._ledger.transact(use_case)

    async def _ask_about(self, held: queries.HeldUnasked) -> None:
        async def use_case(tx: Transaction) -> None:
            unit = (await tx.load(UNIT, units.stream_of(held.unit))).state
            stream = await tx.load(INCIDENTS, incidents.stream_of(held.unit))
            still = await visits_held(tx, held.home, [held.incident])
            if unit.organisation is None or not still or held.incident not in stream.state.open:
                return
            context = system(NAME, units.owner_of(unit), self._clock.now(), tx.ledger.ids.thing())
            command = incidents.Ask(held.incident, held.home, context.time + unit.rules.incident_decided_within)
            tx.record(stream, incidents.decide(stream.state, command), context)

        await self._ledger.transact(use_case)

    async def _ask_again(self, unit_id: UUID) -> None:
        async def use_case(tx: Transaction) -> None:
            unit = (await tx.load(UNIT, units.stream_of(unit_id))).state
            stream = await tx.load(INCIDENTS, incidents.stream_of(unit_id))
            if unit.organisation is None:
                return
            context = system(NAME, units.owner_of(unit), self._clock.now(), tx.ledger.ids.thing())
            command = incidents.Sweep(unit.chain[-1], unit.rules, context.time)
            tx.record(stream, incidents.decide(stream.state, command), context)

        await self._ledger.transact(use_case)

    def _context(self, tx: Transaction, slot: queries.SlotRow) -> Context:
        return system(NAME, owner_of(slot), self._clock.now(), tx.ledger.ids.thing())
