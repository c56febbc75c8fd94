"""What is found in a sheet, however a program has written it, and what is not followed."""

from __future__ import annotations

import pytest

from rules.text.cell_names import CellRange
from sync.xlsx.errors import RefusedError
from sync.xlsx.sheet_scan import Cell, scan

HEAD = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
TAIL = b"</sheetData></worksheet>"
TEXTS = b'<row r="1"><c r="B1" t="inlineStr"><is><t>a &amp; b &#230;</t></is></c></row>'

Filled = dict[int, int]


def test_a_cell_is_found_with_all_that_it_holds() -> None:
    xml = HEAD + TEXTS + TAIL
    assert scan(xml, "sheet", 2).cells == {
        (1, 2): Cell(1, 2, len(HEAD) + 11, None, "inlineStr", xml.index(b"</c>"), "a & b æ", False)
    }


@pytest.mark.parametrize(
    ("rows", "last_rows", "used"),
    [
        (
            b'<row r="1"><c r="A1"><v>1</v></c><c r="C1" s="2" t="n"><v>2</v></c></row>',
            {1: 1, 3: 1}, CellRange(1, 1, 1, 3),
        ),
        (b'<row r="2" spans="1:3"><c r="B2" s="1"/><c r="C2" s="1"></c></row>', {}, None),
        (b'<row r="1"/><row r="3" s="4" customFormat="1"></row><row r="4" s="5"/>', {}, None),
        (b'<row r="1"><c r="B1"><v/></c><c r="C1"><f>A1</f><v></v></c></row>',
         {2: 1, 3: 1}, CellRange(1, 2, 1, 3)),
        (b'<row r="1"><c r="A1"><v>1</v></c><!-- --></row>', {1: 1}, CellRange(1, 1, 1, 1)),
        (b"<row r='1'><c r='B1'><v>1</v></c></row>", {2: 1}, CellRange(1, 2, 1, 2)),
        (b"<row/><row><c/><c><v>1</v></c></row>", {2: 2}, CellRange(2, 2, 2, 2)),
    ],
)  # fmt: skip
def test_what_is_filled_is_told_by_column(
    rows: bytes, last_rows: Filled, used: CellRange | None
) -> None:
    sheet = scan(HEAD + rows + TAIL, "sheet", 1)
    assert (sheet.last_rows, sheet.used) == (last_rows, used)


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param(b'<row r="1"><c r="B1"/><c r="A1"/></row>', id="not in order"),
        pytest.param(b'<row r="1"><c r="A2"/></row>', id="another row's cell"),
        pytest.param(b'<row r="1"/><row r="1"/>', id="a row twice"),
        pytest.param(b'<row r="1"><c r="XFE1"/></row>', id="beyond the last column"),
        pytest.param(b'<row r="1"><c r="A1"/></row><x/>', id="something else"),
        pytest.param(
            b'<row r="1"><c r="A1"><f t="array" ref="?">1</f></c></row>', id="an area nowhere"
        ),
    ],
)
def test_what_cannot_be_followed_is_refused(rows: bytes) -> None:
    with pytest.raises(RefusedError):
        scan(HEAD + rows + TAIL, "sheet", 1)
