"""What a visit refuses, and why."""

from services.tillsyn.refused import RefusedError, UnknownError


class NoSuchVisitError(UnknownError):
    """Nobody has asked for this visit."""


class VisitOverError(RefusedError):
    """The visit has ended already."""


class NotInTheChainError(RefusedError):
    """Only those in the unit's chain of responders, or its patrols, can take a visit."""


class NotAskedError(RefusedError):
    """Only who was asked, or has taken a visit, can decline it."""


class SecondGoesError(RefusedError):
    """A second responder goes along already."""


class HeldError(RefusedError):
    """An incident holds the visit."""


class TooFewError(RefusedError):
    """The visit takes more people than were there."""


class MetNobodyError(RefusedError):
    """A visit that met nobody is not done."""


class NotInTheHomeError(RefusedError):
    """Only who lives in the home can have been met there."""


class NotDrivenError(RefusedError):
    """Only who took a visit, and did not make it, has driven for nothing."""


class NoReasonError(RefusedError):
    """A visit is closed by name and with a reason."""


class BeforeItsTimeError(RefusedError):
    """A planned visit is made from its time on."""


class NobodyArrivedError(RefusedError):
    """What was found on a planned visit is told of one that somebody arrived for."""


class ArrivedOutOfTimeError(RefusedError):
    """An arrival told afterwards lies behind, and not before the visit's time."""


class OutOfMeasureError(RefusedError):
    """Minutes, people and kilometres are those of one night."""
