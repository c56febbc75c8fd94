"""Key files made for the tests, a server, and gspread talking to it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import gspread
import pytest

from tests.google_server import GoogleServer
from tests.google_server.api import Api
from tests.google_server.client import client_of, session_of
from tests.google_server.keys import write_key_file


@pytest.fixture(scope="session")
def key_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_key_file(tmp_path_factory.mktemp("keys") / "service-account.json")


@pytest.fixture
def server(key_file: Path) -> Iterator[GoogleServer]:
    with GoogleServer(key_file) as running:
        yield running


@pytest.fixture
def client(server: GoogleServer, key_file: Path) -> gspread.Client:
    return client_of(server.url, key_file)


@pytest.fixture
def api(server: GoogleServer, key_file: Path) -> Api:
    return Api(session_of(server.url, key_file))
