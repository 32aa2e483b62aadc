"""Whether a camera may be opened outside the agreed times: only on the word of those that consent names."""

from uuid import UUID

from events.types.night import AlarmCaller
from events.types.recipient import ConsentScope
from services.tillsyn.household import Household
from services.tillsyn.refused import RefusedError

SCOPE_OF = {
    AlarmCaller.RELATIVE: ConsentScope.ALARM_BY_RELATIVE,
    AlarmCaller.STAFF: ConsentScope.ALARM_BY_STAFF,
    AlarmCaller.DEVICE: ConsentScope.ALARM_BY_DEVICE,
}


class AlarmNotCoveredError(RefusedError):
    """Somebody who lives there has not consented to looks on this caller's word."""

    def __init__(self, scope: ConsentScope, home: UUID | None) -> None:
        super().__init__(f"not everybody in home {home} has consented to {scope.value}; send somebody instead")
        self.scope = scope


def require_alarm_consent(household: Household, recipient: UUID, caller: AlarmCaller) -> None:
    """AlarmNotCoveredError unless everybody who lives there consents to a look on this caller's word."""
    scope = SCOPE_OF[caller]
    if scope not in household.scope(recipient):
        raise AlarmNotCoveredError(scope, household.home.home)
