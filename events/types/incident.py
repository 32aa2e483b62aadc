"""An incident: one cause (gateway, cameras, network, broker, power) behind many homes, and what is done about each."""

from enum import StrEnum
from uuid import UUID

from pydantic import AwareDatetime

from events.base import Event
from events.personal import Personal
from events.types.home import OutageAgreement, RiskClass
from events.types.visit import PhoneOutcome


class Cause(StrEnum):
    """What took the homes away, as far as can be told from here."""

    GATEWAY = "gateway"
    CAMERAS = "cameras"
    """The gateway answers, but several of its cameras do not."""
    AREA = "area"
    """Power or network of an area: several of its gateways fell silent together."""
    NETWORK = "network"
    """Gateways of several areas fell silent together."""
    BROKER = "broker"
    """We ourselves have no connection to the broker: nothing can be said of the homes."""


class IncidentOpened(Event, name="incident.opened"):
    """Several homes were lost to one cause."""

    incident: UUID
    unit: UUID
    cause: Cause
    area: str | None
    gateway: UUID | None
    opened_at: AwareDatetime


class IncidentWidened(Event, name="incident.widened"):
    """The cause reaches further than it looked at first."""

    incident: UUID
    cause: Cause
    area: str | None


class HomeJoined(Event, name="incident.home-joined"):
    """This home is lost to the cause. Somebody must decide about it by name, and again when another of its slots runs
    out while it is lost.
    """

    incident: UUID
    home: UUID
    risk_class: RiskClass
    outage_agreement: OutageAgreement
    decide_by: AwareDatetime | None
    """None while no check of tonight waits in this home."""


class HomeBack(Event, name="incident.home-back"):
    """The home can be reached again."""

    incident: UUID
    home: UUID
    waits: bool
    """A slot ran out meanwhile, and what is to be done about it still has to be decided."""


class IncidentTaken(Event, name="incident.taken"):
    """A named person has it, and decides home by home. That gives them no more time for any of these."""

    incident: UUID
    by: UUID


class IncidentDisowned(Event, name="incident.disowned"):
    """Whoever had it has gone off shift without handing it over: it belongs to nobody, and is loud at once."""

    incident: UUID
    was: UUID


class HomeSettled(Event, name="incident.home-settled"):
    """Nothing is left to decide for in the home: no visit is held, and no check is waited for. Nobody is asked about
    it until another of its checks is due.
    """

    incident: UUID
    home: UUID
    back: bool
    """Whether it can be reached again, and so is done with."""


class HomePhoned(Event, name="incident.home-phoned"):
    """Somebody phoned the home. Who answered and is well is decided about; else somebody must go."""

    incident: UUID
    home: UUID
    by: UUID
    outcome: PhoneOutcome
    decide_by: AwareDatetime | None


class HomeSent(Event, name="incident.home-sent"):
    """Somebody is sent to the home."""

    incident: UUID
    home: UUID
    by: UUID


class HomeDeferred(Event, name="incident.home-deferred"):
    """The home waits until then, for a reason; then it must be decided again."""

    incident: UUID
    home: UUID
    by: UUID
    until: AwareDatetime
    reason: Personal[str]


class IncidentLimitPassed(Event, name="incident.limit-passed"):
    """These homes waited and nobody decided: the last in the unit's chain is asked, again and louder each time."""

    incident: UUID
    homes: tuple[UUID, ...]
    asked: UUID
    loudness: int
    decide_by: AwareDatetime


class IncidentClosed(Event, name="incident.closed"):
    """A named person says that it is over; no home in it waits any more."""

    incident: UUID
    by: UUID
    reason: Personal[str]
