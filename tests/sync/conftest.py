"""A house for the job, in a folder of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.sync.helpers import House


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> House:
    """An empty house; the working directory lies beside it, and nothing is configured there."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    return House(tmp_path / "house")
