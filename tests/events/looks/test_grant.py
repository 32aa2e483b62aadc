"""The grant: what the service signed, nothing else, for a gateway that checks."""

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jws
from joserfc.jwk import OctKey
from pydantic import ValidationError

from events.looks.grant import MAX_LENGTH, BadGrantError, Grant, GrantSigner, GrantVerifier
from events.looks.picture import ViewerKey

FROM = datetime(2026, 11, 21, 22, 0, tzinfo=UTC)
GRANT = Grant(
    look=UUID(int=1),
    slot=UUID(int=2),
    home=UUID(int=3),
    camera=UUID(int=4),
    gateway=UUID(int=5),
    viewer=UUID(int=6),
    viewer_key=ViewerKey().public(),
    valid_from=FROM,
    valid_until=FROM + timedelta(seconds=60),
    max_seconds=30,
    max_frames=100,
    recipient=UUID(int=7),
    recipient_version=8,
)
SIGNER = GrantSigner.from_seed(b"s" * 32)
VERIFIER = GrantVerifier(SIGNER.public_key())
TOKEN = SIGNER.sign(GRANT)


def part(value: Any) -> str:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def test_a_signed_grant_is_what_was_signed() -> None:
    assert VERIFIER.verify(TOKEN) == GRANT


def test_the_public_key_holds_no_private_part() -> None:
    assert set(json.loads(SIGNER.public_key())) == {"crv", "kty", "x"}


@given(st.integers(0, len(TOKEN) - 1), st.characters(codec="ascii"))
def test_a_grant_with_any_character_changed_is_refused(place: int, character: str) -> None:
    changed = TOKEN[:place] + character + TOKEN[place + 1 :]
    if _means_the_same(changed):
        return

    with pytest.raises(BadGrantError):
        VERIFIER.verify(changed)


@pytest.mark.parametrize("field", sorted(Grant.model_fields))
def test_a_grant_with_any_field_changed_is_refused(field: str) -> None:
    header, payload, signature = TOKEN.split(".")
    fields = json.loads(base64.urlsafe_b64decode(payload + "=="))
    fields[field] = str(UUID(int=99)) if isinstance(fields[field], str) else fields[field] + 1

    with pytest.raises(BadGrantError, match="signature does not hold"):
        VERIFIER.verify(f"{header}.{part(fields)}.{signature}")


def test_a_grant_of_another_signer_is_refused() -> None:
    with pytest.raises(BadGrantError, match="signature does not hold"):
        VERIFIER.verify(GrantSigner.from_seed(b"t" * 32).sign(GRANT))


@pytest.mark.parametrize("algorithm", ["none", "HS256", "EdDSA", "ES256"])
def test_another_algorithm_is_refused_whatever_the_header_says(algorithm: str) -> None:
    _, payload, signature = TOKEN.split(".")

    for signed in (signature, ""):
        with pytest.raises(BadGrantError):
            VERIFIER.verify(f"{part({'alg': algorithm, 'typ': 'tillsyn-grant+jws'})}.{payload}.{signed}")


def test_the_public_key_used_as_a_shared_secret_signs_nothing() -> None:
    secret = OctKey.import_key(SIGNER.public_key().encode())
    forged = jws.serialize_compact(
        {"alg": "HS256", "typ": "tillsyn-grant+jws"}, GRANT.model_dump_json(), secret, algorithms=["HS256"]
    )

    with pytest.raises(BadGrantError):
        VERIFIER.verify(forged)


def test_another_kind_of_token_signed_by_the_service_is_no_grant() -> None:
    token = jws.serialize_compact(
        {"alg": "Ed25519", "typ": "something-else"}, GRANT.model_dump_json(), SIGNER._key, algorithms=["Ed25519"]
    )

    with pytest.raises(BadGrantError, match="not a grant"):
        VERIFIER.verify(token)


def test_a_signed_token_with_other_fields_is_malformed() -> None:
    more = GRANT.model_dump(mode="json") | {"again": True}
    token = jws.serialize_compact(
        {"alg": "Ed25519", "typ": "tillsyn-grant+jws"}, json.dumps(more), SIGNER._key, algorithms=["Ed25519"]
    )

    with pytest.raises(BadGrantError, match="malformed"):
        VERIFIER.verify(token)


@given(st.text(max_size=200))
def test_what_is_no_token_is_refused(text: str) -> None:
    with pytest.raises(BadGrantError):
        VERIFIER.verify(text)


def test_an_endless_token_is_refused_unread() -> None:
    with pytest.raises(BadGrantError, match=f"{MAX_LENGTH} at most"):
        VERIFIER.verify(TOKEN + "A" * MAX_LENGTH)


@pytest.mark.parametrize("seconds", [0, 1, 59.999])
def test_a_grant_holds_from_its_first_instant_until_before_its_last(seconds: float) -> None:
    GRANT.require_valid_at(FROM + timedelta(seconds=seconds))


@pytest.mark.parametrize("seconds", [-0.001, 60, 3600])
def test_outside_its_window_a_grant_says_when_it_held(seconds: float) -> None:
    with pytest.raises(BadGrantError, match=r"holds 22:00:00–22:01:00 UTC; it is \d\d:\d\d:\d\d"):
        GRANT.require_valid_at(FROM + timedelta(seconds=seconds))


@pytest.mark.parametrize("limits", [{"max_seconds": 0}, {"max_seconds": 121}, {"max_frames": 0}, {"max_frames": 2001}])
def test_no_grant_opens_a_camera_for_long(limits: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Grant.model_validate(GRANT.model_dump() | limits)


def _means_the_same(token: str) -> bool:
    """Base64 has spare bits in its last character: another character may stand for the same bytes."""
    parts = token.split(".")
    if len(parts) != 3 or any(set(one) - _BASE64URL for one in parts):
        return False
    try:
        return [base64.urlsafe_b64decode(one + "==") for one in parts] == [
            base64.urlsafe_b64decode(one + "==") for one in TOKEN.split(".")
        ]
    except ValueError:
        return False


_BASE64URL = set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
