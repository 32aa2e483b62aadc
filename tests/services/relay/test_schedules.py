"""The bucket says what the log says: after every kind of change, once, and also when nothing tells of the change."""

import asyncio
from collections.abc import Awaitable, Callable

from nats.js.errors import KeyNotFoundError, NotFoundError

from events.home_schedule import GatewaySchedule
from events.transport import subjects
from events.types.home import OutageAgreement, RiskClass
from events.types.recipient import ConsentScope
from services.tillsyn import home as homes
from services.tillsyn import recipient as recipients
from services.tillsyn.desk.installing import Read
from tests.builders import (
    ABSENCE,
    ANNA,
    CAMERA,
    GATEWAY,
    HOME,
    INSTALLER,
    NIGHT,
    PARTNER,
    PATROL,
    RECIPIENT,
    SLOT,
    UNIT,
    a_consent,
    at,
    secret,
)
from tests.services.relay.running import relaying, schedule
from tests.services.tillsyn.house import VIEWER_KEY, House, register_home
from tests.services.tillsyn.plant import Plant
from tests.waiting import until

Says = Callable[[GatewaySchedule], bool]


def allowed(told: GatewaySchedule) -> bool:
    return told.homes[0].recipients[0].camera_allowed


def slots(told: GatewaySchedule) -> list[object]:
    return [slot.slot for slot in told.homes[0].recipients[0].slots(NIGHT)]


async def says(plant: Plant, expected: Says) -> GatewaySchedule:
    """The schedule, once it says so."""

    async def told() -> bool:
        try:
            return expected(await schedule(plant))
        except KeyNotFoundError:
            return False

    await until(told)
    return await schedule(plant)


async def begin(plant: Plant) -> None:
    await register_home(plant.house)
    await plant.house.planner.plan_all()


async def test_it_follows_every_kind_of_change(plant: Plant) -> None:
    await begin(plant)
    house = plant.house

    async def step(change: Awaitable[None], expected: Says) -> None:
        revision = (await schedule(plant)).revision
        await change
        told = await says(plant, expected)
        assert told.revision > revision

    async with relaying(plant) as running:
        await until(running.at_rest)
        await says(plant, lambda told: slots(told) == [SLOT] and allowed(told))
        await step(
            house.tell(recipients.ReportAbsence(ABSENCE, at("20:00"), at("08:00"), "hospital")),
            lambda told: slots(told) == [],
        )
        await step(house.tell(recipients.EndAbsence(ABSENCE, at("21:00"))), lambda told: slots(told) == [SLOT])
        await step(house.tell(recipients.PauseCamera(None, house.clock.now())), lambda told: not allowed(told))
        await step(house.tell(recipients.ResumeCamera()), allowed)
        await step(house.tell(recipients.WithdrawConsent()), lambda told: not allowed(told))
        await step(house.care.home(HOME, UNIT, homes.UnlinkCamera("broken")), lambda told: told.homes == ())
        await step(house.care.home(HOME, UNIT, homes.LinkCamera(CAMERA, GATEWAY)), lambda told: len(told.homes) == 1)


async def test_it_follows_a_cameras_test_a_carer_and_whoever_lives_there(plant: Plant) -> None:
    house = plant.house
    home = homes.Register(HOME, UNIT, secret("Storgatan 1"), RiskClass.MEDIUM, OutageAgreement.VISIT)
    await house.care.home(HOME, UNIT, home)
    await house.care.home(HOME, UNIT, homes.LinkCamera(CAMERA, GATEWAY))
    async with relaying(plant):
        await says(plant, lambda told: told.homes[0].in_test is None)
        shown = await house.installing.begin(HOME, CAMERA, INSTALLER, recipient_present=True)
        await house.tell(recipients.Register(RECIPIENT, HOME, UNIT, secret("Astrid")))
        await says(plant, lambda told: len(told.homes[0].recipients) == 1 and told.homes[0].in_test is None)
        await house.tell(a_consent())
        told = await says(plant, lambda told: told.homes[0].in_test == CAMERA)
        assert told.homes[0].in_test_until == shown.until
        await house.care.home(HOME, UNIT, homes.CarerArrives(PATROL))
        await says(plant, lambda told: told.homes[0].in_test is None)
        await house.care.home(HOME, UNIT, homes.CarerLeaves(PATROL))
        await says(plant, lambda told: told.homes[0].in_test == CAMERA)
        await house.tell(recipients.WithdrawConsent())
        await says(plant, lambda told: told.homes[0].in_test is None)
        await house.tell(a_consent())
        await says(plant, lambda told: told.homes[0].in_test == CAMERA)
        await house.clock.run(shown.until)
        await says(plant, lambda told: told.homes[0].in_test is None)
        await install_camera_again(house)
        await says(plant, lambda told: len(told.homes[0].recipients) == 1 and allowed(told))
        assert (await schedule(plant)).homes[0].recipients[0].camera == CAMERA
        assert (await schedule(plant)).homes[0].recipients[0].alarm_looks
        await house.care.home(HOME, UNIT, homes.CarerArrives(PATROL))
        await says(plant, lambda told: told.homes[0].carer)
        await house.care.home(HOME, UNIT, homes.CarerLeaves(PATROL))
        await house.tell(recipients.Register(PARTNER, HOME, UNIT, secret("Sven")), PARTNER)
        await says(plant, lambda told: len(told.homes[0].recipients) == 2 and not allowed(told))
        await house.tell(a_consent([ConsentScope.SECOND_LOOKS]), PARTNER)
        told = await says(plant, allowed)
        assert [(one.machine_openings, one.alarm_looks) for one in told.homes[0].recipients] == [(False, False)] * 2


async def install_camera_again(house: House) -> None:
    shown = await house.installing.begin(HOME, CAMERA, INSTALLER, recipient_present=True)
    await house.installing.look(HOME, ANNA, VIEWER_KEY)
    assert await house.installing.confirm(HOME, ANNA, shown.code, recipient_present=True) is Read.COMMISSIONED


async def test_what_says_nothing_new_is_no_new_revision(plant: Plant, another: House) -> None:
    await begin(plant)
    async with relaying(plant) as running:
        await until(running.at_rest)
        before = await schedule(plant)

    async with relaying(plant) as first, relaying(plant, another.ledger) as second:
        await plant.house.time("02:00")
        await plant.house.night_staff.claim(SLOT, ANNA)
        await until(first.at_rest)
        await until(second.at_rest)

    assert await schedule(plant) == before


async def test_two_projectors_agree_and_no_revision_is_given_twice(plant: Plant, another: House) -> None:
    bucket = await plant.nats.jetstream().key_value(subjects.SCHEDULES_BUCKET)
    told: list[int] = []
    async with relaying(plant), relaying(plant, another.ledger):
        await begin(plant)
        for _ in range(5):
            await plant.house.tell(recipients.PauseCamera(None, plant.house.clock.now()))
            await asyncio.sleep(0.05)
            await plant.house.tell(recipients.ResumeCamera())
            told.append((await schedule(plant)).revision)
        await says(plant, lambda last: allowed(last) and last.homes[0].recipients[0].version >= 14)

    assert told == sorted(told)
    entry = await bucket.get(str(GATEWAY))
    assert entry.value is not None


async def test_a_pause_that_ends_by_itself_opens_the_camera_again(plant: Plant) -> None:
    await begin(plant)
    await plant.house.tell(recipients.PauseCamera(at("20:00"), plant.house.clock.now()))

    async with relaying(plant):
        await says(plant, lambda told: not allowed(told))
        await plant.house.time("20:00")
        await says(plant, allowed)


async def test_a_bucket_that_was_lost_is_written_again(plant: Plant) -> None:
    await begin(plant)
    async with relaying(plant) as running:
        await until(running.at_rest)
    bucket = await plant.nats.jetstream().key_value(subjects.SCHEDULES_BUCKET)
    await bucket.delete(str(GATEWAY))

    async with relaying(plant):

        async def there() -> bool:
            state = (await plant.nats.jetstream().stream_info(f"KV_{subjects.SCHEDULES_BUCKET}")).state
            try:
                entry = await plant.nats.jetstream().get_msg(f"KV_{subjects.SCHEDULES_BUCKET}", state.last_seq)
            except NotFoundError:  # written over between the two questions
                return False
            return bool(entry.data)

        await until(there)
        assert slots(await schedule(plant)) == [SLOT]
