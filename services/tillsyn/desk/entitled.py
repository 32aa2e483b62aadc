"""In which roles what may be entered: of a unit, of a home, and of what was agreed with somebody.

A no can be entered by whoever hears it, at any hour; a yes by those who answer for what was agreed. Who looks after
somebody can say that they are away, are back, or have died.
"""

from services.tillsyn import home as homes
from services.tillsyn import recipient as recipients
from services.tillsyn.staff import MANAGER, NIGHT_STAFF, NURSE, PATROL

MANAGING = (MANAGER,)
"""Units and their rules, staff and their roles, gateways, rosters, patrols."""
AGREEING = (MANAGER, "assessor")
"""Decisions, consent, times, who lives where."""
INSTALLING = (*AGREEING, "installer")
"""Homes, their cameras and keys."""
CARING = (*AGREEING, NIGHT_STAFF, NURSE, PATROL)
"""What is heard or found at night."""

_HEARD_OF_RECIPIENT = (
    recipients.WithdrawConsent,
    recipients.PauseCamera,
    recipients.ReportAbsence,
    recipients.ReviewAbsence,
    recipients.EndAbsence,
    recipients.RecordDeath,
    recipients.TakeDeathBack,
)
_HEARD_AT_HOME = (
    homes.StopCameras,
    homes.CohabitantMovesIn,
    homes.CohabitantWithdraws,
    homes.CarerArrives,
    homes.CarerLeaves,
)
_AGREED_OF_HOME = (
    homes.AgreeOnOutage,
    homes.MoveIn,
    homes.MoveOut,
    homes.CohabitantMovesOut,
    homes.CohabitantConsents,
    homes.AllowCameras,
    homes.Close,
)


def for_recipient(command: recipients.Command) -> tuple[str, ...]:
    """The roles in which `command` may be entered."""
    return CARING if isinstance(command, _HEARD_OF_RECIPIENT) else AGREEING


def for_home(command: homes.Command) -> tuple[str, ...]:
    """The roles in which `command` may be entered."""
    if isinstance(command, _HEARD_AT_HOME):
        return CARING
    return AGREEING if isinstance(command, _AGREED_OF_HOME) else INSTALLING
