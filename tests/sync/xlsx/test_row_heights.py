"""Rows are made high enough for wrapped text; what a person set, and what is high enough, stays."""

from __future__ import annotations

import io
import re

import pytest
from openpyxl import Workbook
from openpyxl.styles import Alignment

from sync.xlsx.cells import LINE_POINTS, points_needed
from sync.xlsx.owned_column import OwnedColumn
from sync.xlsx.write_owned import write_owned
from sync.xlsx.zip_package import Package

LONG = "FEJL Budget: " + "ca. 500 kan ikke læses som et beløb. " * 3


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [("OK", 60, 1), ("x" * 55, 60, 1), ("x" * 130, 60, 3), ("a\nb", 60, 2), ("", 60, 1)],
)
def test_lines_are_counted_by_the_width(text: str, width: float, lines: int) -> None:
    assert points_needed(text, width) == pytest.approx(lines * LINE_POINTS + 1.5)


def row_tag(height: float | None, *, wraps: bool, text: str, before: str = "OK") -> str:
    """The tag of row 2 after the text was written into its Kontrol cell."""
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    sheet.title = "Indsatser"
    sheet["A1"], sheet["B1"], sheet["A2"], sheet["B2"] = "Budget", "Kontrol", 1, before
    sheet.column_dimensions["B"].width = 40
    sheet["B2"].alignment = Alignment(wrap_text=wraps)
    sheet.row_dimensions[2].height = height
    stream = io.BytesIO()
    workbook.save(stream)
    column = OwnedColumn("Indsatser", 2, 1, None, {2: text})
    edited = Package(write_owned(Package(stream.getvalue()), [column], None))
    found = re.search(rb'<row r="2"[^>]*>', edited.read("xl/worksheets/sheet1.xml"))
    assert found is not None
    return found[0].decode()


@pytest.mark.parametrize(
    ("height", "wraps", "text", "has"),
    [
        pytest.param(None, True, "FEJL x", "", id="one line needs nothing"),
        pytest.param(None, True, LONG, 'ht="69"', id="a row without a height gets one, and spare"),
        pytest.param(None, False, LONG, "", id="text that does not wrap needs nothing"),
        pytest.param(20.0, True, LONG, 'ht="20"', id="a height that a person set stays"),
    ],
)
def test_a_row_is_raised_only_where_it_helps(
    height: float | None, wraps: bool, text: str, has: str
) -> None:
    tag = row_tag(height, wraps=wraps, text=text)

    heights = re.findall(r' (ht="[\d.]+")', tag)
    assert heights == ([has] if has else [])


@pytest.mark.parametrize(
    ("height", "has"),
    [
        pytest.param(69.0, 'ht="123"', id="that of the text which stands there is the job's own"),
        pytest.param(55.5, 'ht="123"', id="also without the spare line of today"),
        pytest.param(90.0, 'ht="90"', id="any other is a person's"),
    ],
)
def test_a_height_that_another_program_fixed_grows_with_the_text(height: float, has: str) -> None:
    tag = row_tag(height, wraps=True, text=f"{LONG}\n{LONG}", before=LONG)

    assert 'customHeight="1"' in tag
    assert has in tag
