"""The commands and variables of deploy/, read from its files; only places and ports are put where a test has them."""

import re
import shlex
import shutil
import socket
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import yaml

from deploy.make_keys import make_keys
from tests.builders import an_id

DEPLOY = Path(__file__).parents[2] / "deploy"
ORGANISATION, UNIT, GATEWAY = an_id("deployed organisation"), an_id("deployed unit"), an_id("deployed gateway")


@dataclass(frozen=True)
class Command:
    """What is run for one part: the words after the program's name, and every variable that it is given."""

    words: tuple[str, ...]
    variables: dict[str, str]

    @property
    def health(self) -> str:
        """Where its health page answers."""
        return f"http://127.0.0.1:{self.variables['TILLSYN_HEALTH_PORT']}"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Compose:
    """deploy/compose.yaml, its image and its secrets, in a folder; NATS and PostgreSQL on ports of this machine."""

    def __init__(self, folder: Path, postgres_port: int, postgres_password: str) -> None:
        self._folder = folder
        self._file = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
        self.nats_port = free_port()
        self._postgres_port = postgres_port
        make_keys(folder / "secrets", ORGANISATION, UNIT, GATEWAY)
        pgpass = folder / "secrets" / "pgpass"
        pgpass.write_text(f"127.0.0.1:{postgres_port}:tillsyn:tillsyn:{postgres_password}\n")

    @property
    def secrets(self) -> Path:
        return self._folder / "secrets"

    def command(self, service: str) -> Command:
        """What the container `service` runs."""
        said = self._file["services"][service]
        variables = {} if service == "nats" else self._of_the_image()
        if "env_file" in said:
            variables |= _environment_file(self._folder / _with_gateway(said["env_file"]))
        variables |= {name: str(value) for name, value in said["environment"].items()}
        entry = said.get("entrypoint", [])
        words = tuple(self._here(word, service) for word in [*entry, *said["command"]])
        return Command(words, {name: self._here(value, service) for name, value in variables.items()})

    def _of_the_image(self) -> dict[str, str]:
        last_stage = (DEPLOY / "Dockerfile").read_text().rpartition("\nFROM ")[2]
        return dict(re.findall(r"(TILLSYN_\w+)=(\S+)", last_stage))

    def _here(self, text: str, service: str) -> str:
        for name, secret in self._file["secrets"].items():
            text = re.sub(rf"/run/secrets/{name}$", str(self._folder / _with_gateway(secret["file"])), text)
        here = {
            "/etc/nats": str(self.secrets / "nats"),
            "0.0.0.0": "127.0.0.1",  # noqa: S104 - the other way about
            "postgres:5432": f"127.0.0.1:{self._postgres_port}",
            "nats:4222": f"127.0.0.1:{self.nats_port}",
        }
        for there, value in here.items():
            text = text.replace(there, value)
        whole = {"/data": str(self._folder / f"data-{service}"), "4222": str(self.nats_port), "8080": str(free_port())}
        return whole.get(text, text)


class Systemd:
    """The units of deploy/systemd on a machine that is a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.etc = folder / "etc/tillsyn"
        self.etc.parent.mkdir(parents=True)
        make_keys(self.etc, ORGANISATION, UNIT, GATEWAY)
        self.nats_port = free_port()
        address = f"TILLSYN_NATS_URL=nats://127.0.0.1:{self.nats_port}\n"
        (self.etc / "tillsyn.env").write_text(address)
        with (self.etc / "gateways" / f"{GATEWAY}.env").open("a") as file:
            file.write(address)
        (self.etc / "nats.env").write_text(f"NATS_PORT={self.nats_port}\n")

    def commands(self, unit: str) -> list[Command]:
        """What `unit` runs, in order: what goes before, and the part itself."""
        lines = (DEPLOY / "systemd" / f"{unit}.service").read_text().splitlines()
        said = [(name, value) for name, _, value in (line.partition("=") for line in lines)]
        variables: dict[str, str] = {}
        for name, value in said:
            if name == "Environment":
                variables |= dict(word.split("=", 1) for word in shlex.split(value))
            if name == "LoadCredential":
                self._load(unit, value)
        variables = {name: self._here(value, unit) for name, value in variables.items()}
        for name, value in said:
            if name == "EnvironmentFile" and (file := Path(self._here(value.removeprefix("-"), unit))).exists():
                variables |= _environment_file(file)
        if "TILLSYN_HEALTH_PORT" in variables:
            variables["TILLSYN_HEALTH_PORT"] = str(free_port())
        runs = [shlex.split(value) for name, value in said if name in ("ExecStartPre", "ExecStart")]
        return [Command(tuple(self._here(word, unit) for word in words[1:]), variables) for words in runs]

    def _credentials(self, unit: str) -> Path:
        return self._folder / "run/credentials" / unit

    def _load(self, unit: str, credential: str) -> None:
        name, _, source = credential.partition(":")
        self._credentials(unit).mkdir(parents=True, exist_ok=True)
        shutil.copy(self._here(source, unit), self._credentials(unit) / name)

    def _here(self, text: str, unit: str) -> str:
        text = text.replace("%d", str(self._credentials(unit))).replace("%i", str(GATEWAY))
        return re.sub(r"^/(etc|var)/", rf"{self._folder}/\1/", text)


def unit_file(gateway_key: str) -> str:
    """A unit with the gateway that `make_keys` made, for `tillsyn register`."""
    staff = an_id("deployed staff")
    return f"""
[unit]
id = "{UNIT}"
organisation = "{ORGANISATION}"
name = "Natt"
chain = ["{staff}"]
[[staff]]
id = "{staff}"
name = "Någon"
roles = ["patrol"]
[[gateways]]
id = "{GATEWAY}"
public_key = "{gateway_key}"
"""


def gateway_seed(keys: Path, gateway: UUID = GATEWAY) -> Path:
    """The seed that `make_keys` made for a gateway."""
    return keys / "nats-keys" / f"gateway-{gateway}.nk"


def _with_gateway(text: str) -> str:
    return re.sub(r"\$\{GATEWAY[^}]*\}", str(GATEWAY), text)


def _environment_file(path: Path) -> dict[str, str]:
    return dict(line.split("=", 1) for line in path.read_text().splitlines())
