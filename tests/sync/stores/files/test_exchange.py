"""Putting a file in place: what somebody saves in the very last moment is never lost."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

import pytest

from sync.stores.base import TryAgain
from sync.stores.files.exchange import (
    TemporaryName,
    _put_in_after_taking_out,
    digest,
    exchange,
    put_back,
    put_in_place,
)
from sync.stores.files.leftovers import remove_leftovers
from sync.stores.files.replace import replace_file
from sync.stores.files.untrusted import stamp_of
from tests.sync.helpers import LONG_AGO, Site, book

KEY = b"of the installation"
OLD, NEW, THEIRS, LATER = b"as it was read", b"with Kontrol", b"just saved", b"saved once more"


def can_exchange() -> bool:
    with tempfile.TemporaryDirectory() as folder:
        one, other = Path(folder, "one"), Path(folder, "other")
        one.touch()
        other.touch()
        return exchange(one, other)


needs_exchange = pytest.mark.skipif(
    not can_exchange(), reason="the system cannot exchange two files"
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "Plan æøå.xlsx"


def mark_of(file: Path) -> TemporaryName:
    return TemporaryName.marked(file, OLD, NEW, KEY)


def put(file: Path, stands: bytes) -> bool:
    """Put the new content in place of the old one, while something stands there."""
    if not file.exists():
        file.write_bytes(stands)
    temporary = file.with_name("temporary")
    temporary.write_bytes(NEW)
    return put_in_place(temporary, temporary.lstat(), file, mark_of(file))


def only_file_of(folder: Path) -> bytes:
    (file,) = folder.iterdir()
    assert file.is_file()
    return file.read_bytes()


def test_what_was_read_is_replaced(file: Path) -> None:
    assert put(file, OLD)
    assert only_file_of(file.parent) == NEW


@needs_exchange
def test_what_was_saved_in_the_last_moment_stays(file: Path) -> None:
    assert not put(file, THEIRS)
    assert only_file_of(file.parent) == THEIRS


@needs_exchange
def test_what_was_deleted_in_the_last_moment_does_not_come_back(file: Path) -> None:
    file.write_bytes(OLD)
    stamp = stamp_of(file.stat())
    file.unlink()
    with pytest.raises(TryAgain):
        replace_file(file, OLD, NEW, stamp)
    assert not list(file.parent.iterdir())


@needs_exchange
@pytest.mark.skipif(sys.platform != "linux", reason="only the kernel of Linux tells")
def test_who_has_the_file_open_for_writing_goes_on_writing_into_it(file: Path) -> None:
    file.write_bytes(OLD)
    with file.open("r+b") as theirs:
        assert not put(file, OLD)
        theirs.write(THEIRS)
        theirs.truncate()
    assert only_file_of(file.parent) == THEIRS


def test_who_only_reads_is_in_nobodys_way(file: Path) -> None:
    file.write_bytes(OLD)
    with file.open("rb") as theirs:
        assert put(file, OLD)
        assert theirs.read() == OLD
    assert only_file_of(file.parent) == NEW


@needs_exchange
def test_who_saves_once_more_while_it_is_put_back_wins(file: Path) -> None:
    marked = file.with_name("marked")
    marked.write_bytes(THEIRS)
    file.write_bytes(LATER)
    put_back(marked, file, digest(NEW))
    assert file.read_bytes() == LATER


@needs_exchange
def test_a_link_that_stood_there_for_a_moment_costs_no_workbook(file: Path) -> None:
    marked = file.with_name("marked")
    marked.symlink_to("nowhere")
    file.write_bytes(LATER)
    put_back(marked, file, digest(NEW))
    assert file.read_bytes() == LATER


@needs_exchange
def test_what_takes_the_new_files_place_in_the_last_moment_costs_no_workbook(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lay_a_pipe(*_: object) -> bool:
        (marked,) = set(file.parent.iterdir()) - {file}
        marked.unlink()
        os.mkfifo(marked)
        return True

    monkeypatch.setattr(os.path, "samestat", lay_a_pipe)
    assert not put(file, OLD)
    assert only_file_of(file.parent) == OLD


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pipes in folders")
def test_nor_where_the_file_is_taken_out_first(file: Path) -> None:
    file.write_bytes(OLD)
    marked, name = mark_for(file), mark_of(file)
    os.mkfifo(marked)
    assert not _put_in_after_taking_out(marked, file, name)
    assert only_file_of(file.parent) == OLD


def mark_for(file: Path) -> Path:
    return file.with_name(str(mark_of(file)))


@needs_exchange
@pytest.mark.parametrize(
    ("stands", "aside", "age", "wanted"),
    [
        (OLD, NEW, 0, OLD),
        (NEW, OLD, 0, NEW),
        (NEW, THEIRS, 0, THEIRS),
        (NEW, THEIRS, 5, THEIRS),
        (THEIRS, NEW, 0, THEIRS),
        (THEIRS, LATER, -5, LATER),
        (LATER, THEIRS, 5, LATER),
        (None, NEW, 0, None),
        (None, OLD, 0, None),
    ],
)
def test_after_a_kill_the_latest_save_stands(
    file: Path, stands: bytes | None, aside: bytes, age: int, wanted: bytes | None
) -> None:
    """`age` is by how many seconds what lies aside is older than what stands there."""
    marked = mark_for(file)
    marked.write_bytes(aside)
    os.utime(marked, (LONG_AGO - age, LONG_AGO - age))
    if stands is not None:
        file.write_bytes(stands)
        os.utime(file, (LONG_AGO, LONG_AGO))
    remove_leftovers(file.parent, subfolders=False, key=KEY)
    assert {one.name: one.read_bytes() for one in file.parent.iterdir()} == (
        {} if wanted is None else {file.name: wanted}
    )


@needs_exchange
def test_after_a_kill_what_is_no_file_gives_way_to_somebodys_save(file: Path) -> None:
    mark_for(file).write_bytes(THEIRS)
    os.mkfifo(file)
    remove_leftovers(file.parent, subfolders=False, key=KEY)
    assert only_file_of(file.parent) == THEIRS


@needs_exchange
def test_somebodys_save_is_kept_while_the_workbook_is_open_or_gone(file: Path) -> None:
    marked = mark_for(file)
    marked.write_bytes(THEIRS)
    remove_leftovers(file.parent, subfolders=False, key=KEY)
    assert marked.read_bytes() == THEIRS
    file.write_bytes(NEW)
    lock = file.with_name(f"~${file.name}")
    lock.write_bytes(b"\x03Eva")
    remove_leftovers(file.parent, subfolders=False, key=KEY)
    assert (file.read_bytes(), marked.read_bytes()) == (NEW, THEIRS)
    lock.unlink()
    remove_leftovers(file.parent, subfolders=False, key=KEY)
    assert only_file_of(file.parent) == THEIRS


def test_the_name_of_a_file_on_its_way_stays_short(site: Site) -> None:
    name = f"{'x' * 250}.xlsx"
    site.put(name, book(cells={"Milepæle!B3": "9"}))
    assert site.sync().written == [name]
