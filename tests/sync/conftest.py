"""A site of the job in a folder of its own, and the servers that it may need."""

from __future__ import annotations

import signal
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from sync.workbook_tools.demo import make_demo
from tests.sync.helpers import TODAY, Site
from tests.sync.postgres import Server, postgres, programs

Asked = Callable[..., list[tuple[object, ...]]]


@pytest.fixture(scope="session", autouse=True)
def _sqlite_flushes_nothing() -> Iterator[None]:
    """No test cuts the power of this process: SQLite need not wait for the disk at each commit.

    Runs in processes of their own, which are killed and lose their disk, wait as they always do.
    """

    def flush_nothing(connection: object, _record: object) -> None:
        if isinstance(connection, sqlite3.Connection):
            connection.execute("PRAGMA synchronous = OFF")

    event.listen(Engine, "connect", flush_nothing)
    yield
    event.remove(Engine, "connect", flush_nothing)


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    """An empty site. The working directory is a folder beside it that holds no configuration."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    return Site(tmp_path / "site")


@pytest.fixture(scope="session")
def demo_workbooks(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The four workbooks of the demonstration, by file name: one plan has two of them."""
    folder = tmp_path_factory.mktemp("demo") / "d"
    make_demo(folder, TODAY)
    return {file.name: file.read_bytes() for file in sorted((folder / "sheets").iterdir())}


@pytest.fixture
def demo(site: Site, demo_workbooks: Mapping[str, bytes]) -> Site:
    """A site with the workbooks of the demonstration, which no run has seen."""
    for name, content in demo_workbooks.items():
        site.put(name, content)
    return site


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Server]:
    """A PostgreSQL server of this session's own."""
    found = programs()
    if found is None:
        pytest.skip("PostgreSQL is not installed (Debian: postgresql)")
    pytest.importorskip("psycopg", reason="the driver for PostgreSQL is not installed")
    with postgres(found) as server:
        yield server


@pytest.fixture
def server(postgres_server: Server, monkeypatch: pytest.MonkeyPatch) -> Server:
    """The server with an empty database, in which the job keeps its history."""
    postgres_server.clear()
    for name, value in postgres_server.environment().items():
        monkeypatch.setenv(name, value)
    return postgres_server


@pytest.fixture(params=["file", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def asked(request: pytest.FixtureRequest, site: Site) -> Asked:
    """A history in a file, and then in PostgreSQL: what a query in it finds."""
    if request.param == "file":
        return site.asked
    server: Server = request.getfixturevalue("server")

    def ask(query: str, *values: object) -> list[tuple[object, ...]]:
        return [tuple(map(_as_in_a_file, row)) for row in server.asked(query, *values)]

    return ask


def _as_in_a_file(value: object) -> object:
    """A value as SQLite gives it, which knows neither days nor yes and no."""
    if isinstance(value, date):
        return value.isoformat()
    return int(value) if isinstance(value, bool) else value


@pytest.fixture
def heard_hangup() -> Iterator[None]:
    """A process that is begun now hears SIGHUP, also where the tests run under nohup."""
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGHUP, before)
