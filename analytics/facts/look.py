"""One look as a fact: who had the camera open, from when to when, and what staff time it took."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Self
from uuid import UUID

_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class LookFact:
    """One opening of the camera for one named person.

    It begins when the person asks for the picture (the grant) and ends with their answer; where no answer came, when
    they left it: gave the slot back, took another look, were told of a fault, or when the grant ran out. The wait for
    a second look lies between two looks and belongs to neither.
    """

    look: UUID
    slot: UUID
    """The slot it was granted for; it may settle another that falls together with it."""
    by: UUID
    granted_at: datetime
    valid_until: datetime
    """When the camera closes by itself."""
    served_at: datetime | None = None
    ended_at: datetime | None = None
    answered: bool = False
    counted_at: UUID | None = None
    """The slot of the other recipient that its time is counted at, where one opening was for two of a home."""
    undone_at: datetime | None = None
    """When the answer was last taken back: the look goes on from there."""

    @property
    def seconds(self) -> Fraction:
        """Staff seconds, exact. A look that has not ended yet counts for as long as its picture can last.

        Nothing where they are counted at another's slot.
        """
        if self.counted_at is not None:
            return Fraction(0)
        ended_at = self.ended_at or max(self.valid_until, self._begun)
        return Fraction((ended_at - self.granted_at) // _MICROSECOND, 1_000_000)

    def served(self, at: datetime) -> Self:
        """A picture reached the person."""
        return replace(self, served_at=self.served_at or at)

    def answer(self, at: datetime) -> Self:
        """The person said what they saw, however long after the camera closed."""
        return self if self.ended_at else replace(self, ended_at=max(at, self._begun), answered=True)

    def given_up(self, at: datetime) -> Self:
        """The person went on to something else."""
        return self if self.ended_at else replace(self, ended_at=max(at, self._begun))

    def left(self, at: datetime) -> Self:
        """Something else ended it, at the latest when the camera closed."""
        return self.given_up(min(at, self.valid_until))

    def undo(self, at: datetime) -> Self:
        """The answer was taken back."""
        return replace(self, ended_at=None, answered=False, undone_at=at)

    @property
    def _begun(self) -> datetime:
        return self.undone_at or self.granted_at
