"""Homes: a couple, a cohabitant, a carer, a camera's test, a death, a move, a late return, and everybody's nights."""

import asyncio
from datetime import date, timedelta
from uuid import UUID

import pytest

from events.envelope import Owner
from events.looks.messages import NoPicture
from events.looks.picture import SealedPicture
from events.personal import Personal
from events.store import ConflictError
from events.types import home as home_events
from events.types.home import CamerasStopped, CommissioningFailed, HomeClosed, OutageAgreement, RiskClass
from events.types.night import (
    EscalationReason,
    LookGranted,
    NightMoved,
    SlotBecameVisit,
    SlotCancelled,
    SlotEscalated,
    SlotReinstated,
    VisitInstead,
)
from events.types.recipient import ConsentForm, ConsentScope, RecipientDied
from events.types.unit import StaffRegistered
from events.types.visit import VisitCalledOff, VisitMoved
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
    ABSENCE,
    ANNA,
    BERTIL,
    CAMERA,
    COHABITANT,
    GATEWAY,
    HOME,
    INSTALLER,
    MANAGER,
    NIGHT,
    ORGANISATION,
    PARTNER,
    PATROL,
    RECIPIENT,
    SLOT,
    UNIT,
    a_consent,
    a_schedule,
    an_id,
    at,
    minutes,
    own_visit,
    secret,
)
from tests.services.tillsyn.house import (
    VIEWER_KEY,
    House,
    install_camera,
    night_stream,
    of_type,
    register_home,
    slot_of,
)

WITHDRAW = recipients.WithdrawConsent(secret("vill inte"))
NEW_HOME = an_id("new home")
NEW_CAMERA = an_id("new camera")


async def moves_in(house: House, *, consents: bool = True, times: tuple[str, ...] = ("02:00",)) -> None:
    """PARTNER is checked on in the same home from now on."""
    await house.tell(recipients.Register(PARTNER, HOME, UNIT, secret("Sven")), PARTNER)
    if consents:
        await house.tell(a_consent(), PARTNER)
    await house.tell(recipients.GrantDecision(an_id("theirs"), NIGHT, None, 1, house.clock.now()), PARTNER)
    await house.tell(a_schedule(*times), PARTNER)
    await house.planner.plan_all()


def later(nights: int) -> date:
    return NIGHT + timedelta(days=nights)


async def reasons(house: House, recipient: UUID = RECIPIENT) -> list[VisitInstead]:
    """Why slots of tonight became visits."""
    return [event.reason for event in of_type(await house.events(night_stream(recipient)), SlotBecameVisit)]


@pytest.fixture
async def couple(house: House) -> House:
    """Two people in one home with one camera; both have said yes and are due at 02:00."""
    await register_home(house)
    await moves_in(house)
    return house


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


# Death.


async def test_a_death_stops_the_cameras_cancels_and_calls_everybody_back_in_one_transaction(couple: House) -> None:
    await couple.time("02:10")
    await couple.night_staff.concern(SLOT, ANNA)
    await couple.tell(recipients.RecordDeath(at("02:05"), PATROL))

    log = await couple.log()
    died = next(recorded for recorded in log if isinstance(recorded.event, RecipientDied))
    caused = [recorded.event for recorded in log if recorded.context.correlation == died.context.correlation]
    assert len(of_type(caused, CamerasStopped)) == 1
    assert [event.visit for event in of_type(caused, VisitCalledOff)] == [own_visit(SLOT)]
    assert {event.reason.value for event in of_type(caused, SlotCancelled)} == {"death"}
    assert {event.reason for event in of_type(caused, SlotBecameVisit)} == {VisitInstead.CAMERAS_STOPPED}
    assert of_type(await couple.events(night_stream(PARTNER)), SlotCancelled) == []
    assert await couple.breaches() == []


async def test_after_a_death_the_other_is_visited_until_somebody_allows_the_cameras_by_name(couple: House) -> None:
    await couple.tell(recipients.RecordDeath(couple.clock.now(), PATROL))
    await couple.time("12:30", days=2)
    await couple.planner.plan_all()
    theirs = slot_of(PARTNER, night=later(3))
    assert (await couple.slot(theirs)).kind == "visit"
    await couple.care.home(HOME, UNIT, homes.AllowCameras(MANAGER))
    await couple.time("12:30", days=4)
    await couple.planner.plan_all()
    assert (await couple.slot(slot_of(PARTNER, night=later(5)))).kind == "remote"
    assert await couple.events(night_stream(RECIPIENT, later(5))) == []


async def test_a_death_taken_back_sends_somebody_for_what_was_left_out(planned: House) -> None:
    await planned.time("01:00")
    await planned.tell(recipients.RecordDeath(at("00:50"), PATROL))
    await planned.time("03:30")
    await planned.tell(recipients.TakeDeathBack(MANAGER, "it was her sister"))
    [escalated] = of_type(await planned.events(night_stream()), SlotEscalated)
    assert (escalated.slot, escalated.reason) == (SLOT, EscalationReason.RETURNED)
    tomorrow = slot_of(night=later(1))
    assert ((await planned.slot(tomorrow)).status, (await planned.slot(tomorrow)).kind) == ("open", "visit")
    assert await planned.breaches() == []


async def test_a_death_taken_back_sends_somebody_for_a_check_that_was_due_before_it(planned: House) -> None:
    """Said to have died ten minutes after the check was due, while it was still open."""
    await planned.time("02:15")
    await planned.tell(recipients.RecordDeath(at("02:10"), PATROL))
    await planned.time("03:30")
    await planned.tell(recipients.TakeDeathBack(MANAGER, "it was her sister"))
    [escalated] = of_type(await planned.events(night_stream()), SlotEscalated)
    assert (escalated.slot, escalated.reason) == (SLOT, EscalationReason.RETURNED)
    assert await planned.breaches() == []


async def test_a_death_taken_back_sends_those_again_who_were_called_off_for_it(planned: House) -> None:
    await planned.time("02:05")
    await planned.night_staff.concern(SLOT, ANNA)
    await planned.tell(recipients.RecordDeath(planned.clock.now(), PATROL))
    assert (await planned.visit(own_visit(SLOT))).stage == "closed"
    await planned.time("02:10")
    await planned.tell(recipients.TakeDeathBack(MANAGER, "it was her sister"))
    visit = await planned.visit(own_visit(SLOT))
    assert (visit.stage, visit.responder, visit.reason) == ("assigned", PATROL, EscalationReason.RETURNED)
    assert await planned.breaches() == []


async def test_a_death_taken_back_is_as_loud_as_before_it(planned: House) -> None:
    """Nobody had looked, and nobody is on the way: the alarm that the death cleared stands again."""
    await planned.time("03:00:01")
    await planned.sweeper.sweep()
    await planned.tell(recipients.RecordDeath(planned.clock.now(), PATROL))
    await planned.tell(recipients.TakeDeathBack(MANAGER, "it was her sister"))
    assert (await planned.visit(own_visit(SLOT))).stage == "assigned"
    assert [row.kind for row in await planned.alarms.standing(UNIT)] == ["overdue"]
    assert await planned.breaches() == []


async def test_whoever_was_never_away_is_sent_to_again(planned: House) -> None:
    await planned.time("02:05")
    await planned.night_staff.concern(SLOT, ANNA)
    gone = recipients.ReportAbsence(ABSENCE, planned.clock.now(), None, "hospital", review_at=at("09:00"))
    await planned.tell(gone)
    await planned.time("02:10")
    await planned.tell(recipients.EndAbsence(ABSENCE, planned.clock.now(), announced=False))
    visit = await planned.visit(own_visit(SLOT))
    assert (visit.stage, visit.responder) == ("assigned", PATROL)
    assert await planned.breaches() == []


async def test_a_visit_that_somebody_closed_by_name_stays_closed_when_a_death_is_taken_back(planned: House) -> None:
    await planned.time("02:05")
    await planned.night_staff.concern(SLOT, ANNA)
    await planned.patrol.close(own_visit(SLOT), PATROL, "her daughter is there")
    await planned.tell(recipients.RecordDeath(planned.clock.now(), PATROL))
    await planned.tell(recipients.TakeDeathBack(MANAGER, "it was her sister"))
    assert (await planned.visit(own_visit(SLOT))).stage == "closed"


# Absence.


async def away(house: House, *times: str) -> None:
    await register_home(house, *times)
    await house.planner.plan_all()
    gone = recipients.ReportAbsence(ABSENCE, at("20:00"), None, "hospital", review_at=at("09:00"))
    await house.tell(gone)


async def test_an_absence_without_end_keeps_slots_cancelled_and_calls_back_whoever_is_on_the_way(house: House) -> None:
    await register_home(house)
    await house.planner.plan_all()
    await house.time("02:05")
    await house.night_staff.concern(SLOT, ANNA)
    await house.tell(recipients.ReportAbsence(ABSENCE, at("02:06"), None, "hospital", review_at=at("09:00")))
    assert len(of_type(await house.log(), VisitCalledOff)) == 0, "it begins in a minute"
    await house.time("02:10")
    await house.tell(recipients.ReportAbsence(ABSENCE, at("02:07"), None, "hospital", review_at=at("09:00")))
    assert len(of_type(await house.log(), VisitCalledOff)) == 1
    await house.time("12:30", days=1)
    await house.planner.plan_all()
    assert (await house.slot(slot_of(night=later(2)))).status == "cancelled"
    assert await house.breaches() == []


async def test_back_before_anybody_said_so_somebody_goes_once_and_the_rest_of_the_night_is_looked_at(
    house: House,
) -> None:
    await away(house, "22:00", "00:00", "02:00", "05:00")
    await house.time("03:30")
    await house.tell(recipients.EndAbsence(ABSENCE, at("21:30"), announced=True))
    events = await house.events(night_stream())
    [escalated] = of_type(events, SlotEscalated)
    assert (escalated.slot, escalated.reason) == (slot_of(n=2), EscalationReason.RETURNED)
    assert {event.slot for event in of_type(events, SlotReinstated)} == {slot_of(n=2), slot_of(n=3)}
    assert (await house.visit(own_visit(slot_of(n=2)))).stage == "assigned"
    assert await house.breaches() == []


async def test_back_unannounced_at_23_somebody_goes_for_the_check_that_was_left_out(house: House) -> None:
    await away(house, "22:00", "02:00")
    await house.time("23:00")
    await house.tell(recipients.EndAbsence(ABSENCE, at("23:00"), announced=False))
    [escalated] = of_type(await house.events(night_stream()), SlotEscalated)
    assert (escalated.slot, escalated.reason) == (slot_of(n=0), EscalationReason.RETURNED)
    assert (await house.slot(slot_of(n=1))).status == "open"
    assert await house.breaches() == []


async def test_back_in_time_and_announced_nobody_is_sent(house: House) -> None:
    await away(house, "22:00", "02:00")
    await house.time("23:00")
    await house.tell(recipients.EndAbsence(ABSENCE, at("23:00")))
    assert of_type(await house.log(), SlotEscalated) == []
    assert (await house.slot(slot_of(n=1))).status == "open"


# Moving.


async def test_a_move_takes_the_night_along_and_leaves_consent_and_camera_behind(house: House) -> None:
    await register_home(house, "22:00", "02:00")
    await house.planner.plan_all()
    await house.care.home(
        NEW_HOME,
        UNIT,
        homes.Register(NEW_HOME, UNIT, secret("Nygatan 2"), RiskClass.MEDIUM, OutageAgreement.VISIT),
    )
    await house.time("22:10")
    await house.night_staff.concern(slot_of(n=0), ANNA)
    await house.tell(recipients.Move(NEW_HOME, house.clock.now()))

    log = await house.log()
    assert len(of_type(log, HomeClosed)) == 1
    assert {event.home for event in of_type(log, NightMoved, VisitMoved)} == {NEW_HOME}
    slot = await house.slot(slot_of(n=1))
    assert (slot.home, slot.kind, slot.status) == (NEW_HOME, "visit", "open")
    assert (await house.visit(own_visit(slot_of(n=0)))).home == NEW_HOME
    with pytest.raises((NotForTheCameraError, CameraShutError)):
        await house.night_staff.look(slot_of(n=1), ANNA, VIEWER_KEY)
    assert await house.breaches() == []
    await house.tell(a_consent())
    await install_camera(house, NEW_HOME, CAMERA)
    await house.time("12:30", days=2)
    await house.planner.plan_all()
    again = await house.slot(slot_of(n=0, night=later(3)))
    assert (again.home, again.kind) == (NEW_HOME, "remote")


async def test_the_old_home_stays_open_for_whoever_stays(couple: House) -> None:
    await couple.care.home(
        NEW_HOME,
        UNIT,
        homes.Register(NEW_HOME, UNIT, secret("Nygatan 2"), RiskClass.MEDIUM, OutageAgreement.VISIT),
    )
    await couple.tell(recipients.Move(NEW_HOME, couple.clock.now()))
    assert of_type(await couple.log(), HomeClosed) == []
    assert await reasons(couple, PARTNER) == []


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
