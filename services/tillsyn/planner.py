"""The planner writes nights ahead: from decision, consent, schedule and absences to slots that are fixed.

It relies on the recipient and the home as it read them, so a consent withdrawn meanwhile makes it begin anew. Nights
that nobody planned while the system was down are planned late, for the sweeper to escalate: they are not forgotten.
"""

from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import structlog

from events.envelope import Owner
from events.runtime.clock import Clock, Watch, sleep
from events.schedule import night_of, zone_named
from events.store import queries
from services.tillsyn import night as nights
from services.tillsyn import recipient as recipients
from services.tillsyn import unit as units
from services.tillsyn.alive import PLANNER, prove_life
from services.tillsyn.desk.agreements import hold_against_agreements
from services.tillsyn.desk.follow import owner_of, record_night
from services.tillsyn.desk.who import system
from services.tillsyn.horizon import CATCH_UP_NIGHTS, NIGHTS_AHEAD
from services.tillsyn.household import load_household
from services.tillsyn.kinds import NIGHT, RECIPIENT, UNIT
from services.tillsyn.ledger import Ledger, Transaction

log = structlog.get_logger()


class Planner:
    """Plans every recipient's nights, again and again."""

    def __init__(self, ledger: Ledger, clock: Clock, interval: timedelta, process: str) -> None:
        self._ledger = ledger
        self._clock = clock
        self._interval = interval
        self._process = process

    async def run(self) -> None:
        """Plan for ever: at once whenever agreements change here, and at each interval.

        A round is proof of life even if somebody could not be planned: the planner is not dead for that.
        """
        proven: datetime | None = None
        changes = Watch(self._ledger.agreements_changed)
        while True:
            changes.look()
            await self.plan_all()
            now = self._clock.now()
            if proven is None or now - proven >= self._interval:
                await prove_life(self._ledger, PLANNER, self._process, now)
                proven = now
            await sleep(self._clock, self._interval, changes)

    async def plan_all(self) -> int:
        """Plan what is not planned; how many nights that were."""
        planned = 0
        store = self._ledger.store
        zones = await store.query(queries.zones)
        for row in await store.query(queries.all_recipients):
            try:
                for night in await self._to_plan(row, zone_named(zones[row.unit])):
                    planned += await self.plan(row.id, night, owner_of(row))
            except Exception:  # one recipient's trouble must not leave the others without a plan
                log.exception("could not plan", recipient=str(row.id))
        return planned

    async def _to_plan(self, row: queries.RecipientRow, zone: ZoneInfo) -> list[date]:
        missing = _missing(row, night_of(self._clock.now(), zone))
        if not missing:
            return []
        person = RECIPIENT.fold((await self._ledger.store.load(recipients.stream_of(row.id)))[1])
        return [night for night in missing if person.slots(night, zone)]

    async def plan(self, recipient: UUID, night: date, owner: Owner) -> bool:
        """Plan one night; whether there was something to plan."""
        return await self._ledger.transact(lambda tx: self._plan(tx, recipient, night, owner))

    async def _plan(self, tx: Transaction, recipient: UUID, night: date, owner: Owner) -> bool:
        stream = await tx.load(NIGHT, nights.stream_of(recipient, night))
        person = await tx.load(RECIPIENT, recipients.stream_of(recipient), rely=True)
        unit = (await tx.load(UNIT, units.stream_of(owner.unit))).state
        if stream.state.planned or person.state.home is None:
            return False
        await load_household(tx, person.state.home)
        slots = person.state.slots(night, zone_named(unit.zone))
        if not slots:
            return False
        context = system(PLANNER, owner, self._clock.now(), tx.ledger.ids.thing())
        command = nights.PlanNight(recipient, person.state.home, night, slots, unit.rules)
        await record_night(tx, stream, nights.decide(stream.state, command), context)
        await hold_against_agreements(tx, recipient, context, [night])
        return True


def _missing(row: queries.RecipientRow, tonight: date) -> list[date]:
    """The nights that could be planned by now and have no slots, oldest first."""
    if row.decision_from is None:
        return []
    earliest = tonight - timedelta(days=CATCH_UP_NIGHTS)
    first = earliest if row.latest_night is None else max(earliest, row.latest_night + timedelta(days=1))
    last = tonight + timedelta(days=NIGHTS_AHEAD)
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]
