"""The sweeper: from SQL alone, with no gateway, no NATS and nobody at the desk, nothing is missed and nothing fades."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from events.store import queries
from events.types.night import EscalationDelayed, SlotCompleted, SlotEscalated
from events.types.visit import Found, VisitAssigned, VisitLimitPassed
from services.tillsyn.invariants import no_silent_miss
from tests.builders import ANNA, MANAGER, NIGHT, PATROL, RECIPIENT, SECOND_PATROL, SLOT, UNIT, at, own_visit, seconds
from tests.services.tillsyn.house import (
    INTERVAL,
    House,
    night_stream,
    of_type,
    register_home,
    register_neighbour,
    slot_of,
)
from tests.services.tillsyn.tamper import change_row, run_sql, spoil

VISIT = own_visit(SLOT)


@asynccontextmanager
async def sweeping(*houses: House) -> AsyncIterator[None]:
    """The sweepers run inside the block."""

    async def run(house: House) -> None:
        await house.clock.sleep_until(house.clock.now())  # from here on the clock waits for it
        await house.sweeper.run()

    running = [asyncio.create_task(run(house)) for house in houses]
    await asyncio.sleep(0)
    try:
        yield
        assert not any(task.done() for task in running)
    finally:
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)


async def test_what_nobody_looked_at_is_escalated_at_its_deadline_and_somebody_is_sent(planned: House) -> None:
    async with sweeping(planned):
        await planned.time("02:59:59")
        assert (await planned.slot(SLOT)).status == "open"
        await planned.time("03:00:30")

    (escalated,) = [each for each in await planned.log() if isinstance(each.event, SlotEscalated)]
    assert escalated.recordedtime == at("03:00")
    assert (escalated.context.actor.id, escalated.context.owner.unit) == ("sweeper", UNIT)
    visit = await planned.visit(VISIT)
    assert (visit.kind, visit.reason, visit.stage, visit.responder) == ("sent", "nobody-looked", "assigned", PATROL)
    assert await planned.breaches() == []


async def test_a_whole_night_that_nobody_works_keeps_to_the_limits(house: House) -> None:
    await register_home(house, "22:00", "02:00", "05:00")
    for number in range(3):
        await register_neighbour(house, number, "22:00", "02:00", consent=None if number == 1 else ())
    await house.planner.plan_all()

    async with sweeping(house):
        await house.time("11:59")

    rows = await house.store.query(queries.slots_of_night, NIGHT)
    assert [row.status for row in rows] == ["escalated"] * 9
    for each in await house.log():
        if isinstance(each.event, SlotEscalated):
            deadline = next(row.deadline for row in rows if row.id == each.event.slot)
            assert deadline <= each.recordedtime <= deadline + seconds(60)
    assert await house.breaches() == []


async def test_the_limits_of_a_visit_pass_on_along_the_chain_and_its_last_step_repeats(planned: House) -> None:
    async with sweeping(planned):
        await planned.time("03:20")

    events = await planned.events(f"visit-{VISIT}")
    assert [event.responder for event in of_type(events, VisitAssigned)] == [
        PATROL,
        SECOND_PATROL,
        MANAGER,
        MANAGER,
        MANAGER,
    ]
    assert [event.step for event in of_type(events, VisitAssigned)] == [0, 1, 2, 3, 4]
    assert len(of_type(events, VisitLimitPassed)) == 4
    assert (await planned.visit(VISIT)).act_at == at("03:25")


async def test_who_answered_has_time_to_arrive_and_to_finish(planned: House) -> None:
    async with sweeping(planned):
        await planned.time("03:04")
        await planned.patrol.acknowledge(VISIT, PATROL)
        await planned.time("03:40")
        await planned.patrol.arrive(VISIT, PATROL)
        await planned.time("04:30")
        assert of_type(await planned.events(f"visit-{VISIT}"), VisitLimitPassed) == []
        await planned.patrol.complete(VISIT, PATROL, minutes=50, people=1, kilometres=3, found=Found.ALL_WELL)
        await planned.time("09:00")

    assert (await planned.visit(VISIT)).stage == "completed"
    assert of_type(await planned.events(f"visit-{VISIT}"), VisitLimitPassed) == []
    assert await planned.breaches() == []


async def test_a_live_lease_holds_the_escalation_back_once_and_no_longer_than_it_lasts(planned: House) -> None:
    async with sweeping(planned):
        await planned.time("02:59")
        await planned.night_staff.claim(SLOT, ANNA)
        await planned.time("03:00:20")
        assert (await planned.slot(SLOT)).status == "open"
        await planned.night_staff.claim(SLOT, ANNA)
        await planned.time("03:00:31")

    events = await planned.events(night_stream())
    assert [event.until for event in of_type(events, EscalationDelayed)] == [at("03:00:30")]
    assert len(of_type(events, SlotEscalated)) == 1
    assert [breach for breach in await planned.breaches() if not breach.late] == []


async def test_two_sweepers_escalate_once_and_ask_once(planned: House, another: House) -> None:
    for number in range(6):
        await register_neighbour(planned, number)
    await planned.planner.plan_all()

    async with sweeping(planned, another):
        await planned.time("03:04")

    log = await planned.log()
    assert len(of_type(log, SlotEscalated)) == 7
    assert len(of_type(log, VisitAssigned)) == 7
    assert await planned.breaches() == []


async def test_an_escalation_and_an_answer_that_race_leave_one_ending(planned: House, another: House) -> None:
    neighbours = [await register_neighbour(planned, number) for number in range(5)]
    await planned.planner.plan_all()
    await planned.time("02:58")
    for neighbour in neighbours:
        await planned.night_staff.claim(slot_of(neighbour), ANNA)
        await planned.night_staff.look(slot_of(neighbour), ANNA, "")
    await planned.time("03:00")

    answers = [another.night_staff.all_well(slot_of(neighbour), ANNA) for neighbour in neighbours]
    await asyncio.gather(planned.sweeper.sweep(), *answers, return_exceptions=True)

    for neighbour in neighbours:
        assert len(of_type(await planned.events(night_stream(neighbour)), SlotCompleted, SlotEscalated)) == 1
    assert await planned.breaches() == []


async def test_a_night_that_cannot_be_swept_stops_nobody_else(planned: House, url: str) -> None:
    first = await register_neighbour(planned, 1, "01:00")
    await register_neighbour(planned, 2, "04:00")
    await planned.planner.plan_all()
    spoil(url, night_stream(first))

    async with sweeping(planned):
        await planned.time("06:00")

    rows = {row.recipient: row.status for row in await planned.store.query(queries.slots_of_night, NIGHT)}
    assert rows.pop(first) == "open"
    assert set(rows.values()) == {"escalated"}


Damage = Callable[[str], None]


def _row_says_open(url: str) -> None:
    change_row(url, "slots", SLOT, act_at=at("01:00"))


def _visit_is_of_no_stream(url: str) -> None:
    run_sql(url, "DELETE FROM events WHERE stream = :stream", stream=f"visit-{VISIT}")


def _recipient_is_gone(url: str) -> None:
    change_row(url, "slots", SLOT, act_at=at("01:00"))
    run_sql(url, "DELETE FROM recipients WHERE id = :id_", id_=RECIPIENT)


def _stream_is_unreadable(url: str) -> None:
    change_row(url, "slots", SLOT, act_at=at("01:00"))
    spoil(url, night_stream())


DAMAGES = [_row_says_open, _visit_is_of_no_stream, _recipient_is_gone, _stream_is_unreadable]


@pytest.mark.parametrize("damage", DAMAGES)
async def test_a_row_that_cannot_be_acted_on_does_not_make_it_run_without_a_pause(
    planned: House, url: str, damage: Damage
) -> None:
    neighbour = await register_neighbour(planned, 1, "05:00")
    await planned.planner.plan_all()
    await planned.time("02:00")
    await planned.night_staff.concern(SLOT, ANNA)
    damage(url)
    rounds = 0
    swept = planned.sweeper.sweep

    async def counted() -> int:
        nonlocal rounds
        rounds += 1
        return await swept()

    planned.sweeper.sweep = counted  # type: ignore[method-assign] - counts the rounds, and sweeps

    async with asyncio.timeout(10), sweeping(planned):
        await planned.time("02:02")
        assert rounds <= 3
        await planned.time("06:11")

    assert (await planned.slot(slot_of(neighbour))).status == "escalated"


async def test_each_round_leaves_a_proof_of_life(house: House) -> None:
    assert await house.store.query(queries.proof_of_life, "sweeper") is None

    async with sweeping(house):
        await house.time("12:40")
        first = await house.store.query(queries.proof_of_life, "sweeper")
        await house.time("13:40")
        second = await house.store.query(queries.proof_of_life, "sweeper")

    assert first is not None
    assert second is not None
    assert at("12:40") - INTERVAL <= first <= at("12:40")
    assert at("13:40") - INTERVAL <= second <= at("13:40")


async def test_a_round_that_could_not_sweep_everything_is_no_proof_of_life(planned: House, url: str) -> None:
    spoil(url, night_stream())

    async with sweeping(planned):
        await planned.time("06:00")

    proven = await planned.store.query(queries.proof_of_life, "sweeper")
    assert proven is not None
    assert proven < at("03:00")


async def test_after_an_outage_what_is_overdue_ends_at_once_with_the_lateness_on_record(planned: House) -> None:
    await planned.time("06:30")

    async with sweeping(planned):
        await planned.time("06:31")

    (late,) = await planned.breaches()
    assert (late.rule, late.late, late.stream) == (no_silent_miss.NAME, True, night_stream())
    assert "ended 12600 s after its limit" in late.what
    assert (await planned.slot(SLOT)).settled_at == at("06:30")
