"""A private PostgreSQL cluster for tests: its own data, port and password, as an unprivileged user, gone afterwards.

``with cluster() as postgres:`` gives one; `Cluster.database()` makes an empty database, or a copy of a template.
Durable as in production (fsync and full synchronous commit), small in memory.
"""

import os
import pwd
import secrets
import shlex
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

UNPRIVILEGED = ("postgres", "nobody")  # whom root runs the server as: initdb refuses root
MEMORY_NEEDED = 4 << 30  # bytes
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "shared_buffers": "16MB",
    "max_connections": "60",
    "max_wal_size": "256MB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "jit": "off",
    "autovacuum_max_workers": "1",
    "max_parallel_workers_per_gather": "0",
}


@dataclass(frozen=True, slots=True)
class Cluster:
    """A running cluster of which we are the superuser."""

    port: int
    password: str
    numbers: Iterator[int]
    home: Path
    binaries: Path

    def url(self, database: str = "postgres", user: str = "tillsyn") -> str:
        """The URL of a database, password included."""
        return f"postgresql://{user}:{self.password}@127.0.0.1:{self.port}/{database}"

    def connect(self, database: str = "postgres", **options: Any) -> "psycopg.Connection[Any]":
        """A raw connection, for tests that hold transactions open."""
        return psycopg.connect(self.url(database), **options)

    def database(self, template: str = "template0") -> str:
        """The name of a new database, made from `template`; nobody may be connected to that one."""
        name = f"t{next(self.numbers)}_{os.getpid()}"
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy")
        with self.connect(autocommit=True) as connection:
            connection.execute(statement.format(sql.Identifier(name), sql.Identifier(template)))
        return name

    def restart(self) -> None:
        """Stop the server as a crash would, and start it again."""
        options = _options(self.home, self.port)
        _run_as(
            self.home, self.binaries / "pg_ctl", "restart", "-w", "-m", "immediate", "-D", self.home / "data",
            "-l", self.home / "log", "-o", options,
        )  # fmt: skip

    def drop(self, name: str) -> None:
        """Remove a database, whoever is still connected to it."""
        with self.connect(autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


@contextmanager
def cluster(folder: Path | None = None) -> Iterator[Cluster]:
    """A running cluster; it and its data are gone when the block ends. Skips the test where PostgreSQL is missing.

    Its data are in a new folder inside `folder`; by default in memory where there is room, else in /tmp. Name a folder
    on a disk to measure.
    """
    binaries = _binaries_or_skip()
    home = Path(tempfile.mkdtemp(prefix="tillsyn-pg-", dir=folder or roomy()))  # short: a socket's path has a limit
    with _cleaned_up(binaries, home):
        password = secrets.token_urlsafe(16)
        _initdb(binaries, home, password)
        port = _free_port()
        data = ("-w", "-D", home / "data")
        _run_as(home, binaries / "pg_ctl", "start", *data, "-l", home / "log", "-o", _options(home, port))
        yield Cluster(port, password, count(1), home, binaries)


@contextmanager
def _cleaned_up(binaries: Path, home: Path) -> Iterator[None]:
    """Stop the server and remove its data at the end of the block, or when this process is killed.

    A small shell waits for the end of its input, which comes in either case, and then does it.
    """
    user = _unprivileged()
    if user:
        os.chown(home, user.pw_uid, user.pw_gid)
    stop = shlex.join([str(binaries / "pg_ctl"), "stop", "-w", "-m", "immediate", "-D", str(home / "data")])
    script = f"cat; {stop}; rm -rf {shlex.quote(str(home))}"
    with subprocess.Popen(
        ["/bin/sh", "-c", script],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd="/",
        start_new_session=True,
        **_identity(),
    ):
        yield  # the end of the block closes the shell's input and waits for it


@lru_cache
def binaries() -> Path | None:
    """The folder with initdb and pg_ctl: beside the one on the PATH, else Debian's newest."""
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return found[-1].parent if found else None


def roomy() -> Path:
    """Where tests put databases: in memory, if hundreds of 8 MiB fit there, for making them is most of the work."""
    memory = Path("/dev/shm")  # noqa: S108
    roomy = memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > MEMORY_NEEDED
    return memory if roomy else Path("/tmp")  # noqa: S108


def _binaries_or_skip() -> Path:
    found = binaries()
    if found is not None:
        return found
    missing = "PostgreSQL's initdb is neither on the PATH nor in /usr/lib/postgresql (apt install postgresql)"
    if os.environ.get("CI"):
        pytest.fail(missing)
    pytest.skip(missing)


def _initdb(binaries: Path, home: Path, password: str) -> None:
    secret = home / "password"
    secret.write_text(password)
    user = _unprivileged()
    if user:
        os.chown(secret, user.pw_uid, user.pw_gid)
    _run_as(
        home, binaries / "initdb", "-D", home / "data", "-U", "tillsyn", "--pwfile", secret, "-A", "scram-sha-256",
        "-E", "UTF8", "--locale", "C", "--no-sync", "--no-instructions",
    )  # fmt: skip
    secret.unlink()


def _options(home: Path, port: int) -> str:
    settings = {**SETTINGS, "port": str(port), "unix_socket_directories": str(home)}
    return " ".join(f"-c {name}={value}" for name, value in settings.items())


def _run_as(home: Path, *command: object) -> None:
    """Run a command of PostgreSQL's as a user that it accepts."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=home,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE if "pg_ctl" not in str(command[0]) else subprocess.DEVNULL,
        stderr=subprocess.STDOUT,
        env={**os.environ, "LC_ALL": "C", "HOME": str(home)},
        check=False,
        **_identity(),
    )
    if done.returncode:
        log = home / "log"
        told = log.read_text() if log.exists() else (done.stdout or b"").decode()
        raise RuntimeError(f"{command[0]} {command[1]} failed:\n{told}")


def _identity() -> dict[str, Any]:
    """As whom a subprocess is to run."""
    user = _unprivileged()
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}


@lru_cache
def _unprivileged() -> pwd.struct_passwd | None:
    """Whom to run as; None: we are nobody special ourselves."""
    if os.geteuid() != 0:
        return None
    for name in UNPRIVILEGED:
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise RuntimeError(f"PostgreSQL does not run as root, and there is no user {' or '.join(UNPRIVILEGED)}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
