"""What a gateway's installer is handed: one settings file a gateway, in the data folder, for `tillsyn run gateway`."""

import json
import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

from events.runtime.settings import BadConfigurationError
from events.transport.users import BadNatsKeyError, keep_seed, new_seed, public_key
from services.registering.description import Description
from services.secrets import grant_signer, nats_keys
from services.settings import TillsynSettings


def gateway_file(data: Path, gateway: UUID) -> Path:
    """Where a gateway's settings lie."""
    return data / "gateways" / f"{gateway}.toml"


def seed_file(data: Path, gateway: UUID) -> Path:
    """Where a gateway's NKey seed lies."""
    return nats_keys(data) / f"gateway-{gateway}.nk"


def gateway_keys(description: Description, data: Path, *, make: bool) -> dict[UUID, str]:
    """The public NKey of each gateway in the description; where there is no seed one is made and, with `make`, kept."""
    keys = {}
    try:
        for gateway in description.gateways:
            if gateway.public_key is not None:
                keys[gateway.id] = gateway.public_key
                continue
            file = seed_file(data, gateway.id)
            seed = keep_seed(file.parent, file.stem) if make or file.exists() else new_seed()
            keys[gateway.id] = public_key(seed)
        return keys
    except BadNatsKeyError as error:
        raise BadConfigurationError(str(error)) from None
    except OSError as error:
        raise BadConfigurationError(f"TILLSYN_DATA: cannot write {error.filename}: {error.strerror}") from None


def write_gateways(description: Description, settings: TillsynSettings, *, keep: bool = False) -> list[Path]:
    """Write the file of each gateway whose key was made here, and the public half of the key that signs looks.

    With `keep`, a file keeps the cameras that the description does not speak of: their addresses are nowhere else.
    """
    data = settings.data.absolute()
    public = data / "keys" / "grant.pub"
    _write(public, grant_signer(settings).public_key())
    written: list[Path] = []
    for gateway in description.gateways:
        if gateway.public_key is not None:
            continue
        said = {
            "gateway": str(gateway.id),
            "organisation": str(description.unit.organisation),
            "unit": str(description.unit.id),
            "data": str(data),
            "nats_seed_file": str(seed_file(data, gateway.id)),
            "grant_key_file": str(public),
        }
        cameras = [home.camera for home in description.homes if home.camera and home.camera.gateway == gateway.id]
        path = gateway_file(data, gateway.id)
        before = _tables(path) if keep else {}
        addresses = {str(camera.id): camera.address.get_secret_value() for camera in cameras}
        privacy = {str(camera.id): camera.privacy.model_dump(mode="json") for camera in cameras if camera.privacy}
        kept = {id_: shown for id_, shown in before.get("privacy", {}).items() if id_ not in addresses}
        written.append(path)
        _write(path, _settings(said, before.get("cameras", {}) | addresses, kept | privacy))
    return written


def _tables(path: Path) -> dict[str, Any]:
    """What a gateway's file says so far."""
    try:
        said: dict[str, Any] = tomllib.loads(path.read_text())["gateway"]
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise BadConfigurationError(f"cannot read {path}: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, KeyError):
        raise BadConfigurationError(f"{path} is not a gateway's settings any more; move it away") from None
    return said


def _settings(said: Mapping[str, str], addresses: Mapping[str, str], privacy: Mapping[str, Any]) -> str:
    lines = ["# Made by `tillsyn register` or `import`; what is changed here by hand is lost when it runs again."]
    lines += ["[gateway]", *(f"{name} = {_toml(value)}" for name, value in said.items())]
    lines += ["", "[gateway.cameras]", *(f"{_toml(id_)} = {_toml(address)}" for id_, address in addresses.items())]
    if privacy:
        lines += ["", "[gateway.privacy]", *(f"{_toml(id_)} = {_toml(shown)}" for id_, shown in privacy.items())]
    return "\n".join(lines) + "\n"


def _toml(value: Any) -> str:
    """A value as TOML: its strings and numbers are written as in JSON."""
    match value:
        case dict():
            return "{" + ", ".join(f"{name} = {_toml(inner)}" for name, inner in value.items()) + "}"
        case list() | tuple():
            return "[" + ", ".join(map(_toml, value)) + "]"
        case _:
            return json.dumps(value, ensure_ascii=False)


def _write(path: Path, text: str) -> None:
    """All at once, and for its owner alone: a camera's address may hold a password."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if path.exists() and path.read_text() == text:
            return
        unfinished = path.with_name(f".{path.name}.new")
        unfinished.unlink(missing_ok=True)
        handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(text)
        unfinished.replace(path)
    except OSError as error:
        raise BadConfigurationError(f"TILLSYN_DATA: cannot write {path}: {error.strerror}") from None
