"""One workbook's trial: write a column Kontrol and the tab Advarsler, and look what else changed.

    python -m tests.corpus.trial FILE [OUT]

prints what came of it as JSON. It runs in a process of its own, since a workbook may be made to
break a reader; OUT gets the written workbook.
"""

from __future__ import annotations

import io
import json
import re
import sys
import warnings
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, field
from itertools import count
from multiprocessing import get_context
from pathlib import Path

import openpyxl
import python_calamine
from openpyxl.utils import range_boundaries
from openpyxl.worksheet.formula import ArrayFormula, DataTableFormula

from rules.model.cells import Cell, RawRow, RawTab, cell_text
from rules.model.tables import CONTROL_HEADER, HEADER_SEARCH_ROWS, WARNINGS_TAB
from rules.text.danish import name_key
from sync.stores.base import Unreadable
from sync.stores.excel.reading import read_tabs
from sync.xlsx.errors import PackageError, RefusedError
from sync.xlsx.owned_column import OwnedColumn, in_free_column
from sync.xlsx.owned_sheet import OwnedCell, OwnedSheet
from sync.xlsx.parts import read_workbook
from sync.xlsx.write_owned import write_owned
from sync.xlsx.zip_package import Limits, Package
from tests.corpus.schema import new_errors
from tests.corpus.structure import new_problems

_CELLS_END = re.compile(rb"</(?:\w+:)?sheetData\s*>|<(?:\w+:)?sheetData\s*/>")

OWN_ENDINGS = ("[content_types].xml", "workbook.xml", "styles.xml", ".rels")
_STYLE_COUNT = re.compile(rb"""(?<=cellXfs)\s+count\s*=\s*(?:"[^"]*"|'[^']*')""")

Values = dict[tuple[str, int, int], str]
"""What a reader gives for each cell, by tab, row and column from 1."""


@dataclass
class Trial:
    """What came of a workbook: `unreadable`, `refused` or `written`, why, and what was harmed."""

    outcome: str
    reason: str = ""
    harm: list[str] = field(default_factory=list)
    tab: str = ""
    column: int = 0


def trial(data: bytes) -> tuple[Trial, bytes | None]:
    """Try the write-back on a workbook's bytes; the written workbook, where one was written."""
    try:
        tabs = read_tabs(data, Limits())
    except Unreadable as error:
        return Trial("unreadable", error.variant or "damaged"), None
    tabs = [tab for tab in tabs if name_key(tab.name) != name_key(WARNINGS_TAB)]
    if not tabs:
        return Trial("unreadable", "no worksheets"), None
    try:
        column = target(tabs)
    except ValueError:
        return Trial("refused", "no column is free"), None
    rows = ((OwnedCell("Prøve", bold=True),), (), (OwnedCell("Alvor"),))
    page = OwnedSheet(WARNINGS_TAB, rows, (10.0,), frozen_rows=1)
    try:
        column = in_free_column(Package(data), column)
        written = write_owned(Package(data), [column], page)
    except RefusedError as error:
        return Trial("refused", str(error.reason)), None
    except PackageError:
        return Trial("refused", "unreadable package"), None
    found = Trial("written", tab=column.tab, column=column.column)
    found.harm += part_harm(data, written, column)
    found.harm += new_problems(data, written)
    found.harm += new_errors(data, written)
    for name, reader in READERS.items():
        found.harm += [f"{name}: {harm}" for harm in value_harm(data, written, column, reader)]
    if write_owned(Package(written), [column], page) != written:
        found.harm.append("a second run writes again")
    return found, written


def target(tabs: Sequence[RawTab]) -> OwnedColumn:
    """The column to write: the tab's own Kontrol, else the first free one right of the headers.

    The headers are the first row near the top with two cells and something below them.
    """
    for tab in tabs:
        for position, (row, cells) in enumerate(tab.rows):
            below = tab.rows[position + 1 :]
            if row <= HEADER_SEARCH_ROWS and below and sum(map(bool, _texts(cells))) >= 2:
                return _column(tab.name, row, cells, below)
    tab = next((one for one in tabs if one.rows), tabs[0])
    row, cells = next(iter(tab.rows), (1, ()))
    return _column(tab.name, row, cells, tab.rows[1:])


def _texts(cells: Sequence[Cell]) -> list[str]:
    return [cell_text(cell) for cell in cells]


def _column(
    tab: str, header_row: int, headers: Sequence[Cell], below: Sequence[RawRow]
) -> OwnedColumn:
    keys = [name_key(text) for text in _texts(headers)]
    own = name_key(CONTROL_HEADER)
    is_new = own not in keys
    column = keys.index(own) + 1 if not is_new else max(_filled(headers), default=0) + 1
    if is_new:
        taken = {number for _, cells in below for number in _filled(cells)}
        column = next(number for number in count(column) if number not in taken)
    rows = [row for row, _ in below[:500]] or [header_row + 1]
    return OwnedColumn(
        tab=tab,
        column=column,
        header_row=header_row,
        header=CONTROL_HEADER if is_new else None,
        texts={row: "OK" if row % 2 else f"FEJL: række {row} – æøå <&>" for row in rows},
        width=60.0 if is_new else None,
    )


def _filled(cells: Sequence[Cell]) -> list[int]:
    return [number for number, text in enumerate(_texts(cells), 1) if text]


def part_harm(before: bytes, after: bytes, column: OwnedColumn) -> Iterator[str]:
    """Parts that changed although they are not owned, or in which more changed than was added."""
    package = Package(before)
    by_name = {sheet.name.casefold(): sheet.part for sheet in read_workbook(package).sheets}
    own_parts = {by_name[column.tab.casefold()], by_name.get(WARNINGS_TAB.casefold(), "")}
    with zipfile.ZipFile(io.BytesIO(before)) as old, zipfile.ZipFile(io.BytesIO(after)) as new:
        if new.testzip() is not None:
            yield "the package is damaged"
        added = [name for name in new.namelist() if name not in old.namelist()]
        if len(added) > 1:
            yield f"{len(added)} parts were added"
        for name in old.namelist():
            was, is_now = old.read(name), new.read(name)
            if was == is_now:
                continue
            if package.member(name) in {package.member(part) for part in own_parts if part}:
                if _CELLS_END.split(was)[-1] != _CELLS_END.split(is_now)[-1]:
                    yield f"{name}: something behind the cells changed"
            elif not _is_inserted(*(_STYLE_COUNT.sub(b"", one) for one in (was, is_now))):
                yield f"{name}: more changed than was inserted"
            elif not name.casefold().endswith(OWN_ENDINGS):
                yield f"{name}: is not ours"


def _is_inserted(was: bytes, is_now: bytes) -> bool:
    """Whether all that was there still is, and something stands between."""
    begin = 0
    while begin < len(was) and was[begin] == is_now[begin]:
        begin += 1
    return is_now.endswith(was[begin:])


def by_calamine(data: bytes) -> Values:
    """The values that calamine reads."""
    workbook = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    return {
        (sheet.name, row, number): repr(value)
        for sheet in workbook.sheets_metadata
        if sheet.typ is python_calamine.SheetTypeEnum.WorkSheet
        for row, cells in enumerate(
            workbook.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False), 1
        )
        for number, value in enumerate(cells, 1)
        if value != ""
    }


def safely_by_calamine(data: bytes) -> Values:
    """The same in a process of its own, which calamine may end.

    Raises:
        BrokenProcessPool: it did.
    """
    with ProcessPoolExecutor(1, get_context("fork")) as pool:
        return pool.submit(by_calamine, data).result()


def by_openpyxl(data: bytes) -> Values:
    """The formulas or values and the number formats that openpyxl reads."""
    workbook = openpyxl.load_workbook(io.BytesIO(data))
    return {
        (sheet.title, cell.row, cell.column): f"{_shown(cell.value)} {cell.number_format}"
        for sheet in workbook.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    }


def _shown(value: object) -> str:
    """A value or formula; array formulas and data tables by all that they hold."""
    return repr(vars(value) if isinstance(value, ArrayFormula | DataTableFormula) else value)


def formula_places(data: bytes) -> set[tuple[str, int, int]]:
    """The cells whose values come from formulas; all cells where openpyxl cannot read them."""
    try:
        workbook = openpyxl.load_workbook(io.BytesIO(data))
    except Exception:  # noqa: BLE001  whatever openpyxl cannot read, the other readers compare
        return set(safely_by_calamine(data))
    places = set()
    for sheet in workbook.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, ArrayFormula | DataTableFormula):
                    first, top, last, bottom = range_boundaries(cell.value.ref)
                    places |= {
                        (sheet.title, r, c)
                        for r in range(top or 1, (bottom or 1) + 1)
                        for c in range(first or 1, (last or 1) + 1)
                    }
                elif cell.data_type == "f":
                    places.add((sheet.title, int(cell.row or 0), int(cell.column or 0)))
    return places


def results_by_openpyxl(data: bytes) -> Values:
    """The stored results of formulas that openpyxl reads."""
    workbook = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    return {
        (sheet.title, cell.row, cell.column): repr(cell.value)
        for sheet in workbook.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    }


Reader = Callable[[bytes], Values]
READERS: Mapping[str, Reader] = {
    "calamine": safely_by_calamine,
    "openpyxl": by_openpyxl,
    "openpyxl, results": results_by_openpyxl,
}


def value_harm(before: bytes, after: bytes, column: OwnedColumn, reader: Reader) -> Iterator[str]:
    """Cells outside the owned places that a reader, if it can read the workbook, now sees other."""
    try:
        was = reader(before)
    except Exception:  # noqa: BLE001  what the reader cannot read anyhow cannot be compared
        return
    try:
        is_now = reader(after)
    except Exception as error:  # noqa: BLE001  any failure of any kind is what we look for
        yield f"cannot be read any more ({type(error).__name__})"
        return
    was, is_now = _not_owned(was, column), _not_owned(is_now, column)
    changed = [place for place in was.keys() | is_now.keys() if was.get(place) != is_now.get(place)]
    if changed:
        yield f"{len(changed)} values changed, the first at {min(changed)}"


def _not_owned(values: Values, column: OwnedColumn) -> Values:
    return {
        (tab, row, number): value
        for (tab, row, number), value in values.items()
        if tab.casefold() != WARNINGS_TAB.casefold()
        and not (tab == column.tab and number == column.column and row >= column.header_row)
    }


def main(file: Path, out: Path | None) -> None:
    """Try one file, say what came of it, and lay the written workbook where OUT says."""
    warnings.simplefilter("ignore")  # openpyxl warns of what it would drop; we never save with it
    found, written = trial(file.read_bytes())
    if out and written:
        out.write_bytes(written)
    sys.stdout.write(json.dumps(asdict(found)))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else None)
