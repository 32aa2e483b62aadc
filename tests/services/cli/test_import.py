"""`tillsyn import`: a folder, single files or a workbook; a dry run first, and all or nothing."""

import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from events.store import migrate
from services.registering.paper.tables import TABLES
from tests.services.cli.running import refused, tillsyn
from tests.services.registering.lists import UNIT, lists, write_csv, write_workbook

ROOT = Path(__file__).parents[3]
SAMPLE = ROOT / "deploy/examples/paper"
PAGE = ROOT / "docs/paper-nights.md"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    migrate(f"sqlite:///{folder / 'tillsyn.db'}")
    return folder


def said_of(*arguments: str | Path, status: int = 0) -> dict[str, Any]:
    done = tillsyn("import", *arguments, "--json")
    assert done.returncode == status, done.stderr
    said: dict[str, Any] = json.loads(done.stdout)
    return said


def log(data: Path) -> list[str]:
    """The ids of its events."""
    done = tillsyn("log", "--data", data, "--json")
    assert done.returncode == 0, done.stderr
    return [json.loads(line)["id"] for line in done.stdout.splitlines()]


def test_the_sample_is_shown_then_entered_then_known(data: Path) -> None:
    would = said_of(SAMPLE, "--data", data)
    assert would["dry_run"] is True
    assert would["problems"] == []
    assert log(data) == []

    entered = said_of(SAMPLE, "--data", data, "--enter")
    assert len(entered["entered"]) == len(would["entered"])
    (gateway,) = entered["gateways"]
    assert Path(gateway).stat().st_mode & 0o077 == 0
    before = log(data)

    assert said_of(SAMPLE, "--data", data, "--enter")["entered"] == []
    assert log(data) == before


def test_a_workbook_and_files_one_by_one_do_as_well_as_a_folder(data: Path, tmp_path: Path) -> None:
    book = write_workbook(tmp_path / "natt.xlsx", UNIT)
    assert said_of(book, "--data", data, "--enter")["entered"]

    files = sorted(write_csv(tmp_path / "csv", UNIT).iterdir())
    assert said_of(*files, "--data", data, "--enter")["entered"] == []


def test_with_a_problem_nothing_is_entered_and_every_problem_is_a_line(data: Path, tmp_path: Path) -> None:
    said = lists(Tillsynstider=["1009", "1", "25:10"], Brukare=["", "Siri Granath", "H2"])
    folder = write_csv(tmp_path / "lists", said)

    done = tillsyn("import", folder, "--data", data, "--enter")

    assert done.returncode == 2
    assert log(data) == []
    *problems, count = done.stderr.splitlines()
    assert count == "3 problems; not held against what is registered yet: nothing was entered"
    assert [line.split(":")[0] for line in problems] == [
        "Brukare.csv row 4, Brukarnr",
        "Tillsynstider.csv row 5, Tid",
        "Tillsynstider.csv row 5, Brukarnr",
    ]
    assert "Siri" not in done.stderr + done.stdout
    machine = said_of(folder, "--data", data, "--enter", status=2)
    assert machine["problem_count"] == 3
    assert machine["problems"][1]["row"] == 5


def test_the_template_has_every_list_and_its_examples_are_left_out(data: Path, tmp_path: Path) -> None:
    path = tmp_path / "mall.xlsx"
    assert tillsyn("import", "--template", path).returncode == 0

    with CalamineWorkbook.from_path(path) as book:
        for table in TABLES:
            headings, example = book.get_sheet_by_name(table.sheets[0]).to_python()
            assert headings == [column.headings[0] for column in table.columns]
            assert str(example[0]).startswith("EXEMPEL ")
        explained = book.get_sheet_by_name("Förklaringar").to_python()
    assert len([row for row in explained if row[1]]) == sum(len(table.columns) for table in TABLES) + 1
    assert "nothing to import" in refused(tillsyn("import", path, "--data", data))
    assert "is there already" in refused(tillsyn("import", "--template", path))
    assert "let it end in .xlsx" in refused(tillsyn("import", "--template", tmp_path / "mall.csv"))


def test_the_templates_example_is_itself_free_of_problems(data: Path, tmp_path: Path) -> None:
    filled: dict[str, list[list[Any]]] = {}
    for table in TABLES:
        example = [column.example for column in table.columns]
        filled[table.sheets[0]] = [[column.headings[0] for column in table.columns], example]
    filled["Beslut"][1][-1] = "1"

    assert said_of(write_workbook(tmp_path / "natt.xlsx", filled), "--data", data)["problems"] == []


def test_what_is_not_there_is_refused_in_one_line(data: Path, tmp_path: Path) -> None:
    assert "--template" in refused(tillsyn("import"))
    assert "No such file" in refused(tillsyn("import", tmp_path / "Hem.csv", "--data", data))
    assert "tillsyn migrate" in refused(tillsyn("import", SAMPLE, "--data", tmp_path / "nowhere"))


def test_the_pages_commands_do_what_the_page_says(tmp_path: Path) -> None:
    commands = re.findall(r"^\.venv/bin/tillsyn (.*)$", PAGE.read_text(), re.MULTILINE)
    assert len(commands) >= 5
    for line in commands:
        words = shlex.split(line, comments=True)
        places = {"FOLDER": str(tmp_path / "data"), "mall.xlsx": str(tmp_path / "mall.xlsx")}
        done = tillsyn(*(places.get(word, word).replace("deploy/", f"{ROOT}/deploy/", 1) for word in words))
        assert done.returncode == 0, (line, done.stderr)


def test_the_page_has_every_heading() -> None:
    rows = [line for line in PAGE.read_text().splitlines() if line.startswith("| ")]
    for table in TABLES:
        for column in table.columns:
            names = " / ".join(column.headings)
            assert any(line.startswith(f"| {names} |") for line in rows), f"{table.name}: {names}"


def test_what_is_not_there_is_said_to_be_so_and_not_to_be_no_list(data: Path, tmp_path: Path) -> None:
    missing = tmp_path / "brukarna.csv"

    assert f"cannot read {missing}: No such file" in refused(tillsyn("import", missing, "--data", data))


def test_a_dry_run_shows_no_id_that_will_never_exist_and_counts_one_problem_as_one(data: Path, tmp_path: Path) -> None:
    shown = tillsyn("import", SAMPLE, "--data", data)
    assert "of home (new): its slots are visits" in shown.stdout
    assert not re.findall(r"[0-9a-f]{8}-[0-9a-f]{4}-", shown.stdout)

    said_of(SAMPLE, "--data", data, "--enter")
    horses = tmp_path / "hästar.csv"
    horses.write_text("namn\n")
    assert "\n1 problem; not held" in tillsyn("import", horses, "--data", data).stderr
