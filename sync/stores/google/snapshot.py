"""A spreadsheet as it was at one moment, by one answer of Google's.

Every look at a spreadsheet, at first, later, and in the answer to a change, goes through the same
mask and the same functions, so that nothing is read in two ways. What the staff typed is compared
by what was typed: a formula by its text, since its result may change by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from math import inf
from typing import Any

from rules.model.cells import (
    FALSE,
    OWN_TAB,
    TRUE,
    Cell,
    FormulaError,
    RawRow,
    RawTab,
    cell_text,
    is_blank,
)
from rules.model.tables import CONTROL_HEADER, WARNINGS_TAB
from rules.text.cell_names import cell_name
from rules.text.job_texts import own_number
from rules.text.number_formats import shown_number
from rules.text.personal_numbers import CprMatch, cpr_match, texts_in_formula

Json = Mapping[str, Any]
MARK_KEY = "helhedsplan.kontrol"
"""The key of the developer metadata that marks the column Kontrol."""
PROTECTED = "helhedsplan: "
"""Begins the description of every protected range that is the job's."""
THREADS = "comments(anchorId,headPost(content),replies(content)),"
ANCHORS = "commentAnchors(anchorId,range),"
MASK = (
    f"properties(title,locale),namedRanges(name),{THREADS}sheets({ANCHORS}"
    "properties(sheetId,title,sheetType,gridProperties(rowCount,columnCount)),"
    "charts(spec(title,subtitle,altText)),"
    "protectedRanges(protectedRangeId,range,description,warningOnly,requestingUserCanEdit,"
    "unprotectedRanges),merges,"
    "data(startRow,startColumn,"
    "rowData(values(effectiveValue,effectiveFormat(numberFormat(type,pattern)),note,hyperlink,"
    "userEnteredValue(formulaValue),"
    "textFormatRuns(format(link(uri))),"
    "dataValidation(inputMessage,condition(values(userEnteredValue))))),"
    "columnMetadata(developerMetadata(metadataId,metadataKey))))"
)
_SMALLEST_CPR = 100_000_000
_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001  a spreadsheet's dates lie in no time zone
_DAYS = 2_958_466
"""One more than the serial number of 31 December 9999."""
_MOMENTS = ("DATE", "TIME", "DATE_TIME")
_ERRORS = {
    "ERROR": "#ERROR!", "NULL_VALUE": "#NULL!", "DIVIDE_BY_ZERO": "#DIV/0!", "VALUE": "#VALUE!",
    "REF": "#REF!", "NAME": "#NAME?", "NUM": "#NUM!", "N_A": "#N/A", "LOADING": "#LOADING!",
}  # fmt: skip
_LOADING = FormulaError(_ERRORS["LOADING"])
"""Stands for a moment where a formula fetches something."""
_CHANGES_BY_ITSELF = re.compile(
    r"\b(IMPORT(RANGE|DATA|HTML|XML|FEED)|GOOGLEFINANCE|NOW|TODAY|RAND(BETWEEN|ARRAY)?)\(", re.I
)
"""Formulas with another result later, of which Drive does not tell."""


@dataclass(frozen=True, slots=True)
class LockedRange:
    """A protected range that the account may not edit, and what is left open in it.

    Both are `GridRange`s of Google's: they count from 0, leave the end out, and have no limit where
    none is named.
    """

    area: Json
    open: Sequence[Json]

    def holds(self, row: int, column: int) -> bool:
        """Whether a cell (from 1) is locked by it."""
        return _holds(self.area, row, column) and not any(
            _holds(one, row, column) for one in self.open
        )


def _holds(area: Json, row: int, column: int) -> bool:
    rows = area.get("startRowIndex", 0), area.get("endRowIndex", inf)
    columns = area.get("startColumnIndex", 0), area.get("endColumnIndex", inf)
    return bool(rows[0] < row <= rows[1] and columns[0] < column <= columns[1])


@dataclass(frozen=True, slots=True)
class SheetSnapshot:
    """A tab. `marks` are the job's marks on columns: the column (from 1) by the mark's id.

    `formulas` are texts by row and column. `protections` are the job's protected ranges: the column
    that each begins at, by its id; 0 where it begins at none. `locked` is what the account may not
    edit, `is_protected` says that somebody protected the whole tab, and `merges` are `GridRange`s.
    """

    gid: int
    raw: RawTab
    rows: int
    columns: int
    marks: Mapping[int, int]
    protections: Mapping[int, int]
    locked: Sequence[LockedRange] = ()
    formulas: Mapping[tuple[int, int], str] = field(default_factory=dict)
    is_protected: bool = False
    merges: Sequence[Json] = ()

    def is_covered(self, row: int, column: int) -> bool:
        """Whether a cell is merged into another, and shows nothing of its own."""
        return any(
            _holds(one, row, column)
            and (row, column)
            != (one.get("startRowIndex", 0) + 1, one.get("startColumnIndex", 0) + 1)
            for one in self.merges
        )

    def is_locked(self, row: int, column: int) -> bool:
        """Whether the account may not edit a cell."""
        return any(one.holds(row, column) for one in self.locked)

    @property
    def is_page(self) -> bool:
        """Whether it may be the tab Advarsler that is the job's."""
        return own_number(self.raw.name, WARNINGS_TAB) is not None

    def headed(self, header_row: int, header: str) -> list[int]:
        """The columns that have this header, whatever its case and blanks."""
        cells = next((cells for row, cells in self.raw.rows if row == header_row), ())
        number = own_number(header, CONTROL_HEADER)
        texts = enumerate(map(text_of, cells), 1)
        return [n for n, text in texts if text and own_number(text, CONTROL_HEADER) == number]

    @property
    def own_header(self) -> str:
        """The header of the column that is marked as the job's; empty where none is."""
        texts = [text for n in self.marks.values() for text in self.column(n).values()]
        return next((text for text in texts if own_number(text, CONTROL_HEADER)), "")

    def column(self, number: int) -> dict[int, str]:
        """What stands in a column, as text by row; empty cells are left out."""
        return {
            row: text
            for row, cells in self.raw.rows
            if len(cells) >= number and (text := text_of(cells[number - 1]))
        }


@dataclass(frozen=True, slots=True)
class SpreadsheetSnapshot:
    """A spreadsheet at one moment; its grid tabs in their order, hidden ones included.

    `charts` are the names of the other tabs, `beside` the texts that belong to no tab.
    """

    title: str
    tabs: Sequence[SheetSnapshot]
    locale: str = "da_DK"
    charts: Sequence[str] = ()
    beside: Sequence[str] = ()

    def tab(self, name: str) -> SheetSnapshot | None:
        """The tab of this name."""
        return next((tab for tab in self.tabs if tab.raw.name == name), None)

    def by_gid(self, gid: int) -> SheetSnapshot | None:
        """The tab with this id."""
        return next((tab for tab in self.tabs if tab.gid == gid), None)

    @property
    def own(self) -> dict[str, str]:
        """What is known to be the job's by its marks: see `RawWorkbook.own`."""
        own = {tab.raw.name: tab.own_header for tab in self.tabs if tab.own_header}
        pages = (tab.raw.name for tab in self.tabs if tab.is_page and tab.protections)
        return {**own, OWN_TAB: next(pages, "")}

    @property
    def is_loading(self) -> bool:
        """Whether a formula had no result yet."""
        return any(
            cell == _LOADING for tab in self.tabs for _, cells in tab.raw.rows for cell in cells
        )

    @property
    def changes_by_itself(self) -> bool:
        """Whether a result may change without anybody's typing in this spreadsheet."""
        formulas = (text for tab in self.tabs for text in tab.formulas.values())
        return any(map(_CHANGES_BY_ITSELF.search, formulas))

    @property
    def gids(self) -> dict[str, int]:
        """The tabs' ids by their names."""
        return {tab.raw.name: tab.gid for tab in self.tabs}


def snapshot_of(spreadsheet: Json) -> SpreadsheetSnapshot:
    """Read an answer that `MASK` was asked for."""
    threads = {one.get("anchorId", ""): _thread(one) for one in spreadsheet.get("comments", ())}
    tabs, charts = [], []
    for sheet in spreadsheet.get("sheets", ()):
        if sheet["properties"].get("sheetType", "GRID") == "GRID":
            tabs.append(_tab(sheet, threads))
        else:
            charts.append(sheet["properties"].get("title", ""))
    properties = spreadsheet.get("properties", {})
    names = [one.get("name", "") for one in spreadsheet.get("namedRanges", ())]
    return SpreadsheetSnapshot(
        properties.get("title", ""), tabs, properties.get("locale", ""), charts, names
    )


def _thread(thread: Json) -> str:
    """All that people wrote in a thread of comments."""
    posts = (thread.get("headPost", {}), *thread.get("replies", ()))
    return "\n".join(post["content"] for post in posts if post.get("content"))


def _comments(sheet: Json, threads: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The cells of a tab on which a thread lies, and what was written in it."""
    for anchor in sheet.get("commentAnchors", ()):
        place = anchor.get("range", {})
        if text := threads.get(anchor.get("anchorId", "")):
            row, column = place.get("startRowIndex", 0), place.get("startColumnIndex", 0)
            yield cell_name(row + 1, column + 1), text


def _tab(sheet: Json, threads: Mapping[str, str]) -> SheetSnapshot:
    properties = sheet["properties"]
    grid = properties.get("gridProperties", {})
    rows: list[RawRow] = []
    notes: dict[str, str] = {}
    shown: dict[str, str] = {}
    marks: dict[int, int] = {}
    charts = (chart.get("spec", {}) for chart in sheet.get("charts", ()))
    beside = dict.fromkeys(text for chart in charts for text in chart.values() if text)
    formulas: dict[tuple[int, int], str] = {}
    for data in sheet.get("data", ()):
        first_row, first_column = data.get("startRow", 0), data.get("startColumn", 0)
        for number, row in enumerate(data.get("rowData", ()), first_row + 1):
            values = row.get("values", ())
            cells: list[Cell] = [*[None] * first_column, *map(_cell_of, values)]
            for column, cell in enumerate(values, first_column + 1):
                shown[cell_name(number, column)] = _shown(cells[column - 1], cell)
                notes[cell_name(number, column)] = cell.get("note", "")
                beside |= dict.fromkeys(_beside(cell))
                if formula := cell.get("userEnteredValue", {}).get("formulaValue"):
                    formulas[number, column] = formula
            if not all(map(is_blank, cells)):
                rows.append((number, cells))
        for column, metadata in enumerate(data.get("columnMetadata", ()), first_column + 1):
            for one in metadata.get("developerMetadata", ()):
                if one.get("metadataKey") == MARK_KEY:
                    marks[one["metadataId"]] = column
    for at, text in _comments(sheet, threads):
        notes[at] = "\n".join(filter(None, (notes.get(at), text)))
    notes, shown = ({at: text for at, text in one.items() if text} for one in (notes, shown))
    return SheetSnapshot(
        gid=properties.get("sheetId", 0),
        raw=RawTab(properties.get("title", ""), rows, notes, shown, [*beside]),
        rows=grid.get("rowCount", 0),
        columns=grid.get("columnCount", 0),
        marks=marks,
        protections={
            one["protectedRangeId"]: one.get("range", {}).get("startColumnIndex", -1) + 1
            for one in sheet.get("protectedRanges", ())
            if one.get("description", "").startswith(PROTECTED)
        },
        locked=[
            LockedRange(one.get("range", {}), one.get("unprotectedRanges", ()))
            for one in sheet.get("protectedRanges", ())
            if not one.get("warningOnly") and not one.get("requestingUserCanEdit")
        ],
        formulas=formulas,
        is_protected=any(
            one.get("range", {}).keys() <= {"sheetId"} and "namedRangeId" not in one
            for one in sheet.get("protectedRanges", ())
        ),
        merges=sheet.get("merges", ()),
    )


def _beside(data: Json) -> Iterator[str]:
    """What a cell may hold a CPR number in beside its value: links, lists, messages, formulas."""
    validation = data.get("dataValidation", {})
    runs = data.get("textFormatRuns", ())
    texts = [
        data.get("hyperlink", ""),
        *(run.get("format", {}).get("link", {}).get("uri", "") for run in runs),
        *texts_in_formula(data.get("userEnteredValue", {}).get("formulaValue", "")),
        validation.get("inputMessage", ""),
    ]
    yield from (text for text in texts if cpr_match(text) is CprMatch.WRITTEN_AS_CPR)
    for value in validation.get("condition", {}).get("values", ()):
        yield value.get("userEnteredValue", "")


def _shown(value: Cell, data: Json) -> str:
    """A number of nine or ten digits as its format shows it."""
    if not isinstance(value, int | float) or value < _SMALLEST_CPR:
        return ""
    number_format = data.get("effectiveFormat", {}).get("numberFormat", {})
    return shown_number(value, number_format.get("pattern", ""))


def text_of(cell: Cell) -> str:
    """What stands in a cell; a text as it is, blanks at its ends included."""
    return cell if isinstance(cell, str) else cell_text(cell)


def _cell_of(data: Json) -> Cell:
    """The value of a `CellData`; its format tells a date from a number."""
    match data.get("effectiveValue"):
        case {"stringValue": text}:
            return str(text)
        case {"boolValue": is_true}:
            return TRUE if is_true else FALSE
        case {"errorValue": error}:
            return FormulaError(_ERRORS.get(error.get("type", ""), "#ERROR!"))
        case {"numberValue": number}:
            number_format = data.get("effectiveFormat", {}).get("numberFormat", {})
            return _number_of(number, number_format.get("type", ""))
        case _:
            return None


def _number_of(number: float, format_type: str) -> Cell:
    """A number under a number format, which may make a day or a time of it."""
    if not 0 <= number < _DAYS or format_type not in _MOMENTS:
        return number
    if number < 1:
        return (_EPOCH + timedelta(seconds=round(number * 86_400))).time()
    if format_type == "TIME":
        return timedelta(seconds=round(number * 86_400))
    moment = timedelta(days=int(number), seconds=round(number % 1 * 86_400))
    day = _EPOCH + moment
    return day.date() if float(number).is_integer() else day


def serial_of(moment: date | time | timedelta) -> float:
    """The number that a spreadsheet keeps for a day or a time, to the second."""
    match moment:
        case datetime():
            return (moment - _EPOCH) / timedelta(days=1)
        case date():
            return (moment - _EPOCH.date()).days
        case time():
            return (moment.hour * 3600 + moment.minute * 60 + moment.second) / 86_400
        case timedelta():
            return moment / timedelta(days=1)
