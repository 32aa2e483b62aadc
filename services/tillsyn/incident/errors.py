"""What an incident refuses, and why."""

from datetime import datetime
from uuid import UUID

from services.tillsyn.refused import RefusedError, UnknownError


class NoSuchIncidentError(UnknownError):
    """The unit has no open incident with this id."""

    def __init__(self, incident: UUID) -> None:
        super().__init__(f"no incident {incident} is open in this unit; list the incidents to see those that are")


class NotInTheIncidentError(UnknownError):
    """The home was not lost to this cause."""

    def __init__(self, incident: UUID, home: UUID) -> None:
        super().__init__(f"home {home} is not in incident {incident}; list its homes to see those that are")


class HomesWaitError(RefusedError):
    """An incident does not close over a home that somebody still has to decide about."""

    def __init__(self, incident: UUID, homes: int, visits: int) -> None:
        super().__init__(
            f"incident {incident} cannot be closed: {homes} homes wait for a decision and {visits} visits are held; "
            "phone, send or defer for each of them first"
        )


class NoReasonError(RefusedError):
    """Deferring and closing are done by name and with a reason."""


class DeferredIntoThePastError(RefusedError):
    """A home is deferred to a time that is still to come."""

    def __init__(self, until: datetime) -> None:
        super().__init__(f"{until:%F %H:%M} UTC is past; name a time until which the home can wait")


class DeferredForTooLongError(RefusedError):
    """A deferral lasts a night at most: what waits for ever fades."""

    def __init__(self, until: datetime, at_most: datetime) -> None:
        super().__init__(
            f"{until:%F %H:%M} UTC is too late; a home can wait until {at_most:%F %H:%M} UTC, and is asked about then"
        )
