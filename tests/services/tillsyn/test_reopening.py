"""Second thoughts at the desk: what is reopened, and what was seen but uncertain."""

import json
from dataclasses import replace

import pytest

from events.personal import Sealed
from events.types.night import SlotReopened
from events.types.visit import Found
from services.tillsyn import recipient as recipients
from services.tillsyn.desk.outside_times import AlarmNotCoveredError
from services.tillsyn.desk.reviews import Reviews
from services.tillsyn.night.errors import NoReasonError, OwnDoubtError, SomebodyGoesError
from tests.builders import ABSENCE, ANNA, BERTIL, PATROL, RECIPIENT, SLOT, UNIT, a_consent, an_id, at, own_visit, secret
from tests.services.tillsyn.house import VIEWER_KEY, House, night_stream, of_type

REASON = "hon hostade hela tiden"


async def looked_at(house: House, by: object = ANNA) -> None:
    await house.night_staff.claim(SLOT, by)  # type: ignore[arg-type]
    await house.night_staff.look(SLOT, by, VIEWER_KEY)  # type: ignore[arg-type]


async def done(house: House) -> None:
    """ANNA saw at 02:00 that all was well."""
    await house.time("02:00")
    await looked_at(house)
    await house.night_staff.all_well(SLOT, ANNA)


async def test_a_reopened_slot_is_back_on_the_list_by_name_and_its_reason_lies_sealed(planned: House) -> None:
    await done(planned)
    assert await planned.night_staff.worklist(UNIT) == []
    await planned.time("02:30")

    await planned.night_staff.reopen(SLOT, BERTIL, REASON)

    [row] = await planned.night_staff.worklist(UNIT)
    assert (row.reopened_by, row.act_at, row.settled_by) == (BERTIL, at("02:45"), None)
    log = await planned.log()
    [reopened] = [recorded for recorded in log if isinstance(recorded.event, SlotReopened)]
    reason = reopened.event.reason  # type: ignore[attr-defined]
    assert type(reason.content) is Sealed
    assert await planned.ledger.keys.reveal(reopened.id, "reason", reason, str) == REASON
    assert json.dumps(REASON)[1:-1] not in "".join(recorded.event.model_dump_json() for recorded in log)
    assert await planned.breaches() == []


async def test_a_reopened_slot_that_nobody_settles_sends_somebody(planned: House) -> None:
    await done(planned)
    await planned.time("02:30")
    await planned.night_staff.reopen(SLOT, BERTIL, REASON)
    await planned.time("02:45")

    await planned.sweeper.sweep()

    slot = await planned.slot(SLOT)
    assert (slot.status, slot.visit) == ("escalated", own_visit(SLOT, reopenings=1))
    assert (await planned.visit(own_visit(SLOT, reopenings=1))).stage == "assigned"
    assert await planned.breaches() == []


async def test_a_reopened_slot_that_is_looked_at_is_done_again(planned: House) -> None:
    await done(planned)
    await planned.time("02:30")
    await planned.night_staff.reopen(SLOT, BERTIL, REASON)
    await looked_at(planned)
    await planned.night_staff.all_well(SLOT, ANNA)
    assert (await planned.slot(SLOT)).status == "completed"
    assert await planned.breaches() == []


async def test_a_second_look_by_a_reopening_takes_consent_to_looks_on_somebodys_word_and_is_reviewed(
    planned: House,
) -> None:
    await done(planned)
    await planned.night_staff.reopen(SLOT, BERTIL, REASON)
    await looked_at(planned)
    assert [row.slot for row in await Reviews(planned.ledger).looks_to_review(UNIT)] == [SLOT]

    await planned.night_staff.all_well(SLOT, ANNA)
    await planned.tell(replace(a_consent(()), consent=an_id("a narrower yes")))
    await planned.night_staff.reopen(SLOT, BERTIL, REASON)
    await planned.night_staff.claim(SLOT, ANNA)
    with pytest.raises(AlarmNotCoveredError):
        await planned.night_staff.look(SLOT, ANNA, VIEWER_KEY)


async def test_reopening_ends_the_visit_that_nobody_has_taken(planned: House) -> None:
    await planned.time("02:00")
    await planned.night_staff.concern(SLOT, ANNA)

    await planned.night_staff.reopen(SLOT, ANNA, "fel slot")

    assert (await planned.visit(own_visit(SLOT))).stage == "closed"
    assert ((await planned.slot(SLOT)).status, (await planned.slot(SLOT)).visit) == ("open", None)
    await planned.night_staff.concern(SLOT, ANNA)
    assert (await planned.visit(own_visit(SLOT, reopenings=1))).stage == "assigned"
    assert await planned.breaches() == []


async def test_a_visit_that_somebody_has_taken_goes_on(planned: House) -> None:
    await planned.time("02:00")
    await planned.night_staff.concern(SLOT, ANNA)
    await planned.patrol.acknowledge(own_visit(SLOT), PATROL)
    before = len(await planned.log())
    with pytest.raises(SomebodyGoesError):
        await planned.night_staff.reopen(SLOT, ANNA, REASON)
    assert len(await planned.log()) == before


async def test_a_slot_that_was_done_by_a_visit_asks_for_another(planned: House) -> None:
    await planned.tell(recipients.PauseCamera(None, planned.clock.now()))
    await planned.time("02:00")
    visit, again = own_visit(SLOT), own_visit(SLOT, reopenings=1)
    await planned.patrol.acknowledge(visit, PATROL)
    await planned.patrol.arrive(visit, PATROL)
    await planned.patrol.complete(visit, PATROL, minutes=5, people=1, kilometres=2, found=Found.ALL_WELL)
    assert (await planned.slot(SLOT)).completed_by == "visit"

    await planned.night_staff.reopen(SLOT, ANNA, REASON)

    row = await planned.visit(again)
    assert (row.kind, row.reason, row.stage) == ("planned", "reopened", "assigned")
    assert ((await planned.slot(SLOT)).visit, (await planned.slot(SLOT)).status) == (again, "open")
    assert await planned.breaches() == []


async def test_a_slot_reopened_after_a_withdrawal_is_a_visit(planned: House) -> None:
    await done(planned)
    await planned.tell(recipients.WithdrawConsent(secret("nej")))
    await planned.night_staff.reopen(SLOT, ANNA, REASON)
    slot = await planned.slot(SLOT)
    assert (slot.status, slot.kind, slot.visit) == ("open", "visit", own_visit(SLOT, reopenings=1))
    assert await planned.breaches() == []


async def test_nobody_reopens_without_a_reason(planned: House) -> None:
    await done(planned)
    before = len(await planned.log())
    with pytest.raises(NoReasonError):
        await planned.night_staff.reopen(SLOT, ANNA, " ")
    assert len(await planned.log()) == before


# Seen, uncertain.


async def test_the_list_shows_who_was_uncertain_and_a_colleague_settles_it(planned: House) -> None:
    await planned.time("02:00")
    await looked_at(planned)
    await planned.night_staff.uncertain(SLOT, ANNA)

    [row] = await planned.night_staff.worklist(UNIT)
    assert (row.uncertain_by, row.act_at, row.lease_by) == (ANNA, at("02:05"), None)
    with pytest.raises(OwnDoubtError):
        await planned.night_staff.claim(SLOT, ANNA)
    await looked_at(planned, BERTIL)
    await planned.night_staff.all_well(SLOT, BERTIL)

    assert (await planned.slot(SLOT)).settled_by == str(BERTIL)
    assert await planned.breaches() == []


async def test_where_no_colleague_answers_somebody_is_sent(planned: House) -> None:
    await planned.time("02:00")
    await looked_at(planned)
    await planned.night_staff.uncertain(SLOT, ANNA)
    await planned.time("02:05")
    await planned.sweeper.sweep()
    assert ((await planned.slot(SLOT)).status, (await planned.slot(SLOT)).reason) == ("escalated", "uncertain")
    assert (await planned.visit(own_visit(SLOT))).recipient == RECIPIENT
    assert of_type(await planned.events(night_stream()), SlotReopened) == []
    assert await planned.breaches() == []


# Back, and reopened.


async def back_unannounced(house: House) -> None:
    """Said to be away since the afternoon; at 02:30 she stands there, and somebody is sent for the check of 02:00."""
    await house.tell(recipients.ReportAbsence(ABSENCE, at("12:30"), None, "hospital", review_at=at("09:00")))
    await house.time("02:30")
    await house.tell(recipients.EndAbsence(ABSENCE, at("02:30"), announced=False))
    assert (await house.slot(SLOT)).status == "escalated"


async def test_who_is_back_and_reopened_is_looked_at_and_the_alarm_stands_until_then(planned: House) -> None:
    await back_unannounced(planned)
    await planned.night_staff.reopen(SLOT, ANNA, "jag tittar först")
    assert (await planned.slot(SLOT)).status == "open"
    assert [row.kind for row in await planned.alarms.standing(UNIT)] == ["returned-unannounced"]
    assert await planned.breaches() == []

    await looked_at(planned)
    await planned.night_staff.all_well(SLOT, ANNA)
    assert await planned.alarms.standing(UNIT) == []
    assert await planned.breaches() == []


async def test_who_is_back_and_reopened_and_not_looked_at_is_gone_to(planned: House) -> None:
    await back_unannounced(planned)
    await planned.night_staff.reopen(SLOT, ANNA, "jag tittar först")
    await planned.time("02:45")
    await planned.sweeper.sweep()
    assert (await planned.visit(own_visit(SLOT, reopenings=1))).stage == "assigned"
    assert await planned.breaches() == []


async def test_an_alarm_of_a_return_ends_with_a_visit_closed_by_name(planned: House) -> None:
    await back_unannounced(planned)
    await planned.patrol.close(own_visit(SLOT), PATROL, "her daughter is there")
    assert await planned.alarms.standing(UNIT) == []


async def test_who_was_seen_after_an_absence_began_is_sent_to_when_their_slot_is_reopened(planned: House) -> None:
    await planned.time("02:01")
    await planned.night_staff.concern(SLOT, ANNA)
    await planned.time("02:03")
    await planned.tell(recipients.ReportAbsence(ABSENCE, at("01:55"), None, "hospital", review_at=at("09:00")))
    await planned.night_staff.reopen(SLOT, ANNA, "var det hon?")
    assert ((await planned.slot(SLOT)).status, (await planned.slot(SLOT)).reason) == ("escalated", "concern")
    assert (await planned.visit(own_visit(SLOT, reopenings=1))).stage == "assigned"
    assert await planned.breaches() == []
