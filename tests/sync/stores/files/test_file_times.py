"""Times of files that cannot be: anybody can set them, and a share may tell any."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sync.stores.files.untrusted import changed_at
from tests.sync.helpers import DAY, Site, book, table

WRONG = {"Milepæle!B3": "9"}
MEMORY = Path("/dev/shm")
"""A file system that keeps any time; others keep the nearest that they know."""
ODD = [10**17, -(10**13), -62_135_596_801, 253_402_300_799, 253_402_298_999, 2**33, -5, 0]
"""Far outside of all dates, at both ends of them, and in 2242, 1969 and 1970."""


@pytest.fixture
def odd_site(site: Site) -> Iterator[Site]:
    """A site whose workbooks lie where a file can have any time, if that can be had."""
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
        site.configure(sources=f'[[sources]]\nfolder = "{folder}"\n')
        yield site


@pytest.mark.parametrize("seconds", ODD)
def test_an_odd_time_neither_ends_nor_hampers_a_run(odd_site: Site, seconds: int) -> None:
    folder = odd_site.settings().folders[0].folder
    for name, content in (("a.xlsx", book(cells=WRONG)), ("b.xlsx", b"no workbook")):
        (folder / name).write_bytes(content)
        os.utime(folder / name, (seconds, seconds))
    assert odd_site.check().code == 1
    assert [odd_site.sync(hour=hour).written for hour in (7, 8)] == [["a.xlsx"], []]
    os.utime(folder / "a.xlsx", (seconds, seconds))
    for command in ("status", "sync --dry-run", "sync --full", "digest --dry-run", "doctor"):
        given = ["--remember", "--today", DAY] if command == "sync --full" else []
        odd_site.command(command, *given)  # one that ends in an unforeseen way fails the test
    rows = table(odd_site.overview.read_bytes(), "Regneark")
    assert [row["Regneark"] for row in rows] == ["a.xlsx", "b.xlsx"]
    assert all(2000 < row["Sidst ændret"].year < 2200 for row in rows)


def status(mtime: float, ctime: float) -> os.stat_result:
    return os.stat_result((0o100644, 1, 1, 1, 0, 0, 10, 0, mtime, ctime))


def test_a_time_that_cannot_be_gives_way_to_that_of_the_last_change() -> None:
    now = datetime.now(UTC).timestamp()
    long_ago, far = 1_700_000_000, 10**17
    for mtime, ctime, taken in (
        (long_ago, now, long_ago),
        (far, long_ago, long_ago),
        (-5, long_ago, long_ago),
        (0, long_ago, long_ago),
        (now + 3_600, long_ago, now + 3_600),
        (now + 200_000, long_ago, long_ago),
    ):
        assert changed_at(status(mtime, ctime)).timestamp() == pytest.approx(taken, abs=1)
    assert changed_at(status(far, far)).year == 9000
    assert changed_at(status(-5, 0)).year == 1970
