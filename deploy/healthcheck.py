"""``python -m deploy.healthcheck [URL]``: exit status 0 if it is alive. For containers, which carry no curl.

Without a URL it asks the part's own health page; ``nats://host:port`` is greeted as a NATS client would.
"""

import http.client
import os
import socket
import sys
from urllib.parse import urlsplit

TIMEOUT_S = 2.0


def alive(url: str) -> bool:
    """Whether what `url` names answers as it should, within two seconds."""
    parts = urlsplit(url)
    host, port = parts.hostname or "127.0.0.1", parts.port or 80
    try:
        return _greets(host, port) if parts.scheme == "nats" else _is_well(host, port, parts.path)
    except (OSError, http.client.HTTPException):
        return False


def own_page() -> str:
    """The health page of the part in this container."""
    return f"http://127.0.0.1:{os.environ.get('TILLSYN_HEALTH_PORT', '8080')}/healthz"


def _greets(host: str, port: int) -> bool:
    with socket.create_connection((host, port), timeout=TIMEOUT_S) as connection:
        return connection.recv(5) == b"INFO "


def _is_well(host: str, port: int, path: str) -> bool:
    connection = http.client.HTTPConnection(host, port, timeout=TIMEOUT_S)
    try:
        connection.request("GET", path or "/")
        return connection.getresponse().status == http.client.OK
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(0 if alive(sys.argv[1] if len(sys.argv) > 1 else own_page()) else 1)
