"""The containers: hardened, told only what exists, and given secrets as files."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from services.configuration import variables

DEPLOY = Path(__file__).parents[2] / "deploy"
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
DOCKERFILE = (DEPLOY / "Dockerfile").read_text()
PARTS = ("tillsyn", "relay", "gateway", "migrate", "watchdog")

every_container = pytest.mark.parametrize("name", sorted(SERVICES))


def test_there_is_one_of_each_part() -> None:
    assert set(SERVICES) == {"postgres", "nats", *PARTS}


@every_container
def test_every_container_has_a_read_only_root_and_no_privileges(name: str) -> None:
    container = SERVICES[name]

    assert container["read_only"] is True
    assert container["cap_drop"] == ["ALL"]
    assert container["security_opt"] == ["no-new-privileges:true"]
    assert "privileged" not in container
    assert "cap_add" not in container


@every_container
def test_no_container_is_open_to_the_host(name: str) -> None:
    assert "ports" not in SERVICES[name]
    assert "network_mode" not in SERVICES[name]


@every_container
def test_no_secret_stands_in_a_variable(name: str) -> None:
    given = SERVICES[name].get("environment", {})

    assert [key for key in given if re.search(r"(PASSWORD|KEY|SEED)$", key)] == []
    assert not [value for value in given.values() if re.search(r"://[^/@]*:[^/@]*@", str(value))]


@every_container
def test_every_secret_that_a_container_asks_for_is_declared_as_a_file(name: str) -> None:
    for secret in SERVICES[name].get("secrets", []):
        assert COMPOSE["secrets"][secret]["file"].startswith("./secrets/")


@every_container
def test_every_secret_file_that_is_named_is_given_to_the_container(name: str) -> None:
    named = {
        found
        for value in SERVICES[name].get("environment", {}).values()
        for found in re.findall(r"/run/secrets/(\w+)", str(value))
    }
    assert named <= set(SERVICES[name].get("secrets", []))


@every_container
def test_every_variable_is_a_setting(name: str) -> None:
    given = {key for key in SERVICES[name].get("environment", {}) if key.startswith("TILLSYN_")}

    assert given <= variables()


@every_container
def test_what_a_container_waits_for_can_become_true(name: str) -> None:
    for other, wanted in SERVICES[name].get("depends_on", {}).items():
        if wanted["condition"] == "service_healthy":
            assert "test" in SERVICES[other]["healthcheck"]
        else:
            assert SERVICES[other]["restart"] == "no"


@every_container
def test_volumes_are_declared_and_files_of_ours_are_there_and_read_only(name: str) -> None:
    for volume in SERVICES[name].get("volumes", []):
        source, _, rest = volume.partition(":")
        if source.startswith("./"):
            assert rest.endswith(":ro")
            assert source.startswith("./secrets/") or (DEPLOY / source).exists()
        else:
            assert source in COMPOSE["volumes"]


def test_a_gateway_reaches_neither_the_database_nor_the_master_key() -> None:
    gateway = SERVICES["gateway"]

    assert not set(gateway["networks"]) & set(SERVICES["postgres"]["networks"])
    assert set(gateway["secrets"]) == {"nats_gateway", "grant_public_key"}


def test_a_watchdog_shares_nothing_with_what_it_watches_but_a_way_to_ask() -> None:
    watchdog = SERVICES["watchdog"]

    assert set(watchdog["networks"]) & set(SERVICES["tillsyn"]["networks"]) == {"watch"}
    assert not set(watchdog["networks"]) & {*SERVICES["postgres"]["networks"], *SERVICES["nats"]["networks"]}
    assert watchdog["secrets"] == ["watchdog"]
    assert "depends_on" not in watchdog


def test_store_and_bus_have_no_way_out() -> None:
    assert COMPOSE["networks"]["store"] == {"internal": True}
    assert COMPOSE["networks"]["bus"] == {"internal": True}
    assert COMPOSE["networks"]["watch"] == {"internal": True}


def test_the_image_ends_as_a_user_without_rights() -> None:
    last_stage = DOCKERFILE.rpartition("\nFROM ")[2]

    assert re.findall(r"^USER (\S+)", last_stage, re.MULTILINE) == ["10001:10001"]
    assert "HEALTHCHECK" in last_stage
    assert last_stage.rfind("USER ") > last_stage.rfind("RUN ")


def test_the_image_installs_nothing_that_is_not_pinned_by_its_hash() -> None:
    installs = re.findall(r"pip install (.*)", DOCKERFILE)

    assert installs
    assert [line for line in installs if "--require-hashes" not in line and "--no-index --no-deps" not in line] == []


def test_every_lock_file_of_the_image_is_there_and_pinned_by_hash() -> None:
    for name in ("services", "gateway", "watchdog", "build"):
        text = (DEPLOY.parent / "requirements" / f"{name}.txt").read_text()
        assert text.count("==") <= text.count("--hash=sha256:")
        assert "://" not in text
        assert "--index" not in text


@pytest.mark.parametrize("name", ["gateway", "watchdog"])
def test_an_image_that_needs_no_database_holds_no_driver(name: str) -> None:
    text = (DEPLOY.parent / "requirements" / f"{name}.txt").read_text()

    assert [name for name in ("sqlalchemy", "alembic", "psycopg", "faststream") if f"\n{name}==" in text] == []


def test_all_that_is_copied_into_the_image_is_there_and_let_through() -> None:
    let_through = {
        line[1:] for line in (DEPLOY / "Dockerfile.dockerignore").read_text().splitlines() if line[:1] == "!"
    }
    copied = [word for line in re.findall(r"^COPY (?!--)(.*) \S+$", DOCKERFILE, re.MULTILINE) for word in line.split()]

    assert [path for path in copied if not (DEPLOY.parent / path).exists()] == []
    assert set(copied) <= let_through


def test_every_variable_of_the_image_is_a_setting() -> None:
    assert set(re.findall(r"TILLSYN_[A-Z_]+", DOCKERFILE)) <= variables()


def test_docker_itself_reads_the_file(tmp_path: Path) -> None:
    docker = shutil.which("docker")
    if docker is None or subprocess.run([docker, "compose", "version"], capture_output=True, check=False).returncode:
        pytest.skip("docker with its compose plugin is not installed")
    environment = os.environ | {"GATEWAY": "00000000-0000-0000-0000-000000000001"}
    shutil.copytree(DEPLOY, tmp_path / "deploy")
    (tmp_path / "deploy/secrets/gateways").mkdir(parents=True)
    (tmp_path / "deploy/secrets/gateways" / f"{environment['GATEWAY']}.env").write_text("")

    read = subprocess.run(
        [docker, "compose", "--profile", "*", "-f", tmp_path / "deploy/compose.yaml", "config", "--format", "json"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert read.returncode == 0, read.stderr
    assert set(json.loads(read.stdout)["services"]) == set(SERVICES)
