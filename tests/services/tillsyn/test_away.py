"""Whoever is not there: a death, an absence, a late return, a move."""

import pytest

from events.types.home import CamerasStopped, HomeClosed, OutageAgreement, RiskClass
from events.types.night import (
    EscalationReason,
    NightMoved,
    SlotBecameVisit,
    SlotCancelled,
    SlotEscalated,
    SlotReinstated,
    VisitInstead,
)
from events.types.recipient import RecipientDied
from events.types.visit import VisitCalledOff, VisitMoved
from services.tillsyn import home as homes
from services.tillsyn import recipient as recipients
from services.tillsyn.desk.night_staff import CameraShutError
from services.tillsyn.night.errors import NotForTheCameraError
from tests.builders import (
    ABSENCE,
    ANNA,
    CAMERA,
    HOME,
    MANAGER,
    PARTNER,
    PATROL,
    RECIPIENT,
    SLOT,
    UNIT,
    a_consent,
    at,
    own_visit,
    secret,
)
from tests.services.tillsyn.couple import NEW_HOME, later, reasons
from tests.services.tillsyn.house import (
    AT_DESK,
    VIEWER_KEY,
    House,
    install_camera,
    night_stream,
    of_type,
    register_home,
    slot_of,
)

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
    await planned.tell(recipients.TakeDeathBack(AT_DESK, "it was her sister"))
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
    await planned.tell(recipients.TakeDeathBack(AT_DESK, "it was her sister"))
    [escalated] = of_type(await planned.events(night_stream()), SlotEscalated)
    assert (escalated.slot, escalated.reason) == (SLOT, EscalationReason.RETURNED)
    assert await planned.breaches() == []


async def test_a_death_taken_back_sends_those_again_who_were_called_off_for_it(planned: House) -> None:
    await planned.time("02:05")
    await planned.night_staff.concern(SLOT, ANNA)
    await planned.tell(recipients.RecordDeath(planned.clock.now(), PATROL))
    assert (await planned.visit(own_visit(SLOT))).stage == "closed"
    await planned.time("02:10")
    await planned.tell(recipients.TakeDeathBack(AT_DESK, "it was her sister"))
    visit = await planned.visit(own_visit(SLOT))
    assert (visit.stage, visit.responder, visit.reason) == ("assigned", PATROL, EscalationReason.RETURNED)
    assert await planned.breaches() == []


async def test_a_death_taken_back_is_as_loud_as_before_it(planned: House) -> None:
    """Nobody had looked, and nobody is on the way: the alarm that the death cleared stands again."""
    await planned.time("03:00:01")
    await planned.sweeper.sweep()
    await planned.tell(recipients.RecordDeath(planned.clock.now(), PATROL))
    await planned.tell(recipients.TakeDeathBack(AT_DESK, "it was her sister"))
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
    await planned.tell(recipients.TakeDeathBack(AT_DESK, "it was her sister"))
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
