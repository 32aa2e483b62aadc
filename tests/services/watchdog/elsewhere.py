"""Real servers on free ports, as they are elsewhere: one takes calls and answers questions, one takes mail."""

import json
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True)
class Request:
    """What somebody sent."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.body)
        return found

    @property
    def form(self) -> dict[str, list[str]]:
        return parse_qs(self.body.decode())

    @property
    def query(self) -> dict[str, list[str]]:
        return parse_qs(urlsplit(self.path).query)


@dataclass
class Elsewhere:
    """An HTTP server: what it was sent, and how it answers."""

    url: str = ""
    taken: list[Request] = field(default_factory=list)
    status: int = 200
    body: Callable[[], bytes] = lambda: b"{}"
    headers: dict[str, str] = field(default_factory=dict)
    pause_s: float = 0.0
    """Before the answer."""
    drip_s: float = 0.0
    """Between two bytes of the answer."""
    closing: threading.Event = field(default_factory=threading.Event)

    def kinds(self) -> list[str]:
        """What the calls it was sent said."""
        return [request.json["kind"] for request in self.taken if request.method == "POST"]


@contextmanager
def elsewhere() -> Iterator[Elsewhere]:
    """A server that runs inside the block."""
    told = Elsewhere()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            told.taken.append(Request(self.command, self.path, dict(self.headers), body))
            told.closing.wait(told.pause_s)
            answer = told.body()
            self.send_response(told.status)
            for name, value in {"Content-Length": str(len(answer)), **told.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            step = 1 if told.drip_s else max(1, len(answer))
            for start in range(0, len(answer), step):
                self.wfile.write(answer[start : start + step])
                if told.closing.wait(told.drip_s):
                    return

        do_POST = do_GET  # noqa: N815

        def log_message(self, format: str, *args: Any) -> None:
            """In silence."""

        def handle(self) -> None:
            try:
                super().handle()
            except OSError:
                self.close_connection = True  # whoever asked was not willing to wait

        def finish(self) -> None:
            try:
                super().finish()
            except OSError:
                self.close_connection = True

    server = ThreadingHTTPServer((LOOPBACK, 0), Handler)
    told.url = f"http://{LOOPBACK}:{server.server_address[1]}"
    serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    serving.start()
    try:
        yield told
    finally:
        told.closing.set()
        server.shutdown()
        server.server_close()
        serving.join()


def alive_body(age_s: float = 0.0, planner_age_s: float = 0.0) -> Callable[[], bytes]:
    """The answer of a service whose sweeper has just proved life, each time anew."""

    def body() -> bytes:
        now = datetime.now(UTC)
        sweeper, planner = now - timedelta(seconds=age_s), now - timedelta(seconds=planner_age_s)
        return json.dumps(
            {"now": now.isoformat(), "sweeper": sweeper.isoformat(), "planner": planner.isoformat()}
        ).encode()

    return body


def dead_port() -> int:
    """Where nobody answers."""
    with elsewhere() as gone:
        return int(gone.url.rpartition(":")[2])


@dataclass
class Post:
    """A mail server: what it has taken."""

    port: int = 0
    letters: list[Envelope] = field(default_factory=list)
    logins: list[tuple[str, str]] = field(default_factory=list)
    refused: tuple[str, ...] = ()
    """Recipients that it does not know."""

    async def handle_RCPT(  # noqa: N802 - the library's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refused:
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.letters.append(envelope)
        return "250 OK"

    def authenticate(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        assert isinstance(data, LoginPassword)
        self.logins.append((data.login.decode(), data.password.decode()))
        return AuthResult(success=data.password == b"right", handled=False)


@contextmanager
def post_office(certificate: Path | None = None) -> Iterator[Post]:
    """A mail server inside the block; with a certificate it wants STARTTLS and a login."""
    post = Post()
    given: dict[str, Any] = {}
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        given = {"tls_context": context, "require_starttls": True, "auth_required": True}
        given["authenticator"] = post.authenticate
    controller = Controller(post, hostname=LOOPBACK, port=_free_port(), **given)
    controller.start()
    post.port = controller.port
    try:
        yield post
    finally:
        controller.stop()


def make_certificate(folder: Path, host: str = LOOPBACK) -> Path:
    """A key and a certificate for this machine, signed by itself, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "a mail server")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(host))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file = folder / "mail.pem"
    file.write_bytes(secret + certificate.public_bytes(serialization.Encoding.PEM))
    return file


def _free_port() -> int:
    return dead_port()
