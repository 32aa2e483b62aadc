"""Ids: UUIDv7 (RFC 9562, 5.7) from a given time and given randomness, so that a seeded night is repeatable.

The standard library has `uuid.uuid7` from 3.14 on, but takes neither the time nor the randomness as arguments.
"""

import random
import secrets
from collections.abc import Callable
from datetime import datetime
from uuid import UUID

Randomness = Callable[[int], bytes]
"""Gives n random bytes."""

system_randomness: Randomness = secrets.token_bytes


def seeded_randomness(seed: int | str) -> Randomness:
    """Repeatable bytes for demo and tests; never for keys that protect a real person."""
    return random.Random(seed).randbytes  # noqa: S311 - repeatable on purpose


def uuid7(at: datetime, randomness: Randomness = system_randomness) -> UUID:
    """A UUIDv7: 48 bits of Unix milliseconds of `at`, then 74 random bits."""
    milliseconds = int(at.timestamp() * 1000) & ((1 << 48) - 1)
    noise = int.from_bytes(randomness(10), "big")
    high, low = noise >> 68, noise & ((1 << 62) - 1)
    return UUID(int=milliseconds << 80 | 0x7 << 76 | high << 64 | 0b10 << 62 | low)


class Ids:
    """A source of new ids: time-ordered for events, random for people and things."""

    def __init__(self, now: Callable[[], datetime], randomness: Randomness = system_randomness) -> None:
        self._now = now
        self._randomness = randomness

    def event(self) -> UUID:
        """A new event id (UUIDv7)."""
        return uuid7(self._now(), self._randomness)

    def thing(self) -> UUID:
        """A new id for a person or a thing (UUIDv4): it says nothing of when or whom."""
        return UUID(bytes=self._randomness(16), version=4)
