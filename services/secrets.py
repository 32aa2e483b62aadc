"""Keys of this installation: from where the settings say, else made in the data folder, readable by the owner alone."""

import hmac
import os
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from hashlib import sha256
from pathlib import Path

from events.keys import BadMasterKeyError, LocalMasterKey
from events.looks.grant import GrantSigner
from events.runtime.settings import BadConfigurationError
from events.transport.users import BadNatsKeyError, keep_seed
from services.settings import DatabaseSettings, TillsynSettings

KEY_BYTES = 32


def master_key(settings: DatabaseSettings) -> LocalMasterKey:
    """The master key: the setting, the named file, or one that is kept in the data folder."""
    try:
        if settings.master_key:
            return LocalMasterKey.parse(settings.master_key)
        if settings.master_key_file is not None:
            return LocalMasterKey.from_file(settings.master_key_file)
        return LocalMasterKey(_kept(settings.data / "keys" / "master.key"))
    except BadMasterKeyError as error:
        raise BadConfigurationError(f"TILLSYN_MASTER_KEY: {error}") from None


def grant_signer(settings: TillsynSettings) -> GrantSigner:
    """The key that signs looks. Its public half is written beside it, for the gateways."""
    path = settings.grant_key_file or settings.data / "keys" / "grant.key"
    signer = GrantSigner.from_seed(_kept(path) if settings.grant_key_file is None else _read(path))
    if settings.grant_key_file is None:
        public = path.with_suffix(".pub")
        if not public.exists() or public.read_text() != signer.public_key():
            public.write_text(signer.public_key())
    return signer


def code_key(settings: TillsynSettings) -> bytes:
    """The key under which codes are kept that are shown before cameras: derived from the one that signs looks."""
    path = settings.grant_key_file or settings.data / "keys" / "grant.key"
    secret = _kept(path) if settings.grant_key_file is None else _read(path)
    return hmac.new(secret, b"tillsyn commissioning codes", sha256).digest()


def nats_seed(settings: DatabaseSettings, part: str) -> str:
    """The part's NKey seed."""
    try:
        if settings.nats_seed_file is not None:
            return settings.nats_seed_file.read_text().strip()
        return keep_seed(nats_keys(settings.data), part)
    except OSError as error:
        raise BadConfigurationError(f"cannot read the NKey seed {error.filename}: {error.strerror}") from None
    except BadNatsKeyError as error:
        raise BadConfigurationError(str(error)) from None


def nats_keys(data: Path) -> Path:
    """The folder of NKey seeds."""
    return data / "keys" / "nats"


def _kept(path: Path) -> bytes:
    """The secret in `path`, made there when it is missing."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _read(path)
    except OSError as error:
        raise BadConfigurationError(f"cannot make the key {path}: {error.strerror}") from None
    with os.fdopen(handle, "w") as file:
        file.write(b64encode(os.urandom(KEY_BYTES)).decode() + "\n")
    return _read(path)


def _read(path: Path) -> bytes:
    try:
        secret = b64decode(path.read_text().strip(), validate=True)
    except OSError as error:
        raise BadConfigurationError(f"cannot read the key {path}: {error.strerror}") from None
    except (Base64Error, UnicodeDecodeError):
        raise BadConfigurationError(f"{path} is not base64; make a key with `openssl rand -base64 32`") from None
    if len(secret) != KEY_BYTES:
        raise BadConfigurationError(f"{path} holds {len(secret)} bytes; a key has {KEY_BYTES}")
    return secret
