"""What can be asked of a unit's incidents. `at` is when it is asked (aware, UTC); `by` is the named person who asks."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from events.types.home import OutageAgreement, RiskClass
from events.types.incident import Cause
from events.types.unit import NightRules
from events.types.visit import PhoneOutcome


@dataclass(frozen=True, slots=True)
class LostHome:
    """A home that cannot be reached. `due_at` is its next check of tonight that is still open, if there is one."""

    home: UUID
    gateway: UUID
    area: str | None
    risk_class: RiskClass
    outage_agreement: OutageAgreement
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Lose:
    """These homes were lost together. `incident` is the id of the incident, should they be a new one."""

    incident: UUID
    unit: UUID
    cause: Cause
    homes: tuple[LostHome, ...]
    rules: NightRules
    at: datetime


@dataclass(frozen=True, slots=True)
class RunOut:
    """A check in a lost home ran out: what is to be done about it has to be decided, by then."""

    home: UUID
    decide_by: datetime


@dataclass(frozen=True, slots=True)
class ComeBack:
    """The home can be reached again. `held` says whether visits wait there for a decision, which is due by then."""

    home: UUID
    held: bool
    decide_by: datetime


@dataclass(frozen=True, slots=True)
class Ask:
    """The incident holds a visit to the home, back or not, and nobody is asked about it: they are now, by then."""

    incident: UUID
    home: UUID
    decide_by: datetime


@dataclass(frozen=True, slots=True)
class Settle:
    """No visit is held in the home, and no open check of it is due by the time at which it must be decided about."""

    home: UUID


@dataclass(frozen=True, slots=True)
class Take:
    """I have it."""

    incident: UUID
    by: UUID


@dataclass(frozen=True, slots=True)
class Leave:
    """`by` goes off shift: the incident is `to`'s now, or nobody's."""

    incident: UUID
    by: UUID
    to: UUID | None


@dataclass(frozen=True, slots=True)
class Phone:
    """I phoned the home."""

    incident: UUID
    home: UUID
    by: UUID
    outcome: PhoneOutcome
    rules: NightRules
    at: datetime


@dataclass(frozen=True, slots=True)
class Send:
    """Somebody goes there."""

    incident: UUID
    home: UUID
    by: UUID


@dataclass(frozen=True, slots=True)
class Defer:
    """The home waits until then, for a reason."""

    incident: UUID
    home: UUID
    by: UUID
    until: datetime
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Close:
    """It is over. `held` is how many visits still wait in its homes."""

    incident: UUID
    by: UUID
    reason: str
    held: int


@dataclass(frozen=True, slots=True)
class Sweep:
    """Ask again where nobody has decided in time. `manager` is the last in the unit's chain."""

    manager: UUID
    rules: NightRules
    at: datetime


Command = Lose | RunOut | ComeBack | Ask | Settle | Take | Leave | Phone | Send | Defer | Close | Sweep
