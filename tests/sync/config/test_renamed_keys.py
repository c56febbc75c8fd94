"""Keys that had another name in an earlier version: they work and say so, or are refused."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from sync.config import settings as reading
from sync.config.problems import keys_at
from sync.config.settings import (
    CHANGES,
    Change,
    Settings,
    load,
    refuse_old_variables,
    with_current_names,
)
from tests.sync.helpers import Site, book
from tests.sync.history.test_upgrades import CONFIGURATIONS

LONGEST = Change("schedule.longest", "0.2.0", "schedule.longest_minutes")
MOVED = Change("keep_days", "0.3.0", "state.keep_days")
LINK = Change("sources.url", "0.2.0", "sources.link")
GONE = Change("mail.insecure", "0.2.0", instead="Mail is always encrypted.")
EXAMPLE = (LONGEST, MOVED, LINK, GONE)
STILL = "The old name still works: write the new one"
OLD = """
keep_days = 100
[[sources]]
folder = "sheets"
url = "https://sharepoint.example/planer"
[[sources]]
folder = "others"
[schedule]
longest = 60
"""


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> None:
    """A version in which some keys have got other names."""
    monkeypatch.setattr(reading, "CHANGES", EXAMPLE)


@pytest.mark.usefixtures("later")
def test_an_old_name_goes_on_working_and_is_told(site: Site) -> None:
    (site.root / "others").mkdir()
    site.config.write_text(OLD, encoding="utf-8")
    settings = load(site.config)
    assert settings.schedule.longest_minutes == 60
    assert settings.state.keep_days == 100
    assert [source.link for source in settings.folders] == ["https://sharepoint.example/planer", ""]
    assert list(settings.old_keys) == [
        f"schedule.longest is called schedule.longest_minutes since 0.2.0. {STILL}",
        f"keep_days is called state.keep_days since 0.3.0. {STILL}",
        f"sources.url is called sources.link since 0.2.0. {STILL}",
    ]
    site.put("a.xlsx", book())
    answer = site.command("check", "--format", "json")
    assert answer.json["findings"] == []
    assert answer.err.count(STILL) == 3
    examined = site.command("doctor").out
    assert "MEND  configuration: schedule.longest is called schedule.longest_minutes" in examined


@pytest.mark.usefixtures("later")
@pytest.mark.parametrize(
    ("lines", "says"),
    [
        (
            "[schedule]\nlongest = 1\nlongest_minutes = 2",
            "schedule.longest: is called schedule.longest_minutes since 0.2.0, and both are there: "
            "delete schedule.longest",
        ),
        (
            "[mail]\ninsecure = true",
            "mail.insecure: is gone since 0.2.0: delete it. Mail is always encrypted.",
        ),
    ],
    ids=["both names", "gone"],
)
def test_what_cannot_work_is_refused_with_the_change(site: Site, lines: str, says: str) -> None:
    site.configure(lines)
    answer = site.command("sync")
    assert (answer.code, answer.err.strip()) == (2, says)


@pytest.mark.usefixtures("later")
def test_an_old_variable_is_refused_with_its_new_name(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HELHEDSPLAN_SCHEDULE__LONGEST", "60")
    answer = site.command("sync")
    assert answer.code == 2
    assert "call it HELHEDSPLAN_SCHEDULE__LONGEST_MINUTES" in answer.err


def test_what_is_new_stays_as_it_is() -> None:
    data = tomllib.loads('[schedule]\nlongest_minutes = 2\n[[sources]]\nfolder = "a"\n')
    assert with_current_names(data, EXAMPLE) == (data, [])
    refuse_old_variables({"HELHEDSPLAN_SCHEDULE__LONGEST_MINUTES": "1"}, "HELHEDSPLAN_", EXAMPLE)


def test_the_table_leads_from_unknown_keys_to_known_ones() -> None:
    for change in CHANGES:
        *section, key = change.old.split(".")
        assert key not in keys_at(Settings, section)
        assert bool(change.new) != bool(change.instead)
        if change.new:
            *section, key = change.new.split(".")
            assert key in keys_at(Settings, section)


@pytest.mark.parametrize("file", CONFIGURATIONS, ids=lambda file: file.stem)
def test_what_is_old_in_a_released_configuration_is_in_the_table(file: Path) -> None:
    told = load(file).old_keys
    assert {line.split()[0] for line in told} <= {change.old for change in CHANGES}
