"""What a recipient's rules forbid."""

from services.tillsyn.refused import RefusedError, UnknownError


class NoSuchRecipientError(UnknownError):
    """Nobody is registered with this id."""


class NoDecisionError(RefusedError):
    """No decision stands that could be ended."""


class DecisionOverError(RefusedError):
    """A decision that was ended is not taken up again; a new one is granted."""


class EndsBeforeItBeginsError(RefusedError):
    """A period that ends before it begins."""


class NoSuchAbsenceError(UnknownError):
    """The recipient has no absence with this id."""


class EntryTwiceError(RefusedError):
    """Two entries of a schedule have the same id."""


class NoReasonError(RefusedError):
    """What cannot be undone silently is done with a reason."""


class NoSuccessorError(RefusedError):
    """A decision ends before its time only where a successor takes over, or a named person answers for what follows."""


class NoSuchDecisionError(UnknownError):
    """The recipient has no decision with this id."""


class AskedTooLateError(RefusedError):
    """Nobody is away for longer than a fortnight without somebody asking where they are."""


class NeitherEndNorReviewError(RefusedError):
    """An absence has an end, or a time at which somebody asks where the recipient is."""


class AbsenceOverError(RefusedError):
    """The recipient is back; another absence has an id of its own."""


class DeadError(RefusedError):
    """The recipient is dead; nothing more is agreed with them."""
