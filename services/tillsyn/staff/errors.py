"""What the rules of roles and of emergency access forbid."""

from services.tillsyn.refused import RefusedError, UnknownError


class UnknownRoleError(RefusedError):
    """Roles are a fixed few."""


class AgencyRoleWithoutEndError(RefusedError):
    """Whoever comes from an agency has an end to their role, so that nobody keeps one by being forgotten."""


class RoleEndsBeforeItBeginsError(RefusedError):
    """A role holds for some time, and not for none."""


class NoSuchRoleError(UnknownError):
    """The person does not have this role there."""


class NoSuchStaffError(UnknownError):
    """Nobody is registered with this id."""


class NoEmergencyReasonError(RefusedError):
    """Who takes what they were not given says why."""


class NotAnEmergencyRoleError(RefusedError):
    """Only what somebody may need this minute can be taken."""


class NotOfThisOrganisationError(RefusedError):
    """Only who works for the organisation now may take a role there."""


class HasTheRoleError(RefusedError):
    """What somebody has they need not take."""


class NoSuchAccessError(UnknownError):
    """No emergency access has this id."""


class ReviewByOneselfError(RefusedError):
    """Nobody judges what they did themselves."""


class AccessReviewedError(RefusedError):
    """An emergency access is reviewed once."""
