"""Workbooks and locks on network shares, mounted for real from servers of this machine."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path
from subprocess import PIPE, Popen

import pytest

from sync.doctor.file_probe import way_of_replacing
from sync.stores.base import NeedsPerson, TryAgain
from sync.stores.files.exchange import exchange
from sync.stores.files.leftovers import remove_leftovers
from sync.stores.files.replace import replace_file, write_new_file
from sync.stores.files.shares import share_kind
from sync.stores.files.untrusted import read
from tests.shares.mounted import (
    SFTP_NEEDS,
    SMB_NEEDS,
    Share,
    missing,
    over_sftp,
    over_smb,
    port_is_free,
)
from tests.sync.helpers import PATIENCE_SECONDS

pytestmark = [pytest.mark.share, pytest.mark.slow]

NAME = "Plan æøå.xlsx"
OLD, NEW, THEIRS = b"as it was read", b"with Kontrol in it", b"just saved!!!!"
TURNS = 25

CONTEND = """
import pathlib, random, sys, time
from datetime import datetime
import msgspec
from sync.locks.file_lease import FileLease
from sync.locks.lease import LeaseHeldError, this_process

folder, inside, name = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), sys.argv[3]
turns = 0
while turns < int(sys.argv[4]):
    me = msgspec.structs.replace(this_process(datetime(2026, 11, 23, 6)), host=name, machine=name)
    try:
        with FileLease(folder, "run", me, 600).held():
            inside.touch(exist_ok=False)
            time.sleep(0.001)
            inside.unlink()
            turns += 1
    except LeaseHeldError:
        pass
    time.sleep(random.random() / 100)
print(turns)
"""


@pytest.fixture(scope="module", params=["sftp", "smb"])
def mounted(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Share]:
    smb = request.param == "smb"
    if reason := missing(*(SMB_NEEDS if smb else SFTP_NEEDS)):
        pytest.skip(reason)
    if smb and not port_is_free():
        pytest.skip("somebody else shares files from this machine")
    with (over_smb if smb else over_sftp)(tmp_path_factory.mktemp("share")) as share:
        yield share


@pytest.fixture
def share(mounted: Share) -> Iterator[Share]:
    yield mounted
    for file in mounted.server.iterdir():
        file.unlink()


def standing(share: Share) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in share.server.iterdir()}


def test_what_is_mounted_is_known_to_be_a_share(share: Share) -> None:
    assert share_kind(share.mounts[0]).startswith("fuse.")
    assert not share_kind(share.server)


def test_a_workbook_is_replaced(share: Share) -> None:
    (share.server / NAME).write_bytes(OLD)
    assert not exchange_works(share)
    file = share.mounts[0] / NAME
    for new in (NEW, OLD):
        replace_as_runs_do(file, new)
        assert standing(share) == {NAME: new}
        assert read(file)[0] == new


def test_a_name_that_leaves_no_room_is_told(share: Share) -> None:
    """What is taken out keeps its whole name, so that the next run can put it back."""
    name = "æ" * 110 + ".xlsx"
    (share.server / name).write_bytes(OLD)
    file = share.mounts[0] / name
    old, stamp = read(file)
    with pytest.raises(NeedsPerson, match="Giv filen et kortere navn"):
        replace_file(file, old, NEW, stamp)
    assert standing(share) == {name: OLD}


def replace_as_runs_do(file: Path, new: bytes) -> None:
    """A mount may forget a file and number it anew; then the next run replaces it."""
    for _ in range(10):
        old, stamp = read(file)
        with contextlib.suppress(TryAgain):
            replace_file(file, old, new, stamp)
            return
    pytest.fail("it was never replaced")


def exchange_works(share: Share) -> bool:
    """Whether the mount exchanges two files; else the tests here prove nothing of other ways."""
    one, other = (share.mounts[0] / name for name in ("one", "other"))
    one.write_bytes(b"1")
    other.write_bytes(b"2")
    works = exchange(one, other)
    one.unlink()
    other.unlink()
    return works


def test_a_save_that_the_mount_has_not_seen_yet_stays(share: Share) -> None:
    """Same size, on the server's side, while this machine remembers the file as it was."""
    (share.server / NAME).write_bytes(OLD)
    file = share.mounts[0] / NAME
    old, stamp = read(file)
    saved = share.server / ".saved"
    saved.write_bytes(THEIRS)
    saved.replace(share.server / NAME)
    with pytest.raises(TryAgain):
        replace_file(file, old, NEW, stamp)
    assert standing(share) == {NAME: THEIRS}


def test_the_doctor_says_which_way_a_folder_has(share: Share) -> None:
    says = way_of_replacing(share.mounts[0])
    assert says.startswith("the old file is taken out first")
    smb = share_kind(share.mounts[0]) == "fuse.smbnetfs"
    assert ("is lost" in says) == smb
    assert standing(share) == {}


def test_what_was_deleted_on_the_other_side_does_not_come_back(share: Share) -> None:
    (share.server / NAME).write_bytes(OLD)
    file = share.mounts[0] / NAME
    old, stamp = read(file)
    (share.server / NAME).unlink()
    with pytest.raises(TryAgain):
        replace_file(file, old, NEW, stamp)
    assert standing(share) == {}


def test_a_new_file_replaces_nothing_that_came_meanwhile(share: Share) -> None:
    file = share.mounts[0] / "New.xlsx"
    assert not file.exists()
    (share.server / file.name).write_bytes(THEIRS)
    with pytest.raises(TryAgain):
        write_new_file(file, NEW)
    assert standing(share) == {file.name: THEIRS}


def test_nothing_is_left_for_the_next_run(share: Share) -> None:
    (share.server / NAME).write_bytes(OLD)
    remove_leftovers(share.mounts[0], subfolders=True)
    assert standing(share) == {NAME: OLD}


def test_two_machines_hold_the_lock_in_turn(share: Share, tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    contending = [
        Popen(
            [sys.executable, "-c", CONTEND, str(mount), str(inside), name, str(TURNS)],
            stdout=PIPE, stderr=PIPE, text=True,
        )
        for mount, name in zip(share.mounts, "AB", strict=True)
    ]  # fmt: skip
    for one in contending:
        out, err = one.communicate(timeout=PATIENCE_SECONDS)
        assert (one.returncode, out.strip()) == (0, str(TURNS)), err
    assert standing(share) == {}
