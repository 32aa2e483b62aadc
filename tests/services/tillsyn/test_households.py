"""Homes: a couple, a cohabitant, a carer, a camera's test."""

import asyncio

import pytest

from events.envelope import Owner
from events.looks.messages import NoPicture
from events.looks.picture import SealedPicture
from events.personal import Personal
from events.store import ConflictError
from events.types import home as home_events
from events.types.home import CommissioningFailed
from events.types.night import (
    LookGranted,
    SlotBecameVisit,
    VisitInstead,
)
from events.types.recipient import ConsentForm, ConsentScope
from events.types.unit import StaffRegistered
from services.tillsyn import home as homes
from services.tillsyn import recipient as recipients
from services.tillsyn.desk import NightStaff
from services.tillsyn.desk.installing import Read
from services.tillsyn.desk.night_staff import CameraShutError
from services.tillsyn.desk.who import NotInThisRoleError
from services.tillsyn.home.errors import (
    HomeFullError,
    InstallerLooksError,
    NoTestError,
    NoTestPictureError,
    RecipientAbsentError,
)
from services.tillsyn.household import load_household
from services.tillsyn.ledger import Transaction
from services.tillsyn.looking import GrantRequest
from services.tillsyn.night.errors import NotForTheCameraError
from tests.builders import (
    ANNA,
    BERTIL,
    COHABITANT,
    GATEWAY,
    HOME,
    INSTALLER,
    NIGHT,
    ORGANISATION,
    PARTNER,
    PATROL,
    RECIPIENT,
    SLOT,
    UNIT,
    an_id,
    at,
    minutes,
    secret,
)
from tests.services.tillsyn.couple import NEW_CAMERA, WITHDRAW, later, moves_in, reasons
from tests.services.tillsyn.house import (
    VIEWER_KEY,
    House,
    of_type,
    register_home,
    slot_of,
)

# Who has to say yes.


async def test_whoever_moves_in_has_to_say_yes_too(planned: House) -> None:
    await planned.tell(recipients.Register(PARTNER, HOME, UNIT, secret("Sven")), PARTNER)
    assert await reasons(planned) == [VisitInstead.COHABITANT], "from the moment in which they are entered"
    await moves_in(planned, consents=False)
    assert await reasons(planned, PARTNER) == [VisitInstead.CONSENT_WITHDRAWN]
    assert await planned.breaches() == []


async def test_a_no_of_one_is_a_no_for_both_in_the_same_transaction(couple: House) -> None:
    await couple.tell(WITHDRAW, PARTNER)
    assert await reasons(couple) == [VisitInstead.COHABITANT]
    log = await couple.log()
    [no] = [recorded for recorded in log if recorded.stream == recipients.stream_of(PARTNER)][-1:]
    became = [recorded for recorded in log if isinstance(recorded.event, SlotBecameVisit)]
    assert {recorded.context.correlation for recorded in became} == {no.context.correlation}
    assert await couple.breaches() == []


async def test_a_pause_of_one_pauses_for_both(couple: House) -> None:
    await couple.tell(recipients.PauseCamera(None, couple.clock.now()), PARTNER)
    assert await reasons(couple) == [VisitInstead.CAMERA_PAUSED]


async def test_a_new_cohabitant_shuts_the_camera_until_they_are_asked(planned: House) -> None:
    await planned.care.home(HOME, UNIT, homes.CohabitantMovesIn(COHABITANT, secret("Sven")))
    assert await reasons(planned) == [VisitInstead.COHABITANT]
    yes = homes.CohabitantConsents(COHABITANT, an_id("yes"), frozenset(), ConsentForm.ORAL, ANNA, at("12:00"))
    await planned.care.home(HOME, UNIT, yes)
    await planned.time("12:30", days=2)
    await planned.planner.plan_all()
    assert (await planned.slot(slot_of(night=later(3)))).kind == "remote"


async def test_a_second_look_needs_everybodys_yes_to_it(planned: House) -> None:
    await planned.care.home(HOME, UNIT, homes.CohabitantMovesIn(COHABITANT, secret("Sven")))
    for scope in ((), (ConsentScope.SECOND_LOOKS,)):
        yes = homes.CohabitantConsents(COHABITANT, an_id(f"{scope}"), frozenset(scope), ConsentForm.ORAL, ANNA)
        await planned.care.home(HOME, UNIT, yes)
        await planned.time("12:30", days=2)
        household = await load_household(Transaction(planned.ledger), HOME)
        assert household.scope(RECIPIENT) == frozenset(scope)


async def test_a_grant_decided_before_the_others_no_cannot_be_kept_after_it(couple: House, another: House) -> None:
    await couple.time("02:00")
    await couple.night_staff.claim(SLOT, ANNA)
    decided = Transaction(couple.ledger)
    await couple.night_staff._grant(decided, SLOT, ANNA, VIEWER_KEY)
    await another.tell(WITHDRAW, PARTNER)
    with pytest.raises(ConflictError):
        await decided.commit()
    assert of_type(await couple.log(), LookGranted) == []


async def test_a_plan_made_while_somebody_moves_in_leaves_nothing_for_the_camera(house: House, another: House) -> None:
    await register_home(house)
    plans = Transaction(house.ledger)
    assert await house.planner._plan(plans, RECIPIENT, NIGHT, Owner(ORGANISATION, UNIT))
    await another.tell(recipients.Register(PARTNER, HOME, UNIT, secret("Sven")), PARTNER)
    with pytest.raises(ConflictError):
        await plans.commit()
    await house.planner.plan_all()
    assert await reasons(house) == [VisitInstead.COHABITANT]


async def test_looks_and_the_partners_noes_that_race_never_leave_a_look_after_the_no(
    couple: House, another: House
) -> None:
    await couple.time("02:00")
    await couple.night_staff.claim(SLOT, ANNA)
    outcomes = await asyncio.gather(
        couple.night_staff.look(SLOT, ANNA, VIEWER_KEY), another.tell(WITHDRAW, PARTNER), return_exceptions=True
    )
    refused = [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert {type(error) for error in refused} <= {CameraShutError, NotForTheCameraError}
    assert await couple.breaches() == []


async def test_a_carer_in_the_home_keeps_everybody_out_until_they_go(planned: House) -> None:
    await planned.time("02:00")
    await planned.night_staff.claim(SLOT, ANNA)
    await planned.care.home(HOME, UNIT, homes.CarerArrives(PATROL))
    with pytest.raises(CameraShutError, match="carer"):
        await planned.night_staff.look(SLOT, ANNA, VIEWER_KEY)
    await planned.care.home(HOME, UNIT, homes.CarerLeaves(PATROL))
    assert isinstance(await planned.night_staff.look(SLOT, ANNA, VIEWER_KEY), SealedPicture)


async def test_two_are_checked_on_in_a_home_at_most(couple: House) -> None:
    before = await couple.log()
    third = an_id("third")
    with pytest.raises(HomeFullError):
        await couple.tell(recipients.Register(third, HOME, UNIT, secret("Olle")), third)
    assert await couple.log() == before


class Opens:
    """A camera that opens while a carer comes in."""

    def __init__(self, house: House) -> None:
        self.house = house

    async def look(self, request: GrantRequest) -> SealedPicture | NoPicture:
        await self.house.care.home(HOME, UNIT, homes.CarerArrives(PATROL))
        return SealedPicture(request.grant.look, 1, self.house.clock.now(), b"sealed")


async def test_a_picture_under_way_when_a_carer_comes_is_not_handed_on(planned: House) -> None:
    await planned.time("02:00")
    desk = NightStaff(planned.ledger, Opens(planned))
    await desk.claim(SLOT, ANNA)
    assert isinstance(await desk.look(SLOT, ANNA, VIEWER_KEY), NoPicture)


# The camera's test.


async def untested(house: House) -> None:
    """The camera is replaced by one that is not tested yet."""
    await house.care.home(HOME, UNIT, homes.UnlinkCamera("replaced"))
    await house.care.home(HOME, UNIT, homes.LinkCamera(NEW_CAMERA, GATEWAY))


async def test_an_untested_camera_is_used_for_nothing(house: House) -> None:
    await register_home(house)
    await untested(house)
    await house.planner.plan_all()
    assert await reasons(house) == [VisitInstead.NOT_COMMISSIONED]


async def test_a_test_takes_a_picture_the_right_code_and_the_recipient(house: House) -> None:
    await register_home(house)
    await untested(house)
    with pytest.raises(NoTestError):
        await house.installing.look(HOME, ANNA, VIEWER_KEY)
    with pytest.raises(NotInThisRoleError):
        await house.installing.begin(HOME, NEW_CAMERA, PATROL, recipient_present=True)
    shown = await house.installing.begin(HOME, NEW_CAMERA, INSTALLER, recipient_present=True)
    assert shown.code not in "".join(recorded.event.model_dump_json() for recorded in await house.log())
    with pytest.raises(NoTestPictureError):
        await house.installing.confirm(HOME, ANNA, shown.code, recipient_present=True)
    assert isinstance(await house.installing.look(HOME, ANNA, VIEWER_KEY), SealedPicture)
    with pytest.raises(NoTestPictureError):
        await house.installing.confirm(HOME, BERTIL, shown.code, recipient_present=True)
    with pytest.raises(RecipientAbsentError):
        await house.installing.confirm(HOME, ANNA, shown.code, recipient_present=False)
    assert await house.installing.confirm(HOME, ANNA, shown.code, recipient_present=True) is Read.COMMISSIONED
    await house.planner.plan_all()
    assert (await house.slot(SLOT)).kind == "remote"


async def test_the_third_wrong_code_ends_the_test(house: House) -> None:
    await register_home(house)
    await untested(house)
    shown = await house.installing.begin(HOME, NEW_CAMERA, INSTALLER, recipient_present=True)
    await house.installing.look(HOME, ANNA, VIEWER_KEY)
    wrong = "000000" if shown.code != "000000" else "111111"
    read = [await house.installing.confirm(HOME, ANNA, wrong, recipient_present=True) for _ in range(3)]
    assert read == [Read.WRONG_CODE, Read.WRONG_CODE, Read.FAILED]
    with pytest.raises(NoTestError):
        await house.installing.confirm(HOME, ANNA, shown.code, recipient_present=True)


async def test_a_code_read_too_late_fails_and_the_installer_begins_anew(house: House) -> None:
    await register_home(house)
    await untested(house)
    shown = await house.installing.begin(HOME, NEW_CAMERA, INSTALLER, recipient_present=True)
    await house.installing.look(HOME, ANNA, VIEWER_KEY)
    await house.clock.run(shown.until)
    assert await house.installing.confirm(HOME, ANNA, shown.code, recipient_present=True) is Read.FAILED
    [failed] = of_type(await house.log(), CommissioningFailed)
    assert failed.why is home_events.TestFailed.TIMED_OUT
    await house.installing.begin(HOME, NEW_CAMERA, INSTALLER, recipient_present=True)


async def test_the_installer_does_not_read_their_own_code(house: House) -> None:
    await register_home(house)
    await untested(house)
    both = an_id("installs and looks")
    await house.care.register_staff(
        StaffRegistered(staff=both, unit=UNIT, roles=("installer", "night-staff"), name=Personal.of("Li", both))
    )
    shown = await house.installing.begin(HOME, NEW_CAMERA, both, recipient_present=True)
    with pytest.raises(InstallerLooksError):
        await house.installing.look(HOME, both, VIEWER_KEY)
    with pytest.raises(InstallerLooksError):
        await house.installing.confirm(HOME, both, shown.code, recipient_present=True)
    assert shown.until - house.clock.now() == minutes(15)
