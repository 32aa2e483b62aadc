"""What the rules of rosters and of signing in and out forbid."""

from services.tillsyn.refused import RefusedError, UnknownError


class ShiftEndsBeforeItBeginsError(RefusedError):
    """A shift lasts some time."""


class ShiftOutsideTheNightError(RefusedError):
    """A shift lies within a day of the noon at which its night begins; anything else is a slip of the pen."""


class ShiftsOverlapError(RefusedError):
    """Nobody works in two places of one roster at once."""


class NoSuchShiftError(UnknownError):
    """The roster has no such line."""


class NotSignedInError(RefusedError):
    """Only who is signed in can go, or be handed something."""


class NotInAFittingRoleError(RefusedError):
    """What somebody owns goes to a colleague in the same role."""


class HandsOverToOneselfError(RefusedError):
    """Whoever goes hands over to somebody else."""


class NotForTheRosterError(RefusedError):
    """The roster names only those who have the role when the shift begins."""
