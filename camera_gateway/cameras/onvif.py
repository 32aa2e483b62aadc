"""A network camera that is asked over ONVIF for its stream, and put to sleep between openings.

Before the first picture: its off switch is read, its lamp lit, it is turned to the room, and only when it rests there
its stream is opened, as any RTSP stream is. After the last: the stream is closed, and it is put to sleep in the
background.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, TypeVar

from camera_gateway.cameras.address import RtspAddress, parse_address
from camera_gateway.cameras.asleep import Over, Rest
from camera_gateway.cameras.camera import Clock, Limits, OpenCamera
from camera_gateway.cameras.fault import CameraFault, CameraUnavailableError
from camera_gateway.cameras.notice import Notice, NoticeKind, Tell
from camera_gateway.cameras.onvif_address import OnvifAddress
from camera_gateway.cameras.rtsp import RtspCamera

if TYPE_CHECKING:
    from camera_gateway.cameras.onvif_media import DayNight

T = TypeVar("T")


class OnvifCamera:
    """Keeps the `Camera` protocol, and `Sleeps`."""

    def __init__(self, name: str, address: OnvifAddress, now: Clock, limits: Limits, tell: Tell) -> None:
        self.name = name
        self.address = str(address)
        self._at = address
        self._now = now
        self._limits = limits
        self._tell = tell
        self._rest = Rest(name, self._sleep, tell if address.turns else self._tell_of_the_lamp)
        self._told: set[NoticeKind] = set()

    def __repr__(self) -> str:
        return f"OnvifCamera({self.name!r}, {self.address!r})"

    @contextmanager
    def open(self) -> Iterator[OpenCamera]:
        """See `Camera.open`. Any fault; when the context is left the stream is closed and the camera falls asleep."""
        try:
            self._rest.interrupt(self._limits.ask_s + self._limits.open_s)
            with RtspCamera(self.name, self._wake(), self._now, self._limits).open() as opened:
                yield opened
        finally:
            self.fall_asleep()

    def fall_asleep(self) -> None:
        """See `Sleeps.fall_asleep`. Of a camera without presets and lamp nothing is asked: its stream is closed."""
        if self._at.turns or self._at.lamp is not None:
            self._rest.begin()

    def finish(self, within_s: float) -> None:
        """See `Sleeps.finish`."""
        self._rest.finish(within_s)

    def day_or_night(self) -> "DayNight":
        """What it says of its infrared cut filter. Not for use while it is open. Raises CameraUnavailableError."""
        from camera_gateway.cameras.onvif_conversations import ask_day_or_night  # see onvif_device: it is heavy

        return self._asked(lambda: ask_day_or_night(self._at, self._limits))

    def _wake(self) -> RtspAddress:
        from camera_gateway.cameras.onvif_conversations import wake

        awake, clock_off = self._asked(lambda: wake(self._at, self._limits))
        self._tell_of_the_clock(clock_off)
        self._tell_while(NoticeKind.LAMP_FAILED, awake.lamp_failed)
        stream = parse_address(awake.stream)
        assert isinstance(stream, RtspAddress)  # noqa: S101 - `stream_address` takes no other
        return stream

    def _sleep(self, over: Over) -> None:
        from camera_gateway.cameras.onvif_conversations import put_to_sleep

        lamp_failed = self._asked(lambda: put_to_sleep(self._at, self._limits, over))
        if lamp_failed:
            self._tell_while(NoticeKind.LAMP_FAILED, lamp_failed)

    def _asked(self, conversation: Callable[[], T]) -> T:
        from camera_gateway.cameras.onvif_conversations import AskedInVainError

        try:
            return conversation()
        except AskedInVainError as error:
            if error.reason is not CameraFault.CLOCK_OFF:  # the fault says it already
                self._tell_of_the_clock(error.clock_off)
            raise CameraUnavailableError(self.name, error.reason, error.detail) from None

    def _tell_of_the_clock(self, off: timedelta | None) -> None:
        from camera_gateway.cameras.onvif_conversations import told

        detail = None if off is None else f"its clock is {told(off)}; that was allowed for"
        self._tell_while(NoticeKind.CLOCK_OFF, detail)

    def _tell_of_the_lamp(self, notice: Notice) -> None:
        """What is told of the sleep of a camera that does not turn: all that can fail in it is the lamp."""
        failed = notice.kind is NoticeKind.NOT_TURNED_AWAY
        self._tell_while(NoticeKind.LAMP_FAILED, f"its lamp may still be lit: {notice.detail}" if failed else None)

    def _tell_while(self, kind: NoticeKind, detail: str | None) -> None:
        """Tell once for as long as it is so."""
        if detail is None:
            self._told.discard(kind)
        elif kind not in self._told:
            self._told.add(kind)
            self._tell(Notice(self.name, kind, detail))
