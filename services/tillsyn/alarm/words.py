"""How an alarm is said again: for how long it has stood, and to whom."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal, Protocol

Language = Literal["sv", "en"]
MANAGER = "manager"
LOUD_FROM = 3
"""From so many repetitions on the unit's manager hears it too."""

_STILL: Mapping[Language, str] = {"sv": "fortfarande", "en": "still"}
_HOUR: Mapping[Language, str] = {"sv": "tim", "en": "h"}


class Standing(Protocol):
    """What has stood since an instant: an alarm, or its row."""

    @property
    def since(self) -> datetime | None: ...


def still(alarm: Standing, now: datetime, language: Language = "en") -> str:
    """`still, 12 min` or `fortfarande, 1 tim 5 min`; whole minutes, rounded down."""
    minutes = max(0, int((now - alarm.since).total_seconds() // 60)) if alarm.since else 0
    hours, rest = divmod(minutes, 60)
    duration = f"{hours} {_HOUR[language]} {rest} min" if hours else f"{rest} min"
    return f"{_STILL[language]}, {duration}"


def roles_reached(role: str, repeats: int) -> tuple[str, ...]:
    """Who hears an alarm of `role` that was said again so often, and may take it on."""
    return (role, MANAGER) if repeats >= LOUD_FROM and role != MANAGER else (role,)
