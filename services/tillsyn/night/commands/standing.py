"""What stands against the slots of a night, or no longer does: consent, pause, absence, a move."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from events.types.night import CancelReason, VisitInstead


@dataclass(frozen=True, slots=True)
class Cancelled:
    """What stands against a slot: nobody is to be checked on, because of an absence or a decision that ended."""

    reason: CancelReason
    because_of: UUID
    since: datetime | None = field(default=None, compare=False)
    """Of an absence: from when on nobody is there."""


Restriction = Cancelled | VisitInstead
"""What stands against using the camera for a slot, or against doing it at all."""


@dataclass(frozen=True, slots=True)
class Apply:
    """Hold the open slots against what stands now (consent, pause, absence …). Not named: nothing stands against it."""

    restrictions: Mapping[UUID, Restriction]
    at: datetime


@dataclass(frozen=True, slots=True)
class Returned:
    """Whoever was away (`because_of`: the absences, or a death taken back) is here, and it is known only now.

    The latest slot due from `since` on, and until `at`, that was left out for it is escalated at once: one visit, for
    all that was left out. A slot of those that can still be done in time is not meant, unless `unannounced`.
    """

    because_of: frozenset[UUID]
    since: datetime
    at: datetime
    unannounced: bool = False


@dataclass(frozen=True, slots=True)
class MoveNight:
    """The recipient lives in another home now: what is still to be done is done there."""

    home: UUID
