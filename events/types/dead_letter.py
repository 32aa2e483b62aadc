"""What became of a dead letter: a message that nobody could read, and that a person has dealt with.

The letter itself lies in NATS and is gone afterwards; these say for ever what it was, by its place and its digest.
"""

from uuid import UUID

from pydantic import Field

from events.base import Event

LONGEST_WHY = 200


class LetterEvent(Event):
    """What every event of a dead letter says of it. No field speaks of a person who is cared for."""

    letter: UUID
    """Made from the stream, sequence and time at which the message first lay in NATS: always the same."""
    sequence: int = Field(ge=1)
    """Its number among the dead letters, as `tillsyn deadletters` shows it."""
    subject: str = Field(max_length=500)
    """Where it had come in; names the gateway."""
    reason: str = Field(max_length=100)
    """Why it was set aside: a `DeadReason`."""
    sha256: str = Field(max_length=64)
    """Of its body, in hexadecimal."""


class DeadLetterReplayed(LetterEvent, name="dead-letter.replayed"):
    """It was put back on its way in, to be decided anew."""

    by: UUID | None = None
    """Who asked for it, if that was said."""


class DeadLetterDropped(LetterEvent, name="dead-letter.dropped"):
    """A named person has thrown it away, and says why."""

    by: UUID
    why: str = Field(min_length=1, max_length=LONGEST_WHY)
    """A few words about the message. It was unreadable and tells of nobody, so they are not personal and not sealed."""
