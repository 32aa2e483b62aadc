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
    """Several homes were lost to one cause. Somebody must take it by then."""

    incident: UUID
    unit: UUID
    cause: Cause
    area: str | None
    gateway: UUID | None
    decide_by: AwareDatetime


class IncidentWidened(Event, name="incident.widened"):
    """The cause reaches further than it looked at first."""

    incident: UUID
    cause: Cause
    area: str | None


class HomeJoined(Event, name="incident.home-joined"):
    """This home is lost to the cause: somebody must decide about it by name."""

    incident: UUID
    home: UUID
    risk_class: RiskClass
    outage_agreement: OutageAgreement


class HomeBack(Event, name="incident.home-back"):
    """The home can be reached again. What was not decided still has to be."""

    incident: UUID
    home: UUID


class IncidentTaken(Event, name="incident.taken"):
    """A named person has it, and decides home by home; by then the next decision is due."""

    incident: UUID
    by: UUID
    decide_by: AwareDatetime


class IncidentDisowned(Event, name="incident.disowned"):
    """Whoever had it has gone off shift without handing it over: it belongs to nobody, and is loud at once."""

    incident: UUID
    was: UUID
    decide_by: AwareDatetime


class HomePhoned(Event, name="incident.home-phoned"):
    """Somebody phoned the home."""

    incident: UUID
    home: UUID
    by: UUID
    outcome: PhoneOutcome


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
    """Homes wait and nobody has decided: the next in the chain is asked, the last one again and louder."""

    incident: UUID
    asked: UUID
    step: int
    loudness: int
    decide_by: AwareDatetime


class IncidentClosed(Event, name="incident.closed"):
    """A named person says that it is over; no home in it waits any more."""

    incident: UUID
    by: UUID
    reason: Personal[str]
