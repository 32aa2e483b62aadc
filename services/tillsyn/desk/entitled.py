"""In which roles what may be entered: of a unit, of a home, and of what was agreed with somebody.

A no can be entered by whoever hears it, at any hour; a yes by those who answer for what was agreed. Who looks after
somebody can say that they are away, are back, or have died.
"""

from services.tillsyn import home as homes
from services.tillsyn import recipient as recipients
from services.tillsyn.refused import RefusedError
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
_INSTALLED_AT_HOME = (homes.Register, homes.Place, homes.EnterKeyCode, homes.LinkCamera, homes.UnlinkCamera)


class NotEnteredError(RefusedError):
    """This is not entered by one person: it is what becomes of something that several do."""


def for_recipient(command: recipients.Command) -> tuple[str, ...]:
    """The roles in which `command` may be entered."""
    return CARING if isinstance(command, _HEARD_OF_RECIPIENT) else AGREEING


def for_home(command: homes.Entered) -> tuple[str, ...]:
    """The roles in which `command` may be entered; NotEnteredError for what nobody may enter, whatever its type says:
    in no role is the safe answer to what is not named here.
    """
    if isinstance(command, _HEARD_AT_HOME):
        return CARING
    if isinstance(command, _AGREED_OF_HOME):
        return AGREEING
    if isinstance(command, _INSTALLED_AT_HOME):
        return INSTALLING
    raise NotEnteredError(
        f"{type(command).__name__} of a home is not entered; a camera is tested by an installer on site and a colleague"
    )
