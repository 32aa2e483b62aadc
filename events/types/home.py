"""The home: an address with its cameras, its gateway, its risk class and what was agreed for an outage."""

from enum import StrEnum
from uuid import UUID

from events.base import Event
from events.personal import Personal


class RiskClass(StrEnum):
    """How soon somebody must go when the technology fails."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class OutageAgreement(StrEnum):
    """What was agreed with the recipient for a power or network failure."""

    VISIT = "visit"
    PHONE_FIRST = "phone-first"
    WAIT_UNTIL_MORNING = "wait-until-morning"


class HomeRegistered(Event, name="home.registered"):
    """A home where supervision by camera is to take place."""

    home: UUID
    unit: UUID
    address: Personal[str]
    """Sealed under the home's own key, which is destroyed with its last occupant's."""
    risk_class: RiskClass
    outage_agreement: OutageAgreement


class CameraLinked(Event, name="home.camera-linked"):
    """A camera behind a gateway now shows this home. A camera belongs to one home at a time."""

    home: UUID
    camera: UUID
    gateway: UUID


class CameraUnlinked(Event, name="home.camera-unlinked"):
    """The camera shows this home no longer; slots become visits until another is linked."""

    home: UUID
    camera: UUID
    reason: Personal[str]
