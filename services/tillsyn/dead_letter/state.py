"""The state of one dead letter, folded from its events."""

from dataclasses import dataclass, replace
from uuid import UUID

from events.base import Event
from events.types import dead_letter as happened


@dataclass(frozen=True, slots=True)
class LetterState:
    """What was done with it."""

    replayed: bool = False
    dropped: bool = False


EMPTY = LetterState()


def stream_of(letter: UUID) -> str:
    """The stream of one dead letter."""
    return f"dead-letter-{letter}"


def evolve(letter: LetterState, event: Event) -> LetterState:
    """The letter after `event`. Events of other streams change nothing."""
    match event:
        case happened.DeadLetterReplayed():
            return replace(letter, replayed=True)
        case happened.DeadLetterDropped():
            return replace(letter, dropped=True)
        case _:
            return letter
