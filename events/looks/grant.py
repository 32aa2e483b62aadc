"""The grant: permission for one look. One person, one home, one camera, one window, so many seconds; signed.

A compact JWS (RFC 7515) with an Ed25519 signature (RFC 8037, RFC 9864). The service signs, the gateway checks.
"""

import json
from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

ALGORITHM = "Ed25519"
TYPE = "tillsyn-grant+jws"
MAX_LENGTH = 4096


class BadGrantError(Exception):
    """The grant is not signed by the service, is malformed, or does not hold here and now."""


class LookPurpose(StrEnum):
    """What a look is for; the gateway opens for each by other rules."""

    SLOT = "slot"
    ALARM = "alarm"
    """Outside the agreed times, on somebody's word; every such look is reviewed."""
    COMMISSIONING = "commissioning"
    """A test of a camera that is not in use yet."""


class Grant(BaseModel):
    """What one look is allowed to be."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    look: UUID
    purpose: LookPurpose = LookPurpose.SLOT
    slot: UUID
    """The slot; for a test the commissioning that it belongs to."""
    home: UUID
    camera: UUID
    gateway: UUID
    viewer: UUID
    """The member of staff who looks."""
    viewer_key: str
    """The viewer's X25519 public key for this look alone, base64."""
    valid_from: AwareDatetime
    valid_until: AwareDatetime
    max_seconds: Annotated[float, Field(gt=0, le=120)]
    max_frames: Annotated[int, Field(ge=1, le=2000)]
    recipient: UUID | None
    """None for a test."""
    recipient_version: int
    """The recipient's state that the service relied on; a gateway that knows an older one must catch up first. 0 for a
    test."""

    def require_valid_at(self, now: datetime) -> None:
        """BadGrantError unless `now` lies in the window."""
        if not self.valid_from <= now < self.valid_until:
            raise BadGrantError(
                f"the grant holds {self.valid_from:%H:%M:%S}–{self.valid_until:%H:%M:%S} UTC; it is {now:%H:%M:%S}"
            )


class GrantSigner:
    """Signs grants with the service's Ed25519 key."""

    def __init__(self, key: OKPKey) -> None:
        self._key = key

    @classmethod
    def from_seed(cls, seed: bytes) -> "GrantSigner":
        """From the 32 bytes of an Ed25519 private key."""
        return cls(OKPKey.import_key(Ed25519PrivateKey.from_private_bytes(seed)))

    def sign(self, grant: Grant) -> str:
        """The grant as compact JWS."""
        header = {"alg": ALGORITHM, "typ": TYPE}
        return jws.serialize_compact(header, grant.model_dump_json(), self._key, algorithms=[ALGORITHM])

    def public_key(self) -> str:
        """The public key as a JSON Web Key, for the gateways."""
        return json.dumps(self._key.as_dict(private=False))


class GrantVerifier:
    """Checks that a grant was signed by the service."""

    def __init__(self, public_key: str) -> None:
        self._key = OKPKey.import_key(json.loads(public_key))

    def verify(self, token: str) -> Grant:
        """The grant in `token`; BadGrantError if it is not the service's or is malformed."""
        if len(token) > MAX_LENGTH:
            raise BadGrantError(f"the grant has {len(token)} characters; {MAX_LENGTH} at most")
        try:
            signed = jws.deserialize_compact(token, self._key, algorithms=[ALGORITHM])
            if signed.headers().get("typ") != TYPE:
                raise BadGrantError("the token is not a grant")
            return Grant.model_validate_json(signed.payload)
        except JoseError as error:
            raise BadGrantError(f"the grant's signature does not hold: {error}") from None
        except ValidationError:
            raise BadGrantError("the grant is signed but malformed") from None
