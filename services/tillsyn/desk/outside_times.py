"""Whether a camera may be opened outside the agreed times: only on the word of those that consent names."""

from uuid import UUID

from events.types.night import AlarmCaller
from events.types.recipient import ConsentScope
from services.tillsyn.household import Household
from services.tillsyn.night.slot import MOST_LOOKS, Slot
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


class LookedEnoughError(RefusedError):
    """The looks that were agreed to for one check have been, and somebody who lives there agreed to no other."""

    def __init__(self, slot: UUID) -> None:
        super().__init__(
            f"slot {slot} has been looked at {MOST_LOOKS} times, and nothing more was consented to; "
            'say "not seen" or "uncertain", or send somebody'
        )


def require_alarm_consent(household: Household, recipient: UUID, caller: AlarmCaller) -> None:
    """AlarmNotCoveredError unless everybody who lives there consents to a look on this caller's word."""
    scope = SCOPE_OF[caller]
    if scope not in household.scope(recipient):
        raise AlarmNotCoveredError(scope, household.home.home)


def require_consent_to_more(household: Household, recipient: UUID, slot: Slot) -> None:
    """LookedEnoughError unless everybody who lives there consents to looks on the word of whoever asks for them."""
    if SCOPE_OF[slot.caller or AlarmCaller.STAFF] not in household.scope(recipient):
        raise LookedEnoughError(slot.id)
