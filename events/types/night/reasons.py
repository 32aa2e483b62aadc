"""Why and how: what the events of a night choose from."""

from enum import StrEnum


class CompletedBy(StrEnum):
    """How a slot was done."""

    REMOTE_CHECK = "remote-check"
    VISIT = "visit"


class EscalationReason(StrEnum):
    """Why the camera could not settle a slot."""

    NOT_SEEN = "not-seen"
    CONCERN = "concern"
    NO_USABLE_PICTURE = "no-usable-picture"
    CAMERA_UNREACHABLE = "camera-unreachable"
    NOBODY_LOOKED = "nobody-looked"
    VISIT_NOT_MADE = "visit-not-made"
    UNCERTAIN = "uncertain"
    """Seen, but two people could not tell, or no colleague answered."""
    ALARM = "alarm"
    """Somebody is worried, and the camera may not be used for that or did not settle it."""
    RETURNED = "returned-unannounced"
    """Back from an absence, and nobody had said so: checks were left out that should have been made."""


class VisitInstead(StrEnum):
    """Why a slot that was meant for the camera becomes a visit."""

    CONSENT_WITHDRAWN = "consent-withdrawn"
    CAMERA_PAUSED = "camera-paused"
    NO_CAMERA = "no-camera"
    NOT_COMMISSIONED = "not-commissioned"
    """The camera is linked, but its test has not passed."""
    COHABITANT = "cohabitant-not-asked"
    """Somebody else who lives there, checked on or not, has not consented, or no longer does."""
    CAMERAS_STOPPED = "cameras-stopped"
    """All cameras of the home are stopped, as after a death."""
    VISITED_EARLIER = "visited-earlier"
    """A visit already; the one that was planned for it was needed, and made, before it opened: it is due still."""


class CancelReason(StrEnum):
    """Why nobody is to be checked on."""

    ABSENT = "absent"
    DECISION_ENDED = "decision-ended"
    DEATH = "death"
    BY_NAME = "by-name"
    """A named person says why nobody need go or look this once."""


class AlarmCaller(StrEnum):
    """On whose word somebody looks, or goes, outside the agreed times."""

    RELATIVE = "relative"
    STAFF = "staff"
    DEVICE = "device"


class ReviewVerdict(StrEnum):
    """What a review of something out of the ordinary came to."""

    IN_ORDER = "in-order"
    NOT_IN_ORDER = "not-in-order"


class DelayReason(StrEnum):
    """What holds an escalation back, once."""

    LIVE_LEASE = "live-lease"
    VISIT_ARRIVED = "visit-arrived"
