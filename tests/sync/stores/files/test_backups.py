"""The copy that is kept before a workbook is changed, and bringing it back."""

from __future__ import annotations

import os
import pickle
import stat
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest

from sync.stores.base import NeedsPerson
from sync.stores.configured import kept_copies
from sync.stores.files.backups import Copies, Copy
from tests.sync.helpers import LONG_AGO, Answer, Site, book, helhedsplan

pytestmark = pytest.mark.slow

NAME = "Vapnagaard.xlsx"
FIRST = date(2026, 11, 23)
AMOUNTS = (1_000_000, 1_100_000, 1_200_000, 1_300_000, 1_400_000, 1_500_000, 1_600_000)
AS_ROOT = os.geteuid() == 0 if hasattr(os, "geteuid") else False


@cache
def edited(amount: int) -> bytes:
    """What staff saved: every amount gives the plan other findings."""
    return book(cells={"Indsatser!I2": f"'ca. {amount}"})


def copies(site: Site, name: str = NAME) -> list[bytes]:
    """The copies of a workbook, the newest first."""
    return [copy.content() for copy in kept_copies(site.settings()).of(name)]


def restore(site: Site, *arguments: object) -> Answer:
    return helhedsplan("restore", *arguments, "-c", site.config)


def test_what_stood_there_before_a_change_is_kept(site: Site) -> None:
    before = edited(1)
    site.put(NAME, before)
    site.sync()
    assert copies(site) == [before]


def test_where_nothing_is_written_nothing_is_kept(site: Site) -> None:
    site.put(NAME, edited(1))
    site.sync()
    site.sync(full=True)
    site.sync(writes=False)
    assert len(copies(site)) == 1


def test_a_dry_run_keeps_nothing(site: Site) -> None:
    site.put(NAME, edited(1))
    site.sync(writes=False)
    assert not site.state.exists()


@pytest.mark.parametrize(("number", "left"), [(1, 1), (3, 3), (5, 5), (50, 7)])
def test_the_last_ones_are_kept(site: Site, number: int, left: int) -> None:
    site.configure(f"[copies]\nnumber = {number}")
    for amount in AMOUNTS:
        site.put(NAME, edited(amount))
        site.sync()
    assert copies(site) == [edited(amount) for amount in reversed(AMOUNTS)][:left]


def test_the_same_content_is_kept_once(site: Site) -> None:
    for amount in (1, 2, 1):
        site.put(NAME, edited(amount))
        site.sync()
    assert copies(site) == [edited(1), edited(2)]


def test_old_ones_go_even_if_the_workbook_is_gone_but_for_the_newest(site: Site) -> None:
    for amount in (1, 2):
        file = site.put(NAME, edited(amount))
        site.sync()
    file.unlink()
    kept = kept_copies(site.settings())
    now = datetime.now(UTC)
    kept.clean_up(now + timedelta(days=29, hours=23))
    assert copies(site) == [edited(2), edited(1)]
    kept.clean_up(now + timedelta(days=30, minutes=1))
    assert copies(site) == [edited(2)]
    kept.clean_up(now + timedelta(days=4000))
    assert copies(site) == [edited(2)]


def test_copies_of_a_time_to_come_are_left(tmp_path: Path) -> None:
    """They are from before the clock was put back, or from while it was wrong."""
    kept = Copies(tmp_path, number=1, days=30)
    kept.keep(NAME, b"first")
    (first,) = kept.of(NAME)
    to_come = first.file.with_name(f"20990101T000000.000000Z-{first.digest}.xlsx")
    first.file.rename(to_come)
    for content in (b"first", b"second"):
        kept.keep(NAME, content)
    kept.clean_up(datetime.now(UTC))
    assert [copy.content() for copy in kept.of(NAME)] == [b"first", b"second"]


def test_a_day_given_to_a_run_drops_no_copy(site: Site) -> None:
    site.put(NAME, edited(1))
    site.sync()
    site.sync(FIRST + timedelta(days=400))
    assert edited(1) in copies(site)


def test_workbooks_of_one_name_have_copies_of_their_own(site: Site) -> None:
    for place, amount in (("Nord/Plan.xlsx", 1), ("Syd/Plan.xlsx", 2), ("Nord-Plan.xlsx", 3)):
        site.put(place, edited(amount))
    site.sync()
    assert copies(site, "Nord/Plan.xlsx") == [edited(1)]
    assert copies(site, "Syd/Plan.xlsx") == [edited(2)]
    assert copies(site, "Nord-Plan.xlsx") == [edited(3)]


@pytest.mark.parametrize(
    "name", ["Ærø – Sønder Åsgård (2).xlsx", f"{'lang' * 40}.xlsm", "a b.xlsx"]
)
def test_every_name_can_have_copies(site: Site, name: str) -> None:
    site.put(name, edited(1))
    site.sync()
    assert copies(site, name) == [edited(1)]
    site.put(name, edited(2))
    assert restore(site, name).code == 0
    assert (site.sheets / name).read_bytes() == edited(1)


@pytest.mark.skipif(AS_ROOT, reason="root may write everywhere")
def test_a_workbook_is_not_changed_when_no_copy_can_be_kept(site: Site) -> None:
    site.put(NAME, edited(1))
    folder = kept_copies(site.settings()).folder
    folder.mkdir(parents=True)
    folder.chmod(0o500)
    result = site.sync()
    folder.chmod(0o700)
    assert (site.sheets / NAME).read_bytes() == edited(1)
    assert [path for path, _ in result.problems] == [NAME]


def test_a_workbook_is_not_changed_when_something_stands_in_the_way_of_copies(
    site: Site,
) -> None:
    site.put(NAME, edited(1))
    site.state.mkdir()
    kept_copies(site.settings()).folder.write_text("no folder")
    result = site.sync()
    assert (site.sheets / NAME).read_bytes() == edited(1)
    assert "ikke ændret" in dict(result.problems)[NAME]


def test_a_damaged_copy_is_not_brought_back(site: Site) -> None:
    site.put(NAME, edited(1))
    site.sync()
    after = (site.sheets / NAME).read_bytes()
    copy = kept_copies(site.settings()).of(NAME)[0]
    copy.file.write_bytes(edited(1)[:-1])
    with pytest.raises(NeedsPerson):
        copy.content()
    assert restore(site, NAME).code == 3
    assert (site.sheets / NAME).read_bytes() == after


def test_restoring_can_be_undone(site: Site) -> None:
    site.put(NAME, edited(1))
    site.sync()
    after = (site.sheets / NAME).read_bytes()
    assert restore(site, NAME).code == 0
    assert (site.sheets / NAME).read_bytes() == edited(1)
    assert restore(site, NAME).code == 0
    assert (site.sheets / NAME).read_bytes() == after


def test_an_older_version_can_be_chosen(site: Site) -> None:
    for amount in AMOUNTS[:3]:
        site.put(NAME, edited(amount))
        site.sync()
    listed = restore(site, NAME, "--list")
    assert [line.split()[0] for line in listed.out.splitlines()] == ["1", "2", "3"]
    assert restore(site, NAME, "--version", 3).code == 0
    assert (site.sheets / NAME).read_bytes() == edited(AMOUNTS[0])


def test_a_name_of_a_year_that_no_clock_tells_is_no_copy(site: Site) -> None:
    site.put(NAME, edited(1))
    site.sync()
    (copy,) = (site.root / "state" / "copies").rglob("*.xlsx")
    for day in ("00010101T000000", "99991231T235959"):
        copy.with_name(day + copy.name[len(day) :]).write_bytes(copy.read_bytes())
    listed = restore(site, NAME, "--list")
    assert (listed.code, len(listed.out.splitlines())) == (0, 1)


def test_the_oldest_of_all_versions_can_be_brought_back(site: Site) -> None:
    site.configure("[copies]\nnumber = 2")
    for amount in AMOUNTS[:2]:
        site.put(NAME, edited(amount))
        site.sync()
    assert restore(site, NAME, "--version", 2).code == 0
    assert (site.sheets / NAME).read_bytes() == edited(AMOUNTS[0])


def test_a_deleted_workbook_comes_back(site: Site) -> None:
    file = site.put("Nord/Plan.xlsx", edited(1))
    site.sync()
    file.unlink()
    file.parent.rmdir()
    assert restore(site, "Nord/Plan.xlsx").code == 0
    assert file.read_bytes() == edited(1)


@pytest.mark.parametrize("how", ["name", "absolute", "relative", "beside"])
def test_the_workbook_is_named_as_a_person_would(
    site: Site, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = site.put("Nord/Plan.xlsx", edited(1))
    site.sync()
    monkeypatch.chdir(site.root if how == "relative" else file.parent)
    names = {
        "name": "Nord/Plan.xlsx",
        "absolute": file,
        "relative": "sheets/Nord/Plan.xlsx",
        "beside": "Plan.xlsx",
    }
    assert restore(site, names[how]).code == 0
    assert file.read_bytes() == edited(1)


def test_of_several_folders_the_right_one_is_meant(site: Site) -> None:
    (site.root / "two").mkdir()
    site.configure(
        sources='[[sources]]\nfolder = "sheets"\nname = "Nord"\n'
        '[[sources]]\nfolder = "two"\nname = "Syd"\n'
    )
    site.put(NAME, edited(1))
    (site.root / "two" / NAME).write_bytes(edited(2))
    os.utime(site.root / "two" / NAME, (LONG_AGO, LONG_AGO))
    site.sync()
    assert restore(site, f"Syd/{NAME}").code == 0
    assert (site.root / "two" / NAME).read_bytes() == edited(2)
    assert (site.sheets / NAME).read_bytes() != edited(1)


@pytest.mark.parametrize("lock", [f"~${NAME}", f".~lock.{NAME}#"])
def test_an_open_workbook_is_left_alone(site: Site, lock: str) -> None:
    site.put(NAME, edited(1))
    site.sync()
    after = (site.sheets / NAME).read_bytes()
    (site.sheets / lock).write_bytes(b"")
    answer = restore(site, NAME)
    assert answer.code == 3
    assert "åbent" in answer.err
    assert (site.sheets / NAME).read_bytes() == after


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([NAME, "--version", 2], "versions of Vapnagaard.xlsx are 1 to 1"),
        ([NAME, "--version", 0], "versions of Vapnagaard.xlsx are 1 to 1"),
        (["Ukendt.xlsx"], "no such workbook"),
        (["../config.toml"], "no such workbook"),
        (["Urørt.xlsx"], "kept no copy"),
    ],
)
def test_what_cannot_be_restored_is_said(site: Site, arguments: list[object], says: str) -> None:
    site.put(NAME, edited(1))
    site.sync()
    site.put("Urørt.xlsx", edited(2))
    before = site.bytes_of_workbooks()
    answer = restore(site, *arguments)
    assert answer.code == 2
    assert says in answer.err
    assert site.bytes_of_workbooks() == before


def test_the_mode_of_the_file_is_kept(site: Site) -> None:
    file = site.put(NAME, edited(1))
    file.chmod(0o640)
    site.sync()
    restore(site, NAME)
    assert stat.S_IMODE(file.stat().st_mode) == 0o640


def test_what_a_killed_run_left_among_the_copies_goes(site: Site) -> None:
    site.put(NAME, edited(1))
    site.sync()
    folder = kept_copies(site.settings()).of(NAME)[0].file.parent
    leftover = folder / "~$helhedsplan-x.xlsx.tmp"
    leftover.write_bytes(b"half")
    site.sync()
    assert not leftover.exists()
    assert copies(site) == [edited(1)]


def test_somebodys_own_file_among_the_copies_stays(site: Site, tmp_path: Path) -> None:
    kept = Copies(tmp_path / "copies", 1, 1)
    kept.keep(NAME, b"one")
    (copy,) = kept.of(NAME)
    folder = copy.file.parent
    own = folder / f"99999999T999999.999999Z-{'0' * 32}.xlsx"
    own.write_bytes(b"mine")
    kept.clean_up(datetime.now(UTC) + timedelta(days=9))
    assert {file.name for file in folder.iterdir()} == {own.name, copy.file.name}


def test_a_store_with_copies_can_be_sent_to_another_process(site: Site) -> None:
    kept = kept_copies(site.settings())
    assert pickle.loads(pickle.dumps(kept)) == kept
    assert isinstance(kept, Copies)
    assert not any(isinstance(copy, Copy) for copy in kept.of(NAME))
