"""`tillsyn alarms` and `tillsyn notices`: what stands and what is unread, for people and for programs."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from events.runtime.stepped_clock import SteppedClock
from events.store import migrate
from services.tillsyn import home as homes
from services.tillsyn.watches import PlanWatch
from tests.builders import ANNA, HOME, ORGANISATION, RECIPIENT, UNIT, at, minutes
from tests.services.cli.running import refused, tillsyn
from tests.services.tillsyn.house import House, opened, register_home, register_unit

NOW = "2026-11-03T18:12"


async def an_evening(url: str) -> None:
    """At 18:00 a plan lacks its camera, a camera is lost and ANNA has it."""
    clock = SteppedClock(at("12:30"))
    async with opened(url, clock) as ledger:
        house = House(ledger, clock)
        await register_unit(house)
        await register_home(house)
        await house.planner.plan_all()
        await house.time("18:00")
        await house.care.home(HOME, UNIT, homes.UnlinkCamera("by mistake"))
        await PlanWatch(ledger, clock, minutes(3)).watch()
        lost = next(row for row in await house.alarms.standing(UNIT, "night-staff"))
        await house.alarms.acknowledge(lost.id, ANNA)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    url = f"sqlite:///{folder / 'tillsyn.db'}"
    migrate(url)
    asyncio.run(an_evening(url))
    return folder


def told(*arguments: str | Path) -> Any:
    done = tillsyn(*arguments, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_what_stands_is_told_with_its_owner_and_for_how_long(data: Path) -> None:
    rows = {row["kind"]: row for row in told("alarms", "--data", data, "--at", NOW)["alarms"]}

    assert set(rows) == {"device-lost", "no-plan"}
    assert (rows["device-lost"]["state"], rows["device-lost"]["owner"]) == ("acknowledged", str(ANNA))
    assert rows["device-lost"]["still"] == "still, 12 min"
    assert (rows["no-plan"]["cause"], rows["no-plan"]["why"]) == (f"plan:{RECIPIENT}", ["no-camera"])


def test_people_see_a_table(data: Path) -> None:
    done = tillsyn("alarms", "--data", data, "--at", NOW, COLUMNS="160")

    assert done.returncode == 0
    for words in ("device lost", "no plan", "11-03 18:00", "still, 12 min", "nobody", "assessor", "no-camera"):
        assert words in done.stdout


def test_only_the_units_own_are_listed(data: Path) -> None:
    assert len(told("alarms", "--data", data, "--at", NOW, "--unit", str(UNIT))["alarms"]) == 2
    assert len(told("alarms", "--data", data, "--at", NOW, "--unit", str(UNIT)[:6].upper())["alarms"]) == 2


def test_unread_notices_are_listed_by_role(data: Path) -> None:
    (notice,) = told("notices", "--data", data, "--role", "assessor")["notices"]
    assert (notice["kind"], notice["home"], notice["read_by"]) == ("camera-revoked", str(HOME), None)
    assert "camera revoked" in tillsyn("notices", "--data", data, COLUMNS="160").stdout
    assert "No notice is unread." in tillsyn("notices", "--data", data, "--role", "patrol").stdout


@pytest.mark.parametrize("unit", ["unit 7", str(HOME), ""])
@pytest.mark.parametrize(
    "command",
    [("alarms",), ("notices",), ("verify",), ("log",), ("night", NOW[:10]), ("load", NOW[:10]), ("staff", "accesses")],
    ids=" ".join,
)
def test_of_a_unit_that_does_not_exist_nobody_is_told_that_all_is_quiet(
    command: tuple[str, ...], unit: str, data: Path
) -> None:
    complaint = refused(tillsyn(*command, "--data", data, "--unit", unit))

    assert repr(unit) in complaint
    assert str(UNIT) in complaint


@pytest.mark.parametrize("command", [("verify",), ("log",), ("night", NOW[:10])], ids=" ".join)
def test_an_organisation_that_does_not_exist_is_refused_with_those_that_do(
    command: tuple[str, ...], data: Path
) -> None:
    assert str(ORGANISATION) in refused(tillsyn(*command, "--data", data, "--organisation", str(UNIT)))


def test_a_role_that_does_not_exist_is_refused_with_those_that_do(data: Path) -> None:
    assert "'assessor'" in refused(tillsyn("notices", "--data", data, "--role", "assesor"))


@pytest.mark.parametrize(
    "command",
    [
        ("night", "9999-12-31"),
        ("night", "0001-01-01"),
        ("load", "9999-12-31"),
        ("roster", "show", "9999-12-31", "--unit", str(UNIT)),
        ("verify", "--at", "9999-12-31T23:59"),
        ("alarms", "--at", "0001-01-01T00:00"),
        ("staff", "grant", str(ANNA), "nurse", "--unit", str(UNIT), "--until", "9999-12-31T23:59"),
        ("offline-list", "make", "--night", "9999-12-31", "--out", "list.pdf"),
        ("demo", "--night", "9999-12-31"),
    ],
    ids=" ".join,
)
def test_a_date_at_the_edge_of_the_calendar_is_refused_with_the_years_there_are(command: tuple[str, ...]) -> None:
    assert "the years are 2000 to 2999" in refused(tillsyn(*command))


def test_what_is_no_date_is_refused_with_the_form_it_should_have() -> None:
    assert "2026-11-03" in refused(tillsyn("night", "3/11"))
    assert "2026-11-03T22:00" in refused(tillsyn("verify", "--at", "10 pm"))
