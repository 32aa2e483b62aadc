"""From events to lines: when, about whom, what."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from events.base import Event
from events.envelope import Recorded
from events.schedule import night_of
from events.types.alarm import AlarmRaised
from events.types.incident import HomeBack, HomeJoined
from events.types.night import LookFailed, LookGranted, LookServed, ManualAlarmRaised, NightPlanned
from events.types.visit import VisitRequested
from services.telling.words import CODES, TO_DECIDE, Language, sentence_of

Names = Callable[[UUID], str]
"""What the reader may call somebody or something: a name where they may see it, else a short id."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the story: an instant, who it is about (empty: the unit), and the sentence."""

    at: datetime
    about: str
    text: str
    event: str
    """The event's type, for programs."""

    def __str__(self) -> str:
        return f"{self.at:%H:%M} {self.about}: {self.text}" if self.about else f"{self.at:%H:%M} {self.text}"


@dataclass(slots=True)
class Telling:
    """How a night is told: in which zone, language and names. It remembers whose slot, visit and look is whose."""

    zone: ZoneInfo
    names: Names
    language: Language = Language.SV
    _about: dict[UUID, UUID] = field(default_factory=dict)
    _due: dict[UUID, datetime] = field(default_factory=dict)
    _viewers: dict[UUID, UUID] = field(default_factory=dict)
    _lost: set[UUID] = field(default_factory=set)
    _alarms: dict[UUID, AlarmRaised] = field(default_factory=dict)

    def line(self, recorded: Recorded) -> Line | None:
        """The line for an event; None when it is not worth one."""
        event = recorded.event
        again = isinstance(event, HomeJoined) and event.home in self._lost
        self._learn(event)
        sentence = TO_DECIDE if again else sentence_of(event)
        if sentence is None:
            return None
        text = sentence[self._column].format_map(self._words(recorded))
        return Line(recorded.context.time.astimezone(self.zone), self._whom(event), text, event.NAME)

    @property
    def _column(self) -> int:
        return 0 if self.language is Language.SV else 1

    def _learn(self, event: Event) -> None:
        match event:
            case NightPlanned(recipient=recipient, slots=slots):
                self._about |= {plan.slot: recipient for plan in slots}
                self._due |= {plan.slot: plan.due_at for plan in slots}
            case ManualAlarmRaised(slot=slot, recipient=recipient, plan=plan):
                self._about[slot], self._due[slot] = recipient, plan.due_at
            case VisitRequested(visit=visit, recipient=recipient):
                self._about[visit] = recipient
            case LookGranted(look=look, by=by):
                self._viewers[look] = by
            case HomeJoined(home=home):
                self._lost.add(home)
            case HomeBack(home=home):
                self._lost.discard(home)
            case AlarmRaised(alarm=alarm):
                self._alarms[alarm] = event
            case _:
                pass

    def _whom(self, event: Event) -> str:
        """The recipient that an event is about, else the home, else the patrol."""
        event = self._alarms.get(_only_some(event, "alarm"), event)
        for name in ("recipient", "slot", "visit", "home", "patrol"):
            id_ = _only_some(event, name)
            if isinstance(id_, UUID):
                return self.names(self._about.get(id_, id_))
        return ""

    def _words(self, recorded: Recorded) -> dict[str, str]:
        raised = self._alarms.get(_only_some(recorded.event, "alarm"))
        kind = {"kind": self._word(raised.kind)} if raised is not None else {}
        night = night_of(recorded.context.time, self.zone)
        words = kind | {name: self._word(value, night) for name, value in _fields(recorded.event)}
        due = self._due.get(_only_some(recorded.event, "slot"))
        lasted = _minutes(_only_some(recorded.event, "since"), recorded.context.time)
        return {
            **words,
            "who": self._who(recorded),
            "due": self._word(due, night) if due is not None else "",
            "lasted": lasted,
        }

    def _who(self, recorded: Recorded) -> str:
        if isinstance(recorded.event, LookServed | LookFailed) and recorded.event.look in self._viewers:
            return self.names(self._viewers[recorded.event.look])
        actor = recorded.context.actor
        try:
            return self.names(UUID(actor.id))
        except ValueError:
            return self._word(actor.role)

    def _word(self, value: Any, night: date | None = None) -> str:
        """What a value is called; an instant in another night than `night` with its date."""
        match value:
            case UUID():
                return self.names(value)
            case datetime():
                here = value.astimezone(self.zone)
                return f"{here:%H:%M}" if night_of(value, self.zone) == night else f"{here:%Y-%m-%d %H:%M}"
            case date():
                return value.isoformat()
            case float():
                return f"{value:.1f}".replace(".", "," if self.language is Language.SV else ".")
            case tuple():
                return ", ".join(self._word(one, night) for one in value)
            case StrEnum() | str():
                return self._code(str(value))
            case _:
                return str(value)

    def _code(self, said: str) -> str:
        """The words for a code; of a code with its detail for technicians (`suspended: …`) the code's."""
        code = said if said in CODES else said.partition(": ")[0]
        return CODES.get(code, (said, said))[self._column]


def tell(log: Iterable[Recorded], telling: Telling, since: datetime, until: datetime) -> Iterator[Line]:
    """The lines of what happened between two instants, in the log's order; what came before is taken note of."""
    for recorded in log:
        line = telling.line(recorded)
        if line is not None and since <= recorded.context.time < until:
            yield line


def _fields(event: Event) -> Iterator[tuple[str, Any]]:
    for name in type(event).model_fields:
        yield name, getattr(event, name)


def _minutes(since: Any, now: datetime) -> str:
    return str(max(0, int((now - since).total_seconds() // 60))) if isinstance(since, datetime) else ""


def _only_some(event: Event, name: str) -> Any:
    """A field that only some events have; None of the others."""
    return getattr(event, name, None)
