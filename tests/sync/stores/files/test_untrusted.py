"""What a stranger may lay in a folder: links, pipes, and files of any size under any name."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from sync.stores.base import NeedsPerson
from sync.stores.files.exchange import TemporaryName, digest
from sync.stores.files.leftovers import remove_leftovers
from sync.stores.files.owner_files import opened_by
from sync.stores.files.replace import replace_file, write_new_file
from sync.stores.files.untrusted import (
    NotRegularError,
    TooLargeError,
    made,
    read,
    stamp_of,
)
from tests.sync.helpers import Site, book

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no such way to open")

SECRET = "root:$6$hemmelig:19000"
HUGE = 6_000_000_000
WRONG = {"Milepæle!B3": "9"}


def secret_in(folder: Path) -> Path:
    file = folder / "secret"
    file.write_text(f"x,{SECRET},y\n")
    return file


def link(file: Path) -> None:
    file.symlink_to(secret_in(file.parent))


def dangling_link(file: Path) -> None:
    file.symlink_to(file.parent / "nowhere")


def pipe(file: Path) -> None:
    os.mkfifo(file)


def socket_file(file: Path) -> None:
    short = Path(tempfile.mkdtemp(dir="/tmp"), "s")  # its address may not be long
    with socket.socket(socket.AF_UNIX) as one:
        one.bind(str(short))
    shutil.move(short, file)
    short.parent.rmdir()


def folder(file: Path) -> None:
    file.mkdir()


def sparse(file: Path) -> None:
    with file.open("wb") as out:
        out.truncate(HUGE)


NO_FILES = [link, dangling_link, pipe, socket_file, folder]
ANYTHING = [*NO_FILES, sparse]
Lay = Callable[[Path], None]


def seen(file: Path) -> tuple[int, ...]:
    """What is there, and when it was written; looking at a link moves the time of its last use."""
    found = file.lstat()
    return found.st_ino, found.st_mode, found.st_size, found.st_mtime_ns, found.st_ctime_ns


@pytest.mark.parametrize("lay", NO_FILES)
def test_only_a_regular_file_is_read(tmp_path: Path, lay: Lay) -> None:
    lay(tmp_path / "Plan.xlsx")
    with pytest.raises(NotRegularError):
        read(tmp_path / "Plan.xlsx", 1_000)


def test_only_so_much_is_read(tmp_path: Path) -> None:
    sparse(tmp_path / "Plan.xlsx")
    with pytest.raises(TooLargeError):
        read(tmp_path / "Plan.xlsx", 1_000)
    (tmp_path / "Other.xlsx").write_bytes(b"x" * 1_000)
    assert read(tmp_path / "Other.xlsx", 1_000)[0] == b"x" * 1_000
    with pytest.raises(TooLargeError):
        read(tmp_path / "Other.xlsx", 999)


def test_a_folder_that_became_a_link_is_not_followed(tmp_path: Path) -> None:
    elsewhere, inside = tmp_path / "elsewhere", tmp_path / "sheets" / "Nord"
    inside.mkdir(parents=True)
    elsewhere.mkdir()
    for one in (elsewhere, inside):
        (one / "Plan.xlsx").write_bytes(one.name.encode())
    assert read(inside / "Plan.xlsx", 99, below=tmp_path / "sheets")[0] == b"Nord"
    inside.rename(tmp_path / "moved")
    inside.symlink_to(elsewhere)
    with pytest.raises(OSError, match="Nord"):
        read(inside / "Plan.xlsx", 99, below=tmp_path / "sheets")


@pytest.mark.parametrize("lay", ANYTHING)
def test_a_new_file_takes_nothings_place(tmp_path: Path, lay: Lay) -> None:
    lay(tmp_path / "Plan.tmp")
    before = seen(tmp_path / "Plan.tmp")
    with pytest.raises(FileExistsError), made(tmp_path / "Plan.tmp", 0o600):
        pass
    assert seen(tmp_path / "Plan.tmp") == before


def test_temporary_names_cannot_be_foretold() -> None:
    names = [TemporaryName.fresh() for _ in range(1_000)]
    assert len({name.token for name in names}) == 1_000
    assert [TemporaryName.of(str(name)) for name in names] == names


@pytest.mark.parametrize("lay", NO_FILES)
def test_what_is_no_file_is_not_replaced(tmp_path: Path, lay: Lay) -> None:
    file = tmp_path / "Plan.xlsx"
    lay(file)
    before = sorted(tmp_path.iterdir())
    with pytest.raises(NeedsPerson, match="almindelig fil"):
        replace_file(file, b"old", b"new", stamp_of(file.lstat()))
    assert sorted(tmp_path.iterdir()) == before
    if lay is link:
        assert SECRET in file.read_text()


@pytest.mark.parametrize("lay", ANYTHING)
@pytest.mark.parametrize("name", ["~$Plan.xlsx", ".~lock.Plan.xlsx#"])
def test_an_owner_file_that_is_none(site: Site, lay: Lay, name: str) -> None:
    """The run ends, writes, and tells nothing of what lies elsewhere."""
    site.put("Plan.xlsx", book(cells=WRONG))
    lay(site.sheets / name)
    result = site.sync()
    if lay is sparse:
        assert result.problems
        assert opened_by(site.sheets / "Plan.xlsx") == "en kollega"
    else:
        assert result.written == ["Plan.xlsx"]
    for file in [*site.root.rglob("*.xlsx"), *site.root.rglob("*.json")]:
        if file.is_file() and not file.is_symlink() and not file.name.startswith("~"):
            assert SECRET.encode() not in file.read_bytes()


@pytest.mark.parametrize("lay", ANYTHING)
def test_leftovers_that_are_none(site: Site, lay: Lay) -> None:
    site.put("Plan.xlsx", book(cells=WRONG))
    marked = replace(
        TemporaryName.fresh(), process=2**22 + 1, target=digest(b"Plan.xlsx"), old="0" * 16,
        new="1" * 16,
    )  # fmt: skip
    secret = secret_in(site.root)
    lay(site.sheets / str(marked))
    lay(site.sheets / f"{'~$'}helhedsplan-{digest(b'Plan.xlsx')}.tmp") if lay is pipe else None
    assert site.sync().written == ["Plan.xlsx"]
    assert SECRET in secret.read_text()


@pytest.mark.parametrize("lay", NO_FILES)
@pytest.mark.parametrize("name", ["Overblik.xlsx", "Undtagelser.xlsx", "Frister.ics"])
def test_a_place_of_the_jobs_that_is_no_file(site: Site, lay: Lay, name: str) -> None:
    site.put("Plan.xlsx", book(cells=WRONG))
    lay(site.root / name)
    before = seen(site.root / name)
    result = site.sync()
    assert result.written == ["Plan.xlsx"]
    assert result.problems
    assert seen(site.root / name) == before


def test_a_file_of_a_run_that_lives_is_left(tmp_path: Path) -> None:
    mine = TemporaryName.fresh()
    of_a_dead_process = replace(mine, process=2**22 + 1)
    of_no_process = replace(mine, process=10**30)
    of_a_living_one = replace(mine, process=os.getppid())
    of_another_machine = replace(mine, machine="0" * 8)
    long_ago = replace(of_another_machine, made_at=mine.made_at - 100_000)
    from_the_future = replace(of_another_machine, made_at=mine.made_at + 100_000)
    gone = (of_a_dead_process, of_no_process, long_ago, from_the_future)
    for one in (*gone, of_a_living_one, of_another_machine):
        (tmp_path / str(one)).touch()
    remove_leftovers(tmp_path, subfolders=False)
    left = {file.name for file in tmp_path.iterdir()}
    assert left == {str(of_a_living_one), str(of_another_machine)}


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="the system does not tell")
def test_a_process_that_has_ended_is_dead_though_nobody_asked_for_its_end(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        os.waitid(os.P_PID, ended.pid, os.WEXITED | os.WNOWAIT)
        os.kill(ended.pid, 0)
        file = tmp_path / str(replace(TemporaryName.fresh(), process=ended.pid))
        file.touch()
        remove_leftovers(tmp_path, subfolders=False)
        assert not file.exists()


def of_a_dead_process(file: Path, taken: str, key: bytes) -> Path:
    """Where a killed process left a file on its way into the place of another."""
    script = (
        "import sys; from pathlib import Path; from dataclasses import replace\n"
        "from sync.stores.files.exchange import TemporaryName\n"
        "name = TemporaryName.marked(Path(sys.argv[1]), b'old', b'new', sys.argv[3].encode())\n"
        "print(replace(name, taken=sys.argv[2]), end='')"
    )
    name = subprocess.run(
        [sys.executable, "-c", script, str(file), taken, key.decode()],
        capture_output=True, check=True, text=True,
    ).stdout  # fmt: skip
    return file.with_name(name)


def test_a_file_that_was_taken_out_is_put_back(tmp_path: Path) -> None:
    file = tmp_path / "Plan.xlsx"
    of_a_dead_process(file, file.name, b"key").write_bytes(b"old")
    remove_leftovers(tmp_path, subfolders=False, key=b"key")
    assert {one.name: one.read_bytes() for one in tmp_path.iterdir()} == {"Plan.xlsx": b"old"}


@pytest.mark.parametrize("taken", ["", "Plan.xlsx", "Other.xlsx"])
@pytest.mark.parametrize("key", [b"another key", b""])
def test_what_somebody_else_marked_is_not_put_in_place(
    tmp_path: Path, taken: str, key: bytes
) -> None:
    """Whoever may write in the folder, and not into the workbook, can lay a file of that name."""
    file = tmp_path / "Plan.xlsx"
    file.write_bytes(b"new")
    of_a_dead_process(file, taken, key).write_bytes(b"a stranger's")
    before = sorted(tmp_path.iterdir())
    remove_leftovers(tmp_path, subfolders=False, key=b"key")
    remove_leftovers(tmp_path, subfolders=False)
    assert sorted(tmp_path.iterdir()) == before
    assert file.read_bytes() == b"new"


def test_a_new_file_replaces_nothing_that_came_meanwhile(tmp_path: Path) -> None:
    file = tmp_path / "Plan.xlsx"
    file.write_bytes(b"theirs")
    with pytest.raises(Exception, match="kunne ikke gemmes"):
        write_new_file(file, b"ours")
    assert [one.read_bytes() for one in tmp_path.iterdir()] == [b"theirs"]


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_not_everybody_may_write_a_new_file(tmp_path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        write_new_file(tmp_path / "Plan.xlsx", b"ours")
    finally:
        os.umask(before)
    assert (tmp_path / "Plan.xlsx").stat().st_mode & 0o777 == 0o664 & ~umask
