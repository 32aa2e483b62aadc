"""The units: hardened, told only what exists, and understood by systemd."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from services.configuration import variables

FOLDER = Path(__file__).parents[2] / "deploy" / "systemd"
UNITS = sorted(FOLDER.glob("*.service"))
MOST_EXPOSURE = 20  # of 100, as systemd-analyze counts: it calls that OK
HARDENED = (
    "NoNewPrivileges=yes",
    "ProtectSystem=strict",
    "ProtectHome=yes",
    "PrivateTmp=yes",
    "PrivateDevices=yes",
    "CapabilityBoundingSet=",
    "RestrictNamespaces=yes",
    "SystemCallFilter=@system-service",
    "UMask=0077",
    "StateDirectoryMode=0700",
    "User=tillsyn",
    "Restart=always",
)

each_unit = pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
needs_systemd = pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")


def test_there_is_a_unit_for_each_part() -> None:
    assert {unit.stem for unit in UNITS} == {
        "nats",
        "tillsyn",
        "tillsyn-gateway@",
        "tillsyn-relay",
        "tillsyn-watchdog",
        "tillsyn-offline-list",
    }


@each_unit
def test_every_unit_is_hardened(unit: Path) -> None:
    lines = unit.read_text().splitlines()

    assert [line for line in HARDENED if line not in lines] == []


@each_unit
def test_every_variable_is_a_setting(unit: Path) -> None:
    assert set(re.findall(r"TILLSYN_[A-Z_]+", unit.read_text())) <= variables()


@each_unit
def test_every_credential_that_is_named_is_loaded(unit: Path) -> None:
    text = unit.read_text()

    assert set(re.findall(r"=%d/(\S+)", text)) == set(re.findall(r"^LoadCredential=([^:]+):", text, re.MULTILINE))


def test_a_gateway_is_given_no_key_but_its_own() -> None:
    loaded = re.findall(r"^LoadCredential=.*", (FOLDER / "tillsyn-gateway@.service").read_text(), re.MULTILINE)

    assert loaded == [
        "LoadCredential=gateway.nk:/etc/tillsyn/nats-keys/gateway-%i.nk",
        "LoadCredential=grant.key.pub:/etc/tillsyn/grant.key.pub",
    ]


def test_a_watchdog_waits_for_nothing_of_ours_and_is_given_its_settings_alone() -> None:
    text = (FOLDER / "tillsyn-watchdog.service").read_text()

    assert re.findall(r"^(?:After|Wants|Requires)=.*(?:nats|tillsyn|postgresql)", text, re.MULTILINE) == []
    assert re.findall(r"^LoadCredential=(\S+?):", text, re.MULTILINE) == ["watchdog.toml"]


@needs_systemd
def test_systemd_understands_the_units(tmp_path: Path) -> None:
    names = []
    for unit in UNITS:  # the programs are not installed here
        names.append(tmp_path / unit.name.replace("@.", "@1."))
        names[-1].write_text(re.sub(r"/opt/tillsyn/bin/\S+", "/bin/true", unit.read_text()))

    checked = subprocess.run(["systemd-analyze", "verify", *names], capture_output=True, text=True, check=False)

    assert checked.returncode == 0, checked.stderr
    assert [line for line in checked.stderr.splitlines() if str(tmp_path) in line] == []


@needs_systemd
@each_unit
def test_systemd_finds_little_exposed(unit: Path) -> None:
    checked = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", f"--threshold={MOST_EXPOSURE}", "--no-pager", unit],
        capture_output=True,
        text=True,
        check=False,
    )
    if "unrecognized option" in checked.stderr:
        pytest.skip("this systemd cannot look at a unit that is not running")

    assert checked.returncode == 0, checked.stdout[-500:]
