"""``python -m deploy.make_keys FOLDER --organisation ID --unit ID --gateway ID``: the secrets of a new installation.

What is there is kept, so it can be run again to add a gateway. The folder then holds, readable by its owner alone:

    master.key  grant.key  grant.key.pub  postgres_password  pgpass     the service's
    nats/server.conf  nats/users.conf                                   what nats-server reads
    nats-keys/<user>.nk                                                 one NKey seed a user
    gateways/<id>.env                                                   which gateway it is, in variables
"""

import argparse
import os
import secrets
import sys
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

from events.looks.grant import GrantSigner
from events.transport.server import server_configuration
from events.transport.users import NatsUser, keep_seed, public_key, write_users

DATABASE_HOST = "postgres"


def make_keys(folder: Path, organisation: UUID, unit: UUID, gateway: UUID) -> None:
    """Make what is missing of an installation with this gateway."""
    for part in (folder, folder / "nats", folder / "gateways"):
        part.mkdir(parents=True, exist_ok=True, mode=0o700)
    _keep(folder / "master.key", _random_key)
    grant_key = _keep(folder / "grant.key", _random_key)
    _keep(folder / "grant.key.pub", GrantSigner.from_seed(b64decode(grant_key)).public_key)
    password = _keep(folder / "postgres_password", lambda: secrets.token_urlsafe(32))
    _keep(folder / "pgpass", lambda: f"{DATABASE_HOST}:5432:tillsyn:tillsyn:{password}\n")
    identity = {"TILLSYN_ORGANISATION": organisation, "TILLSYN_UNIT": unit, "TILLSYN_GATEWAY": gateway}
    _keep(folder / "gateways" / f"{gateway}.env", lambda: "".join(f"{n}={v}\n" for n, v in identity.items()))
    (folder / "nats" / "server.conf").write_text(server_configuration())
    write_users(folder / "nats", _users(folder))


def _users(folder: Path) -> Iterator[NatsUser]:
    seeds = folder / "nats-keys"
    yield NatsUser.service(public_key(keep_seed(seeds, "tillsyn")))
    yield NatsUser.relay(public_key(keep_seed(seeds, "relay")))
    for file in sorted((folder / "gateways").glob("*.env")):
        said = dict(line.split("=", 1) for line in file.read_text().splitlines())
        organisation, gateway = UUID(said["TILLSYN_ORGANISATION"]), UUID(said["TILLSYN_GATEWAY"])
        yield NatsUser.gateway(public_key(keep_seed(seeds, f"gateway-{gateway}")), organisation, gateway)


def _random_key() -> str:
    return b64encode(os.urandom(32)).decode()


def _keep(path: Path, make: Callable[[], str]) -> str:
    """The text in the file, made there when it is missing."""
    if not path.exists():
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(make())
    return path.read_text()


def _arguments(given: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m deploy.make_keys", description="The secrets of an installation.")
    parser.add_argument("folder", type=Path)
    for name in ("organisation", "unit", "gateway"):
        parser.add_argument(f"--{name}", type=UUID, required=True)
    return parser.parse_args(given)


if __name__ == "__main__":
    chosen = _arguments(sys.argv[1:])
    make_keys(chosen.folder, chosen.organisation, chosen.unit, chosen.gateway)
    print(f"{chosen.folder} holds the keys; keep a copy of master.key apart from every backup of the database")
