"""A run that finds everything as the run before left it, on the same day, judges nothing again."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from rules.model.finding import Severity
from tests.sync.helpers import TODAY, Site, book, mended, table
from tests.sync.mail_server import Inbox, mail_server
from tests.sync.notifications.test_mail import EVA, OPERATOR, SECRETARIAT, configure, of
from tests.sync.run.test_write_back import parts

pytestmark = pytest.mark.slow

WRONG = {"Indsatser!I2": "'ca. 5", "Indsatser!F3": "'30-02-2026"}


@pytest.fixture
def settled(site: Site) -> Site:
    """Two workbooks that have been checked, written and found unchanged today."""
    site.put("a.xlsx", book(cells=WRONG))
    site.put("b/b.xlsx", book({"Plan-id": "P-2"}))
    site.sync(hour=6)
    site.age()
    site.sync(hour=7)
    assert not site.sync(hour=8).is_unchanged
    return site


def remembered(site: Site) -> dict[str, list[Any]]:
    """All that the history holds, but for the runs."""
    with closing(sqlite3.connect(site.database)) as database:
        names = [
            n for (n,) in database.execute("SELECT name FROM sqlite_master WHERE type='table'")
        ]
        return {
            name: database.execute(f"SELECT * FROM {name} ORDER BY 1").fetchall()
            for name in names
            if name not in {"run", "sqlite_sequence"}
        }


def plain(name: str, content: bytes) -> bytes | list[tuple[str, bytes]]:
    """A file's content; of a workbook its parts in their order, however they are packed."""
    return [*parts(content).items()] if name.endswith(".xlsx") else content


def test_a_standstill_leaves_what_a_whole_run_leaves(settled: Site) -> None:
    still = settled.sync(hour=9)
    assert still.is_unchanged
    files, known = settled.everything(), remembered(settled)
    whole = settled.sync(hour=9, full=True)
    assert not whole.is_unchanged
    assert still.tally == whole.tally
    assert still.counts[Severity.ERROR] >= 2
    sightings = known["sighting"]
    assert all("T09:00" in row[3] for row in sightings)
    assert remembered(settled)["sighting"] == sightings
    assert remembered(settled)["finding"] == known["finding"]
    unlike = [
        name
        for name, (content, *_) in settled.everything().items()
        if not name.startswith("state/") and plain(name, content) != plain(name, files[name][0])
    ]
    assert unlike == []


def test_a_standstill_writes_no_byte_of_a_workbook(settled: Site) -> None:
    before = settled.everything()
    assert settled.sync(hour=9).is_unchanged
    after = settled.everything()
    changed = [name for name, seen in after.items() if before.get(name) != seen]
    assert [name for name in changed if not name.startswith("state/")] == ["Overblik.xlsx"]


def mend_a_cell(site: Site) -> None:
    mended(site, "a.xlsx", "Indsatser", "I2", 5)


def add_a_workbook(site: Site) -> None:
    site.put("c.xlsx", book({"Plan-id": "P-3"}))


def remove_a_workbook(site: Site) -> None:
    (site.sheets / "a.xlsx").unlink()


def rename_a_workbook(site: Site) -> None:
    (site.sheets / "a.xlsx").rename(site.sheets / "z.xlsx")


def change_a_limit(site: Site) -> None:
    site.configure('[limits]\nweekly_hours = "30"')


def remove_the_overview(site: Site) -> None:
    site.overview.unlink()


def change_the_overview(site: Site) -> None:
    site.overview.write_bytes(site.overview.read_bytes() + b"\0")


def remove_the_calendar(site: Site) -> None:
    (site.root / "Frister.ics").unlink()


def lose_the_history(site: Site) -> None:
    shutil.rmtree(site.state)


CHANGES = [
    mend_a_cell, add_a_workbook, remove_a_workbook, rename_a_workbook, change_a_limit,
    remove_the_overview, change_the_overview, remove_the_calendar, lose_the_history,
]  # fmt: skip


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_every_change_is_seen(settled: Site, change: Callable[[Site], None]) -> None:
    change(settled)
    result = settled.sync(hour=9)
    assert not result.is_unchanged
    assert settled.overview.exists()
    assert (settled.root / "Frister.ics").exists()
    again = settled.sync(hour=9, full=True)
    assert again.tally == result.tally


def test_the_next_day_is_judged_anew(settled: Site) -> None:
    tomorrow = TODAY + timedelta(days=1)
    assert not settled.sync(tomorrow).is_unchanged
    assert settled.sync(tomorrow, hour=9).is_unchanged
    assert not settled.sync(TODAY, hour=10).is_unchanged


def test_what_was_mended_back_is_seen(settled: Site) -> None:
    """The file is again the one of the last standstill, but another run lies between."""
    file = settled.sheets / "a.xlsx"
    aside = settled.root / "aside.xlsx"
    file.rename(aside)
    assert settled.sync(hour=9).tally.plans == 1
    aside.rename(file)
    result = settled.sync(hour=10)
    assert not result.is_unchanged
    assert result.tally.plans == 2


def test_a_dry_run_is_never_a_standstill(settled: Site) -> None:
    assert not settled.sync(hour=9, writes=False).is_unchanged


@pytest.fixture
def inbox(tmp_path: Path) -> Iterator[Inbox]:
    with mail_server(tmp_path) as server:
        yield server


def settled_with_mail(site: Site, inbox: Inbox, *lines: str) -> Site:
    """A workbook with mistakes that was found unchanged today, and whose mails were sent."""
    configure(site, inbox, f'secretariat = ["{SECRETARIAT}"]', *lines)
    site.put("a.xlsx", book(plan=of(EVA, "Eva"), cells=WRONG))
    site.sync(hour=6)
    site.age()
    site.sync(hour=7)
    assert not site.sync(hour=8).is_unchanged
    inbox.emptied()
    return site


def forget_how_to_judge(site: Site) -> None:
    """Nothing that was read is kept: whoever judges has to read."""
    site.asked("DELETE FROM workbook")


@pytest.mark.parametrize("frequency", ["always", "daily", "weekly"])
def test_with_mail_nothing_is_judged_either(site: Site, inbox: Inbox, frequency: str) -> None:
    settled_with_mail(site, inbox, f'contacts = "{frequency}"', f'operators = ["{OPERATOR}"]')
    tally = site.sync(hour=9).tally
    forget_how_to_judge(site)
    report = site.sync(hour=10)
    assert (report.is_unchanged, report.read, report.tally) == (True, 0, tally)
    assert (report.problems, inbox.mails) == ([], [])


def test_where_the_summary_is_due_everything_is_judged(site: Site, inbox: Inbox) -> None:
    always = f'frequencies = {{ "{SECRETARIAT}" = "always" }}'
    settled_with_mail(site, inbox, always)
    assert not site.sync(hour=9).is_unchanged
    assert [mail["To"] for mail in inbox.emptied()] == [SECRETARIAT]


def test_a_mail_that_was_refused_is_sent_by_the_next_run(site: Site, inbox: Inbox) -> None:
    settled_with_mail(site, inbox, 'contacts = "always"')
    mended(site, "a.xlsx", "Indsatser", "I3", "ca. 7")
    inbox.refused.add(EVA)
    for hour in (9, 10, 11):
        assert site.sync(hour=hour).problems
        site.age()
    inbox.refused.clear()
    assert not site.sync(hour=12).is_unchanged
    assert [mail["To"] for mail in inbox.emptied()] == [EVA]
    assert site.sync(hour=13).is_unchanged


def test_an_overview_that_could_not_be_written_is_not_taken_for_a_current_one(site: Site) -> None:
    site.put("a.xlsx", book(cells=WRONG))
    site.sync(hour=6)
    before = site.overview.read_bytes()
    lock = site.root / "~$Overblik.xlsx"
    lock.write_bytes(b"\x04Anna")
    mended(site, "a.xlsx", "Indsatser", "I3", "ca. 7")
    for hour in (7, 8, 9):
        site.sync(hour=hour)
        site.age()
    assert site.overview.read_bytes() == before
    lock.unlink()
    site.sync(hour=10)
    shown = {row["Celle"] for row in table(site.overview.read_bytes(), "Advarsler")}
    assert "I3" in shown
