"""The planner: nights ahead, once, frozen; what changes later is an event; what was missed is planned late."""

import asyncio
from collections import Counter
from datetime import timedelta

import pytest

from events.envelope import Owner
from events.store import ConflictError, queries
from events.types.night import (
    CancelReason,
    EscalationReason,
    NightPlanned,
    SlotBecameVisit,
    SlotCancelled,
    SlotCompleted,
    SlotEscalated,
    SlotReinstated,
    VisitInstead,
)
from events.types.visit import VisitAssigned, VisitCalledOff, VisitKind, VisitRequested
from services.tillsyn import home as homes
from services.tillsyn import recipient as recipients
from services.tillsyn.desk.agreements import hold_against_agreements
from services.tillsyn.desk.care import NightPlannedAlreadyError
from services.tillsyn.invariants import no_silent_miss
from services.tillsyn.kinds import RECIPIENT as RECIPIENT_KIND
from services.tillsyn.ledger import Transaction
from tests.builders import (
    ABSENCE,
    DECISION,
    HOME,
    NIGHT,
    ORGANISATION,
    RECIPIENT,
    SLOT,
    UNIT,
    a_handover,
    an_entry,
    an_id,
    at,
    own_visit,
    secret,
)
from tests.services.tillsyn.house import (
    ASSESSOR,
    House,
    night_stream,
    of_type,
    register_home,
    register_neighbour,
    slot_of,
)
from tests.services.tillsyn.tamper import spoil

TOMORROW = NIGHT + timedelta(days=1)
OWNER = Owner(ORGANISATION, UNIT)


async def plans(house: House) -> Counter[str]:
    """How often each night was planned."""
    return Counter(recorded.stream for recorded in await house.log() if isinstance(recorded.event, NightPlanned))


async def test_tonight_and_tomorrow_are_planned_once_however_often_one_plans(house: House) -> None:
    await register_home(house, "22:00", "02:00")

    first = await house.planner.plan_all()
    again = await house.planner.plan_all()

    assert (first, again) == (2, 0)
    assert await plans(house) == {night_stream(): 1, night_stream(night=TOMORROW): 1}
    assert [row.due_at for row in await house.store.query(queries.slots_of_night, NIGHT)] == [at("22:00"), at("02:00")]


async def test_two_planners_at_once_plan_each_night_once(house: House, another: House) -> None:
    await register_home(house)
    for number in range(4):
        await register_neighbour(house, number)

    counted = await asyncio.gather(*(each.planner.plan_all() for each in (house, another) * 2))

    assert sum(counted) == 10
    assert set((await plans(house)).values()) == {1}


async def test_the_next_night_is_planned_when_the_day_has_turned(planned: House) -> None:
    await planned.time("12:30", days=1)

    assert await planned.planner.plan_all() == 1
    assert night_stream(night=NIGHT + timedelta(days=2)) in await plans(planned)


async def test_a_schedule_for_a_planned_night_is_refused_and_the_earliest_possible_night_is_named(
    planned: House,
) -> None:
    earliest = NIGHT + timedelta(days=2)
    for night in (NIGHT, TOMORROW):
        with pytest.raises(NightPlannedAlreadyError, match=f"from {earliest} on"):
            await planned.tell(recipients.SetSchedule(night, (an_entry("04:00"),), planned.clock.now()))

    await planned.tell(recipients.SetSchedule(earliest, (an_entry("04:00"),), planned.clock.now()))
    await planned.time("12:30", days=1)
    await planned.planner.plan_all()

    assert (await planned.slot(SLOT)).due_at == at("02:00")
    assert (await planned.slot(slot_of(night=earliest))).due_at == at("04:00") + timedelta(days=2)


async def test_a_schedule_and_a_plan_that_race_for_a_night_cannot_both_be_first(house: House, another: House) -> None:
    await register_home(house, "02:00")
    planning = Transaction(house.ledger)
    assert await house.planner._plan(planning, RECIPIENT, NIGHT, OWNER)

    await another.tell(recipients.SetSchedule(NIGHT, (an_entry("04:00"),), house.clock.now()))

    with pytest.raises(ConflictError):
        await planning.commit()
    await house.planner.plan_all()
    assert (await house.slot(SLOT)).due_at == at("04:00")


async def test_without_consent_the_night_is_visits_and_somebody_is_asked_for_each(house: House) -> None:
    await register_home(house, "22:00", "02:00", consent=None)

    await house.planner.plan_all()

    slots = await house.store.query(queries.slots_of_night, NIGHT)
    assert [(row.kind, row.status, row.reason) for row in slots] == [("visit", "open", "consent-withdrawn")] * 2
    for row in slots:
        assert row.visit == own_visit(row.id)
        visit = await house.visit(row.visit)
        assert (visit.kind, visit.stage) == (VisitKind.PLANNED.value, "assigned")
        assert visit.not_before == row.opens_at
    assert await house.breaches() == []


async def test_without_a_camera_too(house: House) -> None:
    await register_home(house)
    await house.care.home(HOME, UNIT, homes.UnlinkCamera("broken"))

    await house.planner.plan_all()

    assert [event.reason for event in of_type(await house.events(night_stream()), SlotBecameVisit)] == [
        VisitInstead.NO_CAMERA
    ]


async def test_an_absence_cancels_with_who_and_why_and_a_return_takes_up_what_is_left(house: House) -> None:
    await register_home(house, "22:00", "02:00", "05:00")
    await house.planner.plan_all()
    away = recipients.ReportAbsence(ABSENCE, at("21:00"), at("08:00"), "hospital")

    await house.tell(away)

    log = await house.log()
    cancelled = [recorded for recorded in log if isinstance(recorded.event, SlotCancelled)]
    assert {recorded.event.reason for recorded in cancelled} == {CancelReason.ABSENT}  # type: ignore[attr-defined]
    assert {recorded.event.because_of for recorded in cancelled} == {ABSENCE}  # type: ignore[attr-defined]
    assert {recorded.context.actor for recorded in cancelled} == {ASSESSOR}
    rows = await house.store.query(queries.slots_of_night, NIGHT)
    assert [(row.status, row.settled_by) for row in rows] == [("cancelled", ASSESSOR.id)] * 3

    await house.time("01:00")
    await house.tell(recipients.EndAbsence(ABSENCE, at("01:00")))

    events = await house.events(night_stream())
    assert {event.slot for event in of_type(events, SlotReinstated)} == {slot_of(n=1), slot_of(n=2)}
    rows = await house.store.query(queries.slots_of_night, NIGHT)
    assert [row.status for row in rows] == ["cancelled", "open", "open"]
    assert rows[1].act_at == rows[1].deadline
    assert await house.breaches() == []


async def test_an_absence_calls_off_the_visits_of_a_night_without_consent(house: House) -> None:
    await register_home(house, consent=None)
    await house.planner.plan_all()

    await house.tell(recipients.ReportAbsence(ABSENCE, at("21:00"), at("08:00"), "holiday"))
    called_off = of_type(await house.events(f"visit-{own_visit(SLOT)}"), VisitCalledOff)
    await house.tell(recipients.EndAbsence(ABSENCE, at("21:30")))

    assert len(called_off) == 1
    assert (await house.visit(own_visit(SLOT))).stage == "assigned"
    assert await house.breaches() == []


async def test_a_decision_that_ends_cancels_what_is_left_of_it(planned: House) -> None:
    await planned.tell(a_handover(an_id(f"decision of {RECIPIENT}")))
    await planned.tell(recipients.EndDecision(at("22:00"), "moved"))
    for days in range(1, 4):
        await planned.time("12:30", days=days)
        await planned.planner.plan_all()
        await planned.sweeper.sweep()

    log = await planned.log()
    assert of_type(log, SlotEscalated, SlotCompleted) == []
    assert {event.because_of for event in of_type(log, SlotCancelled)} == {an_id(f"decision of {RECIPIENT}")}
    assert DECISION not in {event.because_of for event in of_type(log, SlotCancelled)}
    assert await planned.breaches() == []


async def test_nights_missed_while_the_system_was_down_are_planned_late_and_escalated_on_record(
    planned: House,
) -> None:
    await planned.time("12:30", days=4)

    await planned.planner.plan_all()
    while await planned.store.query(queries.nights_to_sweep, planned.clock.now(), 1):
        assert await planned.sweeper.sweep() == 0

    missed = [NIGHT + timedelta(days=n) for n in range(4)]
    for night in missed:
        row = await planned.slot(slot_of(night=night))
        assert (row.status, row.reason) == ("escalated", EscalationReason.NOBODY_LOOKED.value)
        assert (await planned.visit(own_visit(row.id))).responder is not None
    late = await planned.breaches()
    assert {breach.rule for breach in late} == {no_silent_miss.NAME}
    assert all(breach.late for breach in late)
    assert {breach.stream for breach in late} == {night_stream(night=night) for night in missed}
    assert any(f"slot {SLOT} ended {9 * 3600 + 1800 + 3 * 86400} s after its limit" in breach.what for breach in late)


async def test_a_withdrawal_during_planning_leaves_nothing_for_the_camera(house: House, another: House) -> None:
    await register_home(house, "22:00", "02:00")
    planning = Transaction(house.ledger)
    assert await house.planner._plan(planning, RECIPIENT, NIGHT, OWNER)

    await another.tell(recipients.WithdrawConsent(secret("nej")))

    with pytest.raises(ConflictError):
        await planning.commit()
    await house.planner.plan_all()
    assert {row.kind for row in await house.store.query(queries.all_slots)} == {"visit"}


async def test_a_plan_during_a_withdrawal_leaves_nothing_for_the_camera(house: House, another: House) -> None:
    """The withdrawal looked for planned nights and found none; the plan came between that and its append."""
    await register_home(house, "22:00", "02:00")
    withdrawing = asyncio.Event()
    found_none = asyncio.Event()
    tries = 0

    async def slowly(tx: Transaction) -> None:
        nonlocal tries
        tries += 1
        stream = await tx.load(RECIPIENT_KIND, recipients.stream_of(RECIPIENT))
        tx.record(stream, recipients.decide(stream.state, recipients.WithdrawConsent()), house.entering(OWNER))
        await hold_against_agreements(tx, RECIPIENT, house.entering(OWNER))
        found_none.set()
        await withdrawing.wait()

    no = asyncio.create_task(house.ledger.transact(slowly))
    await found_none.wait()
    await another.planner.plan_all()
    withdrawing.set()
    await no

    assert {row.kind for row in await house.store.query(queries.all_slots)} == {"visit"}
    assert await house.breaches() == []
    assert tries == 2


@pytest.mark.parametrize("round_", range(3))
async def test_plans_and_withdrawals_that_race_leave_nothing_for_the_camera(
    house: House, another: House, round_: int
) -> None:
    neighbours = [await register_neighbour(house, number, "22:00", "02:00") for number in range(5)]
    noes = [another.tell(recipients.WithdrawConsent(), neighbour) for neighbour in neighbours]
    plan = house.planner.plan_all()

    await asyncio.gather(*([plan, *noes] if round_ % 2 else [*noes, plan]))
    await house.planner.plan_all()

    rows = await house.store.query(queries.all_slots)
    assert len(rows) == len(neighbours) * 4
    assert {row.kind for row in rows} == {"visit"}
    assert len(of_type(await house.log(), VisitRequested)) == len(rows)
    assert len(of_type(await house.log(), VisitAssigned)) == len(rows)


async def test_one_recipient_who_cannot_be_planned_does_not_keep_others_from_it(house: House, url: str) -> None:
    await register_home(house)
    neighbours = [await register_neighbour(house, number) for number in range(6)]
    damaged = min([RECIPIENT, *neighbours])
    spoil(url, recipients.stream_of(damaged))

    await house.planner.plan_all()

    rows = await house.store.query(queries.all_slots)
    assert {row.recipient for row in rows} == {RECIPIENT, *neighbours} - {damaged}
    assert {row.night for row in rows} == {NIGHT, TOMORROW}
