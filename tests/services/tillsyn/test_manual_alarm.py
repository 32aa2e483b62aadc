"""A worried relative phones: a look where consent covers it, else somebody goes."""

import json
from datetime import timedelta

import pytest

from events.looks.grant import LookPurpose
from events.looks.messages import NoPicture
from events.looks.picture import SealedPicture
from events.personal import Sealed
from events.store import queries
from events.types.night import AlarmCaller, LookGranted, ManualAlarmRaised
from events.types.recipient import ConsentScope
from events.types.visit import Found, VisitRequested
from services.tillsyn import recipient as recipients
from services.tillsyn.desk import NightStaff
from services.tillsyn.desk.looks import CameraShutError, NotOneOpeningError
from services.tillsyn.desk.manual_alarm import AwayError, NoDecisionStandsError
from services.tillsyn.desk.outside_times import AlarmNotCoveredError
from services.tillsyn.looking import GrantRequest
from services.tillsyn.night.errors import NoReasonError
from services.tillsyn.recipient.decide import NoSuchRecipientError
from tests.builders import (
    ABSENCE,
    ANNA,
    BERTIL,
    NIGHT,
    PATROL,
    RECIPIENT,
    SLOT,
    UNIT,
    a_consent,
    a_handover,
    an_id,
    at,
    own_visit,
    secret,
)
from tests.services.tillsyn.house import (
    VIEWER_KEY,
    House,
    night_stream,
    of_type,
    register_home,
    register_partner,
    slot_of,
)

RELATIVE, STAFF, DEVICE = AlarmCaller.RELATIVE, AlarmCaller.STAFF, AlarmCaller.DEVICE
REASON = "dottern når henne inte"

ALL_BUT_RELATIVES = frozenset(ConsentScope) - {ConsentScope.ALARM_BY_RELATIVE}


async def test_an_alarm_is_on_the_list_at_once_with_its_caller_and_its_reason_lies_sealed(planned: House) -> None:
    await planned.time("03:20")

    slot = await planned.night_staff.alarm(RECIPIENT, ANNA, RELATIVE, REASON)

    row = next(row for row in await planned.night_staff.worklist(UNIT) if row.id == slot)
    assert (row.caller, row.kind, row.act_at, row.night) == ("relative", "remote", at("03:30"), NIGHT)
    log = await planned.log()
    [raised] = [recorded for recorded in log if isinstance(recorded.event, ManualAlarmRaised)]
    reason = raised.event.reason  # type: ignore[attr-defined]
    assert type(reason.content) is Sealed
    assert await planned.ledger.keys.reveal(raised.id, "reason", reason, str) == REASON
    assert json.dumps(REASON)[1:-1] not in "".join(recorded.event.model_dump_json() for recorded in log)


async def test_a_look_on_an_alarm_is_granted_as_one_and_waits_for_review(planned: House) -> None:
    asked: list[GrantRequest] = []

    class Remembers:
        async def look(self, request: GrantRequest) -> SealedPicture | NoPicture:
            asked.append(request)
            return SealedPicture(request.grant.look, 1, planned.clock.now(), b"sealed")

    desk = NightStaff(planned.ledger, Remembers())
    await planned.time("01:50")
    slot = await desk.alarm(RECIPIENT, ANNA, RELATIVE, REASON)
    await desk.claim(slot, ANNA)
    await desk.look(slot, ANNA, VIEWER_KEY)
    await desk.all_well(slot, ANNA)

    [request] = asked
    assert (request.grant.purpose, request.grant.slot) == (LookPurpose.ALARM, slot)
    assert [(row.id, row.slot) for row in await planned.reviews.looks_to_review(UNIT)] == [(request.grant.look, slot)]
    assert (await planned.slot(SLOT)).status == "open"
    assert await planned.breaches() == []


async def test_an_alarm_that_nobody_looks_at_sends_somebody(planned: House) -> None:
    await planned.time("01:30")
    slot = await planned.night_staff.alarm(RECIPIENT, ANNA, DEVICE, REASON)
    await planned.time("01:40")
    await planned.sweeper.sweep()
    assert ((await planned.slot(slot)).status, (await planned.slot(slot)).reason) == ("escalated", "alarm")
    assert (await planned.visit(own_visit(slot))).stage == "assigned"
    assert await planned.breaches() == []


async def test_without_a_camera_somebody_is_sent_in_the_same_moment(planned: House) -> None:
    await planned.time("01:30")
    slot = await planned.night_staff.alarm(RECIPIENT, ANNA, STAFF, REASON, camera=False)
    row = await planned.slot(slot)
    assert (row.status, row.kind, row.reason, row.caller) == ("escalated", "visit", "alarm", "staff")
    assert ((await planned.visit(own_visit(slot))).kind, await planned.breaches()) == ("sent", [])


@pytest.mark.parametrize("camera", [True, False])
async def test_an_alarm_told_twice_is_one_slot_and_one_visit_while_somebody_is_waited_for(
    planned: House, another: House, *, camera: bool
) -> None:
    await planned.time("02:10")
    told = [
        await house.night_staff.alarm(RECIPIENT, ANNA, RELATIVE, REASON, camera=camera) for house in (planned, another)
    ]
    assert told[0] == told[1]
    assert len(of_type(await planned.log(), ManualAlarmRaised)) == 1
    assert len(of_type(await planned.log(), VisitRequested)) == (0 if camera else 1)
    assert await planned.night_staff.alarm(RECIPIENT, ANNA, STAFF, REASON, camera=camera) != told[0]
    assert await planned.night_staff.alarm(RECIPIENT, ANNA, RELATIVE, REASON, camera=not camera) != told[0]


async def test_an_alarm_told_when_the_last_one_was_answered_is_another(planned: House) -> None:
    await planned.time("02:10")
    first = await planned.night_staff.alarm(RECIPIENT, ANNA, RELATIVE, REASON, camera=False)
    visit = own_visit(first)
    await planned.patrol.acknowledge(visit, PATROL)
    await planned.patrol.arrive(visit, PATROL)
    await planned.patrol.complete(visit, PATROL, minutes=5, people=1, kilometres=2, found=Found.ALL_WELL)
    assert await planned.night_staff.alarm(RECIPIENT, ANNA, RELATIVE, REASON, camera=False) != first


# What stands against a look.


async def refused(house: House, error: type[Exception], match: str, **how: object) -> None:
    """The alarm is refused with these words, nothing is in the log, and somebody can be sent all the same."""
    before = len(await house.log())
    with pytest.raises(error, match=match):
        await house.night_staff.alarm(RECIPIENT, ANNA, RELATIVE, REASON)
    assert len(await house.log()) == before
    assert await house.night_staff.alarm(RECIPIENT, ANNA, RELATIVE, REASON, camera=False)


async def test_a_caller_whom_consent_does_not_name_opens_no_camera(planned: House) -> None:
    await planned.tell(a_consent(ALL_BUT_RELATIVES))
    await planned.time("01:30")
    await refused(planned, AlarmNotCoveredError, "alarm-by-relative; send somebody instead")
    assert await planned.night_staff.alarm(RECIPIENT, ANNA, STAFF, REASON)


async def test_everybody_who_lives_there_has_to_have_consented_to_it(planned: House) -> None:
    await register_partner(planned, consent=ALL_BUT_RELATIVES)
    await planned.time("01:30")
    await refused(planned, AlarmNotCoveredError, "not everybody in home")


async def test_a_pause_keeps_the_camera_shut_for_alarms_too(planned: House) -> None:
    await planned.tell(recipients.PauseCamera(None, planned.clock.now()))
    await planned.time("01:30")
    await refused(planned, CameraShutError, "camera-paused; send somebody instead")


async def test_for_somebody_who_is_away_the_alarm_asks_whether_they_are_back(planned: House) -> None:
    await planned.tell(recipients.ReportAbsence(ABSENCE, at("20:00"), at("06:00"), "hospital"))
    await planned.time("01:30")
    await refused(planned, AwayError, f"absence {ABSENCE}")


async def test_without_a_decision_there_is_no_alarm_camera_or_not(planned: House) -> None:
    await planned.tell(a_handover(an_id(f"decision of {RECIPIENT}")))
    await planned.tell(recipients.EndDecision(at("22:00"), "flyttat"))
    await planned.time("01:30")
    for camera in (True, False):
        with pytest.raises(NoDecisionStandsError, match="112"):
            await planned.night_staff.alarm(RECIPIENT, ANNA, RELATIVE, REASON, camera=camera)


async def test_an_alarm_needs_a_reason_and_somebody_it_is_about(planned: House) -> None:
    await planned.time("01:30")
    with pytest.raises(NoReasonError):
        await planned.night_staff.alarm(RECIPIENT, ANNA, RELATIVE, "")
    with pytest.raises(NoSuchRecipientError):
        await planned.night_staff.alarm(an_id("nobody"), ANNA, RELATIVE, REASON)


async def test_a_consent_that_shrinks_while_the_alarm_is_open_sends_somebody_at_once(planned: House) -> None:
    await planned.time("01:30")
    slot = await planned.night_staff.alarm(RECIPIENT, ANNA, RELATIVE, REASON)
    await planned.tell(a_consent(ALL_BUT_RELATIVES))
    assert ((await planned.slot(slot)).status, (await planned.slot(slot)).reason) == ("escalated", "alarm")
    assert (await planned.slot(SLOT)).kind == "remote"
    assert await planned.breaches() == []


async def test_an_alarm_is_looked_at_by_itself(planned: House) -> None:
    partner = await register_partner(planned)
    await planned.planner.plan_all()
    await planned.time("02:00")
    slot = await planned.night_staff.alarm(RECIPIENT, ANNA, RELATIVE, REASON)
    for one in (slot, slot_of(partner)):
        await planned.night_staff.claim(one, ANNA)
    with pytest.raises(NotOneOpeningError, match="by itself"):
        await planned.night_staff.look(slot_of(partner), ANNA, VIEWER_KEY, also=[slot])


async def test_withdrawn_meanwhile_an_alarm_is_somebodys_way(planned: House) -> None:
    await planned.time("01:30")
    slot = await planned.night_staff.alarm(RECIPIENT, ANNA, RELATIVE, REASON)
    await planned.tell(recipients.WithdrawConsent(secret("nej")))
    assert (await planned.slot(slot)).status == "escalated"


# Nights without a plan.


async def test_an_alarm_needs_no_planned_night_and_leaves_the_night_to_be_planned(house: House) -> None:
    await register_home(house)
    slot = await house.night_staff.alarm(RECIPIENT, ANNA, RELATIVE, REASON)
    assert (await house.slot(slot)).night == NIGHT

    await house.planner.plan_all()

    rows = await house.store.query(queries.slots_of_night, NIGHT)
    assert {row.id for row in rows} == {slot, SLOT}
    await house.time("12:40")
    await house.sweeper.sweep()
    assert (await house.slot(slot)).status == "escalated"
    assert await house.breaches() == []


async def test_an_alarm_is_in_no_schedules_way(house: House) -> None:
    await register_home(house, from_night=NIGHT + timedelta(days=30))
    granted = recipients.GrantDecision(an_id("tonight"), NIGHT, None, 1, house.clock.now())
    await house.tell(granted)
    await house.night_staff.alarm(RECIPIENT, ANNA, RELATIVE, REASON)
    assert await house.store.query(queries.latest_planned_night, RECIPIENT) is None
    assert of_type(await house.events(night_stream()), ManualAlarmRaised)


# Reopened when its time is long over.


async def test_a_slot_reopened_long_after_its_time_is_looked_at_as_an_alarm_of_staff(planned: House) -> None:
    await planned.time("02:00")
    await planned.night_staff.claim(SLOT, ANNA)
    await planned.night_staff.look(SLOT, ANNA, VIEWER_KEY)
    await planned.night_staff.all_well(SLOT, ANNA)
    await planned.time("05:00")
    await planned.night_staff.reopen(SLOT, BERTIL, "hon lät rädd i telefonen")
    await planned.night_staff.claim(SLOT, BERTIL)
    await planned.night_staff.look(SLOT, BERTIL, VIEWER_KEY)
    purposes = [look.purpose for look in of_type(await planned.log(), LookGranted)]
    assert purposes == [LookPurpose.SLOT, LookPurpose.ALARM]
    assert len(await planned.reviews.looks_to_review(UNIT)) == 1
    assert await planned.breaches() == []


async def test_a_slot_reopened_long_after_its_time_is_not_looked_at_without_consent_to_that(planned: House) -> None:
    await planned.tell(a_consent(frozenset(ConsentScope) - {ConsentScope.ALARM_BY_STAFF}))
    await planned.time("02:00")
    await planned.night_staff.claim(SLOT, ANNA)
    await planned.night_staff.look(SLOT, ANNA, VIEWER_KEY)
    await planned.night_staff.all_well(SLOT, ANNA)
    await planned.time("05:00")
    await planned.night_staff.reopen(SLOT, BERTIL, "hon lät rädd i telefonen")
    await planned.night_staff.claim(SLOT, BERTIL)
    with pytest.raises(AlarmNotCoveredError, match="alarm-by-staff"):
        await planned.night_staff.look(SLOT, BERTIL, VIEWER_KEY)
