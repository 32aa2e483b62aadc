"""Staff: roles that end, and emergency access."""

from dataclasses import replace

import pytest

from events.base import Event
from events.personal import Plain, Purpose
from events.types.night import ReviewVerdict
from events.types.staff import BreakGlassOpened, BreakGlassReviewed, StaffRoleEnded, StaffRoleGranted
from services.tillsyn import staff
from services.tillsyn.refused import RefusedError
from services.tillsyn.staff import EndRole, GrantRole, OpenBreakGlass, ReviewBreakGlass, Rights
from services.tillsyn.staff.errors import (
    AccessReviewedError,
    AgencyRoleWithoutEndError,
    NoEmergencyReasonError,
    NoSuchAccessError,
    NoSuchRoleError,
    NotAnEmergencyRoleError,
    ReviewByOneselfError,
    RoleEndsBeforeItBeginsError,
    UnknownRoleError,
)
from tests.builders import ANNA, BERTIL, UNIT, after, an_id, at, minutes

MANAGER, OTHER_UNIT, ACCESS = an_id("a manager"), an_id("another unit"), an_id("access")
GRANT = GrantRole(ANNA, UNIT, "nurse", at("20:00"), at("07:00"), agency=True, at=at("20:00"))
OPEN = OpenBreakGlass(ACCESS, ANNA, UNIT, "night-staff", "Bertil collapsed", at("02:00"), minutes(60))


def rights(*commands: staff.Command) -> Rights:
    return after(staff, staff.EMPTY, *commands)


def decided(state: Rights, command: staff.Command) -> list[Event]:
    return list(staff.decide(state, command))


def test_a_role_is_granted_from_an_instant_to_another() -> None:
    granted = StaffRoleGranted(
        staff=ANNA, unit=UNIT, role="nurse", holds_from=at("20:00"), until=at("07:00"), agency=True
    )
    assert decided(staff.EMPTY, GRANT) == [granted]


def test_an_agency_role_without_an_end_is_refused() -> None:
    with pytest.raises(AgencyRoleWithoutEndError):
        decided(staff.EMPTY, replace(GRANT, until=None))


def test_a_role_of_own_staff_needs_no_end() -> None:
    assert decided(staff.EMPTY, replace(GRANT, agency=False, until=None))


@pytest.mark.parametrize("end", ["20:00", "19:00"])
def test_a_role_that_would_be_over_before_it_begins_is_refused(end: str) -> None:
    with pytest.raises(RoleEndsBeforeItBeginsError):
        decided(staff.EMPTY, replace(GRANT, until=at(end)))


def test_a_role_that_is_over_already_cannot_be_granted() -> None:
    with pytest.raises(RoleEndsBeforeItBeginsError):
        decided(staff.EMPTY, replace(GRANT, at=at("08:00")))


def test_an_unknown_role_is_refused_and_the_known_ones_are_named() -> None:
    with pytest.raises(UnknownRoleError, match=r"'doctor'.*night-staff, patrol, manager"):
        decided(staff.EMPTY, replace(GRANT, role="doctor"))


def test_granting_a_role_again_changes_nothing_and_granting_it_with_another_end_is_news() -> None:
    state = rights(GRANT)
    assert decided(state, replace(GRANT, holds_from=at("22:00"), at=at("22:00"))) == []
    assert len(decided(state, replace(GRANT, until=at("08:00")))) == 1


def test_a_role_that_was_ended_is_not_ended_again_and_can_be_granted_again() -> None:
    end = EndRole(ANNA, UNIT, "nurse", registered=False)
    state = rights(GRANT, end)
    assert decided(rights(GRANT), end) == [StaffRoleEnded(staff=ANNA, unit=UNIT, role="nurse")]
    assert decided(state, end) == []
    assert len(decided(state, GRANT)) == 1
    assert decided(rights(GRANT, end, GRANT), end) != []


def test_a_role_of_the_registration_can_be_ended() -> None:
    assert decided(staff.EMPTY, EndRole(ANNA, UNIT, "night-staff", registered=True))


def test_a_role_that_nobody_gave_cannot_be_ended() -> None:
    with pytest.raises(NoSuchRoleError):
        decided(rights(GRANT), EndRole(ANNA, OTHER_UNIT, "nurse", registered=False))


def test_a_role_taken_in_an_emergency_holds_for_an_hour_there_and_nowhere_else() -> None:
    (opened,) = decided(staff.EMPTY, OPEN)
    state = rights(OPEN)
    assert isinstance(opened, BreakGlassOpened)
    assert opened.until == at("03:00")
    assert state.emergency(UNIT, "night-staff", at("02:59:59")) is not None
    assert state.emergency(UNIT, "night-staff", at("03:00")) is None
    assert state.emergency(OTHER_UNIT, "night-staff", at("02:30")) is None
    assert state.emergency(UNIT, "patrol", at("02:30")) is None


def test_the_reason_for_emergency_access_goes_to_the_access_log_of_whoever_took_it() -> None:
    (opened,) = decided(staff.EMPTY, OPEN)
    assert isinstance(opened, BreakGlassOpened)
    assert opened.reason.content == Plain("Bertil collapsed", ANNA, Purpose.ACCESS_LOG)


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_emergency_access_without_a_reason_is_refused(reason: str) -> None:
    with pytest.raises(NoEmergencyReasonError):
        decided(staff.EMPTY, replace(OPEN, reason=reason))


@pytest.mark.parametrize("role", ["manager", "assessor", "installer", "doctor"])
def test_no_role_that_can_wait_is_taken_in_an_emergency(role: str) -> None:
    with pytest.raises(NotAnEmergencyRoleError, match="night-staff, patrol, nurse"):
        decided(staff.EMPTY, replace(OPEN, role=role))


def test_emergency_access_taken_twice_is_taken_once_until_it_is_over() -> None:
    again = replace(OPEN, access=an_id("again"), at=at("02:30"))
    assert decided(rights(OPEN), again) == []
    assert len(decided(rights(OPEN), replace(again, at=at("03:00")))) == 1


def review(by: object = MANAGER, access: object = ACCESS) -> ReviewBreakGlass:
    return ReviewBreakGlass(access, by, ReviewVerdict.IN_ORDER, " it was right ")  # type: ignore[arg-type]


def test_the_review_of_emergency_access_ends_it() -> None:
    """Whatever was found: what is done after a review would be reviewed by nobody."""
    for verdict in ReviewVerdict:
        reviewed = rights(OPEN, ReviewBreakGlass(ACCESS, MANAGER, verdict, None))
        assert rights(OPEN).emergency(UNIT, "night-staff", at("02:10")) is not None
        assert reviewed.emergency(UNIT, "night-staff", at("02:10")) is None


def test_emergency_access_is_reviewed_once() -> None:
    (reviewed,) = decided(rights(OPEN), review())
    assert isinstance(reviewed, BreakGlassReviewed)
    assert (reviewed.staff, reviewed.by, reviewed.verdict) == (ANNA, MANAGER, ReviewVerdict.IN_ORDER)
    assert reviewed.note is not None
    assert reviewed.note.content == Plain("it was right", ANNA, Purpose.ACCESS_LOG)
    assert decided(rights(OPEN, review()), review()) == []


@pytest.mark.parametrize(
    ("state", "command", "rule"),
    [
        (rights(OPEN), review(by=ANNA), ReviewByOneselfError),
        (rights(OPEN, review()), review(by=BERTIL), AccessReviewedError),
        (rights(OPEN), review(access=an_id("no access")), NoSuchAccessError),
    ],
)
def test_nobody_reviews_emergency_access_of_their_own_or_reviewed_already_or_never_taken(
    state: Rights, command: staff.Command, rule: type[RefusedError]
) -> None:
    with pytest.raises(rule):
        decided(state, command)
