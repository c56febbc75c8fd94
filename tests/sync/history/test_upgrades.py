"""What was made with an earlier version goes on working."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from sync.config.settings import Settings, load
from tests.sync.helpers import Site, book

RELEASES = Path(__file__).parents[1] / "releases"
CONFIGURATIONS = sorted(RELEASES.glob("config-*.toml"))


@pytest.mark.parametrize("file", CONFIGURATIONS, ids=lambda file: file.stem)
def test_an_earlier_configuration_means_what_it_meant(file: Path) -> None:
    settings, defaults = load(file), Settings()
    assert settings.schedule == defaults.schedule
    assert settings.copies == defaults.copies
    assert settings.waivers.never == defaults.waivers.never
    assert settings.mail.server == ""


@pytest.mark.parametrize("file", CONFIGURATIONS, ids=lambda file: file.stem)
def test_an_earlier_configuration_runs(site: Site, file: Path) -> None:
    shutil.copy(file, site.config)
    site.put("a.xlsx", book())
    assert site.command("sync").code == 0
    assert site.command("doctor").code == 0
