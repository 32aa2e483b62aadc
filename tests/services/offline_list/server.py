"""A real HTTP server that keeps what is PUT: WebDAV enough (MOVE, DELETE), or a plain one; it can lose the rest."""

import threading
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

USER, PASSWORD = "tillsyn", "hemligt"


class KeepingServer(ThreadingHTTPServer):
    """`kept` by path; `moves` whether it knows MOVE; `keeps_at_most` bytes of each file."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answering)
        self.kept: dict[str, bytes] = {}
        self.asked: list[str] = []
        self.moves = True
        self.keeps_at_most: int | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/listor"


class _Answering(BaseHTTPRequestHandler):
    server: KeepingServer

    def _begin(self) -> bool:
        self.server.asked.append(f"{self.command} {self.path}")
        wanted = "Basic " + b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        if self.headers["Authorization"] != wanted:
            self._say(401)
            return False
        return True

    def do_PUT(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self._begin():
            self.server.kept[self.path] = body[: self.server.keeps_at_most]
            self._say(201)

    def do_MOVE(self) -> None:
        if not self.server.moves:
            self._say(405)
        elif self._begin():
            self.server.kept[urlsplit(self.headers["Destination"]).path] = self.server.kept.pop(self.path)
            self._say(204)

    def do_DELETE(self) -> None:
        if self._begin():
            self._say(204 if self.server.kept.pop(self.path, None) is not None else 404)

    def do_GET(self) -> None:
        if self._begin():
            self._say(200 if self.path in self.server.kept else 404, self.server.kept.get(self.path, b""))

    def _say(self, status: int, body: bytes = b"") -> None:
        self.send_response(status)
        if status != 204:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


@contextmanager
def keeping_server() -> Iterator[KeepingServer]:
    """It answers inside the block."""
    server = KeepingServer()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
