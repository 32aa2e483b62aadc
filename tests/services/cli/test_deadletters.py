"""`tillsyn deadletters`, as its users have it: a process, a real NATS, a real log."""

import asyncio
import json
import subprocess
from base64 import b64decode, b64encode
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.builders import ANNA, GATEWAY, an_id, at
from tests.services.cli.running import refused, tillsyn
from tests.services.tillsyn.conftest import (
    clock,
    house,
    house_on,
    plant,
    postgres,
    postgres_database,
    postgres_template,
    postgres_url,
    quiet,
    sqlite_template,
    sqlite_url,
)
from tests.services.tillsyn.house import register_home
from tests.services.tillsyn.plant import Plant, due_report, message

__all__ = [
    "clock", "house", "house_on", "plant", "postgres", "postgres_database", "postgres_template", "postgres_url",
    "quiet", "sqlite_template", "sqlite_url",
]  # fmt: skip

RUBBISH = b"\x00\xff\x1b[2J no JSON"
LATE = message(due_report(), at("02:00"))
Ask = Callable[..., "asyncio.Future[subprocess.CompletedProcess[str]]"]


@pytest.fixture
def url(sqlite_url: str) -> str:
    """One database is enough here: `test_letters.py` runs on both."""
    return sqlite_url


@pytest.fixture
async def three(plant: Plant) -> Plant:
    """Buried: rubbish, the report of somebody unknown, and a report that is no event of ours."""
    foreign = json.dumps(json.loads(LATE) | {"type": "se.tillsyn.check.sung.v1"}).encode()
    async with plant.serving():
        for body in (RUBBISH, LATE, foreign):
            await plant.say(body)
            await plant.settled()
    return plant


@pytest.fixture
def ask(plant: Plant) -> Ask:
    """Runs `tillsyn deadletters …` with the plant's settings."""
    settings = plant.settings
    given = {
        "TILLSYN_DATA": str(settings.data),
        "TILLSYN_NATS_URL": settings.nats_url,
        "TILLSYN_DATABASE_URL": settings.database,
        "TILLSYN_MASTER_KEY": b64encode(bytes(range(32))).decode(),
    }
    return lambda *words: asyncio.ensure_future(asyncio.to_thread(tillsyn, "deadletters", *words, **given))


def told(done: "subprocess.CompletedProcess[str]") -> dict[str, Any]:
    """The JSON of a command that worked."""
    assert done.returncode == 0, done.stderr
    said: dict[str, Any] = json.loads(done.stdout)
    return said


async def test_they_are_listed_with_when_from_whom_and_why(three: Plant, ask: Ask) -> None:
    listed = told(await ask("list", "--json"))["letters"]

    assert [(letter["id"], letter["reason"]) for letter in listed] == [
        (1, "not-a-cloudevent"),
        (2, "unknown-recipient"),
        (3, "unknown-type"),
    ]
    assert {letter["gateway"] for letter in listed} == {str(GATEWAY)}
    assert listed[0]["bytes"] == len(RUBBISH)
    assert [letter["id"] for letter in told(await ask("list", "--reason", "unknown-type", "--json"))["letters"]] == [3]
    shown = await ask("list")
    assert shown.returncode == 0
    assert "unknown-type" in shown.stdout.replace("\n", "")


async def test_one_is_shown_whole_and_does_no_harm(three: Plant, ask: Ask) -> None:
    shown = await ask("show", "1")
    whole = told(await ask("show", "1", "--json"))

    assert "\\x00\\xff\\x1b[2J no JSON" in shown.stdout
    assert "\x1b" not in shown.stdout
    assert "Tillsyn-Dead-Reason: not-a-cloudevent" in shown.stdout
    assert b64decode(whole["body_base64"]) == RUBBISH
    assert whole["headers"]["Tillsyn-Dead-Stream"] == "TILLSYN_IN"
    assert f'  "id": "{json.loads(LATE)["id"]}"' in (await ask("show", "2")).stdout


async def test_they_are_put_back_by_number_by_reason_or_all(three: Plant, ask: Ask) -> None:
    await register_home(three.house)
    await three.house.planner.plan_all()

    assert told(await ask("replay", "--reason", "unknown-recipient", "--json")) == {"replayed": [2]}
    assert told(await ask("replay", "1", "--by", str(ANNA), "--json")) == {"replayed": [1]}
    assert told(await ask("replay", "--all", "--json")) == {"replayed": [3]}
    assert told(await ask("list", "--json")) == {"letters": []}
    assert "There are no dead letters." in (await ask("list")).stdout

    async with three.serving():
        await three.settled()
        assert three.count("recorded") == 1
    assert [letter["reason"] for letter in told(await ask("list", "--json"))["letters"]] == [
        "not-a-cloudevent",
        "unknown-type",
    ]


async def test_they_are_dropped_by_a_person_with_a_reason(three: Plant, ask: Ask) -> None:
    why = ("--reason", "sent by hand", "--by", str(ANNA))

    assert told(await ask("drop", "1", "3", *why, "--json")) == {"dropped": [1, 3]}
    assert [letter["id"] for letter in told(await ask("list", "--json"))["letters"]] == [2]


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("show", "9"), "there is no dead letter 9"),
        (("show", "0"), "greater than or equal to 1"),
        (("show", "x"), "a valid integer"),
        (("replay", "9"), "there is no dead letter 9"),
        (("replay", "--all"), "there are no dead letters"),
        (("replay", "--reason", "invalid"), "there are no dead letters for invalid"),
        (("replay", "--reason", "sulky"), "'sulky' is not one of"),
        (("replay",), "name letters by number, or --reason, or --all"),
        (("replay", "1", "--all"), "one of these only"),
        (("drop", "9", "--reason", "x", "--by", str(ANNA)), "there is no dead letter 9"),
        (("drop", "9", "--by", str(ANNA)), "--reason"),
        (("drop", "9", "--reason", "x"), "--by"),
    ],
)
async def test_what_cannot_be_done_is_said_in_one_line(plant: Plant, ask: Ask, words: Any, complaint: str) -> None:
    assert complaint in refused(await ask(*words))


async def test_those_done_before_one_that_cannot_be_are_named(three: Plant, ask: Ask) -> None:
    done = await ask("drop", "1", "9", "3", "--reason", "sent by hand", "--by", str(ANNA))

    assert "there is no dead letter 9" in refused(done)
    assert done.stdout == "dropped: 1\n"


async def test_somebody_who_is_no_staff_may_not_drop(three: Plant, ask: Ask) -> None:
    nobody = str(an_id("nobody"))

    assert nobody in refused(await ask("drop", "1", "--reason", "x", "--by", nobody))
    assert len(told(await ask("list", "--json"))["letters"]) == 3


@pytest.mark.parametrize("words", [("list",), ("show", "1"), ("replay", "1")])
async def test_when_nats_is_away_it_says_so(plant: Plant, ask: Ask, words: Any) -> None:
    await plant.server.kill()
    try:
        assert f"no NATS at {plant.settings.nats_url}" in refused(await ask(*words))
    finally:
        await plant.server.start()


async def test_without_the_services_key_it_says_where_it_looked_and_makes_none(ask: Ask, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"

    assert f"no NATS key {elsewhere}/keys/nats/tillsyn.nk" in refused(await ask("list", "--data", elsewhere))
    assert not elsewhere.exists()
