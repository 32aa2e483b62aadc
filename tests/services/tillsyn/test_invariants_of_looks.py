"""Invariants of looks, and of second thoughts: what nobody may have seen, and what an alarm's look needs."""

from uuid import UUID, uuid4

import pytest

from events.looks.grant import LookPurpose
from events.types.home import CameraCommissioned, CommissioningBegun, CommissioningLookGranted
from events.types.night import (
    AlarmCaller,
    CompletedBy,
    LookGranted,
    LookReviewed,
    ReviewVerdict,
    SeenUncertain,
    SlotCompleted,
)
from services.tillsyn import home as homes
from services.tillsyn import recipient as recipients
from services.tillsyn.invariants import (
    cameras_are_tested_by_two,
    cameras_stay_shut,
    looks_have_grants,
    no_silent_miss,
    rows_agree_with_log,
)
from tests.builders import (
    ANNA,
    BERTIL,
    CAMERA,
    HOME,
    PATROL,
    RECIPIENT,
    SLOT,
    UNIT,
    an_id,
    seconds,
    secret,
)
from tests.services.tillsyn.healthy import craft, found
from tests.services.tillsyn.house import House, night_stream
from tests.services.tillsyn.tamper import change_row


async def test_a_look_granted_to_somebody_else_is_told(planned: House) -> None:
    await planned.time("02:00")
    version, _ = await planned.store.load(recipients.stream_of(RECIPIENT))
    await craft(planned, night_stream(), a_grant(planned, version, by=BERTIL))

    (breach,) = await found(planned, looks_have_grants.NAME)
    assert breach.stream == night_stream()
    assert str(BERTIL) in breach.what


async def test_a_cameras_test_in_the_name_of_somebody_else_is_told(planned: House) -> None:
    """Each step of it is said by whom it names; the last of these by one person alone."""
    test, look, now = an_id("forged"), an_id("forged look"), planned.clock.now()
    about = {"home": HOME, "camera": CAMERA, "commissioning": test}
    begun = CommissioningBegun(**about, installer=ANNA, code_digest="x", until=now)
    granted = CommissioningLookGranted(**about, look=look, by=ANNA, valid_from=now, valid_until=now)
    passed = CameraCommissioned(**about, installer=BERTIL, read_by=ANNA, look=look)
    alone = passed.model_copy(update={"read_by": BERTIL})
    await craft(planned, f"home-{HOME}", begun, granted, passed, alone, by=BERTIL)

    told = [breach.what for breach in await found(planned, cameras_are_tested_by_two.NAME)]
    assert [f"names {ANNA}, and {BERTIL} said so" in what for what in told] == [True, True, True, False]
    assert f"tested by {BERTIL} alone" in told[3]


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
    planned: House, command: homes.Entered, what: str
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
