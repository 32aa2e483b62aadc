"""What is refused of an alarm."""

from services.tillsyn.refused import RefusedError, UnknownError


class NoSuchAlarmError(UnknownError):
    """There is no alarm with this id."""


class AlarmClearedError(RefusedError):
    """The cause is gone; there is nothing left to take on."""


class AlarmOwnedError(RefusedError):
    """Somebody else has it: they hand it over, or it is open again when their time is up."""


class NotTheOwnerError(RefusedError):
    """Only whoever has an alarm can hand it over."""
