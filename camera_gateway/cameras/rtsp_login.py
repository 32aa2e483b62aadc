"""Basic and Digest login for RTSP requests (RFC 7617; RFC 2617 and RFC 7616, as RFC 2326 section 11 borrows them)."""

import base64
import hashlib
import secrets
from urllib.request import parse_http_list, parse_keqv_list

from camera_gateway.cameras.address import RtspAddress

UNQUOTED = frozenset({"algorithm", "nc", "qop"})
"""Parameters that a Digest answer must not quote (RFC 7616, section 3.4)."""


def authorisation(address: RtspAddress, method: str, challenges: tuple[str, ...]) -> str | None:
    """The value of the Authorization header that answers the best of the challenges, Digest before Basic.

    None when there is no challenge of a known kind.
    """
    for challenge in challenges:
        scheme, _, parameters = challenge.partition(" ")
        if scheme.lower() == "digest":
            return _digest(address, method, parse_keqv_list(parse_http_list(parameters)))
    if any(challenge.lower().startswith("basic") for challenge in challenges):
        return _basic(address)
    return None


def _basic(address: RtspAddress) -> str:
    login = f"{address.user}:{address.password.get_secret_value()}".encode()
    return f"Basic {base64.b64encode(login).decode()}"


def _digest(address: RtspAddress, method: str, challenge: dict[str, str]) -> str:
    uri = address.request_uri.get_secret_value()
    realm, nonce = challenge.get("realm", ""), challenge.get("nonce", "")
    algorithm = challenge.get("algorithm", "MD5")
    fields = {"username": address.user, "realm": realm, "nonce": nonce, "uri": uri}
    secret = _hash(algorithm, f"{address.user}:{realm}:{address.password.get_secret_value()}")
    request = _hash(algorithm, f"{method}:{uri}")
    middle = nonce
    if "auth" in challenge.get("qop", "").split(","):
        fields |= {"qop": "auth", "nc": "00000001", "cnonce": secrets.token_hex(8)}
        middle = f"{nonce}:{fields['nc']}:{fields['cnonce']}:auth"
    fields |= {"response": _hash(algorithm, f"{secret}:{middle}:{request}"), "algorithm": algorithm}
    fields |= {"opaque": challenge["opaque"]} if "opaque" in challenge else {}
    return "Digest " + ", ".join(
        f"{key}={value}" if key in UNQUOTED else f'{key}="{value}"' for key, value in fields.items()
    )


def _hash(algorithm: str, text: str) -> str:
    if algorithm.upper() == "SHA-256":
        return hashlib.sha256(text.encode()).hexdigest()
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
