"""`tillsyn rebuild`, as its users have it."""

import json
from pathlib import Path
from typing import Any

import pytest

from events.store import migrate
from services.registering.description import example
from tests.services.cli.running import refused, tillsyn
from tests.services.tillsyn.tamper import run_sql


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder in which a unit is registered, and somebody has been at the database by hand."""
    folder, file = tmp_path / "data", tmp_path / "homes.toml"
    folder.mkdir()
    migrate(url(folder))
    file.write_text(example())
    assert tillsyn("register", file, "--data", folder).returncode == 0
    run_sql(url(folder), "UPDATE homes SET risk_class = 'grave', camera = NULL")
    run_sql(url(folder), "DELETE FROM staff")
    return folder


def url(folder: Path) -> str:
    return f"sqlite:///{folder / 'tillsyn.db'}"


def rebuild(data: Path, *options: str, status: int = 0) -> Any:
    done = tillsyn("rebuild", "--data", data, *options)
    assert done.returncode == status, done.stderr
    assert done.stderr == ""
    return json.loads(done.stdout) if "--json" in options else done.stdout


def test_a_check_names_tables_keys_and_columns_and_no_values_with_status_one(data: Path) -> None:
    said = rebuild(data, "--check", "--json", status=1)

    assert said["mended"] == 0
    assert said["differing"] == len(said["rows"]) == 3 + len([row for row in said["rows"] if row["table"] == "staff"])
    homes = [row for row in said["rows"] if row["table"] == "homes"]
    assert {(row["how"], *row["columns"]) for row in homes} >= {("different", "risk_class", "camera")}
    assert {row["how"] for row in said["rows"] if row["table"] == "staff"} == {"missing"}
    assert "grave" not in json.dumps(said)
    shown = rebuild(data, "--check", status=1)
    assert "`tillsyn rebuild` mends them" in shown
    assert "grave" not in shown


def test_it_mends_and_then_finds_nothing_more(data: Path) -> None:
    before = rebuild(data, "--check", "--json", status=1)

    said = rebuild(data, "--json")

    assert said["mended"] == before["differing"]
    assert said["longest_pause_s"] < 5
    assert rebuild(data, "--check", "--json")["differing"] == 0
    assert "nothing was changed" in rebuild(data)
    assert "say what the log says" in rebuild(data, "--check")


def test_only_the_tables_named_are_mended(data: Path) -> None:
    assert "homes" in rebuild(data, "--table", "homes", "--table", "slots")
    assert {row["table"] for row in rebuild(data, "--check", "--json", status=1)["rows"]} == {"staff"}


@pytest.mark.parametrize("name", ["sloths", "events", "alive"])
def test_a_table_that_events_do_not_fill_is_refused_with_those_that_they_do(data: Path, name: str) -> None:
    complaint = refused(tillsyn("rebuild", "--data", data, "--table", name))

    assert f"'{name}' is no table that events fill; there are" in complaint
    assert "slots" in complaint


def test_without_a_database_it_says_what_to_do(tmp_path: Path) -> None:
    assert "tillsyn migrate" in refused(tillsyn("rebuild", "--data", tmp_path / "nowhere"))
