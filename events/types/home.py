"""The home: an address with its cameras, its gateway, its risk class and what was agreed for an outage."""

from enum import StrEnum
from uuid import UUID

from pydantic import AwareDatetime, Field

from events.base import Event
from events.personal import Personal
from events.types.recipient import ConsentForm, ConsentScope


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


class Stopped(StrEnum):
    """Why no camera of a home may be opened, whoever consents."""

    DEATH = "death"
    """Somebody died here: nobody looks until those who stay have been asked."""
    BY_HAND = "by-hand"


class TestFailed(StrEnum):
    """Why a commissioning test came to nothing."""

    WRONG_CODE = "wrong-code"
    TIMED_OUT = "timed-out"
    BROKEN_OFF = "broken-off"


class HomeRegistered(Event, name="home.registered"):
    """A home where supervision by camera is to take place."""

    home: UUID
    unit: UUID
    address: Personal[str]
    """Sealed under the home's own key, which is destroyed with its last occupant's."""
    risk_class: RiskClass
    outage_agreement: OutageAgreement


class CameraLinked(Event, name="home.camera-linked", version=2):
    """A camera behind a gateway now shows this home. A camera belongs to one home at a time.

    It is not used until it is commissioned; those of version 1 come from before that was asked for, and are.
    """

    home: UUID
    camera: UUID
    gateway: UUID
    sees: tuple[UUID, ...] = ()
    """The recipients whose bed it shows; none named: everybody who is checked on in the home."""
    commissioned: bool = False


class CameraUnlinked(Event, name="home.camera-unlinked"):
    """The camera shows this home no longer; slots become visits until another is linked."""

    home: UUID
    camera: UUID
    reason: Personal[str]


class HomePlaced(Event, name="home.placed"):
    """The home lies in this area: which patrol is near, and which homes a power failure takes together."""

    home: UUID
    area: str = Field(min_length=1, max_length=60)


class OutageAgreed(Event, name="home.outage-agreed"):
    """The home's risk class, and what was agreed for an outage, are these from now on."""

    home: UUID
    risk_class: RiskClass
    outage_agreement: OutageAgreement


class KeyCodeEntered(Event, name="home.key-code-entered"):
    """How a carer gets in. Sealed under the home's own key."""

    home: UUID
    code: Personal[str]


class RecipientMovedIn(Event, name="home.recipient-moved-in"):
    """Somebody who is checked on lives here from now on: whoever else does has to be asked about cameras with them."""

    home: UUID
    recipient: UUID


class RecipientMovedOut(Event, name="home.recipient-moved-out"):
    """They live here no longer."""

    home: UUID
    recipient: UUID


class CohabitantMovedIn(Event, name="home.cohabitant-moved-in"):
    """Somebody who is not checked on lives here permanently. Cameras stay shut until they have consented too."""

    home: UUID
    cohabitant: UUID
    name: Personal[str]


class CohabitantMovedOut(Event, name="home.cohabitant-moved-out"):
    """They live here no longer."""

    home: UUID
    cohabitant: UUID


class CohabitantConsentGiven(Event, name="home.cohabitant-consent-given"):
    """A cohabitant's yes to the camera: how and when it was given, who took it, what it covers."""

    home: UUID
    cohabitant: UUID
    consent: UUID
    scope: frozenset[ConsentScope]
    given_how: ConsentForm
    given_at: AwareDatetime | None
    taken_by: UUID


class CohabitantConsentWithdrawn(Event, name="home.cohabitant-consent-withdrawn"):
    """A cohabitant's no. It acts at once, for every camera of the home."""

    home: UUID
    cohabitant: UUID
    consent: UUID
    reason: Personal[str] | None


class CommissioningBegun(Event, name="home.commissioning-begun"):
    """An installer is on site with the recipient, and a code is shown in the home for somebody at the desk to read."""

    home: UUID
    camera: UUID
    commissioning: UUID
    installer: UUID
    code_digest: str = Field(max_length=128)
    """Keyed digest of the code: who reads the log does not know what the picture has to show."""
    until: AwareDatetime


class CommissioningLookGranted(Event, name="home.commissioning-look-granted"):
    """One named person may open the camera once, to read the code."""

    home: UUID
    camera: UUID
    commissioning: UUID
    look: UUID
    by: UUID
    valid_from: AwareDatetime
    valid_until: AwareDatetime


class CommissioningLookServed(Event, name="home.commissioning-look-served"):
    """A live picture reached the person who was to read the code."""

    home: UUID
    camera: UUID
    commissioning: UUID
    look: UUID
    taken_at: AwareDatetime


class CommissioningCodeRefused(Event, name="home.commissioning-code-refused"):
    """The code that was read is not the one that is shown; after the third the test has failed."""

    home: UUID
    camera: UUID
    commissioning: UUID
    by: UUID


class CameraCommissioned(Event, name="home.camera-commissioned"):
    """The test passed: `read_by` saw in a live picture the code that `installer` showed, with the recipient present."""

    home: UUID
    camera: UUID
    commissioning: UUID
    installer: UUID
    read_by: UUID
    look: UUID


class CommissioningFailed(Event, name="home.commissioning-failed"):
    """The test did not pass; slots stay visits until one does."""

    home: UUID
    camera: UUID
    commissioning: UUID
    why: TestFailed


class CamerasStopped(Event, name="home.cameras-stopped"):
    """No camera of the home may be opened, whoever consents, until somebody allows it by name."""

    home: UUID
    because: Stopped


class CamerasAllowed(Event, name="home.cameras-allowed"):
    """What the cameras were stopped for is settled: those who live here were asked, and say yes."""

    home: UUID
    by: UUID


class CarerArrived(Event, name="home.carer-arrived"):
    """A carer is in the home: nobody looks meanwhile."""

    home: UUID
    by: UUID
    visit: UUID | None


class CarerLeft(Event, name="home.carer-left"):
    """The carer has gone."""

    home: UUID
    by: UUID
    visit: UUID | None


class HomeClosed(Event, name="home.closed"):
    """Nobody is checked on here any more; its cameras are unlinked."""

    home: UUID
