"""What may be asked of an alarm."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from events.types.alarm import AlarmKind
from events.types.unit import NightRules


@dataclass(frozen=True, slots=True)
class Raise:
    """Something is wrong. While an alarm of this kind and cause stands, saying it again changes nothing."""

    kind: AlarmKind
    cause: str
    unit: UUID
    role: str
    recipient: UUID | None
    home: UUID | None
    at: datetime
    rules: NightRules


@dataclass(frozen=True, slots=True)
class Acknowledge:
    """A named person has it."""

    by: UUID
    at: datetime
    rules: NightRules


@dataclass(frozen=True, slots=True)
class HandOver:
    """Whoever has it gives it to somebody else, by name."""

    by: UUID
    to: UUID


@dataclass(frozen=True, slots=True)
class Disown:
    """Whoever had it has gone without handing it over. Nothing follows if it was not theirs."""

    was: UUID
    at: datetime
    rules: NightRules


@dataclass(frozen=True, slots=True)
class Sweep:
    """Say it again if nobody answered, or mended it, in time."""

    at: datetime
    rules: NightRules


@dataclass(frozen=True, slots=True)
class Clear:
    """The cause is gone."""

    because: str


Command = Raise | Acknowledge | HandOver | Disown | Sweep | Clear
