"""What a home's rules forbid."""

from services.tillsyn.refused import RefusedError, UnknownError


class NoSuchHomeError(UnknownError):
    """No home is registered with this id."""


class HomeClosedError(RefusedError):
    """Nobody is checked on in this home any more."""


class HomeFullError(RefusedError):
    """One or two people are checked on in a home."""


class HomeOccupiedError(RefusedError):
    """A home is closed when nobody who is checked on lives there."""


class NoSuchCameraError(UnknownError):
    """The home has no such camera."""


class AnotherCameraLinkedError(RefusedError):
    """One camera shows a bed at a time; the old one is unlinked before another is linked."""


class NoSuchCohabitantError(UnknownError):
    """Nobody with this id lives in the home beside those who are checked on."""


class NoTestError(RefusedError):
    """No camera of the home is being tested."""


class CommissionedAlreadyError(RefusedError):
    """A camera is tested once; it is unlinked and linked again to be tested anew."""


class InstallerLooksError(RefusedError):
    """Somebody other than the installer has to read the code."""


class NoTestPictureError(RefusedError):
    """Whoever reads the code must have been served a live picture in this test."""


class TooManyTestLooksError(RefusedError):
    """So many looks are enough to read a code; the installer begins another test."""


class RecipientAbsentError(RefusedError):
    """The recipient has to be there when their camera is tested."""
