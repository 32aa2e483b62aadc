"""The state of the alarms of one kind and cause, folded from their events: at most one of them stands at a time."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid5

from events.base import Event
from events.types import alarm as happened
from events.types.alarm import AlarmKind

_NAMESPACE = UUID("5d4e9a52-6f0c-4c0e-9b5b-0f2f4a2f7c61")


class State(StrEnum):
    """How the latest alarm stands. Only OPEN and ACKNOWLEDGED ask for anything."""

    NEVER = "never"
    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    CLEARED = "cleared"


@dataclass(frozen=True, slots=True)
class Alarm:
    """The latest alarm of a kind and cause. `act_at` is the limit that runs: answered or mended by then."""

    alarm: UUID | None = None
    kind: AlarmKind = AlarmKind.OVERDUE
    cause: str = ""
    unit: UUID | None = None
    role: str = ""
    state: State = State.NEVER
    owner: UUID | None = None
    since: datetime | None = None
    act_at: datetime | None = None
    repeats: int = 0
    raised: int = 0
    """How many alarms there have been of this kind and cause."""

    @property
    def stands(self) -> bool:
        """Whether its cause is not gone."""
        return self.state in (State.OPEN, State.ACKNOWLEDGED)


EMPTY = Alarm()


def stream_of(kind: AlarmKind, cause: str) -> str:
    """The stream of all alarms of one kind and cause, those that were cleared included."""
    return f"alarm-{alarm_id(kind, cause)}"


def alarm_id(kind: AlarmKind, cause: str, before: int = 0) -> UUID:
    """The alarm's id, when so many of the same kind and cause were raised, and cleared, before it."""
    return uuid5(_NAMESPACE, f"{kind.value}/{cause}/{before}" if before else f"{kind.value}/{cause}")


def evolve(alarm: Alarm, event: Event) -> Alarm:
    """The alarm after `event`. Events of other streams change nothing."""
    match event:
        case happened.AlarmRaised():
            return Alarm(
                alarm=event.alarm,
                kind=event.kind,
                cause=event.cause,
                unit=event.unit,
                role=event.role,
                state=State.OPEN,
                since=event.since,
                act_at=event.answer_by,
                raised=alarm.raised + 1,
            )
        case happened.AlarmAcknowledged(by=by, mend_by=until):
            return replace(alarm, state=State.ACKNOWLEDGED, owner=by, act_at=until)
        case happened.AlarmRepeated(repeats=repeats, answer_by=until):
            return replace(alarm, state=State.OPEN, repeats=repeats, act_at=until)
        case happened.AlarmHandedOver(to=to):
            return replace(alarm, owner=to)
        case happened.AlarmDisowned(answer_by=until):
            return replace(alarm, state=State.OPEN, owner=None, act_at=until)
        case happened.AlarmCleared():
            return replace(alarm, state=State.CLEARED, act_at=None)
        case _:
            return alarm
