"""A site whose plans lie in Google Sheets, on a server of this test's own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.google_server import GoogleServer
from tests.google_server.keys import write_key_file
from tests.sync.stores.google.helpers import GoogleSite


@pytest.fixture(scope="session")
def key_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_key_file(tmp_path_factory.mktemp("keys") / "service-account.json")


@pytest.fixture
def site(tmp_path: Path, key_file: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[GoogleSite]:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    with GoogleServer(key_file) as server:
        site = GoogleSite(tmp_path / "site", server=server, key_file=key_file)
        site.configure_google()
        yield site
