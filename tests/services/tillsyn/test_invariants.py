"""Each invariant: silent on a healthy log, and telling stream and fault where somebody broke it by hand."""

from collections.abc import Sequence
from uuid import UUID, uuid4

import pytest

from events.base import Event
from events.envelope import Actor, ActorKind, Context, NewEvent, Owner
from events.looks.grant import LookPurpose
from events.store import Append, StreamWrite, queries
from events.types.alarm import AlarmCleared, AlarmKind
from events.types.check import CameraTrouble, CameraUnreachable, report_id
from events.types.home import CommissioningLookGranted
from events.types.night import (
    AlarmCaller,
    CompletedBy,
    LookGranted,
    LookReviewed,
    LookServed,
    ReviewVerdict,
    SeenUncertain,
    SlotCompleted,
)
from events.types.visit import Found, VisitCompleted
from services.tillsyn import alarm as alarms
from services.tillsyn import home as homes
from services.tillsyn import recipient as recipients
from services.tillsyn.inbound.deciding import decide_batch
from services.tillsyn.inbound.reading import Report
from services.tillsyn.invariants import (
    RULES,
    Breach,
    alarms_do_not_fade,
    cameras_stay_shut,
    looks_have_grants,
    nights_are_planned,
    no_escalation_fades,
    no_silent_miss,
    read_world,
    rows_agree_with_log,
    slots_end_once,
    streams_can_be_folded,
    versions_without_gaps,
)
from tests.builders import (
    ANNA,
    BERTIL,
    CAMERA,
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
    secret,
)
from tests.services.tillsyn.house import House, night_stream, register_home, register_neighbour, slot_of
from tests.services.tillsyn.tamper import change_row, run_sql

VISIT = own_visit(SLOT)
NEIGHBOUR = an_id("neighbour 1")


async def found(house: House, rule: str) -> Sequence[Breach]:
    return [breach for breach in await house.breaches() if breach.rule == rule]


async def craft(house: House, stream: str, *events: Event, by: UUID = ANNA, role: str = "night-staff") -> None:
    """Put events into a stream that no decider has decided."""
    version, _ = await house.store.load(stream)
    context = Context(Actor(ActorKind.STAFF, str(by), role), Owner(ORGANISATION, UNIT), house.clock.now(), uuid4())
    new = tuple(NewEvent(house.ledger.ids.event(), event, context) for event in events)
    await house.store.append(Append(writes=(StreamWrite(stream, version, new),)))


@pytest.fixture
async def healthy(planned: House) -> House:
    """Looked at and answered, escalated and visited, cancelled: a night with one of each, at half past two."""
    second = await register_neighbour(planned, 1, "02:00")
    await planned.planner.plan_all()
    await planned.time("02:00")
    await planned.night_staff.claim(SLOT, ANNA)
    await planned.night_staff.look(SLOT, ANNA, "")
    await planned.night_staff.all_well(SLOT, ANNA)
    await planned.night_staff.concern(slot_of(second), BERTIL)
    await planned.patrol.complete(
        own_visit(slot_of(second)), PATROL, minutes=9, people=2, kilometres=1, found=Found.ALL_WELL
    )
    await planned.time("02:30")
    return planned


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


async def test_a_look_granted_to_somebody_else_is_told(planned: House) -> None:
    await planned.time("02:00")
    version, _ = await planned.store.load(recipients.stream_of(RECIPIENT))
    await craft(planned, night_stream(), a_grant(planned, version, by=BERTIL))

    (breach,) = await found(planned, looks_have_grants.NAME)
    assert breach.stream == night_stream()
    assert str(BERTIL) in breach.what


async def test_a_look_granted_after_the_no_is_told(planned: House) -> None:
    await planned.time("02:00")
    await planned.tell(recipients.WithdrawConsent())
    version, _ = await planned.store.load(recipients.stream_of(RECIPIENT))
    await craft(planned, night_stream(), a_grant(planned, version))

    (breach,) = await found(planned, looks_have_grants.NAME)
    assert "while the camera had to stay shut" in breach.what


@pytest.mark.parametrize(
    ("command", "what"),
    [
        (homes.CohabitantMovesIn(an_id("cohabitant"), secret("Sven")), "cohabitant-not-asked"),
        (homes.StopCameras(), "cameras-stopped"),
        (homes.CarerArrives(PATROL), "carer"),
    ],
)
async def test_a_look_while_the_camera_has_to_stay_shut_for_anybody_in_the_home_is_told(
    planned: House, command: homes.Command, what: str
) -> None:
    await planned.time("02:00")
    await planned.care.home(HOME, UNIT, command)
    version, _ = await planned.store.load(recipients.stream_of(RECIPIENT))
    await craft(planned, night_stream(), a_grant(planned, version))

    (breach,) = await found(planned, cameras_stay_shut.NAME)
    assert what in breach.what


async def test_an_all_well_without_a_picture_is_told(planned: House) -> None:
    await planned.time("02:00")
    done = SlotCompleted(
        slot=SLOT, how=CompletedBy.REMOTE_CHECK, by=ANNA, at=planned.clock.now(), look=uuid4(), visit=None
    )
    await craft(planned, night_stream(), done)

    (breach,) = await found(planned, looks_have_grants.NAME)
    assert "without a live picture" in breach.what


def a_grant(house: House, version: int, by: UUID = ANNA) -> LookGranted:
    now = house.clock.now()
    return LookGranted(
        slot=SLOT,
        look=uuid4(),
        by=by,
        camera=CAMERA,
        valid_from=now,
        valid_until=now + seconds(30),
        recipient_version=version,
    )


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


async def test_a_stream_that_cannot_be_folded_is_told_and_stops_no_other_rule(planned: House) -> None:
    await planned.time("02:00")
    await craft(planned, night_stream(), LookServed(slot=SLOT, look=an_id("no grant"), taken_at=at("02:00"), frames=1))

    [breach] = await found(planned, streams_can_be_folded.NAME)

    assert breach.stream == night_stream()
    assert "KeyError" in breach.what


# Second thoughts.


@pytest.fixture
async def alarmed(healthy: House) -> UUID:
    """ANNA has looked on a relative's word, and the unit's manager has reviewed it; the alarm's slot."""
    slot = await healthy.night_staff.alarm(RECIPIENT, ANNA, AlarmCaller.RELATIVE, "does not answer")
    await healthy.night_staff.claim(slot, ANNA)
    await healthy.night_staff.look(slot, ANNA, "")
    return slot


async def test_a_healthy_alarm_breaks_nothing(healthy: House, alarmed: UUID) -> None:
    assert (await healthy.slot(alarmed)).caller == "relative"
    assert await healthy.breaches() == []


@pytest.mark.parametrize("table", ["slots", "looks"])
async def test_rows_of_second_thoughts_that_say_something_else_are_told(
    healthy: House, alarmed: UUID, url: str, table: str
) -> None:
    [look] = await healthy.reviews.looks_to_review(UNIT)
    if table == "slots":
        change_row(url, table, SLOT, caller="relative", uncertain_by=ANNA, reopened_by=ANNA)
    else:
        change_row(url, table, look.id, purpose="slot", reviewed_by=ANNA)
    said = " ".join(breach.what for breach in await found(healthy, rows_agree_with_log.NAME))
    wrong = ("caller", "uncertain_by", "reopened_by") if table == "slots" else ("purpose", "reviewed_by")
    assert all(f"{name} is" in said for name in wrong), said


async def test_a_look_on_an_alarm_that_passes_for_an_agreed_one_is_told(healthy: House, alarmed: UUID) -> None:
    version, _ = await healthy.store.load(recipients.stream_of(RECIPIENT))
    look = LookGranted(
        slot=alarmed,
        look=an_id("quiet look"),
        by=ANNA,
        camera=CAMERA,
        valid_from=healthy.clock.now(),
        valid_until=healthy.clock.now() + seconds(30),
        recipient_version=version,
    )
    await craft(healthy, night_stream(), look)
    [breach] = await found(healthy, looks_have_grants.NAME)
    assert "granted as slot, and is of alarm" in breach.what


async def test_a_look_on_an_alarm_without_consent_to_it_is_told(healthy: House, alarmed: UUID) -> None:
    look = LookGranted(
        slot=alarmed,
        look=an_id("quiet look"),
        by=ANNA,
        camera=CAMERA,
        valid_from=healthy.clock.now(),
        valid_until=healthy.clock.now() + seconds(30),
        recipient_version=1,
        purpose=LookPurpose.ALARM,
    )
    await craft(healthy, night_stream(), look)
    assert "without consent to alarm-by-relative" in " ".join(
        breach.what for breach in await found(healthy, looks_have_grants.NAME)
    )


async def test_a_review_of_ones_own_look_is_told(healthy: House, alarmed: UUID) -> None:
    [look] = await healthy.reviews.looks_to_review(UNIT)
    own = LookReviewed(slot=alarmed, look=look.id, by=ANNA, verdict=ReviewVerdict.IN_ORDER, note=None)
    await craft(healthy, night_stream(), own)
    [breach] = await found(healthy, looks_have_grants.NAME)
    assert "was reviewed by" in breach.what


async def test_a_look_in_a_test_after_a_no_is_told(healthy: House) -> None:
    await healthy.tell(recipients.WithdrawConsent())
    granted = CommissioningLookGranted(
        home=HOME,
        camera=CAMERA,
        commissioning=an_id("a test"),
        look=an_id("a look"),
        by=ANNA,
        valid_from=healthy.clock.now(),
        valid_until=healthy.clock.now() + seconds(30),
    )
    await craft(healthy, homes.stream_of(HOME), granted)
    [breach] = await found(healthy, cameras_stay_shut.NAME)
    assert "had to stay shut: consent-withdrawn" in breach.what


async def test_a_doubt_without_a_picture_is_told(healthy: House, alarmed: UUID) -> None:
    doubt = SeenUncertain(slot=alarmed, look=an_id("no look"), by=ANNA, answer_by=healthy.clock.now() + seconds(300))
    await craft(healthy, night_stream(), doubt)
    [breach] = await found(healthy, looks_have_grants.NAME)
    assert "without a live picture" in breach.what


async def test_a_reopened_slot_left_open_is_a_silent_miss(healthy: House) -> None:
    await healthy.night_staff.reopen(SLOT, BERTIL, "he coughed")
    await healthy.time("02:46:01")
    [breach] = await found(healthy, no_silent_miss.NAME)
    assert str(SLOT) in breach.what
    await healthy.sweeper.sweep()
    assert [breach.late for breach in await healthy.breaches()] == [True]


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
