"""How reports were batched on their way here decides nothing: each is decided on what those before it led to."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID

import pytest

from events.envelope import Actor, ActorKind, Context, Owner
from events.store import queries
from events.types.check import CameraTrouble, CameraUnreachable, CheckDue, Heartbeat, PictureQuality, SlotReport
from services.tillsyn.desk.incidents import Incidents
from services.tillsyn.inbound.deciding import decide_batch
from services.tillsyn.inbound.reading import Report
from tests.builders import GATEWAY, ORGANISATION, RECIPIENT, UNIT, an_id, at
from tests.services.tillsyn.dark import NEIGHBOURS, beat, fall_silent, watch
from tests.services.tillsyn.happenings import standing
from tests.services.tillsyn.house import House, slot_of

ALL = (RECIPIENT, *(an_id(f"neighbour {number}") for number in range(NEIGHBOURS)))


def report(event: SlotReport | Heartbeat, said_at: datetime) -> Report:
    context = Context(Actor(ActorKind.GATEWAY, str(GATEWAY), "gateway"), Owner(ORGANISATION, UNIT), said_at, an_id("c"))
    return Report(an_id(f"{event!r} {said_at}"), GATEWAY, event, context)


async def told_of(house: House, recipient: UUID) -> dict[str, object]:
    row = await house.slot(slot_of(recipient))
    return {"slot": row.id, "recipient": recipient, "home": row.home, "night": row.night}


async def unreachable(house: House, attempt: int, *recipients: UUID) -> list[Report]:
    """Their cameras do not answer, at this attempt."""
    trouble = {"attempt": attempt, "trouble": CameraTrouble.UNREACHABLE}
    events = [CameraUnreachable.model_validate(trouble | await told_of(house, who)) for who in recipients]
    return [report(event, house.clock.now()) for event in events]


async def seen(house: House, *recipients: UUID) -> list[Report]:
    """Their cameras show a usable picture after all."""
    usable = {"attempt": 3, "quality": PictureQuality(verdict="usable", mean_grey=80, edge_share=4, infrared=True)}
    events = [CheckDue.model_validate(usable | await told_of(house, who)) for who in recipients]
    return [report(event, house.clock.now()) for event in events]


def heartbeat(said_at: str) -> Report:
    return report(Heartbeat(gateway=GATEWAY, started_at=at("00:30"), spooled=0, schedule_revision=1), at(said_at))


def split(reports: Sequence[Report], size: int) -> Iterator[Sequence[Report]]:
    for start in range(0, len(reports), size):
        yield reports[start : start + size]


SIZES = pytest.mark.parametrize("size", [1, 2, 3, 7, 10])


@SIZES
async def test_lost_cameras_are_an_incident_however_their_reports_were_batched(village: House, size: int) -> None:
    await village.time("02:00:05")
    both = [*await unreachable(village, 1, *ALL), *await unreachable(village, 2, *ALL)]
    for batch in split(both, size):
        await decide_batch(village.ledger, batch, None)

    [incident] = await Incidents(village.ledger).open(UNIT)
    assert len(await Incidents(village.ledger).homes(UNIT, incident.id)) == NEIGHBOURS + 1
    assert await standing(village) == [("device-lost", f"incident:{incident.id}")]
    await village.time("02:05:06")
    await watch(village)
    await beat(village)
    held = [row.held_by for row in await village.patrol.open_visits(UNIT)]
    assert held == [incident.id] * (NEIGHBOURS + 1)
    assert await village.breaches() == []


@SIZES
async def test_two_cameras_lost_are_by_chance_however_their_reports_were_batched(village: House, size: int) -> None:
    await village.time("02:00:05")
    both = [*await unreachable(village, 1, *ALL[:2]), *await unreachable(village, 2, *ALL[:2])]
    for batch in split(both, size):
        await decide_batch(village.ledger, batch, None)

    assert await Incidents(village.ledger).open(UNIT) == []
    assert len(await standing(village)) == 2


@SIZES
async def test_cameras_that_show_a_picture_again_are_back_however_it_was_batched(village: House, size: int) -> None:
    await village.time("02:00:05")
    lost = [*await unreachable(village, 1, *ALL[:3]), *await unreachable(village, 2, *ALL[:3])]
    for batch in split([*lost, *await seen(village, *ALL[:3])], size):
        await decide_batch(village.ledger, batch, None)

    [incident] = await Incidents(village.ledger).open(UNIT)
    shown = [(home.row.state, home.row.until) for home in await Incidents(village.ledger).homes(UNIT, incident.id)]
    assert shown == [("back", None)] * 3
    assert await standing(village) == [("device-lost", f"incident:{incident.id}")]


@pytest.mark.parametrize("size", [1, 2, 3])
async def test_a_lost_camera_that_shows_a_picture_is_found_however_it_was_batched(village: House, size: int) -> None:
    await village.time("02:00:05")
    lost = [*await unreachable(village, 1, RECIPIENT), *await unreachable(village, 2, RECIPIENT)]
    for batch in split([*lost, *await seen(village, RECIPIENT)], size):
        await decide_batch(village.ledger, batch, None)
    assert await standing(village) == []


@pytest.mark.parametrize("size", [1, 2])
async def test_a_heartbeat_that_was_held_up_says_nothing_however_it_was_batched(village: House, size: int) -> None:
    beats = [heartbeat("01:20"), heartbeat("01:11")]
    for batch in split(beats, size):
        await decide_batch(village.ledger, batch, None)
    assert await village.store.query(queries.last_heard, GATEWAY) == at("01:20")

    await village.time("01:20:30")
    await fall_silent(village)
    assert await Incidents(village.ledger).open(UNIT) == []
