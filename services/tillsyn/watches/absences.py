"""An absence without an end has a time at which somebody asks where the recipient is: the assessor is told then."""

from datetime import datetime, timedelta
from uuid import UUID

from events.runtime.clock import Clock
from events.store import queries
from events.types.notice import NoticeKind
from services.tillsyn import recipient as recipients
from services.tillsyn.desk.follow import owner_of
from services.tillsyn.desk.who import system
from services.tillsyn.each_by_itself import TRIED_AGAIN, EachByItself
from services.tillsyn.kinds import RECIPIENT
from services.tillsyn.ledger import Ledger, Transaction
from services.tillsyn.policies.alarming import ASSESSOR, tell
from services.tillsyn.recipient.state import FAR_AWAY
from services.tillsyn.watches.agreements import keep_watching

NAME = "absence-watch"
LONGEST = timedelta(hours=1)


class AbsenceWatch:
    """Tells of absences whose review is due."""

    def __init__(self, ledger: Ledger, clock: Clock) -> None:
        self._ledger = ledger
        self._clock = clock
        self._each = EachByItself("could not tell of an absence")

    async def run(self) -> None:
        """Watch for ever: at each review's time, and when agreements change here."""
        await keep_watching(self._ledger, self._clock, self.watch)

    async def watch(self) -> datetime:
        """Tell of every absence whose review is due, once for each time of review; when to look again."""
        now = self._clock.now()
        until = now + LONGEST
        for recipient, review_at in await self._ledger.store.query(queries.absences_to_review):
            if review_at > now:
                return min(until, review_at)
            if not await self._each(recipients.stream_of(recipient), self._tell(recipient, review_at, now)):
                until = now + TRIED_AGAIN
        return until

    async def _tell(self, recipient: UUID, review_at: datetime, now: datetime) -> None:
        async def use_case(tx: Transaction) -> None:
            row = await tx.store.query(queries.recipient, recipient)
            if row is None:
                return
            person = (await tx.load(RECIPIENT, recipients.stream_of(recipient))).state
            without_end = [id_ for id_, away in person.absences.items() if away.ends_at == FAR_AWAY]
            context = system(NAME, owner_of(row), now, tx.ledger.ids.thing())
            kind, about = NoticeKind.ABSENCE_TO_REVIEW, without_end[-1] if without_end else recipient
            await tell(tx, context, kind, ASSESSOR, about=about, recipient=recipient, occasion=review_at)

        await self._ledger.transact(use_case)
