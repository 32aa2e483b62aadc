"""What can be asked of a visit. `by` is the responder who asks, a patrol or a person; `person` is who said so where the
responder is a patrol; `order` is who would be asked now, in this order (none given: the chain of the visit as it is).
"""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from events.personal import Personal
from events.types.night import CancelReason
from events.types.unit import NightRules
from events.types.visit import DeclineReason, Found, Help, PhoneOutcome, VisitKind


@dataclass(frozen=True, slots=True)
class Request:
    """Somebody must go: now, or not before a planned visit's time. With an `incident` nobody is asked yet."""

    visit: UUID
    kind: VisitKind
    reason: str
    recipient: UUID
    home: UUID
    night: date
    slot: UUID
    not_before: datetime
    chain: tuple[UUID, ...]
    rules: NightRules
    at: datetime
    order: tuple[UUID, ...] = ()
    area: str | None = None
    people: int = 1
    phone_first: bool = False
    incident: UUID | None = None


@dataclass(frozen=True, slots=True)
class Going:
    """A responder goes, with so many people."""

    by: UUID
    at: datetime
    person: UUID | None = None
    people: int = 1
    order: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class Acknowledge(Going):
    """A responder takes it."""


@dataclass(frozen=True, slots=True)
class Arrive(Going):
    """A responder is at the door."""


@dataclass(frozen=True, slots=True)
class Decline:
    """A responder cannot go, or cannot go on."""

    by: UUID
    reason: DeclineReason
    at: datetime
    person: UUID | None = None
    order: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class NeedTwo:
    """One person is not enough."""

    by: UUID
    at: datetime
    person: UUID | None = None
    order: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class Join(Going):
    """A second responder goes along, asked or not."""


@dataclass(frozen=True, slots=True)
class Phone:
    """Somebody phoned the home; `by` is a person, in the chain or not."""

    by: UUID
    outcome: PhoneOutcome
    at: datetime
    order: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class CallHelp:
    """Somebody else was called to the home; `by` is the person who called."""

    by: UUID
    whom: Help


@dataclass(frozen=True, slots=True)
class Been:
    """A responder was there: minutes on site, people, kilometres, and what was found."""

    by: UUID
    minutes: int
    people: int
    kilometres: float
    found: Found
    at: datetime
    person: UUID | None = None
    arrived_at: datetime | None = None
    """When they arrived, where nobody has said so yet."""


@dataclass(frozen=True, slots=True)
class Complete(Been):
    """A responder is done; who else was met is well."""

    note: Personal[str] | None = None
    also_seen: tuple[UUID, ...] = ()
    lives_here: frozenset[UUID] = frozenset()
    """The recipients of the home: only these can have been met there."""


@dataclass(frozen=True, slots=True)
class MakeWith:
    """`by` met the recipient on another visit."""

    visit: UUID
    by: UUID


@dataclass(frozen=True, slots=True)
class FindNobody(Been):
    """Nobody was met, because nobody opens or nobody is in."""

    order: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class TellDriven:
    """A responder drove so far for a visit that they did not make."""

    by: UUID
    kilometres: float
    person: UUID | None = None


@dataclass(frozen=True, slots=True)
class Close:
    """A named person ends the visit without its being made, with a reason."""

    by: UUID
    reason: str


@dataclass(frozen=True, slots=True)
class CallOff:
    """What the visit is for is gone: a planned one's slot is cancelled; a sent one's recipient died or was fetched."""

    reason: str
    because: CancelReason | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """The recipient lives elsewhere now. A visit that an incident of the old home holds is asked for at once."""

    home: UUID
    area: str | None = None
    order: tuple[UUID, ...] = ()
    at: datetime | None = None
    """Set where the visit may be held."""


@dataclass(frozen=True, slots=True)
class Hold:
    """The home lies in an incident: nobody is asked until a named person decides there."""

    incident: UUID


@dataclass(frozen=True, slots=True)
class Release:
    """A named person sends somebody after all."""

    by: UUID
    at: datetime
    order: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class Sweep:
    """Ask the next in line if a limit has passed."""

    at: datetime
    order: tuple[UUID, ...] = ()


Command = (
    Request
    | Acknowledge
    | Arrive
    | Decline
    | NeedTwo
    | Join
    | Phone
    | CallHelp
    | Complete
    | MakeWith
    | FindNobody
    | TellDriven
    | Close
    | CallOff
    | Move
    | Hold
    | Release
    | Sweep
)
