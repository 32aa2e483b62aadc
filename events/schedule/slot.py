"""One schedule entry in one night (*tillsynstillfälle*): the thing that must end well, and its id."""

from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Annotated, Self
from uuid import UUID, uuid5

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, model_validator

SLOT_NAMESPACE = UUID("273c62db-b7b8-47c3-b969-a0125eb86896")
"""The UUIDv5 namespace (RFC 9562, 5.5) of slot ids. It never changes: gateways out there compute with it."""


def slot_id(recipient: UUID, night: date, entry: UUID, n: int = 0) -> UUID:
    """The id of a slot, the same wherever it is computed.

    UUIDv5 in `SLOT_NAMESPACE` of the ASCII text `<recipient>/<night>/<entry>/<n>`: lower-case UUIDs with
    hyphens, the night as `YYYY-MM-DD`, `n` in decimal, 0 for the entry itself and 1, 2, … for its extra
    slots. The entry's time is not in it, so a moved entry keeps its slots.

    Raises ValueError if `n` is negative, or if `night` is a datetime: it may lie in the night before.
    """
    if isinstance(night, datetime):
        raise ValueError(f"night is {night!r}: give the date of the night, see night_of")
    if n < 0:
        raise ValueError(f"n is {n}: it counts from 0")
    return uuid5(SLOT_NAMESPACE, f"{recipient}/{night.isoformat()}/{entry}/{n}")


class SlotKind(StrEnum):
    """How a slot is meant to be done."""

    REMOTE = "remote"
    VISIT = "visit"


Instant = Annotated[AwareDatetime, AfterValidator(lambda at: at.astimezone(UTC))]
"""A moment, always in UTC; naive datetimes are refused."""


class PlannedSlot(BaseModel):
    """A slot as planned, before anything has happened to it.

    `n` is 0 for the entry's own slot and counts from 1 for the extra slots of a long night. `kind` is what
    the schedule alone says; that somebody without consent to a camera gets visits is decided where consent is
    known. All times are instants in UTC with `opens_at ≤ due_at ≤ late_at < deadline`; anything else raises
    pydantic's `ValidationError`. `due_at` lies in the slot's night; the windows may reach past noon.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    slot: UUID
    entry: UUID
    n: Annotated[int, Field(ge=0)]
    kind: SlotKind
    opens_at: Instant
    due_at: Instant
    late_at: Instant
    deadline: Instant

    @model_validator(mode="after")
    def _has_times_in_order(self) -> Self:
        if not self.opens_at <= self.due_at <= self.late_at < self.deadline:
            raise ValueError(
                f"slot {self.slot} opens {self.opens_at}, is due {self.due_at}, late {self.late_at}, with "
                f"deadline {self.deadline}: they must come in that order, the deadline after all others"
            )
        return self
