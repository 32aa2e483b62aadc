"""What can be wrong with a camera, called by what is known and not by what is guessed."""

from enum import StrEnum


class CameraFault(StrEnum):
    """Why a camera gave no picture that may be shown."""

    UNREACHABLE = "unreachable"
    """Nothing there under that name: no such file, host, route or stream."""
    REFUSED = "refused"
    """The host answers, but nothing listens on the port."""
    UNAUTHORISED = "unauthorised"
    """The camera asks for a login, or does not accept the one it was given."""
    TIMED_OUT = "timed_out"
    """No answer within the time limit."""
    NO_FRAMES = "no_frames"
    """Something answers or the file exists, but no picture comes out of it."""
    STALE = "stale"
    """Pictures came, then a gap: what follows may be old and is never served as live."""
    UNPLUGGED = "unplugged"
    """This machine has no such device any more: its cable or its power is gone."""
    SHUT_OFF = "shut_off"
    """A switch or a privacy button in the home closes the camera. It overrides everything."""
    CLOCK_OFF = "clock_off"
    """The camera refuses the login because its own clock is wrong; the password may well be right."""


class CameraUnavailableError(Exception):
    """A camera gave no picture. Carries the camera's name, never its address: that may hold a password.

    What to do: report `reason`; a new `open` may be tried.
    """

    def __init__(self, camera: str, reason: CameraFault, detail: str) -> None:
        super().__init__(f"camera {camera}: {reason.value}: {detail}")
        self.camera = camera
        self.reason = reason
        self.detail = detail
