"""Lists held against each other and against the log: every problem with its row, and the same people found again."""

import re
import sqlite3
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from events.personal import Purpose
from events.runtime.clock import WallClock
from events.store import migrate
from services.opening import opened_ledger
from services.registering.paper.importing import Found, Import
from services.registering.paper.problems import MOST, Problems, shown
from services.registering.paper.references import ImportedMeanwhileError
from services.settings import TillsynSettings
from services.tillsyn.ledger import Ledger
from tests.services.registering.lists import UNIT, Lists, lists, with_recipients, write_csv


class Office:
    """Somebody with lists, and an installation."""

    def __init__(self, folder: Path, ledger: Ledger, settings: TillsynSettings) -> None:
        self.folder = folder
        self.ledger = ledger
        self.settings = settings

    async def find(self, said: Lists) -> Found:
        return await Import(self.settings, self.ledger).find([write_csv(self.folder, said)])

    async def problems(self, said: Lists) -> list[str]:
        return [str(problem) for problem in (await self.find(said)).problems]

    async def enter(self, said: Lists) -> list[str]:
        found = await self.find(said)
        assert [str(problem) for problem in found.problems] == []
        await self.enter_found(found)
        return [found.what(step, entered=True) for step in found.steps]

    async def enter_found(self, found: Found, on_step: Callable[[], None] = lambda: None) -> None:
        assert found.ready is not None
        await found.ready.enter(self.settings, self.ledger, on_step)

    async def log(self) -> int:
        return len((await self.ledger.store.read_all(None, 10_000)).events)


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    data = tmp_path / "data"
    data.mkdir()
    settings = TillsynSettings.load(None, data=data)
    migrate(settings.database)
    async with opened_ledger(settings, WallClock()) as ledger:
        yield Office(tmp_path / "lists", ledger, settings)


def changed(name: str, row: int, place: int, value: Any) -> Lists:
    """The unit, with one cell changed; rows count from 1, as a spreadsheet does."""
    said = lists()
    said[name][row - 1][place] = value
    return said


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        (changed("Tillsynstider", 2, 2, "25:10"), "Tillsynstider.csv row 2, Tid: '25:10': no such time of day"),
        (lists(Tillsynstider=["1009", "1", "02:00"]), "Tillsynstider.csv row 5, Brukarnr: '1009': is not"),
        (lists(Kameror=["K1", "H2", "G1", "scene:sleeper?seed=2"]), "row 3, Kameranr: 'K1': the camera shows another"),
        (lists(Kameror=["K2", "H2", "G1", "scene:sleeper?seed=1"]), "row 3, Kameraadress: the same address as in"),
        (lists(Kameror=["K2", "H1", "G1", "scene:empty-bed"]), "row 3, Hemnr: 'H1': has a camera in row 2 already"),
        (lists(Kameror=["K2", "H2", "G7", "scene:sleeper?seed=2"]), "row 3, Gatewaynr: 'G7': is not in the list"),
        (lists(Kameror=["K2", "H2", "G1", "rtsp://anna:hemligt@[x"]), "row 3, Kameraadress: not a valid address"),
        (lists(Tillsynstider=["1001", "3", "05:00"]), "Beslut.csv row 2, Tillsyner per natt: '2': the list"),
        (lists(Tillsynstider=["1002", "2", "1.30"]), "row 5, Tid: '1.30': the recipient has it in row 4 already"),
        (changed("Beslut", 2, 3, "2026-11-01"), "Beslut.csv row 2, Till: '2026-11-01': the decision would end before"),
        (changed("Beslut", 3, 4, "0"), "Beslut.csv row 3, Tillsyner per natt: '0'"),
        (lists(Beslut=["1002", "B3", "", "", ""]), "Beslut.csv row 4, Brukarnr: '1002': has a row 3 too"),
        (lists(Brukare=["1001", "Siri", "H2"]), "Brukare.csv row 4, Brukarnr: '1001': stands in Brukare.csv row 2 too"),
        (lists(Brukare=["1003", "Siri", "H2"]), "row 4, Brukarnr: '1003': has no row in the list of decisions"),
        (lists(Brukare=["1003", "Siri", "H2"]), "row 4, Brukarnr: '1003': has no time in the list of schedules"),
        (lists(Hem=["H3", "Rågåkersvägen 3", ""]), "Hem.csv row 4, Hemnr: 'H3': nobody in the list of recipients"),
        (changed("Hem", 2, 2, "enorm"), "Hem.csv row 2, Riskklass: 'enorm': not known here: write låg or medel or hög"),
        (changed("Samtycken", 2, 3, ""), "Samtycken.csv row 2, Inhämtat av: is empty: a yes has somebody who took it"),
        (changed("Samtycken", 2, 1, "kanske"), "Samtycken.csv row 2, Samtycke: 'kanske': neither yes nor no"),
        (changed("Personal", 3, 3, ""), "nobody has a place in the order (Larmordning) of who is sent"),
        (changed("Personal", 2, 3, "2"), "Personal.csv row 2, Larmordning: '2': is not on patrol"),
        (lists(Enhet=["Hemtjänst natt, Alby"]), "Enhet.csv row 3, Enhet: 'Hemtjänst natt, Alby': a second unit"),
    ],
)
async def test_what_does_not_fit_is_told_with_its_place_and_what_to_do(
    office: Office, said: Lists, problem: str
) -> None:
    found = await office.problems(said)

    assert any(problem in line for line in found), found
    assert not any("\n" in line or "hemligt" in line for line in found)


async def test_an_unknown_zone_is_told(office: Office) -> None:
    said = lists()
    said["Enhet"] = [["Enhet", "Tidszon"], ["Natt", "Europe/Tumba"]]

    assert "row 2, Tidszon: 'Europe/Tumba': no time zone is called" in (await office.problems(said))[0]


async def test_a_home_with_three_recipients_is_refused(office: Office) -> None:
    said = with_recipients("1003", "1004")

    (problem,) = await office.problems(said)

    assert problem == "Brukare.csv row 5, Hemnr: 'H2': recipient number 3 there; a home has at most 2"


async def test_a_third_recipient_is_refused_also_when_two_are_on_record(office: Office) -> None:
    await office.enter(with_recipients("1003"))
    said = with_recipients("1004")
    for name in ("Brukare", "Tillsynstider", "Beslut", "Samtycken"):
        said[name] = [row for row in said[name] if row[0] != "1002"]

    (problem,) = await office.problems(said)

    assert problem.startswith("Hem.csv row 3: home ")
    assert "has 2 recipients on record and would have 3; a home has at most 2" in problem


async def test_all_problems_are_told_and_counted_beyond_the_most(office: Office) -> None:
    said = lists()
    said["Tillsynstider"] += [["1001", str(n), "natt"] for n in range(3, MOST + 53)]

    found = await office.find(said)

    assert len(found.problems) == MOST
    assert found.count == MOST + 51  # and that they are more than the decision grants


async def test_a_dry_run_writes_nothing(office: Office) -> None:
    found = await office.find(UNIT)

    assert found.steps
    assert not found.problems
    assert await office.log() == 0
    assert not list(office.settings.data.rglob("*.nk"))


async def test_importing_twice_enters_nothing_new(office: Office) -> None:
    assert await office.enter(UNIT)
    before = await office.log()

    assert await office.enter(UNIT) == []
    assert await office.log() == before


async def test_a_time_that_moves_keeps_its_id_when_it_has_a_number(office: Office) -> None:
    await office.enter(UNIT)

    (step,) = await office.enter(changed("Tillsynstider", 3, 2, "02:20"))

    assert step.startswith("schedule of recipient")


async def test_numbers_find_the_same_things_when_the_other_lists_are_left_out(office: Office) -> None:
    await office.enter(UNIT)
    said = changed("Tillsynstider", 3, 2, "02:20")
    for name in ("Enhet", "Personal", "Gatewayer"):
        del said[name]
        (office.folder / f"{name}.csv").unlink()

    assert len(await office.enter(said)) == 1


async def test_a_gateways_file_keeps_the_cameras_that_new_lists_do_not_speak_of(office: Office) -> None:
    await office.enter(UNIT)
    (file,) = (office.settings.data / "gateways").iterdir()
    said: Lists = {
        "Hem": [UNIT["Hem"][0], ["H9", "Rågåkersvägen 3", ""]],
        "Kameror": [UNIT["Kameror"][0], ["K9", "H9", "G1", "scene:sleeper?seed=9"]],
        "Brukare": [UNIT["Brukare"][0], ["1009", "Tyra Öhrn", "H9"]],
        "Tillsynstider": [UNIT["Tillsynstider"][0], ["1009", "1", "03:00"]],
        "Beslut": [UNIT["Beslut"][0], ["1009", "B9", "", "", ""]],
    }
    for old in office.folder.iterdir():
        old.unlink()

    await office.enter(said)

    assert "seed=1" in file.read_text()
    assert "seed=9" in file.read_text()


async def test_what_a_list_cannot_change_is_refused_with_its_row(office: Office) -> None:
    await office.enter(UNIT)
    said = changed("Hem", 2, 2, "låg")
    said["Kameror"][1] = ["K2", "H1", "G1", "scene:sleeper?seed=2"]

    risk, camera = await office.problems(said)

    assert risk.startswith("Hem.csv row 2: home ")
    assert "risk_class high, the file has low" in risk
    assert camera.startswith("Kameror.csv row 2: home ")
    assert "unlink it before linking" in camera


async def test_a_no_in_a_list_does_not_pass_over_a_yes_on_record(office: Office) -> None:
    await office.enter(UNIT)

    (problem,) = await office.problems(changed("Samtycken", 2, 1, "nej"))

    assert "Samtycken.csv row 2, Samtycke: 'nej': a consent stands on record: withdraw it" in problem


@pytest.mark.parametrize("registered", [False, True])
async def test_two_who_enter_at_once_do_not_make_two_of_everybody(office: Office, registered: bool) -> None:
    if registered:
        await office.enter(UNIT)
    said = with_recipients("1003", home="H3")
    said["Hem"].append(["H3", "Rågåkersvägen 3", ""])
    slow = await office.find(said)
    await office.enter(said)
    before = await office.log()

    with pytest.raises(ImportedMeanwhileError):
        await office.enter_found(slow)

    assert await office.log() == before


async def test_an_import_that_was_cut_off_is_taken_up_by_the_next(office: Office) -> None:
    found = await office.find(UNIT)
    done = 0

    def cut_off() -> None:
        nonlocal done
        done += 1
        if done == 7:
            raise ConnectionAbortedError

    with pytest.raises(ConnectionAbortedError):
        await office.enter_found(found, cut_off)

    assert len(await office.enter(UNIT)) == len(found.steps) - 7
    assert await office.enter(UNIT) == []


async def test_who_is_erased_is_not_found_again(office: Office) -> None:
    await office.enter(UNIT)
    recorded = (await office.ledger.store.read_all(None, 10_000)).events
    (person,) = [
        one.event.model_dump()["thing"]
        for one in recorded
        if one.event.NAME == "reference.given" and one.event.model_dump()["kind"] == "recipient"
    ][:1]
    await office.ledger.store.destroy_keys(person, Purpose.IDENTITY)

    found = await office.find(UNIT)

    assert found.without_number == 1
    assert not any(str(person) in found.what(step, entered=True) for step in found.steps)


async def test_no_name_number_or_address_stands_in_clear_in_the_database(office: Office) -> None:
    await office.enter(with_recipients("19121212-1212"))
    database = sqlite3.connect(office.settings.data / "tillsyn.db")
    everything = "\n".join(database.iterdump())
    database.close()
    raw = b"".join(path.read_bytes() for path in office.settings.data.glob("tillsyn.db*"))

    for secret in ("19121212", "1212-1212", "Siri", "Aina", "Almkvist", "Björkstigen", "Kerstin"):
        assert secret not in everything
        assert secret.encode() not in raw
    assert not re.search(r"\b100[12]\b", everything)


@pytest.mark.parametrize("number", ["19121212-1212", "121212-1212", "1212121212", "191212121212", "121212+1212"])
async def test_a_personal_number_is_never_repeated(office: Office, number: str) -> None:
    found = await office.problems(lists(Tillsynstider=[number, "1", f"kl {number}"]))

    assert found
    assert not any("1212" in line for line in found)
    assert shown(f"nr {number}!") == "nr (personal number)!"


def test_the_same_problem_is_told_once() -> None:
    problems = Problems()
    for _ in range(2):
        problems.add("Hem.csv", "is empty", row=2)

    assert len(problems) == 1
