"""`tillsyn roster`, `staff` and `load`, and one unit's share of `night`, `log` and `verify`."""

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from events.store import migrate
from services.registering.description import example, parse_description
from tests.services.cli.running import refused, tillsyn

DESCRIBED = parse_description(example(), "example")
UNIT, NURSE = DESCRIBED.unit.id, DESCRIBED.staff[0].id
NIGHT = "2031-11-03"
HEADING = "night,staff,role,from,to"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the example's unit."""
    folder = tmp_path_factory.mktemp("data")
    migrate(f"sqlite:///{folder / 'tillsyn.db'}")
    file = folder / "homes.toml"
    file.write_text(example())
    assert tillsyn("register", file, "--data", folder).returncode == 0
    return folder


def with_other_ids(text: str) -> str:
    """The same unit in another organisation: the ids are random, and stay so turned round."""
    return re.sub(r'"([0-9a-f]{8})-([0-9a-f]{4})-', lambda ids: f'"{ids[1][::-1]}-{ids[2][::-1]}-', text)


def a_roster(folder: Path, *lines: str, heading: str = HEADING) -> Path:
    file = folder / f"{uuid4()}.csv"
    file.write_text("\n".join([heading, *lines]) + "\n")
    return file


def imported(data: Path, file: Path, *more: str) -> dict[str, object]:
    done = tillsyn("roster", "import", file, "--unit", str(UNIT), "--data", data, "--json", *more)
    told: dict[str, object] = json.loads(done.stdout)
    return told | {"status": done.returncode}


def test_a_roster_is_rehearsed_entered_and_entered_again(data: Path) -> None:
    file = a_roster(data, f"{NIGHT};{NURSE};night-staff;21:00;07:00", heading="natt;personal;roll;från;till")
    assert imported(data, file, "--dry-run")["entered"] == 1
    assert imported(data, file)["entered"] == 1
    assert imported(data, file) == {"dry_run": False, "entered": 0, "faults": [], "status": 0}
    shown = json.loads(tillsyn("roster", "show", NIGHT, "--unit", str(UNIT), "--data", data, "--json").stdout)
    assert [(row["starts_at"], row["ends_at"]) for row in shown["roster"]] == [
        ("2031-11-03 20:00:00+00:00", "2031-11-04 06:00:00+00:00")
    ]
    assert NIGHT in tillsyn("roster", "show", NIGHT, "--unit", str(UNIT), "--data", data).stdout


def test_a_shift_over_the_autumn_change_lasts_an_hour_longer(data: Path) -> None:
    file = a_roster(data, f"2031-10-25,{NURSE},night-staff,21:00,07:00")
    assert imported(data, file)["entered"] == 1
    shown = json.loads(tillsyn("roster", "show", "2031-10-25", "--unit", str(UNIT), "--data", data, "--json").stdout)
    (row,) = shown["roster"]
    assert (row["starts_at"], row["ends_at"]) == ("2031-10-25 19:00:00+00:00", "2031-10-26 06:00:00+00:00")


def test_a_roster_of_no_such_night_or_with_no_such_cell_is_told_line_by_line(data: Path) -> None:
    lines = (f"{night},{NURSE},night-staff,21:00,07:00" for night in ("9999-12-31", "0001-01-01", "a" * 200_000))
    told = imported(data, a_roster(data, *lines))
    assert [fault["line"] for fault in told["faults"]] == [2, 3, 4]  # type: ignore[attr-defined]
    assert told["status"] == 2


def test_what_is_no_roster_is_refused_before_it_is_read(data: Path) -> None:
    for heading, said in (("a" * 200_000, "line 1: it is not CSV"), ("night\n" * 400_000, "is it a roster?")):
        done = tillsyn("roster", "import", a_roster(data, heading=heading), "--unit", str(UNIT), "--data", data)
        assert (done.returncode, said in done.stderr) == (2, True), done.stderr[-300:]


def test_every_wrong_line_is_told_and_nothing_is_entered(data: Path) -> None:
    stranger = uuid4()
    file = a_roster(
        data,
        f"2032-01-01,{NURSE},night-staff,21:00,07:00",
        f"2032-13-01,{NURSE},night-staff,21:00,07:00",
        "",
        f"2032-01-01,{NURSE},night-staff,21:00,25:00",
        f"2032-01-01,{stranger},night-staff,21:00,07:00",
        f"2032-01-02,{NURSE},night-staff,07:00,21:00",
        f"2032-01-02,{NURSE}",
        "2032-01-02,kerstin,night-staff,21:00,07:00",
    )
    done = tillsyn("roster", "import", file, "--unit", str(UNIT), "--data", data)
    told = done.stderr.splitlines()
    assert done.returncode == 2
    assert [line.split("line ")[1].split(":")[0] for line in told] == ["3", "5", "6", "7", "8", "9"]
    wrong = ("'2032-13-01'", "'25:00'", str(stranger), "end", "2 cells", "'kerstin'")
    for words, line in zip(wrong, told, strict=True):
        assert words in line
    shown = tillsyn("roster", "show", "2032-01-01", "--unit", str(UNIT), "--data", data, "--json")
    assert json.loads(shown.stdout)["roster"] == []


def test_a_roster_without_a_column_or_for_no_unit_is_refused(data: Path) -> None:
    file = a_roster(data, heading="night,staff,from,to")
    assert "no column role or roll" in refused(tillsyn("roster", "import", file, "--unit", str(UNIT), "--data", data))
    assert "no unit" in refused(tillsyn("roster", "import", file, "--unit", str(uuid4()), "--data", data))
    assert "/nowhere.csv" in refused(tillsyn("roster", "import", "/nowhere.csv", "--unit", str(UNIT), "--data", data))


def test_a_role_is_granted_listed_and_ended(data: Path) -> None:
    where = ("--unit", str(UNIT), "--data", data)
    no_end = refused(tillsyn("staff", "grant", str(NURSE), "nurse", "--agency", *where))
    assert "give one" in no_end
    until = ("--until", "2040-01-01T07:00")
    assert tillsyn("staff", "grant", str(NURSE), "nurse", "--agency", *until, *where).returncode == 0
    rows = json.loads(tillsyn("staff", "list", *where, "--json").stdout)
    (row,) = [row for row in rows if row["role"] == "nurse"]
    assert (row["staff"], row["until"], row["agency"]) == (str(NURSE), "2040-01-01 06:00:00+00:00", True)
    assert tillsyn("staff", "end", str(NURSE), "nurse", *where).returncode == 0
    assert "nothing is there to end" in refused(tillsyn("staff", "end", str(NURSE), "patrol", *where))
    assert "'doctor'" in refused(tillsyn("staff", "grant", str(NURSE), "doctor", *where))
    by_a_nurse = tillsyn("staff", "grant", str(NURSE), "nurse", "--by", str(NURSE), *where)
    assert "is not manager" in refused(by_a_nurse)


def test_emergency_accesses_are_listed_and_one_that_is_not_there_cannot_be_reviewed(data: Path) -> None:
    assert json.loads(tillsyn("staff", "accesses", "--data", data, "--json").stdout) == []
    review = tillsyn("staff", "review", str(uuid4()), "in-order", "--by", str(NURSE), "--data", data)
    assert "no emergency access" in refused(review)


def test_the_load_of_a_night_is_shown_and_counted(data: Path) -> None:
    shown = tillsyn("load", NIGHT, "--unit", str(UNIT), "--data", data)
    assert shown.returncode == 0, shown.stderr
    assert "No slots" in shown.stdout
    (load,) = json.loads(tillsyn("load", NIGHT, "--data", data, "--json").stdout)
    assert (load["unit"], load["quarters"], load["look_at"]) == (str(UNIT), [], {})
    assert "no unit" in refused(tillsyn("load", NIGHT, "--unit", str(uuid4()), "--data", data))


def test_the_log_of_one_organisation_or_unit_is_read_alone(data: Path) -> None:
    whole = tillsyn("log", "--data", data).stdout.splitlines()
    assert whole
    assert tillsyn("log", "--unit", str(UNIT), "--data", data).stdout.splitlines() == whole
    organisation = str(DESCRIBED.unit.organisation)
    assert tillsyn("log", "--organisation", organisation, "--data", data).stdout.splitlines() == whole
    # nobody plans here, which breaks a rule of this organisation, and of no other
    later = f"{datetime.now(UTC) + timedelta(days=2):%Y-%m-%dT22:00}"
    assert tillsyn("verify", "--organisation", organisation, "--at", later, "--data", data).returncode == 1
    another = data / "another.toml"
    another.write_text(with_other_ids(example()))
    assert tillsyn("register", another, "--data", data).returncode == 0
    elsewhere = str(parse_description(another.read_text(), "another").unit.organisation)

    assert tillsyn("log", "--organisation", organisation, "--data", data).stdout.splitlines() == whole
    told = tillsyn("log", "--organisation", elsewhere, "--data", data).stdout.splitlines()
    assert told
    assert not {*told} & {*whole}
