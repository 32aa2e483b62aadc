"""`tillsyn register`: validated whole, entered once, and what is different entered or refused as the rules have it."""

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from camera_gateway.settings import GatewaySettings
from events.runtime.settings import BadConfigurationError
from events.store import migrate
from services.registering.description import example, parse_description
from tests.services.cli.running import refused, tillsyn


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    migrate(f"sqlite:///{folder / 'tillsyn.db'}")
    return folder


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "homes.toml"
    path.write_text(example())
    return path


def register(file: Path, data: Path, *options: str) -> dict[str, Any]:
    done = tillsyn("register", file, "--data", data, "--json", *options)
    assert done.returncode == 0, done.stderr
    said: dict[str, Any] = json.loads(done.stdout)
    return said


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))


def test_the_example_is_printed_and_can_be_read() -> None:
    done = tillsyn("register", "--example")

    assert done.returncode == 0
    assert done.stdout == example()
    assert len(parse_description(done.stdout, "example").homes) == 3


def test_a_dry_run_says_what_would_be_entered_and_enters_nothing(file: Path, data: Path) -> None:
    before = sorted(data.rglob("*.nk"))
    would = register(file, data, "--dry-run")

    assert would["dry_run"] is True
    assert would["entered"]
    assert sorted(data.rglob("*.nk")) == before
    assert register(file, data)["entered"] == would["entered"]


def test_entering_it_again_changes_nothing(file: Path, data: Path) -> None:
    first = register(file, data)
    again = register(file, data)

    assert len([what for what in first["entered"] if what.startswith("home ")]) == 3
    assert again["entered"] == []


def test_area_key_code_and_cohabitants_are_entered_once_and_the_camera_is_said_to_be_untested(
    file: Path, data: Path
) -> None:
    change(file, '# area = "Tumba norr" ', 'area = "Tumba norr" ')
    change(file, '# key_code = "…" ', 'key_code = "1234 lejon" ')
    taken_by = parse_description(example(), "example").staff[0].id
    cohabitant = f"""
[[homes.cohabitants]]
id = "0f1f6e2c-6a54-4a1e-9a8a-1d3c53f5a111"
name = "Sven Almkvist"
consent = {{ id = "0f1f6e2c-6a54-4a1e-9a8a-1d3c53f5a112", scope = [], given_how = "oral", taken_by = "{taken_by}" }}

[[homes.recipients]]  # one or two in a home"""
    change(file, "\n[[homes.recipients]]  # one or two in a home", cohabitant)

    done = tillsyn("register", file, "--data", data)
    assert done.returncode == 0, done.stderr
    said = " ".join(done.stdout.split())
    for what in ("entered area of home", "entered key code of home", "entered cohabitant", "visits until its test"):
        assert what in said
    assert "lejon" not in said + done.stderr
    assert register(file, data)["entered"] == []


def test_each_gateway_gets_a_file_that_it_can_run_on(file: Path, data: Path) -> None:
    (path,) = register(file, data)["gateways"]
    described = parse_description(example(), "example")
    settings = GatewaySettings.load(Path(path))

    assert settings.gateway == described.gateways[0].id
    assert set(settings.cameras) == {home.camera.id for home in described.homes if home.camera}
    assert settings.nats_seed_file.exists()
    assert settings.grant_key_file.exists()
    assert Path(path).stat().st_mode & 0o077 == 0
    assert len(settings.privacy) == 1


def test_what_is_new_in_it_is_entered(file: Path, data: Path) -> None:
    register(file, data)
    change(file, "time = 02:00:00", "time = 02:10:00")
    change(file, "lease = 90", "lease = 120")

    entered = register(file, data)["entered"]

    assert [what.split(" ")[0] for what in entered] == ["rules", "schedule"]
    assert register(file, data)["entered"] == []


def test_what_cannot_be_changed_is_refused_before_anything_is_entered(file: Path, data: Path) -> None:
    register(file, data)
    change(file, "lease = 90", "lease = 120")
    change(file, 'risk_class = "medium"', 'risk_class = "high"')

    assert "risk_class medium, the file has high" in refused(tillsyn("register", file, "--data", data))
    change(file, 'risk_class = "high"', 'risk_class = "medium"')
    assert [what.split(" ")[0] for what in register(file, data)["entered"]] == ["rules"]


def test_without_a_database_it_says_what_to_do(file: Path, tmp_path: Path) -> None:
    assert "tillsyn migrate" in refused(tillsyn("register", file, "--data", tmp_path / "nowhere"))


def test_no_file_is_refused_in_one_line(tmp_path: Path) -> None:
    assert "--example" in refused(tillsyn("register"))
    assert "No such file" in refused(tillsyn("register", tmp_path / "none.toml"))


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('risk_class = "medium"', 'risk_class = "grave"', r"homes\[0\]\.risk_class: .*'grave'"),
        ("time = 02:00:00", 'time = "25:00"', r"homes\[0\]\.recipients\[0\]\.schedule\[1\]\.time: .*'25:00'"),
        ("lease = 90", "lease = -1", r"unit\.rules\.lease: .*-1"),
        ('zone = "Europe/Stockholm"', 'zone = "Tumba"', r"unit\.zone: no time zone is called 'Tumba'"),
        ('late_after = "PT30M"', 'late_after = "PT90M"', r"schedule\[0\]: .*the deadline must come after"),
        ("outage_agreement = ", "outage_greement = ", r"homes\[0\]\.outage_greement: Extra inputs are not permitted"),
        ('roles = ["patrol"]', 'roles = ["night-staff"]', r"unit\.chain\[0\] is .*, who is not in staff with the role"),
        ("checks_a_night = 3", "checks_a_night = 2", "schedule has 3 times, the decision grants 2"),
        ("[unit]", "[unit", "is not TOML"),
    ],
)
def test_what_is_wrong_is_said_in_one_line_with_its_place(old: str, new: str, complaint: str) -> None:
    with pytest.raises(BadConfigurationError) as refusal:
        parse_description(example().replace(old, new, 1), "homes.toml")

    assert re.search(complaint, str(refusal.value))
    assert "\n" not in str(refusal.value)


def test_a_cameras_address_is_never_repeated() -> None:
    text = example().replace('"scene:sleeper?seed=1"', '"rtsp://anna:hemligt@[kamera/1"')

    with pytest.raises(BadConfigurationError) as refusal:
        parse_description(text, "homes.toml")

    assert "homes[0].camera.address" in str(refusal.value)
    assert "hemligt" not in str(refusal.value)


def test_a_gateway_that_no_list_names_is_refused() -> None:
    gateway = tomllib.loads(example())["gateways"][0]["id"]
    text = example().replace(f'gateway = "{gateway}"', 'gateway = "00000000-0000-4000-8000-000000000000"', 1)

    with pytest.raises(BadConfigurationError, match=r"homes\[0\]\.camera\.gateway is 00000000"):
        parse_description(text, "homes.toml")
