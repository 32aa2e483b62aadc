"""Before the parts run: the database is migrated, the file is entered, keys are made, and a port for NATS is found."""

import asyncio
import socket
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID

import structlog

from events.runtime.clock import WallClock
from events.runtime.settings import BadConfigurationError
from events.store import migrate, queries
from events.transport.connect import TransportUnreachableError, read_seed
from events.transport.users import BadNatsKeyError, NatsUser, keep_seed, public_key
from services.opening import opened_ledger
from services.registering.description import Description
from services.registering.entering import enter
from services.secrets import grant_signer, nats_keys
from services.settings import TillsynSettings

log = structlog.get_logger()

LOOPBACK = ("127.0.0.1", "localhost")
PARTS = ("tillsyn", "relay")


@dataclass(frozen=True, slots=True)
class GatewayFile:
    """A registered gateway, as its settings file has it, and when that was written."""

    path: Path
    gateway: UUID
    user: NatsUser
    written: int


async def prepare(settings: TillsynSettings, homes: Description | None) -> int:
    """Make the database and the keys, and enter `homes`; how many recipients are registered."""
    settings.data.mkdir(parents=True, exist_ok=True)
    await asyncio.to_thread(migrate, settings.database)
    grant_signer(settings)
    async with opened_ledger(settings, WallClock()) as ledger:
        if homes is not None:
            entered = await enter(homes, settings, ledger)
            log.info("entered", things=len(entered.steps))
        return len(await ledger.store.query(queries.all_recipients))


def gateway_files(data: Path) -> list[GatewayFile]:
    """Every gateway that `tillsyn register` has written a file for; BadConfigurationError names one that is spoilt."""
    return [_gateway_file(path) for path in sorted((data / "gateways").glob("*.toml"))]


def _gateway_file(path: Path) -> GatewayFile:
    try:
        table = tomllib.loads(path.read_text())["gateway"]
        gateway, organisation = UUID(table["gateway"]), UUID(table["organisation"])
        key = public_key(read_seed(Path(table["nats_seed_file"])))
        return GatewayFile(path, gateway, NatsUser.gateway(key, organisation, gateway), path.stat().st_mtime_ns)
    except (TransportUnreachableError, BadNatsKeyError) as error:
        raise BadConfigurationError(f"{path}: {error}") from None
    except (OSError, UnicodeDecodeError, KeyError, TypeError, ValueError) as error:
        raise BadConfigurationError(
            f"{path} is no gateway's settings ({type(error).__name__}: {error}); run `tillsyn register` again"
        ) from None


def seed_files(settings: TillsynSettings) -> Mapping[str, Path]:
    """The seeds of the service and the relay, made where they are missing."""
    folder = nats_keys(settings.data.absolute())
    own = settings.nats_seed_file
    for part in PARTS:
        keep_seed(folder, part)
    return {part: folder / f"{part}.nk" for part in PARTS} | ({"tillsyn": own.absolute()} if own else {})


def nats_users(settings: TillsynSettings, gateways: list[GatewayFile]) -> list[NatsUser]:
    """Everybody whom NATS lets in."""
    seeds = seed_files(settings)
    service, relay = (public_key(read_seed(seeds[part])) for part in PARTS)
    return [NatsUser.service(service), NatsUser.relay(relay), *(gateway.user for gateway in gateways)]


def nats_port(settings: TillsynSettings) -> int:
    """The port of the setting; 0, which is any, when nobody asked for one and the usual one is taken."""
    asked = "nats_url" in settings.model_fields_set
    try:
        parts = urlsplit(settings.nats_url)
        host, port = parts.hostname, parts.port or 4222
    except ValueError:
        raise BadConfigurationError(f"TILLSYN_NATS_URL: {settings.nats_url} is no address") from None
    if host not in LOOPBACK:
        raise BadConfigurationError(
            f"TILLSYN_NATS_URL: `up` runs NATS on this machine; {settings.nats_url} is another, for `tillsyn run`"
        )
    if _is_free(port):
        return port
    if asked:
        raise BadConfigurationError(f"TILLSYN_NATS_URL: port {port} is in use; stop what uses it, or name another port")
    log.info("the usual port of NATS is in use; another is taken", port=port)
    return 0


def _is_free(port: int) -> bool:
    with socket.socket() as probe, suppress(OSError):
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((LOOPBACK[0], port))
        return True
    return False
