"""A few thousand of the inputs of `make fuzz`, and those that once were read or written wrongly."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import zipfile
from datetime import date
from random import Random

import pytest

from sync.stores.base import Unreadable
from sync.stores.excel.reading import read_tabs
from sync.xlsx.owned_column import OwnedColumn
from sync.xlsx.write_owned import write_owned
from sync.xlsx.zip_package import Limits, Package
from tests.fuzz.claims import PAGE, package_claim
from tests.fuzz.guided import Guided
from tests.fuzz.kinds import KINDS, wrong_with
from tests.fuzz.packages import changed, samples
from tests.fuzz.typed import amount_meanings, date_meaning, named_date_meaning, typed_amount
from tests.sync.packages import member, repacked

COUNTS = {"amounts": 4_000, "dates": 8_000, "workbooks": 60, "runs": 2}


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("kind", COUNTS)
def test_what_is_claimed_holds(kind: str) -> None:
    wrong = {seed: wrong_with(KINDS[kind], seed) for seed in range(COUNTS[kind])}
    assert {seed: text for seed, text in wrong.items() if text} == {}


@pytest.mark.parametrize(
    ("text", "meanings"),
    [
        ("1.250.000,50 kr.", {125_000_050}),
        ("(kr. 1,5 mio.)", {-150_000_000}),
        ("- 500 t. kr", {-50_000_000}),
        ("1.250,-", {125_000}),
        ("1,250.50", set()),
        ("1.25", set()),
        ("(-500)", set()),
        ("1,- mio.", set()),
        ("\u0661", set()),
    ],
)
def test_the_oracle_of_amounts(text: str, meanings: set[int]) -> None:
    assert amount_meanings(text) == meanings


def test_the_oracle_of_dates() -> None:
    assert date_meaning("1/2-26") == date_meaning("01.02.2026") == date(2026, 2, 1)
    assert date_meaning("2026-02-01") == named_date_meaning("1. feb. 2026") == date(2026, 2, 1)
    assert date_meaning("30.02.2026") is date_meaning("1.2-26") is named_date_meaning("1 x 26")


def test_about_a_quarter_is_an_amount() -> None:
    read = sum(len(amount_meanings(typed_amount(Random(seed)))) for seed in range(1_000))
    assert 150 < read < 600


def test_bytes_can_lead_chance() -> None:
    assert typed_amount(Guided(b"")) == typed_amount(Guided(b""))
    assert len({typed_amount(Guided(bytes([n] * 40))) for n in range(1, 200)}) > 50
    assert zipfile.is_zipfile(io.BytesIO(changed(Guided(b""))))


def test_a_part_that_does_not_unpack_is_damage() -> None:
    """Once openpyxl let an error of zlib's through to the person who ran the check."""
    sheet, theme = "xl/worksheets/sheet3.xml", "xl/theme/theme1.xml"
    plain = samples()[0]
    xml = member(plain, sheet).replace(b"<row r=", b"<row  r=", 1)
    data = repacked(plain, {sheet: xml, theme: bytes(range(256)) * 8})
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        at = archive.getinfo(theme).header_offset + 30 + len(theme)
    damaged = data[:at] + b"\xff" * 8 + data[at + 8 :]
    with pytest.raises(Unreadable):
        read_tabs(damaged, Limits())


def test_the_samples_can_be_written() -> None:
    assert [package_claim(data) for data in samples()] == ["", "", ""]
    columns = [OwnedColumn("Indsatser", 3, 1, None, {2: "OK"})]
    assert all(write_owned(Package(data), columns, PAGE) != data for data in samples())


@pytest.mark.slow
def test_it_holds_where_openpyxl_uses_lxml_too() -> None:
    """Its errors are others: once they were let through."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.fuzz", "--only", "workbooks", "0", "150"],
        env=os.environ | {"OPENPYXL_LXML": "True"},
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (0, "")


def test_a_tab_is_found_where_another_has_its_name() -> None:
    """Once the column was written into the first of two tabs of one name, and read in the last."""
    assert wrong_with(KINDS["workbooks"], 5343) == ""


def test_a_count_of_styles_that_was_no_number_may_become_right() -> None:
    """Once that was taken for harm."""
    data, styles = samples()[0], "xl/styles.xml"
    xml = member(data, styles)
    odd = re.sub(rb'(?<=<cellXfs count=")\d+', b"B2:A1", xml)
    assert odd != xml
    assert package_claim(repacked(data, {styles: odd})) == ""


@pytest.mark.slow
def test_the_command_says_what_is_wrong_by_its_exit_code() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.fuzz", "--only", "dates", "0", "500"],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (0, "")
