"""Whole evenings on the stepped clock, on both databases."""

import asyncio
from pathlib import Path

import pytest

from events.store import queries
from events.types.alarm import AlarmKind
from events.types.paper import (
    OfflineListArrived,
    OfflineListFailed,
    OfflineListMade,
    OfflineListRemoved,
)
from events.types.visit import Found
from services.offline_list.places import Folder, WebFolder
from services.offline_list.words import Language
from services.tillsyn import recipient as recipients
from services.tillsyn.watches.ended_causes import CauseWatch
from tests.builders import ABSENCE, ANNA, NIGHT, PATROL, SECOND_PATROL, UNIT, an_id, at, own_visit
from tests.services.offline_list.evening import (
    OTHER_PASSWORD,
    PASSWORDS,
    everything_in,
    files,
    place_home,
    put_away,
    put_back,
    running,
    table_in,
    text_of,
    the_loop,
    two_patrols,
)
from tests.services.offline_list.server import PASSWORD, USER, keeping_server
from tests.services.tillsyn.house import House, of_type, register_home, register_neighbour, slot_of

FIRST, SECOND = (
    f"tillsyn-2026-11-03-bil-{n}-{str(an_id(name))[:8]}.pdf" for n, name in ((1, "patrol"), (2, "second patrol"))
)
STREAM = f"paper-{UNIT}-{NIGHT}"


@pytest.fixture
async def village(house: House) -> House:
    """Astrid in the north at 22:00 and 02:00, somebody in the south at 23:00, somebody where no patrol is near."""
    await two_patrols(house)
    await register_home(house, "22:00", "02:00")
    await place_home(house, "Norr", "1397#")
    await register_neighbour(house, 1, "23:00")
    await place_home(house, "Söder", home=an_id("home 1"))
    await register_neighbour(house, 2, "04:00")
    await house.planner.plan_all()
    return house


async def test_the_lists_lie_there_before_the_first_slot_and_not_earlier(village: House, folder: Path) -> None:
    async with running(village, the_loop(village, Folder(folder))):
        await village.time("20:40")
        assert files(folder) == []
        await village.time("20:46")  # the first slot opens at 21:45

        assert files(folder) == [FIRST, SECOND]
    text = text_of((folder / FIRST).read_bytes())
    for said in ("Bil 1", "22:00", "21:45–23:00", "02:00", "Astrid", "Storgatan 1", "1397#", "Kamera – nu besök"):
        assert said in text
    assert "23:00 " not in table_in((folder / FIRST).read_bytes())
    assert "23:00;22:45;00:00;Astrid" in table_in((folder / SECOND).read_bytes(), OTHER_PASSWORD)


async def test_a_home_that_no_patrol_is_near_to_stands_in_the_first_ones_list_and_is_marked(
    village: House, folder: Path
) -> None:
    await village.time("20:50")
    await the_loop(village, Folder(folder)).round()

    [far] = [row for row in table_in((folder / FIRST).read_bytes()).splitlines() if row.startswith("04:00")]
    assert "Ingen bil för området" in far


async def test_making_a_list_is_on_record_with_how_many_persons_and_by_whom(village: House, folder: Path) -> None:
    await village.time("20:50")
    await the_loop(village, Folder(folder)).round()

    made = of_type(await village.events(STREAM), OfflineListMade)
    assert [(one.file, one.persons, one.checks) for one in made] == [(FIRST, 2, 3), (SECOND, 1, 1)]
    assert len(of_type(await village.events(STREAM), OfflineListArrived)) == 2
    assert {event.context.actor.id for event in await village.store.read(STREAM)} == {"offline-list"}


async def test_who_moves_in_in_the_evening_stands_in_the_list_that_is_made_anew(village: House, folder: Path) -> None:
    async with running(village, the_loop(village, Folder(folder))):
        await village.time("21:00")
        before = (folder / FIRST).read_bytes()
        await register_neighbour(village, 3, "01:30")
        await place_home(village, "Norr", home=an_id("home 3"))
        await village.planner.plan_all()
        await village.time("21:02")

        assert "01:30" not in text_of(before)
        assert "01:30" in text_of((folder / FIRST).read_bytes())
    assert len(of_type(await village.events(STREAM), OfflineListMade)) == 3  # the other patrol's is as it was


async def test_what_changes_after_the_first_slot_has_opened_leaves_the_paper_as_it_is(
    village: House, folder: Path
) -> None:
    async with running(village, the_loop(village, Folder(folder))):
        await village.time("21:46")
        before = (folder / FIRST).read_bytes()
        await village.tell(recipients.ReportAbsence(ABSENCE, at("21:50"), at("11:00"), at("21:46")))
        await village.time("22:30")

        assert (folder / FIRST).read_bytes() == before


async def test_who_is_away_stands_at_the_end_with_the_reason(village: House, folder: Path) -> None:
    await village.tell(recipients.ReportAbsence(ABSENCE, at("13:00"), at("11:00"), at("12:30")))
    await village.time("20:50")
    await the_loop(village, Folder(folder)).round()

    text = text_of((folder / FIRST).read_bytes())
    assert text.index("04:00") < text.index("Ingen ska åka hit") < text.index("22:00")
    assert "Bortavarande" in text


async def test_where_the_visit_was_made_nobody_is_sent_by_paper(village: House) -> None:
    await village.time("22:00")
    await village.night_staff.concern(slot_of(), ANNA)

    async def the_slot() -> queries.PaperRow:
        rows = await village.store.query(queries.paper_rows, UNIT, NIGHT)
        return next(row for row in rows if row.slot == slot_of())

    assert (await the_slot()).visit_stage == "assigned"
    await village.patrol.complete(own_visit(slot_of()), PATROL, minutes=5, people=1, kilometres=1, found=Found.ALL_WELL)
    assert ((await the_slot()).status, (await the_slot()).visit_stage) == ("escalated", "completed")


async def test_of_several_processes_one_makes_the_lists(village: House, another: House, folder: Path) -> None:
    loops = [the_loop(one, Folder(folder), process=name) for one, name in ((village, "one"), (another, "two"))]
    async with running(village, *loops):
        await village.time("21:30")

    assert len(of_type(await village.events(STREAM), OfflineListMade)) == 2


async def test_who_does_not_have_the_lease_makes_nothing(village: House, another: House, folder: Path) -> None:
    await village.time("20:50")
    one, two = (the_loop(house, Folder(folder), process=name) for house, name in ((village, "one"), (another, "two")))

    assert sorted(await asyncio.gather(one.round(), two.round())) == [False, True]
    assert len(of_type(await village.events(STREAM), OfflineListMade)) == 2


async def test_a_failure_is_tried_on_and_is_told_once_when_the_first_slot_opens(village: House, folder: Path) -> None:
    away = put_away(folder)
    loop = the_loop(village, Folder(folder))
    async with running(village, loop):
        await village.time("21:44")
        assert of_type(await village.events(STREAM), OfflineListFailed) == []
        assert "No such file" in str(await loop.checks()["offline lists"]())
        await village.time("21:55")

        failed = of_type(await village.events(STREAM), OfflineListFailed)
        assert len(failed) == 2
        assert failed[0].why == "folder: No such file or directory"
        assert [b.late for b in await village.breaches() if b.rule == "offline lists arrive"] == [False, False]
        [alarm] = await village.store.query(queries.open_alarms_of, AlarmKind.NO_PLAN.value, "offline-list:")
        assert (alarm.cause, alarm.role) == (f"offline-list:{UNIT}:{NIGHT}", "manager")

        put_back(away)
        await village.time("21:57")
        assert files(folder) == [FIRST, SECOND]
        assert await loop.checks()["offline lists"]() is None
    assert [b.late for b in await village.breaches() if b.rule == "offline lists arrive"] == [True, True]
    assert await village.store.query(queries.open_alarms_of, AlarmKind.NO_PLAN.value, "offline-list:") == []


async def test_a_list_that_vanishes_before_the_night_is_brought_again(village: House, folder: Path) -> None:
    async with running(village, the_loop(village, Folder(folder))):
        await village.time("21:00")
        (folder / FIRST).unlink()
        (folder / SECOND).write_bytes((folder / SECOND).read_bytes()[:500])
        await village.time("21:02")

    assert "Astrid" in text_of((folder / FIRST).read_bytes())
    assert "Astrid" in text_of((folder / SECOND).read_bytes(), OTHER_PASSWORD)


async def test_lists_are_removed_after_two_nights(village: House, folder: Path) -> None:
    async with running(village, the_loop(village, Folder(folder))):
        await village.time("21:00")
        await village.time("12:30", days=1)
        assert FIRST in files(folder)
        await village.time("12:30", days=2)

        assert FIRST not in files(folder)
    assert len(of_type(await village.events(STREAM), OfflineListRemoved)) == 2


async def test_a_unit_without_patrols_has_one_list(house: House, folder: Path) -> None:
    await register_home(house, "22:00")
    await house.planner.plan_all()
    await house.time("21:00")
    await the_loop(house, Folder(folder), language=Language.ENGLISH).round()

    [file] = files(folder)
    text = text_of((folder / file).read_bytes())
    assert "Camera – now a visit" in text
    assert "No patrol" not in text


async def test_nothing_stands_in_clear_where_the_list_goes_or_in_the_log(
    village: House, folder: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    async with running(village, the_loop(village, Folder(folder))):
        await village.time("21:00")

    written = everything_in(tmp_path)
    said = "".join(capfd.readouterr()).encode()
    for secret in ("Astrid", "Storgatan", "1397#"):
        assert secret.encode() not in written + said
        assert secret.encode("utf-16-be") not in written


async def test_a_night_that_begins_without_anybody_making_its_list_is_broken(village: House, folder: Path) -> None:
    await village.time("21:00")
    await the_loop(village, Folder(folder)).round()
    await village.time("21:30", days=1)
    await village.planner.plan_all()
    assert [b for b in await village.breaches() if b.rule == "offline lists arrive"] == []
    await village.time("22:00", days=1)

    [breach] = [b for b in await village.breaches() if b.rule == "offline lists arrive"]
    assert (breach.what, breach.late) == ("the night has begun, and nobody has made a list", False)


async def test_a_server_that_keeps_half_of_a_list_has_not_got_it(village: House) -> None:
    with keeping_server() as server:
        server.keeps_at_most = 100
        loop = the_loop(village, WebFolder(server.address, USER, PASSWORD))
        await village.time("20:50")
        await loop.round()
        assert "cut off (100 bytes)" in str(await loop.checks()["offline lists"]())
        assert of_type(await village.events(STREAM), OfflineListArrived) == []

        server.keeps_at_most = None
        await loop.round()

        assert "Astrid" in text_of(server.kept[f"/listor/{FIRST}"])
    assert len(of_type(await village.events(STREAM), OfflineListMade)) == 2  # brought again, not made again


async def test_a_patrol_without_a_password_gets_no_list_and_the_others_do(village: House, folder: Path) -> None:
    loop = the_loop(village, Folder(folder), passwords={PATROL: PASSWORDS[PATROL]})
    async with running(village, loop):
        await village.time("21:50")

    assert files(folder) == [FIRST]
    [failed] = of_type(await village.events(STREAM), OfflineListFailed)
    assert (failed.patrol, failed.why) == (SECOND_PATROL, "no password is configured for it")


async def test_the_alarm_of_a_list_that_never_came_ends_with_its_night(village: House, folder: Path) -> None:
    put_away(folder)
    async with running(village, the_loop(village, Folder(folder))):
        await village.time("21:50")
    await village.time("12:30", days=1)
    await CauseWatch(village.ledger, village.clock).watch()

    assert await village.store.query(queries.open_alarms_of, AlarmKind.NO_PLAN.value, "offline-list:") == []
