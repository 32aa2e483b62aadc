"""What is put on record of a dead letter: each thing once, also when it has to be done a second time after a crash."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from uuid import UUID

from events.base import Event
from events.types.dead_letter import LONGEST_WHY, DeadLetterDropped, DeadLetterReplayed
from services.tillsyn.dead_letter.state import LetterState
from services.tillsyn.refused import RefusedError


class NoReasonGivenError(RefusedError):
    """Nothing is thrown away without a word."""


class ReasonTooLongError(RefusedError):
    """The reason is a few words, not a letter of its own."""


@dataclass(frozen=True, slots=True)
class Replay:
    """It was put back, and JetStream has it. The fields are those of `DeadLetterReplayed`."""

    letter: UUID
    sequence: int
    subject: str
    reason: str
    sha256: str
    by: UUID | None


@dataclass(frozen=True, slots=True)
class Drop:
    """`by` throws it away."""

    letter: UUID
    sequence: int
    subject: str
    reason: str
    sha256: str
    by: UUID
    why: str


Command = Replay | Drop


def decide(state: LetterState, command: Command) -> Sequence[Event]:
    """The events that follow; none for what is on record already."""
    match command:
        case Replay():
            return [] if state.replayed else [DeadLetterReplayed(**asdict(command))]
        case Drop(why=why):
            said = " ".join(why.split())
            if not said:
                raise NoReasonGivenError("no reason is given; say in a few words why the letter is not needed")
            if len(said) > LONGEST_WHY:
                raise ReasonTooLongError(f"the reason has {len(said)} characters; {LONGEST_WHY} are allowed")
            return [] if state.dropped else [DeadLetterDropped(**asdict(command) | {"why": said})]
