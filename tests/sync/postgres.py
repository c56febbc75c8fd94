"""A PostgreSQL server on loopback, in a folder of its own, that ends with the test."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.certificates import write_certificate

if TYPE_CHECKING:
    import psycopg

PATIENCE_SECONDS = 60.0
USER, NAME = "job", "plans"
_USUAL_PLACES = "/usr/lib/postgresql/*/bin"
# The server goes when standard input ends, also where the test's process was killed.
_WATCHED = 'trap "" INT; "$@" </dev/null & cat >/dev/null; kill -INT $!; wait'


@dataclass(frozen=True)
class Server:
    """A running server with an empty database, and a user who owns it."""

    folder: Path
    bin: Path
    port: int
    password: str

    @property
    def address(self) -> str:
        return f"postgresql://{USER}@127.0.0.1:{self.port}/{NAME}"

    @property
    def certificate(self) -> Path:
        return self.folder / "server.pem"

    def environment(self) -> dict[str, str]:
        """What tells the job to keep its history here."""
        return {
            "HELHEDSPLAN_STATE__DATABASE": self.address,
            "HELHEDSPLAN_STATE_PASSWORD": self.password,
        }

    def connected(self, name: str = NAME) -> psycopg.Connection[tuple[Any, ...]]:
        """A connection of the database's owner."""
        import psycopg  # noqa: PLC0415  only where there is a server

        return psycopg.connect(
            host="127.0.0.1", port=self.port, user=USER, dbname=name, password=self.password,
            options="-c search_path=helhedsplan", autocommit=True,
        )  # fmt: skip

    def asked(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """What a query finds, as the database's owner."""
        with self.connected() as connection:
            found = connection.execute(query.replace("?", "%s").encode(), values)
            return found.fetchall() if found.description else []

    def clear(self) -> None:
        """Begin from an empty database."""
        self.asked("DROP SCHEMA IF EXISTS helhedsplan CASCADE")
        self.asked("DROP SCHEMA IF EXISTS helhedsplan_damaged CASCADE")


def programs() -> Path | None:
    """Where PostgreSQL's programs are; None where there are none, or nobody who may run them."""
    if os.name != "posix" or (os.getuid() == 0 and not _others()):
        return None
    found = shutil.which("initdb")
    places = [Path(found).resolve().parent] if found else sorted(Path("/").glob(_USUAL_PLACES[1:]))
    return next((one for one in reversed(places) if (one / "postgres").exists()), None)


def _others() -> list[str]:
    """How root runs a program as somebody else: the server refuses to be root's."""
    return ["runuser", "-u", "nobody", "--"] if shutil.which("runuser") else []


@contextlib.contextmanager
def postgres(programs: Path) -> Iterator[Server]:
    """A server that runs as long as the context."""
    folder = Path(tempfile.mkdtemp(prefix="helhedsplan-postgres-"))
    as_other = _others() if os.getuid() == 0 else []
    try:
        if as_other:
            shutil.chown(folder, "nobody")
        server = Server(folder, programs, _free_port(), secrets.token_hex(8))
        with _running(server, as_other):
            yield server
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def _running(server: Server, as_other: list[str]) -> Iterator[None]:
    password = server.folder / "password"
    password.write_text(server.password, encoding="ascii")
    data, key = server.folder / "data", server.folder / "server.key"
    write_certificate(server.certificate, key)
    if as_other:
        shutil.chown(key, "nobody")
    subprocess.run(
        [*as_other, server.bin / "initdb", "--pgdata", data, "--username", USER, "--auth",
         "scram-sha-256", "--pwfile", password, "--no-sync", "--encoding", "UTF8",
         "--locale", "C.UTF-8"],
        check=True, capture_output=True, cwd=server.folder, timeout=PATIENCE_SECONDS,
    )  # fmt: skip
    command: list[str | Path] = [
        server.bin / "postgres", "-D", data, "-p", f"{server.port}", "-h", "127.0.0.1",
        "-k", "", "-c", "fsync=off", "-c", "max_connections=40", "-c", "shared_buffers=16MB",
        "-c", "ssl=on", "-c", f"ssl_cert_file={server.certificate}", "-c", f"ssl_key_file={key}",
    ]  # fmt: skip
    with (server.folder / "log").open("wb") as log:
        running = subprocess.Popen(
            [*as_other, "sh", "-c", _WATCHED, "sh", *command],
            stdin=subprocess.PIPE, stdout=log, stderr=log, cwd=server.folder,
        )  # fmt: skip
    try:
        _made_ready(server)
        yield
    finally:
        running.communicate(timeout=PATIENCE_SECONDS)


def _made_ready(server: Server) -> None:
    import psycopg  # noqa: PLC0415  only where there is a server

    ends_at = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            with server.connected("postgres") as connection:
                connection.execute(f"CREATE DATABASE {NAME}".encode())
                return
        except psycopg.OperationalError:
            if time.monotonic() > ends_at:
                raise
            time.sleep(0.05)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
