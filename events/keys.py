"""The key ring: seals and opens personal fields under keys that can be destroyed one person at a time.

Each person has a data key for each `Purpose` and each organisation that has written of them, wrapped by that
organisation's key, which is derived from the installation's master key, and kept in a key table. Keys from before there
were several organisations are wrapped by the master key itself, and stay readable. To erase a person is to destroy the
wrapped keys: every copy of the log then holds noise. The key table is a table of the same database, so a backup from
before still holds the wrapped key: keep backups for less time than the law gives you to erase, or keep the key table's
backups apart.
"""

import json
from base64 import b64decode
from binascii import Error as Base64Error
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID, uuid4

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pydantic import TypeAdapter

from events.base import Event
from events.personal import Personal, Plain, Purpose, Sealed
from events.registry import personal_field_names
from events.runtime.ids import Randomness, system_randomness

NONCE_BYTES = 12  # NIST SP 800-38D, 8.2.2: random 96-bit nonces; a data key seals far fewer than 2**32 fields
KEY_BYTES = 32
_ORGANISATION_KEY = b"tillsyn/organisation-key/v1/"


class BadMasterKeyError(Exception):
    """The configured master key is missing, malformed, or not the one that wrapped this database's keys."""


class PersonErasedError(Exception):
    """The person's key was destroyed: nothing more can be sealed for them, and nothing can be opened."""


INSTALLATION = UUID(int=0)
"""In the place of an organisation: the master key itself, for what belongs to none."""


class MasterKey(Protocol):
    """Wraps data keys. From a file or the environment here; a key management service fits behind it."""

    def of(self, organisation: UUID) -> "MasterKey":
        """The key of one organisation: what it wraps no other organisation's key opens. INSTALLATION: this one."""
        ...

    def wrap(self, key: bytes, context: bytes) -> bytes:
        """`key` encrypted, bound to `context`."""
        ...

    def unwrap(self, wrapped: bytes, context: bytes) -> bytes:
        """The key that `wrap` was given; BadMasterKeyError if this is another master key or context."""
        ...


class LocalMasterKey:
    """A 256-bit master key held by this process."""

    def __init__(self, secret: bytes, randomness: Randomness = system_randomness) -> None:
        if len(secret) != KEY_BYTES:
            raise BadMasterKeyError(f"the master key has {len(secret)} bytes; it must be {KEY_BYTES}, base64 encoded")
        self._secret = secret
        self._aead = AESGCM(secret)
        self._randomness = randomness
        self._derived: dict[UUID, LocalMasterKey] = {}

    def of(self, organisation: UUID) -> "LocalMasterKey":
        """Derived by HKDF-SHA256 (RFC 5869): the master key is random already, so there is no salt to choose."""
        if organisation == INSTALLATION:
            return self
        if organisation not in self._derived:
            info = _ORGANISATION_KEY + organisation.bytes
            secret = HKDF(hashes.SHA256(), KEY_BYTES, salt=None, info=info).derive(self._secret)
            self._derived[organisation] = LocalMasterKey(secret, self._randomness)
        return self._derived[organisation]

    @classmethod
    def parse(cls, text: str) -> "LocalMasterKey":
        """From base64 text, as in the environment."""
        try:
            return cls(b64decode(text.strip(), validate=True))
        except Base64Error:
            raise BadMasterKeyError("the master key is not base64; make one with `openssl rand -base64 32`") from None

    @classmethod
    def from_file(cls, path: Path) -> "LocalMasterKey":
        """From a file holding base64 text."""
        try:
            return cls.parse(path.read_text())
        except OSError as error:
            raise BadMasterKeyError(f"cannot read the master key file {path}: {error.strerror}") from None

    def wrap(self, key: bytes, context: bytes) -> bytes:
        nonce = self._randomness(NONCE_BYTES)
        return nonce + self._aead.encrypt(nonce, key, context)

    def unwrap(self, wrapped: bytes, context: bytes) -> bytes:
        try:
            return self._aead.decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], context)
        except InvalidTag:
            raise BadMasterKeyError("the master key is not the one this database was written with") from None


@dataclass(frozen=True, slots=True)
class KeyRow:
    """One data key as the key table keeps it; `wrapped` is None once it is destroyed."""

    key: UUID
    person: UUID
    purpose: Purpose
    wrapped: bytes | None
    organisation: UUID = INSTALLATION


class KeyTable(Protocol):
    """Where wrapped keys are kept. Implemented by the store."""

    async def key_of(self, person: UUID, purpose: Purpose, organisation: UUID = INSTALLATION) -> KeyRow | None:
        """The person's key for a purpose in an organisation, destroyed or not."""
        ...

    async def key_by_id(self, key: UUID) -> KeyRow | None:
        """The key with this id."""
        ...

    async def add_key(self, row: KeyRow) -> KeyRow:
        """Keep `row` unless the person has such a key already; the one that is kept is returned."""
        ...

    async def destroy_keys(self, person: UUID, purpose: Purpose) -> int:
        """Forget the wrapped keys, of every organisation, for ever; how many were destroyed."""
        ...


class KeyRing:
    """Seals the personal fields of events and opens them again for those who may see them."""

    def __init__(self, master: MasterKey, table: KeyTable, randomness: Randomness = system_randomness) -> None:
        self._master = master
        self._table = table
        self._randomness = randomness

    async def seal(self, event_id: UUID, event: Event, organisation: UUID = INSTALLATION) -> Event:
        """`event` with each clear personal field sealed, bound to the event's id, the field's name and the key.

        The key is the person's in the organisation that the event belongs to.
        """
        sealed: dict[str, Personal[Any]] = {}
        for field, content in personal_fields(event).items():
            if isinstance(content, Plain):
                sealed[field] = Personal(await self._seal_field(event_id, field, content, organisation))
        return event.model_copy(update=sealed) if sealed else event

    async def reveal(self, event_id: UUID, field: str, personal: Personal[Any], kind: Any) -> Any:
        """The value of a sealed field, validated as `kind`; PersonErasedError when its key is gone."""
        sealed = personal.sealed()
        row = await self._table.key_by_id(sealed.key)
        if row is None or row.wrapped is None:
            raise PersonErasedError(f"the key {sealed.key} is destroyed; the field {field!r} cannot be opened")
        aead = self._opened(row, row.wrapped)
        nonce, body = sealed.ciphertext[:NONCE_BYTES], sealed.ciphertext[NONCE_BYTES:]
        return TypeAdapter(kind).validate_json(aead.decrypt(nonce, body, _field_context(event_id, field, sealed.key)))

    async def _seal_field(self, event_id: UUID, field: str, plain: Plain[Any], organisation: UUID) -> Sealed:
        row = await self._table.key_of(plain.person, plain.purpose, organisation)
        if row is None:
            row = await self._table.add_key(self._new_key(plain.person, plain.purpose, organisation))
        if row.wrapped is None:
            raise PersonErasedError(f"{plain.person} is erased ({plain.purpose}); nothing more can be recorded of them")
        aead = self._opened(row, row.wrapped)
        nonce = self._randomness(NONCE_BYTES)
        body = json.dumps(TypeAdapter(type(plain.value)).dump_python(plain.value, mode="json")).encode()
        return Sealed(row.key, nonce + aead.encrypt(nonce, body, _field_context(event_id, field, row.key)))

    def _opened(self, row: KeyRow, wrapped: bytes) -> AESGCM:
        return AESGCM(self._master.of(row.organisation).unwrap(wrapped, _wrap_context(row)))

    def _new_key(self, person: UUID, purpose: Purpose, organisation: UUID) -> KeyRow:
        bare = KeyRow(uuid4(), person, purpose, None, organisation)
        wrapped = self._master.of(organisation).wrap(self._randomness(KEY_BYTES), _wrap_context(bare))
        return replace(bare, wrapped=wrapped)


def personal_fields(event: Event) -> dict[str, "Plain[Any] | Sealed"]:
    """The personal fields of an event that hold a value, by name. Personal fields stand at an event's top level."""
    values = ((name, getattr(event, name)) for name in personal_field_names(type(event)))
    return {name: value.content for name, value in values if isinstance(value, Personal)}


def _wrap_context(row: KeyRow) -> bytes:
    return f"{row.key}/{row.person}/{row.purpose}".encode()


def _field_context(event_id: UUID, field: str, key: UUID) -> bytes:
    return f"{event_id}/{field}/{key}".encode()
