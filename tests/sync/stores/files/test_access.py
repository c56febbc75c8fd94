"""Who may read and write a workbook may do so after the job has replaced it."""

from __future__ import annotations

import os
import struct
from pathlib import Path

import pytest

from sync.stores.files.replace import replace_file
from sync.stores.files.untrusted import stamp_of
from tests.sync.somebody import let_through, needs_root, said_by

pytestmark = needs_root

OWNER, JOB, GROUP = 61_600, 61_500, 61_700
OLD, NEW = b"old", b"new"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    shared = tmp_path / "sheets"
    let_through(shared)
    shared.mkdir()
    os.chown(shared, OWNER, GROUP)
    shared.chmod(0o770)
    file = shared / "Plan.xlsx"
    file.write_bytes(OLD)
    return file


def owned(file: Path, owner: int, group: int, mode: int) -> None:
    os.chown(file, owner, group)
    file.chmod(mode)


def replaced(file: Path) -> str:
    replace_file(file, OLD, NEW, stamp_of(file.lstat()))
    return "replaced"


def access_list(*named: int) -> bytes:
    """Version 2 of Linux: each of these users may read and write."""
    entries = [(1, 6, -1), *((2, 6, one) for one in named), (4, 6, -1), (16, 6, -1), (32, 0, -1)]
    packed = b"".join(struct.pack("<HHi", *entry) for entry in entries)
    return struct.pack("<I", 2) + packed


def test_root_keeps_owner_group_and_mode(file: Path) -> None:
    owned(file, OWNER, GROUP, 0o640)
    replaced(file)
    status = file.stat()
    assert file.read_bytes() == NEW
    assert (status.st_uid, status.st_gid, status.st_mode & 0o777) == (OWNER, GROUP, 0o640)


def test_a_job_of_the_group_keeps_the_group(file: Path) -> None:
    """The owner reads and writes as everybody does, so nobody loses anything."""
    owned(file, OWNER, GROUP, 0o666)
    assert said_by(JOB, lambda: replaced(file), [GROUP]) == "replaced"
    status = file.stat()
    assert file.read_bytes() == NEW
    assert (status.st_uid, status.st_gid, status.st_mode & 0o777) == (JOB, GROUP, 0o666)


def test_the_owner_is_not_locked_out(file: Path) -> None:
    """Nobody knows that the owner is in the group, which alone may read and write."""
    owned(file, OWNER, GROUP, 0o660)
    before = file.lstat()
    assert said_by(JOB, lambda: replaced(file), [GROUP]) == "NeedsPerson"
    after = file.lstat()
    assert (after.st_ino, after.st_ctime_ns) == (before.st_ino, before.st_ctime_ns)
    assert [one.name for one in file.parent.iterdir()] == [file.name]


def test_the_group_is_not_locked_out(file: Path) -> None:
    """The job may write the file since all may, but cannot give its own to that group."""
    owned(file, JOB, GROUP, 0o660)
    file.parent.chmod(0o777)
    assert said_by(JOB, lambda: replaced(file)) == "NeedsPerson"
    assert file.read_bytes() == OLD


def test_access_list_and_attributes_are_carried_over(file: Path) -> None:
    name, ours = "system.posix_acl_access", access_list(OWNER)
    try:
        os.setxattr(file, name, ours)
        os.setxattr(file, "user.note", b"by a program")
    except OSError:
        pytest.skip("the file system knows no access lists")
    replaced(file)
    assert file.read_bytes() == NEW
    assert os.getxattr(file, name) == ours
    assert os.getxattr(file, "user.note") == b"by a program"
