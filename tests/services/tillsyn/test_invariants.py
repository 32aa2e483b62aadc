"""Each invariant: silent on a healthy log, and telling stream and fault where somebody broke it by hand."""

import asyncio
from itertools import cycle
from typing import Any
from uuid import uuid4

import pytest

from events.envelope import Actor, ActorKind, Context, Owner
from events.store import Checkpoint, Page, queries
from events.types.alarm import AlarmCleared, AlarmKind
from events.types.check import CameraTrouble, CameraUnreachable, report_id
from events.types.night import (
    CompletedBy,
    LookServed,
    SlotCompleted,
)
from events.types.visit import VisitCompleted
from services.tillsyn import alarm as alarms
from services.tillsyn import recipient as recipients
from services.tillsyn.inbound.deciding import decide_batch
from services.tillsyn.inbound.reading import Report
from services.tillsyn.invariants import (
    RULES,
    alarms_do_not_fade,
    nights_are_planned,
    no_escalation_fades,
    no_silent_miss,
    read_world,
    rows_agree_with_log,
    slots_end_once,
    slots_open_before_they_are_done,
    streams_can_be_folded,
    versions_without_gaps,
)
from tests.builders import (
    ANNA,
    BERTIL,
    GATEWAY,
    HOME,
    NIGHT,
    ORGANISATION,
    PATROL,
    RECIPIENT,
    SLOT,
    UNIT,
    an_id,
    at,
    own_visit,
    seconds,
)
from tests.services.tillsyn.healthy import craft, found
from tests.services.tillsyn.house import House, night_stream, register_home, register_neighbour, slot_of
from tests.services.tillsyn.tamper import change_row, run_sql

VISIT = own_visit(SLOT)
NEIGHBOUR = an_id("neighbour 1")


async def test_a_healthy_log_breaks_nothing(healthy: House) -> None:
    assert await healthy.breaches() == []
    assert len(RULES) == len({rule.name for rule in RULES}) >= 7
    assert all(rule.means for rule in RULES)


async def test_a_slot_that_stands_open_too_long_is_told(planned: House) -> None:
    await planned.time("03:01")
    assert await found(planned, no_silent_miss.NAME) == []
    await planned.time("03:01:01")

    (breach,) = await found(planned, no_silent_miss.NAME)
    assert (breach.stream, breach.late) == (night_stream(), False)
    assert str(SLOT) in breach.what


async def test_an_escalation_without_a_visit_is_told(planned: House, url: str) -> None:
    await planned.time("02:00")
    await planned.night_staff.concern(SLOT, ANNA)
    run_sql(url, "DELETE FROM events WHERE stream = :stream", stream=f"visit-{VISIT}")

    (breach,) = await found(planned, no_escalation_fades.NAME)
    assert breach.stream == night_stream()
    assert str(VISIT) in breach.what


async def test_a_visit_that_waits_for_nobody_is_told(planned: House) -> None:
    await planned.time("02:00")
    await planned.night_staff.concern(SLOT, ANNA)
    await planned.clock.run(at("02:06") + seconds(1))

    (breach,) = await found(planned, no_escalation_fades.NAME)
    assert breach.stream == f"visit-{VISIT}"


async def test_a_slot_that_ends_twice_is_told(healthy: House) -> None:
    twice = SlotCompleted(slot=SLOT, how=CompletedBy.VISIT, by=ANNA, at=healthy.clock.now(), look=None, visit=VISIT)

    await craft(healthy, night_stream(), twice)

    (breach,) = await found(healthy, slots_end_once.NAME)
    assert breach.stream == night_stream()
    assert str(SLOT) in breach.what


@pytest.mark.parametrize("how", list(CompletedBy))
async def test_a_slot_that_is_completed_before_it_opens_is_told(planned: House, how: CompletedBy) -> None:
    await planned.time("21:00")
    early = SlotCompleted(slot=SLOT, how=how, by=ANNA, at=planned.clock.now(), look=None, visit=VISIT)

    await craft(planned, night_stream(), early)

    (breach,) = await found(planned, slots_open_before_they_are_done.NAME)
    assert (breach.stream, breach.late) == (night_stream(), False)
    assert all(part in breach.what for part in (str(SLOT), "opens 2026-11-04 01:45Z", "completed 2026-11-03 21:00Z"))


async def test_a_slot_that_is_said_to_be_completed_later_than_it_was_recorded_is_told(planned: House) -> None:
    await planned.time("21:00")
    early = SlotCompleted(slot=SLOT, how=CompletedBy.VISIT, by=ANNA, at=at("02:00"), look=None, visit=VISIT)

    await craft(planned, night_stream(), early)

    assert len(await found(planned, slots_open_before_they_are_done.NAME)) == 1


async def test_a_slot_that_is_completed_as_it_opens_breaks_nothing(planned: House) -> None:
    await planned.time("01:45")
    done = SlotCompleted(slot=SLOT, how=CompletedBy.VISIT, by=ANNA, at=planned.clock.now(), look=None, visit=VISIT)

    await craft(planned, night_stream(), done)

    assert await found(planned, slots_open_before_they_are_done.NAME) == []


async def test_a_night_that_nobody_planned_is_told(house: House) -> None:
    await register_home(house)

    (breach,) = await found(house, nights_are_planned.NAME)
    assert breach.stream == recipients.stream_of(RECIPIENT)


async def test_a_hole_in_a_stream_is_told(healthy: House, url: str) -> None:
    statement = "DELETE FROM events WHERE stream = :stream AND version = 2"
    assert run_sql(url, statement, stream=f"visit-{own_visit(slot_of(NEIGHBOUR))}") == 1

    (breach,) = await found(healthy, versions_without_gaps.NAME)
    assert breach.stream == f"visit-{own_visit(slot_of(NEIGHBOUR))}"


@pytest.mark.parametrize(
    ("column", "value"), [("status", "open"), ("kind", "visit"), ("act_at", at("05:00")), ("lease_by", BERTIL)]
)
async def test_a_slots_row_that_differs_from_the_log_is_told(
    healthy: House, url: str, column: str, value: object
) -> None:
    change_row(url, "slots", SLOT, **{column: value})

    (breach,) = await found(healthy, rows_agree_with_log.NAME)
    assert breach.stream == night_stream()
    assert str(SLOT) in breach.what


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("stage", "assigned"),
        ("home", BERTIL),
        ("loudness", 3),
        ("people_needed", 2),
        ("phoned", "no-answer"),
        ("held_by", BERTIL),
        ("second_responder", BERTIL),
        ("second_act_at", at("05:00")),
    ],
)
async def test_a_visits_row_that_differs_from_the_log_is_told(
    healthy: House, url: str, column: str, value: object
) -> None:
    visit = own_visit(slot_of(NEIGHBOUR))
    change_row(url, "visits", visit, **{column: value})

    (breach,) = await found(healthy, rows_agree_with_log.NAME)
    assert (breach.stream, str(visit) in breach.what) == (f"visit-{visit}", True)


async def test_a_row_that_is_missing_or_of_nothing_is_told(healthy: House, url: str) -> None:
    other = uuid4()
    run_sql(url, "UPDATE slots SET id = :other WHERE id = :id_", other=other, id_=SLOT)

    told = await found(healthy, rows_agree_with_log.NAME)
    assert {(breach.stream, str(SLOT) in breach.what or str(other) in breach.what) for breach in told} == {
        (night_stream(), True),
        ("slots", True),
    }


async def test_reading_the_world_changes_nothing(healthy: House) -> None:
    before = await healthy.log()
    assert await read_world(healthy.store, healthy.clock.now()) == await read_world(healthy.store, healthy.clock.now())
    assert await healthy.log() == before
    assert any(isinstance(recorded.event, VisitCompleted) for recorded in before)


async def test_a_log_that_grows_while_it_is_read_is_judged_as_it_was_at_the_start(
    planned: House, another: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    await planned.time("02:00")
    before, loop, rest = await planned.log(), asyncio.get_running_loop(), planned.store._reader.rest
    turns = cycle((another.night_staff.claim, another.night_staff.release))

    def busy(connection: Any, after: Checkpoint, limit: int) -> Page:
        page = rest(connection, after, 1)
        asyncio.run_coroutine_threadsafe(next(turns)(SLOT, BERTIL), loop).result()
        return page

    monkeypatch.setattr(planned.store._reader, "rest", busy)
    world = await read_world(planned.store, planned.clock.now())

    assert sum(map(len, world.histories.values())) == len(before) < len(await planned.log())
    assert [breach for rule in RULES for breach in rule.check(world)] == []


async def test_a_stream_that_cannot_be_folded_is_told_and_stops_no_other_rule(planned: House) -> None:
    await planned.time("02:00")
    await craft(planned, night_stream(), LookServed(slot=SLOT, look=an_id("no grant"), taken_at=at("02:00"), frames=1))

    [breach] = await found(planned, streams_can_be_folded.NAME)

    assert breach.stream == night_stream()
    assert "KeyError" in breach.what


async def held_up(house: House, happened: str) -> None:
    """The gateway's second failed attempt, of a time that had passed when it was recorded."""
    about = {"slot": SLOT, "recipient": RECIPIENT, "home": HOME, "night": NIGHT, "attempt": 2}
    event = CameraUnreachable.model_validate(about | {"trouble": CameraTrouble.TIMED_OUT})
    actor = Actor(ActorKind.GATEWAY, str(GATEWAY), "gateway")
    context = Context(actor, Owner(ORGANISATION, UNIT), at(happened), uuid4())
    await decide_batch(house.ledger, [Report(report_id(SLOT, CameraUnreachable, 2), GATEWAY, event, context)], None)


async def test_a_slot_that_a_report_held_up_makes_overdue_is_overdue_from_when_it_came(planned: House) -> None:
    await planned.time("02:40")
    await held_up(planned, "02:05")
    assert (await planned.slot(SLOT)).act_at == at("02:10")

    await planned.time("02:41")
    assert await found(planned, no_silent_miss.NAME) == []
    await planned.time("02:41:01")
    (open_,) = await found(planned, no_silent_miss.NAME)
    assert (open_.late, "61 s ago" in open_.what) == (False, True)

    await planned.sweeper.sweep()
    (late,) = await found(planned, no_silent_miss.NAME)
    assert (late.late, "ended 61 s after its limit" in late.what) == (True, True)


async def test_a_report_held_up_does_not_excuse_a_slot_that_was_overdue_when_it_came(planned: House) -> None:
    await planned.time("03:30")
    await held_up(planned, "02:05")
    await planned.sweeper.sweep()

    (late,) = await found(planned, no_silent_miss.NAME)
    assert "ended 1800 s after its limit" in late.what


@pytest.fixture
async def overdue(planned: House) -> House:
    """Nobody looked at the slot, nobody has answered, and the alarm stands."""
    await planned.time("03:00")
    await planned.sweeper.sweep()
    assert await planned.breaches() == []
    return planned


async def test_an_alarm_whose_limit_is_past_has_faded(overdue: House) -> None:
    await overdue.time("03:05")
    assert await found(overdue, alarms_do_not_fade.NAME) == [], "the sweeper has a minute"
    await overdue.time("03:06:01")
    (breach,) = await found(overdue, alarms_do_not_fade.NAME)
    assert breach.stream.startswith("alarm-")
    assert "is open, and its limit" in breach.what


async def test_a_row_that_forgot_an_alarm_is_found(overdue: House, url: str) -> None:
    (row,) = await overdue.store.query(queries.open_alarms)
    change_row(url, "alarms", row.id, act_at=None, state="cleared")
    (breach,) = await found(overdue, alarms_do_not_fade.NAME)
    assert "its row says something else" in breach.what


async def test_an_escalation_that_nobody_takes_on_must_be_an_alarm(overdue: House) -> None:
    (row,) = await overdue.store.query(queries.open_alarms)
    stream = alarms.stream_of(AlarmKind.OVERDUE, row.cause)
    await craft(overdue, stream, AlarmCleared(alarm=row.id, because="by hand"))
    (breach,) = await found(overdue, alarms_do_not_fade.NAME)
    assert breach.stream == night_stream()
    assert breach.what == f"slot {SLOT}: nobody-looked, nobody is on the way, and no alarm"

    await overdue.patrol.acknowledge(VISIT, PATROL)
    assert await found(overdue, alarms_do_not_fade.NAME) == []


async def test_a_night_without_slots_is_found_though_the_planners_rules_say_nothing(
    planned: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    await register_neighbour(planned, 1)
    await planned.time("12:33")
    assert len(await found(planned, nights_are_planned.NAME)) == 1
    monkeypatch.setattr(recipients.Recipient, "slots", lambda *_: ())
    (breach,) = await found(planned, nights_are_planned.NAME)
    assert breach.what == "times are agreed, and the night of 2026-11-03 has no slots"
