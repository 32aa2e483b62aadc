"""`tillsyn offline-list`, as its users have it: make, check, print."""

import json
import os
from base64 import b64encode
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from events.types.paper import OfflineListMade, OfflineListPrinted
from tests.builders import NIGHT, PATROL, SECOND_PATROL, UNIT, an_id
from tests.services.cli.running import refused, tillsyn
from tests.services.offline_list.evening import (
    OTHER_PASSWORD,
    PASSWORD,
    everything_in,
    files,
    place_home,
    text_of,
    two_patrols,
)
from tests.services.tillsyn.house import House, of_type, register_home, register_unit

STREAM = f"paper-{UNIT}-{NIGHT}"
ON_THE_NIGHT = ("--night", NIGHT.isoformat())


@pytest.fixture
async def evening(house_on: Callable[[str], Awaitable[House]], sqlite_url: str) -> House:
    """Astrid in the north, in a planned night, on SQLite."""
    house = await house_on(sqlite_url)
    await register_unit(house)
    await two_patrols(house)
    await register_home(house, "22:00")
    await place_home(house, "Norr", "1397#")
    await house.planner.plan_all()
    return house


@pytest.fixture
def given(sqlite_url: str, tmp_path: Path, folder: Path) -> dict[str, str]:
    """The settings: passwords in a file, a folder for the lists."""
    passwords = tmp_path / "passwords.toml"
    passwords.write_text(f'"{PATROL}" = "{PASSWORD}"\n"{SECOND_PATROL}" = "{OTHER_PASSWORD}"\n')
    return {
        "TILLSYN_DATABASE_URL": sqlite_url,
        "TILLSYN_DATA": str(tmp_path),
        "TILLSYN_MASTER_KEY": b64encode(bytes(range(32))).decode(),
        "TILLSYN_OFFLINE_PASSWORDS_FILE": str(passwords),
        "TILLSYN_OFFLINE_FOLDER": str(folder),
    }


async def test_made_checked_and_found_missing_when_it_is_gone(
    evening: House, given: dict[str, str], folder: Path
) -> None:
    made = tillsyn("offline-list", "make", *ON_THE_NIGHT, "--json", **given)
    assert made.returncode == 0, made.stderr
    assert [row["says"] for row in json.loads(made.stdout)["lists"]] == ["there", "there"]
    assert tillsyn("offline-list", "check", *ON_THE_NIGHT, **given).returncode == 0

    (folder / files(folder)[0]).unlink()
    checked = tillsyn("offline-list", "check", *ON_THE_NIGHT, "--json", **given)

    assert checked.returncode == 1
    assert [row["wrong"] for row in json.loads(checked.stdout)["lists"]] == ["folder: it is not there", None]
    assert "Astrid" not in made.stdout + made.stderr + checked.stdout


async def test_one_list_is_written_to_a_file_in_english_and_brought_nowhere(
    evening: House, given: dict[str, str], folder: Path, tmp_path: Path
) -> None:
    out = tmp_path / "list.pdf"
    english = ("--language", "en", "--patrol", str(PATROL), "--out", str(out))
    assert tillsyn("offline-list", "make", *ON_THE_NIGHT, *english, **given).returncode == 0

    assert "Camera – now a visit" in text_of(out.read_bytes())
    assert (files(folder), out.stat().st_mode & 0o777) == ([], 0o600)
    assert len(of_type(await evening.events(STREAM), OfflineListMade)) == 1


async def test_printing_takes_one_command_and_is_on_record(
    evening: House, given: dict[str, str], tmp_path: Path
) -> None:
    """`lp` here is a program that keeps what it is given."""
    lp = tmp_path / "bin" / "lp"
    lp.parent.mkdir()
    lp.write_text(f'#!/bin/sh\necho "$@" >{tmp_path}/asked\ncat >{tmp_path}/printed.pdf\necho job-1\n')
    lp.chmod(0o755)
    tillsyn("offline-list", "make", *ON_THE_NIGHT, **given)
    path = f"{lp.parent}:{os.environ['PATH']}"

    printed = tillsyn("offline-list", "print", "--patrol", str(PATROL), "--printer", "natt", PATH=path, **given)

    assert printed.returncode == 0, printed.stderr
    assert "Astrid" in text_of((tmp_path / "printed.pdf").read_bytes(), "")
    assert (tmp_path / "asked").read_text().startswith("-d natt -t tillsyn-2026-11-03-bil-1-")
    [event] = of_type(await evening.events(STREAM), OfflineListPrinted)
    assert event.patrol == PATROL


async def test_a_list_is_printed_when_the_database_is_gone(
    evening: House, given: dict[str, str], tmp_path: Path
) -> None:
    tillsyn("offline-list", "make", *ON_THE_NIGHT, **given)
    gone = given | {"TILLSYN_DATABASE_URL": "postgresql+psycopg://127.0.0.1:1/gone"}
    clear = tmp_path / "clear.pdf"

    printed = tillsyn("offline-list", "print", "--patrol", str(PATROL), "--clear", str(clear), **gone)

    assert printed.returncode == 0, printed.stderr
    assert "Astrid" in text_of(clear.read_bytes(), "")
    assert "without a record" in printed.stderr
    assert clear.stat().st_mode & 0o777 == 0o600


async def test_without_a_file_in_the_folder_the_list_is_made_for_printing(
    evening: House, given: dict[str, str], folder: Path, tmp_path: Path
) -> None:
    clear = tmp_path / "clear.pdf"
    asked = ("offline-list", "print", "--patrol", str(PATROL), *ON_THE_NIGHT)
    assert tillsyn(*asked, "--clear", str(clear), **given).returncode == 0

    assert "1397#" in text_of(clear.read_bytes(), "")
    assert files(folder) == []


async def test_without_lp_it_says_what_else_can_be_done(evening: House, given: dict[str, str], folder: Path) -> None:
    tillsyn("offline-list", "make", *ON_THE_NIGHT, **given)

    assert "--clear" in refused(tillsyn("offline-list", "print", "--patrol", str(PATROL), PATH=str(folder), **given))


async def test_whom_nobody_knows_and_what_is_not_one_list_is_refused_with_what_there_is(
    evening: House, given: dict[str, str], tmp_path: Path
) -> None:
    nobody = str(an_id("nobody"))
    assert "Bil 1" in refused(tillsyn("offline-list", "make", *ON_THE_NIGHT, "--patrol", nobody, **given))
    assert "Natt" in refused(tillsyn("offline-list", "make", *ON_THE_NIGHT, "--unit", nobody, **given))
    assert "name one patrol" in refused(
        tillsyn("offline-list", "make", *ON_THE_NIGHT, "--out", tmp_path / "x", **given)
    )
    assert "Bil 2" in refused(tillsyn("offline-list", "print", *ON_THE_NIGHT, "--patrol", nobody, **given))


def test_settings_that_would_give_no_list_are_refused(tmp_path: Path) -> None:
    assert "TILLSYN_OFFLINE_FOLDER" in refused(tillsyn("run", "offline-list", TILLSYN_DATA=str(tmp_path)))
    weak = json.dumps({str(PATROL): "sommar2026"})
    given = {"TILLSYN_DATA": str(tmp_path), "TILLSYN_OFFLINE_FOLDER": str(tmp_path)}
    tillsyn("migrate", **given)
    said = refused(tillsyn("run", "offline-list", TILLSYN_OFFLINE_PASSWORDS=weak, **given))
    assert str(PATROL) in said
    assert "sommar2026" not in said


async def test_nothing_in_clear_is_left_in_the_data_folder_or_the_folder_for_temporary_files(
    evening: House, given: dict[str, str], tmp_path: Path
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    made = tillsyn("offline-list", "make", *ON_THE_NIGHT, TMPDIR=str(temporary), **given)

    assert made.returncode == 0
    assert files(temporary) == []
    assert not any(word in everything_in(tmp_path) for word in (b"Astrid", b"Storgatan", b"1397#"))
