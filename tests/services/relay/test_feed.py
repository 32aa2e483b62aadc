"""The feed is the log: in order, whole and once, whoever is killed or runs twice."""

import asyncio
import json
import random

import pytest

from events.cloudevents import CONTENT_TYPE, decode
from events.store import Checkpoint
from events.transport import subjects
from events.types import REGISTRY
from events.types.unit import UnitRulesChanged
from tests.builders import RULES, UNIT, minutes
from tests.services.relay.running import feed_of, is_relayed, relaying
from tests.services.tillsyn.house import House, register_home, register_neighbour
from tests.services.tillsyn.plant import Plant


async def some_history(plant: Plant, number: int = 3) -> None:
    """Some dozens of events of several streams."""
    await register_home(plant.house, "22:00", "02:00", consent=None)
    for neighbour in range(number):
        await register_neighbour(plant.house, neighbour, "22:00", "02:00", "05:00", consent=None)
    await plant.house.planner.plan_all()


async def test_the_feed_is_the_log_with_all_that_is_known_of_each_event(plant: Plant) -> None:
    await some_history(plant)

    async with relaying(plant):
        await is_relayed(plant)

    for recorded, message in zip(await plant.house.log(), await feed_of(plant), strict=True):
        wire, event = decode(REGISTRY, message.data or b"")
        assert event == recorded.event
        assert wire.type == recorded.event.wire_type()
        assert (wire.subject, wire.streamversion) == (recorded.stream, recorded.version)
        assert (wire.time, wire.recordedtime) == (recorded.context.time, recorded.recordedtime)
        assert (wire.actorkind, wire.actorid) == (recorded.context.actor.kind, recorded.context.actor.id)
        owner = recorded.context.owner
        assert (wire.organisation, wire.unit) == (owner.organisation, owner.unit)
        assert message.subject == subjects.feed(owner.organisation, owner.unit, recorded.event.NAME)
        headers = message.headers or {}
        assert headers["Content-Type"] == CONTENT_TYPE
        assert headers["Nats-Msg-Id"] == str(recorded.id)
        assert Checkpoint.parse(headers["Tillsyn-Checkpoint"])


@pytest.mark.parametrize("seed", range(2))
async def test_a_relay_killed_again_and_again_leaves_no_hole_and_no_repetition(plant: Plant, seed: int) -> None:
    chance = random.Random(seed)
    await some_history(plant, 4)

    for _ in range(12):
        async with relaying(plant, batch=chance.choice([1, 7, 500])):
            await asyncio.sleep(chance.uniform(0, 0.03))
    async with relaying(plant):
        await is_relayed(plant)


async def test_two_relays_at_once_publish_each_event_once(plant: Plant, another: House) -> None:
    await some_history(plant)

    async with relaying(plant, batch=5), relaying(plant, another.ledger, batch=3):
        for number in range(10, 14):
            await register_neighbour(plant.house, number)
        await is_relayed(plant)


async def test_the_first_event_is_not_published_again_by_a_relay_that_saw_an_empty_stream(plant: Plant) -> None:
    """Long after the server has forgotten its id: only a condition on the stream keeps it out."""
    js = plant.nats.jetstream()
    config = (await js.stream_info(subjects.FEED_STREAM)).config
    config.duplicate_window = 0.1
    await js.update_stream(config)

    async with relaying(plant) as first:
        await is_relayed(plant)
        await asyncio.sleep(0.3)
        first.feed._position, first.feed._last_id = None, None  # what a relay believes that looked before
        rules = RULES.model_copy(update={"lease": minutes(2)})
        await plant.house.care.change_rules(UnitRulesChanged(unit=UNIT, rules=rules))
        await asyncio.sleep(0.3)
        await is_relayed(plant)


async def test_a_feed_that_is_emptied_begins_from_the_beginning(plant: Plant) -> None:
    await some_history(plant, 1)
    async with relaying(plant):
        await is_relayed(plant)
    js = plant.nats.jetstream()
    config = (await js.stream_info(subjects.FEED_STREAM)).config
    await js.delete_stream(subjects.FEED_STREAM)
    await js.add_stream(config)

    async with relaying(plant):
        await is_relayed(plant)


async def test_nats_is_killed_in_the_middle_and_comes_back(plant: Plant) -> None:
    await some_history(plant, 1)
    async with relaying(plant, batch=3):
        await plant.server.kill()
        await register_neighbour(plant.house, 20)
        await plant.server.start()
        await register_neighbour(plant.house, 21)
        await is_relayed(plant)


async def test_the_feed_holds_no_personal_field_in_clear(plant: Plant) -> None:
    await some_history(plant, 0)
    async with relaying(plant):
        await is_relayed(plant)

    text = b"".join(message.data or b"" for message in await feed_of(plant))
    assert b"sealed" in text
    for name in ("Astrid", "Kerstin", "Storgatan 1"):
        assert name.encode() not in text
        assert json.dumps(name)[1:-1].encode() not in text
