"""Dead or away, and not; decided no longer, or cancelled: nobody is left out for it, and nobody goes for nothing."""

from dataclasses import replace
from uuid import UUID

import pytest

from events.types.night import CancelReason, EscalationReason, SlotCancelled, SlotEscalated
from events.types.visit import DeclineReason, Found
from services.tillsyn import recipient as recipients
from services.tillsyn.invariants import no_escalation_fades, nobody_is_sent_to_the_dead, reopened_slots_are_not_left_out
from services.tillsyn.invariants.world import read_world
from services.tillsyn.night.errors import CarerThereError, VisitMadeError
from tests.builders import (
    ABSENCE,
    ANNA,
    PATROL,
    RECIPIENT,
    SLOT,
    an_id,
    at,
    own_visit,
)
from tests.services.tillsyn.healthy import craft
from tests.services.tillsyn.house import (
    AT_DESK,
    VIEWER_KEY,
    House,
    night_stream,
    of_type,
    register_home,
    register_manager,
)
from tests.services.tillsyn.road import THERE
from tests.services.tillsyn.test_nobody_forgotten import nobody_looked, said_to_be_away

VISIT = own_visit(SLOT)


async def test_a_reopened_slot_left_out_for_an_absence_that_was_over_is_a_broken_promise(planned: House) -> None:
    await planned.tell(recipients.ReportAbsence(ABSENCE, at("12:30"), None, "hospital", review_at=at("09:00")))
    await planned.time("02:30")
    await planned.tell(recipients.EndAbsence(ABSENCE, at("02:30"), announced=False))
    await planned.night_staff.reopen(SLOT, ANNA, "I look first")
    left_out = SlotCancelled(slot=SLOT, reason=CancelReason.ABSENT, because_of=ABSENCE)
    await craft(planned, night_stream(), left_out)
    assert reopened_slots_are_not_left_out.NAME in {breach.rule for breach in await planned.breaches()}


async def found_dead(house: House, visit: UUID = VISIT) -> None:
    """Told of the wrong line in the list: nobody was there."""
    await house.patrol.acknowledge(visit, PATROL)
    await house.patrol.arrive(visit, PATROL)
    await house.patrol.complete(visit, PATROL, **THERE, found=Found.FOUND_DEAD)


async def test_whoever_a_visit_told_dead_and_who_is_not_is_gone_to(planned: House) -> None:
    await nobody_looked(planned)
    await found_dead(planned)
    assert await planned.breaches() == []
    await planned.time("03:12")
    await planned.tell(recipients.TakeDeathBack(AT_DESK, "the wrong line"))
    visit = await planned.visit(VISIT)
    assert (visit.stage, visit.reason, visit.ended_at, visit.minutes) == (
        "assigned",
        EscalationReason.RETURNED,
        None,
        None,
    )
    assert (await planned.slot(SLOT)).status == "escalated"
    assert await planned.breaches() == []


async def test_whoever_a_planned_visit_told_dead_and_who_is_not_is_gone_to(planned: House) -> None:
    await planned.tell(recipients.WithdrawConsent())
    await planned.time("02:05")
    await found_dead(planned)
    await planned.time("02:12")
    await planned.tell(recipients.TakeDeathBack(AT_DESK, "the wrong line"))
    assert ((await planned.visit(VISIT)).stage, (await planned.visit(VISIT)).kind) == ("assigned", "sent")
    assert await planned.breaches() == []


async def test_nobody_asked_again_after_a_visit_told_of_a_death_that_was_none_is_a_broken_promise(
    planned: House,
) -> None:
    await nobody_looked(planned)
    await found_dead(planned)
    world = await read_world(planned.store, planned.clock.now())
    recipient = world.recipients[RECIPIENT]
    world.recipients[RECIPIENT] = replace(recipient, state=replace(recipient.state, died_at=None))
    assert "told of a death that was none" in " ".join(breach.what for breach in no_escalation_fades.check(world))


async def test_a_slot_whose_visit_was_closed_on_the_wrong_line_can_be_reopened(planned: House) -> None:
    await nobody_looked(planned)
    await planned.patrol.close(VISIT, await register_manager(planned), "the wrong line")
    await planned.night_staff.reopen(SLOT, ANNA, "nobody goes there")
    assert (await planned.slot(SLOT)).status == "open"
    assert await planned.breaches() == []


async def test_a_slot_whose_visit_was_made_is_not_reopened_and_the_refusal_says_so(planned: House) -> None:
    await nobody_looked(planned)
    await planned.patrol.arrive(VISIT, PATROL)
    await planned.patrol.complete(VISIT, PATROL, **THERE, found=Found.ALL_WELL)
    with pytest.raises(VisitMadeError):
        await planned.night_staff.reopen(SLOT, ANNA, "was she well?")


@pytest.mark.parametrize("announced", [True, False])
async def test_who_is_back_is_not_held_away_by_the_same_absence_told_twice(planned: House, announced: bool) -> None:
    await planned.time("20:00")
    for told_by in ("the patrol", "the assessor"):
        away = recipients.ReportAbsence(an_id(told_by), at("20:00"), None, "hospital", review_at=at("09:00"))
        await planned.tell(away)
    await planned.time("22:00")
    await planned.tell(recipients.EndAbsence(an_id("the patrol"), at("22:00"), announced))
    assert (await planned.slot(SLOT)).status == "open"
    assert await planned.breaches() == []


async def test_who_is_back_and_was_told_away_twice_is_gone_to_once(planned: House) -> None:
    await planned.time("20:00")
    for told_by in ("the patrol", "the assessor"):
        away = recipients.ReportAbsence(an_id(told_by), at("20:00"), None, "hospital", review_at=at("09:00"))
        await planned.tell(away)
    await planned.time("03:30")
    await planned.tell(recipients.EndAbsence(an_id("the assessor"), at("22:00"), announced=True))
    assert [event.slot for event in of_type(await planned.log(), SlotEscalated)] == [SLOT]
    assert await planned.breaches() == []


async def carer_in_the_home(house: House) -> None:
    await house.time("02:00")
    await house.night_staff.concern(SLOT, ANNA)
    await house.patrol.acknowledge(VISIT, PATROL)
    await house.time("02:20")
    await house.patrol.arrive(VISIT, PATROL)
    await house.time("02:40")


@pytest.mark.parametrize("then", ["declines", "meets nobody", "forgets"])
@pytest.mark.parametrize("how", ["death", "absence"])
async def test_nobody_is_sent_to_whoever_was_gone_when_the_carer_left(planned: House, how: str, then: str) -> None:
    await carer_in_the_home(planned)
    if how == "death":
        await planned.tell(recipients.RecordDeath(at("02:38"), ANNA))
    else:
        await said_to_be_away(planned, "02:38")
    assert (await planned.visit(VISIT)).stage == "arrived", "she is there, and finishes"
    if then == "declines":
        await planned.patrol.decline(VISIT, PATROL, DeclineReason.SHIFT_OVER)
    elif then == "meets nobody":
        await planned.patrol.complete(VISIT, PATROL, **THERE, found=Found.NOT_AT_HOME)
    else:
        await planned.time("03:30")
        await planned.sweeper.sweep()
    assert (await planned.visit(VISIT)).stage == "closed"
    assert await planned.breaches() == []


async def test_a_death_taken_back_after_the_carer_left_sends_somebody_again(planned: House) -> None:
    await carer_in_the_home(planned)
    await planned.tell(recipients.RecordDeath(at("02:38"), ANNA))
    await planned.patrol.decline(VISIT, PATROL, DeclineReason.SHIFT_OVER)
    await planned.tell(recipients.TakeDeathBack(AT_DESK, "it was her sister"))
    assert (await planned.visit(VISIT)).stage == "assigned"
    assert await planned.breaches() == []


async def test_who_was_seen_before_an_absence_known_ahead_began_is_gone_to_until_somebody_was_there(
    planned: House,
) -> None:
    await said_to_be_away(planned, "02:03")
    await planned.time("02:00")
    await planned.night_staff.concern(SLOT, ANNA, "lies on the floor")
    for when in ("02:06", "02:12"):
        await planned.time(when)
        await planned.sweeper.sweep()
    assert (await planned.visit(VISIT)).stage == "assigned"
    assert await planned.breaches() == []


async def test_a_visit_that_goes_on_to_whoever_is_dead_is_a_broken_promise(planned: House) -> None:
    await nobody_looked(planned)
    world = await read_world(planned.store, planned.clock.now())
    recipient = world.recipients[RECIPIENT]
    world.recipients[RECIPIENT] = replace(recipient, state=replace(recipient.state, died_at=planned.clock.now()))
    assert [breach.rule for breach in nobody_is_sent_to_the_dead.check(world)] == [nobody_is_sent_to_the_dead.NAME]


@pytest.mark.parametrize(("ended", "status"), [("02:01", "escalated"), ("01:00", "escalated")], ids=["after", "before"])
async def test_who_is_in_doubt_is_not_left_for_a_decision_that_ended(planned: House, ended: str, status: str) -> None:
    await planned.tell(recipients.HandOverDecision(an_id(f"decision of {RECIPIENT}"), ANNA, AT_DESK, "to a home"))
    await planned.time("02:00")
    await planned.night_staff.claim(SLOT, ANNA)
    await planned.night_staff.look(SLOT, ANNA, VIEWER_KEY)
    await planned.night_staff.uncertain(SLOT, ANNA)
    await planned.time("02:02")
    await planned.tell(recipients.EndDecision(at(ended), "ended"))
    await planned.time("02:05")
    await planned.sweeper.sweep()
    assert ((await planned.slot(SLOT)).status, (await planned.visit(VISIT)).reason) == (status, "uncertain")
    assert await planned.breaches() == []


async def test_a_check_that_was_due_before_the_decision_ended_is_still_made(planned: House) -> None:
    await planned.tell(recipients.HandOverDecision(an_id(f"decision of {RECIPIENT}"), ANNA, AT_DESK, "to a home"))
    await planned.time("02:05")
    await planned.tell(recipients.EndDecision(at("02:03"), "ended"))
    assert (await planned.slot(SLOT)).status == "open"


async def test_a_check_is_not_cancelled_while_a_carer_is_there_for_it(house: House) -> None:
    await register_home(house, consent=None)
    await house.planner.plan_all()
    await house.time("02:00")
    await house.patrol.acknowledge(VISIT, PATROL)
    await house.patrol.arrive(VISIT, PATROL)
    with pytest.raises(CarerThereError):
        await house.night_staff.cancel(SLOT, ANNA, "her daughter is there")
    await house.patrol.complete(VISIT, PATROL, **THERE, found=Found.ALL_WELL)
    assert (await house.slot(SLOT)).status == "completed"
    assert await house.breaches() == []
