"""A decision that ends soon with no successor is told of, once: so long before its end as the unit's rules say."""

from datetime import date, datetime, timedelta
from uuid import UUID

from events.envelope import Context
from events.runtime.clock import Clock
from events.schedule import night_bounds, night_of, zone_named
from events.store import queries
from services.tillsyn import recipient as recipients
from services.tillsyn.desk.follow import owner_of
from services.tillsyn.desk.who import system
from services.tillsyn.each_by_itself import TRIED_AGAIN, EachByItself
from services.tillsyn.kinds import RECIPIENT
from services.tillsyn.ledger import Ledger, Transaction
from services.tillsyn.policies.alarming import rules_of
from services.tillsyn.watches.agreements import keep_watching

NAME = "decision-watch"
LONGEST = timedelta(hours=24)


class DecisionWatch:
    """Warns of decisions that end."""

    def __init__(self, ledger: Ledger, clock: Clock) -> None:
        self._ledger = ledger
        self._clock = clock
        self._each = EachByItself("could not warn of a decision")

    async def run(self) -> None:
        """Watch for ever: at each noon, and when agreements change here."""
        await keep_watching(self._ledger, self._clock, self.watch)

    async def watch(self) -> datetime:
        """Warn of every decision that ends soon; when to look again."""
        now, store = self._clock.now(), self._ledger.store
        zones = {unit: zone_named(name) for unit, name in (await store.query(queries.zones)).items()}
        tonight = {unit: night_of(now, zone) for unit, zone in zones.items()}
        plans = await store.query(queries.plan_rows)
        unanswered = {row.id for row in plans if row.died_at is None and row.decision_handed_to is None}
        longest = LONGEST
        for row in await store.query(queries.all_recipients):
            if row.id not in unanswered or row.decision_to is None or row.decision_to < tonight[row.unit]:
                continue
            if not await self._each(recipients.stream_of(row.id), self._warn(row, tonight[row.unit], now)):
                longest = TRIED_AGAIN
        noons = [night_bounds(night, zones[unit])[1] for unit, night in tonight.items()]
        return min([now + longest, *noons])

    async def _warn(self, row: queries.RecipientRow, tonight: date, now: datetime) -> None:
        async def use_case(tx: Transaction) -> None:
            context = system(NAME, owner_of(row), now, tx.ledger.ids.thing())
            await warn_of_ends(tx, row.id, tonight, context)

        await self._ledger.transact(use_case)


async def warn_of_ends(tx: Transaction, recipient: UUID, tonight: date, context: Context) -> None:
    """Record a warning for each decision that ends soon and was not warned of."""
    person = await tx.load(RECIPIENT, recipients.stream_of(recipient))
    rules = await rules_of(tx, context.owner.unit)
    for found in recipients.decision_concerns(person.state, tonight, rules):
        if found.concern is recipients.DecisionConcern.ENDS_SOON:
            warning = recipients.WarnOfEnd(found.decision, found.last_night)
            tx.record(person, recipients.decide(person.state, warning), context)
