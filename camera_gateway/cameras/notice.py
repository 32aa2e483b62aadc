"""What a camera source tells beside its pictures: something about the camera that stops nothing and has to be known."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import structlog

log = structlog.get_logger()


class NoticeKind(StrEnum):
    """What there is to know of a camera."""

    CLOCK_OFF = "clock_off"
    """Its clock differs from ours; what it asks of the clock was allowed for."""
    NOT_TURNED_AWAY = "not_turned_away"
    """After an opening it could not be confirmed that it looks away from the room."""
    TURNED_AWAY = "turned_away"
    """It looks away again, which earlier could not be confirmed."""
    LAMP_FAILED = "lamp_failed"
    """Its lamp did not do what it was told: not lit while it is open, or not put out afterwards."""


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing to know, of the camera of that name. `detail` is one line for an installer, without a secret."""

    camera: str
    kind: NoticeKind
    detail: str


Tell = Callable[[Notice], None]
"""Called from the thread that has the camera open."""


def tell_the_log(notice: Notice) -> None:
    """Where nobody else wants to know."""
    log.warning("about a camera", camera=notice.camera, kind=notice.kind.value, detail=notice.detail)
