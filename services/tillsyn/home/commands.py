"""What can be asked of a home. `at` is when it is asked (aware, UTC); `by` is the person who asks."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from events.personal import Personal
from events.types.home import OutageAgreement, RiskClass, Stopped, TestFailed
from events.types.recipient import ConsentForm, ConsentScope


@dataclass(frozen=True, slots=True)
class Register:
    """Supervision by camera is to take place in this home."""

    home: UUID
    unit: UUID
    address: Personal[str]
    risk_class: RiskClass
    outage_agreement: OutageAgreement


@dataclass(frozen=True, slots=True)
class Place:
    """The home lies in this area, as the unit calls it."""

    area: str


@dataclass(frozen=True, slots=True)
class AgreeOnOutage:
    """How soon somebody must go when the technology fails, and what was agreed for that."""

    risk_class: RiskClass
    outage_agreement: OutageAgreement


@dataclass(frozen=True, slots=True)
class EnterKeyCode:
    """How a carer gets in. Entered again it takes the place of the one before."""

    code: Personal[str]


@dataclass(frozen=True, slots=True)
class LinkCamera:
    """This camera, behind this gateway, shows this home; `sees` names recipients, or nobody for all of them."""

    camera: UUID
    gateway: UUID
    sees: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class UnlinkCamera:
    """The camera shows this home no longer; which one must be said only where there are several."""

    reason: str
    camera: UUID | None = None


@dataclass(frozen=True, slots=True)
class BeginTest:
    """An installer is on site, and a code is shown in the home until `until`. A test that runs already is broken off.

    `code_digest` is keyed: the log does not tell what the picture has to show.
    """

    camera: UUID
    commissioning: UUID
    installer: UUID
    code_digest: str
    until: datetime
    at: datetime
    recipient_present: bool
    """The installer's word: whoever lives there is there and knows of the test, before any picture is taken."""


@dataclass(frozen=True, slots=True)
class GrantTestLook:
    """Let somebody who is not the installer open the camera in test once, until `valid_until` at most."""

    look: UUID
    by: UUID
    valid_until: datetime
    at: datetime


@dataclass(frozen=True, slots=True)
class RecordTestLook:
    """A live picture of the test reached its viewer."""

    look: UUID
    taken_at: datetime


@dataclass(frozen=True, slots=True)
class ConfirmTest:
    """Whoever looked read a code with this digest, and was told whether the recipient is there."""

    by: UUID
    code_digest: str
    recipient_present: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class BreakOffTest:
    """The installer leaves without a test that passed."""

    why: TestFailed = TestFailed.BROKEN_OFF


@dataclass(frozen=True, slots=True)
class MoveIn:
    """Somebody who is checked on lives here from now on."""

    recipient: UUID


@dataclass(frozen=True, slots=True)
class MoveOut:
    """They live here no longer."""

    recipient: UUID


@dataclass(frozen=True, slots=True)
class CohabitantMovesIn:
    """Somebody who is not checked on lives here permanently."""

    cohabitant: UUID
    name: Personal[str]


@dataclass(frozen=True, slots=True)
class CohabitantMovesOut:
    """They live here no longer."""

    cohabitant: UUID


@dataclass(frozen=True, slots=True)
class CohabitantConsents:
    """A cohabitant's yes: what it covers, how and when it was given, and who took it."""

    cohabitant: UUID
    consent: UUID
    scope: frozenset[ConsentScope]
    given_how: ConsentForm
    taken_by: UUID
    given_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class CohabitantWithdraws:
    """A cohabitant's no. It is never refused."""

    cohabitant: UUID
    reason: Personal[str] | None = None


@dataclass(frozen=True, slots=True)
class StopCameras:
    """No camera of the home may be opened, whoever consents."""

    because: Stopped = Stopped.BY_HAND


@dataclass(frozen=True, slots=True)
class AllowCameras:
    """Those who live here were asked, and a named person allows the cameras again."""

    by: UUID


@dataclass(frozen=True, slots=True)
class CarerArrives:
    """A carer is in the home, on a visit or without one: nobody looks meanwhile."""

    by: UUID
    visit: UUID | None = None


@dataclass(frozen=True, slots=True)
class CarerLeaves:
    """The carer has gone."""

    by: UUID
    visit: UUID | None = None


@dataclass(frozen=True, slots=True)
class Close:
    """Nobody is checked on here any more."""

    reason: str


TestCommand = BeginTest | GrantTestLook | RecordTestLook | ConfirmTest | BreakOffTest
PeopleCommand = MoveIn | MoveOut | CohabitantMovesIn | CohabitantMovesOut | CohabitantConsents | CohabitantWithdraws
Entered = (
    Register
    | Place
    | AgreeOnOutage
    | EnterKeyCode
    | LinkCamera
    | UnlinkCamera
    | PeopleCommand
    | StopCameras
    | AllowCameras
    | CarerArrives
    | CarerLeaves
    | Close
)
"""What can be entered of a home. A test is none of it: it takes two people, each by themselves, and a picture."""
Command = Entered | TestCommand
