"""Dead letters dealt with, on a running service: decided anew, once, and never lost between NATS and the log."""

import asyncio
from collections.abc import Awaitable, Callable
from hashlib import sha256
from uuid import UUID

import pytest

from events.transport import subjects
from events.transport.buried import Buried, Letter
from events.transport.connect import TransportUnreachableError
from events.types.dead_letter import DeadLetterDropped, DeadLetterReplayed
from events.types.night import CheckDueReported
from services.tillsyn.dead_letter import NoReasonGivenError
from services.tillsyn.desk.letters import NO_UNIT, CannotBePutBackError, DeadLetterDesk, NoSuchLetterError
from services.tillsyn.desk.who import NotInThisRoleError, NotOfThisUnitError
from tests.builders import ANNA, CHAIN, GATEWAY, INSTALLER, ORGANISATION, UNIT, an_id, at
from tests.services.tillsyn.house import ASSESSOR, night_stream, of_type, register_neighbour, slot_of
from tests.services.tillsyn.plant import STRANGER, Plant, due_report, message
from tests.waiting import until

NOW = at("02:00")
NEIGHBOUR, SLOT = an_id("neighbour 1"), slot_of(an_id("neighbour 1"))
REPORT = message(due_report(SLOT, recipient=NEIGHBOUR, home=an_id("home 1")), NOW)
"""Of somebody whom the service does not know yet."""


@pytest.fixture
async def plant_with_a_letter(plant: Plant) -> Plant:
    """Buried: the report of a slot whose recipient nobody has registered."""
    async with plant.serving():
        await plant.say(REPORT, headers={"Nats-Msg-Id": "the gateway's"})
        await plant.settled()
    assert [letter.reason for letter in await Buried(plant.nats.jetstream()).letters()] == ["unknown-recipient"]
    return plant


def desk(plant: Plant) -> DeadLetterDesk:
    return DeadLetterDesk(plant.house.ledger, Buried(plant.nats.jetstream(timeout=5)))


async def left(plant: Plant) -> list[Letter]:
    return await Buried(plant.nats.jetstream()).letters()


async def register_late(plant: Plant) -> None:
    """What was missing is entered."""
    await register_neighbour(plant.house, 1, "02:00")
    await plant.house.planner.plan_all()
    await plant.house.time("02:00")


async def reported(plant: Plant) -> int:
    """How many reports of the neighbour's night are on record."""
    return len(of_type(await plant.house.events(night_stream(NEIGHBOUR)), CheckDueReported))


async def test_put_back_when_its_cause_is_gone_it_is_decided_and_is_no_letter_any_more(
    plant_with_a_letter: Plant,
) -> None:
    plant = plant_with_a_letter
    await register_late(plant)

    async with plant.serving():
        letter = await desk(plant).replay(1, ANNA)
        await plant.settled()

    assert await reported(plant) == 1
    assert await left(plant) == []
    (recorded,) = await plant.house.store.read(f"dead-letter-{letter.id}")
    event = recorded.event
    assert isinstance(event, DeadLetterReplayed)
    assert (event.sequence, event.reason, event.by) == (1, "unknown-recipient", ANNA)
    assert event.sha256 == sha256(REPORT).hexdigest()
    assert (recorded.context.owner.organisation, recorded.context.owner.unit) == (ORGANISATION, UNIT)


async def test_put_back_again_and_again_it_changes_nothing_more(plant_with_a_letter: Plant) -> None:
    """As after crashes between the publishing and the removing, hours apart: NATS no longer knows it again."""
    plant = plant_with_a_letter
    await register_late(plant)
    letter = await Buried(plant.nats.jetstream()).letter(1)
    assert letter is not None

    async with plant.serving():
        for number in range(3):
            await Buried(plant.nats.jetstream()).put_back(
                Letter(1, f"{letter.place}/{number}", letter.headers, letter.size, letter.body)
            )
        await desk(plant).replay(1)
        await plant.settled()

    assert await reported(plant) == 1
    assert await left(plant) == []
    with pytest.raises(NoSuchLetterError, match="no dead letter 1"):
        await desk(plant).replay(1)


async def test_what_still_cannot_be_read_comes_back_as_a_new_letter(plant_with_a_letter: Plant) -> None:
    plant = plant_with_a_letter

    async with plant.serving():
        await desk(plant).replay(1)

        async def back() -> bool:
            return len(await left(plant)) == 1

        await until(back)

    (again,) = await left(plant)
    assert (again.sequence, again.reason) == (2, "unknown-recipient")
    assert again.headers["Tillsyn-Replayed"] == "1"


async def test_as_long_as_the_stream_does_not_take_it_it_stays_a_letter_and_nothing_is_on_record(
    plant_with_a_letter: Plant,
) -> None:
    plant, js = plant_with_a_letter, plant_with_a_letter.nats.jetstream()
    config = (await js.stream_info(subjects.INBOUND_STREAM)).config
    await js.update_stream(config.evolve(max_msgs=1))

    with pytest.raises(TransportUnreachableError, match="NATS refuses: maximum messages exceeded"):
        await desk(plant).replay(1)

    assert [letter.sequence for letter in await left(plant)] == [1]
    assert of_type(await plant.house.log(), DeadLetterReplayed) == []


Step = Callable[[DeadLetterDesk], Awaitable[Letter]]
STEPS: dict[str, Step] = {
    "replay": lambda desk: desk.replay(1, ANNA),
    "drop": lambda desk: desk.drop(1, ANNA, "sent by hand"),
}


@pytest.mark.parametrize("step", STEPS)
async def test_stopped_before_it_was_removed_it_is_finished_the_next_time_and_on_record_once(
    plant_with_a_letter: Plant, step: str
) -> None:
    plant = plant_with_a_letter

    class Stopped(Buried):
        async def remove(self, letter: Letter) -> None:
            raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await STEPS[step](DeadLetterDesk(plant.house.ledger, Stopped(plant.nats.jetstream())))
    assert len(await left(plant)) == 1
    await STEPS[step](desk(plant))

    assert await left(plant) == []
    assert len(of_type(await plant.house.log(), DeadLetterReplayed, DeadLetterDropped)) == 1


async def test_what_is_dropped_stays_on_record_by_digest_with_who_and_why(plant_with_a_letter: Plant) -> None:
    plant = plant_with_a_letter

    letter = await desk(plant).drop(1, ANNA, "the box was tried out before it was registered")

    assert await left(plant) == []
    (recorded,) = await plant.house.store.read(f"dead-letter-{letter.id}")
    assert isinstance(recorded.event, DeadLetterDropped)
    assert (recorded.event.by, recorded.event.why) == (ANNA, "the box was tried out before it was registered")
    assert recorded.event.sha256 == sha256(REPORT).hexdigest()
    assert str(GATEWAY) in recorded.event.subject
    assert recorded.context.actor.id == str(ANNA)
    assert await plant.house.breaches() == []


async def test_a_letter_is_dealt_with_by_night_staff_or_a_manager_and_nobody_else(plant_with_a_letter: Plant) -> None:
    plant = plant_with_a_letter
    for by in (INSTALLER, CHAIN[0]):
        with pytest.raises(NotInThisRoleError):
            await desk(plant).drop(1, by, "why not")
        with pytest.raises(NotInThisRoleError):
            await desk(plant).replay(1, by)
    assert len(await left(plant)) == 1
    await desk(plant).drop(1, UUID(ASSESSOR.id), "its manager may")


@pytest.mark.parametrize(("by", "why"), [(ANNA, " "), (an_id("nobody"), "why not"), (GATEWAY, "why not")])
async def test_without_a_person_or_a_reason_nothing_is_dropped(plant_with_a_letter: Plant, by: UUID, why: str) -> None:
    plant = plant_with_a_letter
    before = len(await plant.house.log())

    with pytest.raises((NoReasonGivenError, NotOfThisUnitError)):
        await desk(plant).drop(1, by, why)
    if by != ANNA:
        with pytest.raises(NotOfThisUnitError):
            await desk(plant).replay(1, by)

    assert len(await left(plant)) == 1
    assert len(await plant.house.log()) == before
    state = (await plant.nats.jetstream().stream_info(subjects.INBOUND_STREAM)).state
    assert state.messages == 1, "who may not, has not published either"


async def test_a_letter_of_a_gateway_that_nobody_registered_belongs_to_no_unit(plant: Plant) -> None:
    async with plant.serving():
        await plant.say(message(due_report(), NOW, gateway=STRANGER), line=plant.stranger)
        await plant.settled()
    letter = await desk(plant).replay(1)

    (recorded,) = await plant.house.store.read(f"dead-letter-{letter.id}")
    assert (recorded.context.owner.organisation, recorded.context.owner.unit) == (ORGANISATION, NO_UNIT)


async def test_what_came_on_no_gateways_subject_can_only_be_dropped(plant: Plant) -> None:
    await plant.nats.jetstream().publish("tillsyn.in.0.hello", b"x")
    async with plant.serving():
        await plant.settled()

    with pytest.raises(CannotBePutBackError, match=r"cannot be put back, only dropped: 'tillsyn\.in\.0\.hello'"):
        await desk(plant).replay(1)
    await desk(plant).drop(1, ANNA, "published by hand")
    assert await left(plant) == []
