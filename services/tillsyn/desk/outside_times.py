"""Whether a camera may be opened outside the agreed times: only on the word of those that consent names."""

from uuid import UUID

from events.store import queries
from events.types.night import AlarmCaller
from events.types.recipient import ConsentScope
from services.tillsyn import recipient as recipients
from services.tillsyn.kinds import RECIPIENT
from services.tillsyn.ledger import Transaction
from services.tillsyn.refused import RefusedError

SCOPE_OF = {
    AlarmCaller.RELATIVE: ConsentScope.ALARM_BY_RELATIVE,
    AlarmCaller.STAFF: ConsentScope.ALARM_BY_STAFF,
    AlarmCaller.DEVICE: ConsentScope.ALARM_BY_DEVICE,
}


class AlarmNotCoveredError(RefusedError):
    """Somebody who lives there has not consented to looks on this caller's word."""

    def __init__(self, scope: ConsentScope, who: UUID) -> None:
        super().__init__(f"the consent of {who} does not cover {scope.value}; send somebody instead")
        self.scope = scope


async def require_alarm_consent(tx: Transaction, home: UUID, caller: AlarmCaller) -> None:
    """AlarmNotCoveredError unless everybody who is checked on in the home consents; relies on what they say now."""
    scope = SCOPE_OF[caller]
    for recipient in await tx.store.query(queries.recipients_of_home, home):
        person = await tx.load(RECIPIENT, recipients.stream_of(recipient), rely=True)
        if not person.state.consents_to(scope):
            raise AlarmNotCoveredError(scope, recipient)
