"""A spreadsheet as it was seen at one moment, by one answer of Google's.

Every look at a spreadsheet, at first sight, later, and in the answer to a change, goes through the
same mask and the same reading, so that nothing is read in two ways.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rules.model.cells import Cell, RawRow, RawTab, cell_text, is_blank
from rules.model.tables import CONTROL_HEADER, WARNINGS_TAB
from rules.text.cell_names import cell_name
from rules.text.danish import name_key
from sync.findings.owned import is_control_text
from sync.stores.google.comments import ANCHORS, THREADS
from sync.stores.google.values import LOADING, cell_of

Json = Mapping[str, Any]
_CONTROL = name_key(CONTROL_HEADER)
TAG = "helhedsplan.kontrol"
"""The key of the developer metadata that marks the column Kontrol."""
PROTECTED = "helhedsplan: "
"""Begins the description of every protected range that is the job's."""
_NO_END = 20_000_000
"""More rows and columns than any tab has."""
MASK = (
    f"properties(title,locale),{THREADS}sheets({ANCHORS}"
    "properties(sheetId,title,sheetType,gridProperties(rowCount,columnCount)),"
    "protectedRanges(protectedRangeId,range,description,warningOnly,requestingUserCanEdit,"
    "unprotectedRanges),"
    "data(startRow,startColumn,"
    "rowData(values(effectiveValue,effectiveFormat(numberFormat(type)),note)),"
    "columnMetadata(developerMetadata(metadataId,metadataKey))))"
)


@dataclass(frozen=True, slots=True)
class Area:
    """Cells from `top` and `left` (from 1) to `bottom` and `right`, those included."""

    top: int
    bottom: int
    left: int
    right: int

    def holds(self, row: int, column: int) -> bool:
        """Whether a cell is among them."""
        return self.top <= row <= self.bottom and self.left <= column <= self.right


@dataclass(frozen=True, slots=True)
class Barred:
    """A protected range that the account may not edit, and what is left open in it."""

    area: Area
    open: Sequence[Area]

    def holds(self, row: int, column: int) -> bool:
        """Whether a cell is barred by it."""
        return self.area.holds(row, column) and not any(one.holds(row, column) for one in self.open)


@dataclass(frozen=True, slots=True)
class Tab:
    """A tab. `tags` are the job's marks on columns: the column (from 1) by the mark's id.

    `protections` are the job's protected ranges: the column that each begins at, by its id;
    0 where it begins at none. `barred` is what the account may not edit.
    """

    gid: int
    raw: RawTab
    rows: int
    columns: int
    tags: Mapping[int, int]
    protections: Mapping[int, int]
    barred: Sequence[Barred] = ()

    def bars(self, row: int, column: int) -> bool:
        """Whether the account may not edit a cell."""
        return any(one.holds(row, column) for one in self.barred)

    @property
    def is_page(self) -> bool:
        """Whether it is the tab Advarsler."""
        return name_key(self.raw.name) == name_key(WARNINGS_TAB)

    def column(self, number: int) -> dict[int, str]:
        """What stands in a column, as text by row; empty cells are left out."""
        return {
            row: text
            for row, cells in self.raw.rows
            if len(cells) >= number and (text := _text(cells[number - 1]))
        }


@dataclass(frozen=True, slots=True)
class Sight:
    """A spreadsheet at one moment; its grid tabs in their order, hidden ones included."""

    title: str
    tabs: Sequence[Tab]
    locale: str = "da_DK"

    def tab(self, name: str) -> Tab | None:
        """The tab of this name."""
        return next((tab for tab in self.tabs if tab.raw.name == name), None)

    def by_gid(self, gid: int) -> Tab | None:
        """The tab with this id."""
        return next((tab for tab in self.tabs if tab.gid == gid), None)

    @property
    def page(self) -> Tab | None:
        """The tab Advarsler."""
        return next((tab for tab in self.tabs if tab.is_page), None)

    @property
    def is_being_worked_out(self) -> bool:
        """Whether a formula had no result yet."""
        return any(
            cell == LOADING for tab in self.tabs for _, cells in tab.raw.rows for cell in cells
        )

    @property
    def gids(self) -> dict[str, int]:
        """The tabs' ids by their names."""
        return {tab.raw.name: tab.gid for tab in self.tabs}


def sight_of(spreadsheet: Json) -> Sight:
    """Read an answer that `MASK` was asked for."""
    threads = {one.get("anchorId", ""): _thread(one) for one in spreadsheet.get("comments", ())}
    tabs = [
        _tab(sheet, threads)
        for sheet in spreadsheet.get("sheets", ())
        if sheet["properties"].get("sheetType", "GRID") == "GRID"
    ]
    properties = spreadsheet.get("properties", {})
    return Sight(properties.get("title", ""), tabs, properties.get("locale", ""))


def _thread(thread: Json) -> str:
    """All that people wrote in a thread of comments."""
    posts = (thread.get("headPost", {}), *thread.get("replies", ()))
    return "\n".join(post["content"] for post in posts if post.get("content"))


def _comments(sheet: Json, threads: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The cells of a tab on which a thread lies, and what was written in it."""
    for anchor in sheet.get("commentAnchors", ()):
        area = _area(anchor.get("range", {}))
        if text := threads.get(anchor.get("anchorId", "")):
            yield cell_name(area.top, area.left), text


def _tab(sheet: Json, threads: Mapping[str, str]) -> Tab:
    properties = sheet["properties"]
    grid = properties.get("gridProperties", {})
    rows: list[RawRow] = []
    notes: dict[str, str] = {}
    tags: dict[int, int] = {}
    for data in sheet.get("data", ()):
        first_row, first_column = data.get("startRow", 0), data.get("startColumn", 0)
        for number, row in enumerate(data.get("rowData", ()), first_row + 1):
            cells: list[Cell] = [None] * first_column
            for column, cell in enumerate(row.get("values", ()), first_column + 1):
                cells.append(cell_of(cell))
                if note := cell.get("note"):
                    notes[cell_name(number, column)] = note
            if not all(map(is_blank, cells)):
                rows.append((number, cells))
        for column, metadata in enumerate(data.get("columnMetadata", ()), first_column + 1):
            for one in metadata.get("developerMetadata", ()):
                if one.get("metadataKey") == TAG:
                    tags[one["metadataId"]] = column
    for cell, text in _comments(sheet, threads):
        notes[cell] = f"{notes[cell]}\n{text}" if cell in notes else text
    return Tab(
        gid=properties.get("sheetId", 0),
        raw=RawTab(properties.get("title", ""), rows, notes),
        rows=grid.get("rowCount", 0),
        columns=grid.get("columnCount", 0),
        tags=tags,
        protections={
            one["protectedRangeId"]: one.get("range", {}).get("startColumnIndex", -1) + 1
            for one in sheet.get("protectedRanges", ())
            if one.get("description", "").startswith(PROTECTED)
        },
        barred=[
            Barred(_area(one.get("range", {})), [*map(_area, one.get("unprotectedRanges", ()))])
            for one in sheet.get("protectedRanges", ())
            if not one.get("warningOnly") and not one.get("requestingUserCanEdit")
        ],
    )


def _area(grid_range: Json) -> Area:
    return Area(
        grid_range.get("startRowIndex", 0) + 1,
        grid_range.get("endRowIndex", _NO_END),
        grid_range.get("startColumnIndex", 0) + 1,
        grid_range.get("endColumnIndex", _NO_END),
    )


def _text(cell: Cell) -> str:
    return cell if isinstance(cell, str) else cell_text(cell)


def row_keys(tab: Tab) -> Iterator[tuple[int, str]]:
    """Each row of a tab with what it is known by: its contents besides the job's texts.

    Neither the order of the columns nor their number counts, so that a row is known again after
    columns have been moved. Rows that are alike are numbered.
    """
    alike: dict[bytes, int] = {}
    for row, cells in tab.raw.rows:
        texts = sorted(filter(_is_staffs, map(_text, cells)))
        if texts:
            key = hashlib.blake2b("\x1f".join(texts).encode(), digest_size=12).digest()
            alike[key] = alike.get(key, 0) + 1
            yield row, f"{key.hex()}-{alike[key]}"


def _is_staffs(text: str) -> bool:
    return bool(text.strip()) and not is_control_text(text) and name_key(text) != _CONTROL


def staff_content(sight: Sight, columns: Mapping[int, int]) -> list[tuple[Any, ...]]:
    """Everything in a spreadsheet that is not the job's, at its place, to be compared.

    `columns` are the columns Kontrol by the ids of their tabs.
    """
    return [
        (tab.gid, tab.raw.name, dict(tab.raw.comments), _cells(tab, columns.get(tab.gid)))
        for tab in sight.tabs
        if not tab.is_page
    ]


def _cells(tab: Tab, owned: int | None) -> dict[tuple[int, int], str]:
    return {
        (row, column): cell_text(cell)
        for row, cells in tab.raw.rows
        for column, cell in enumerate(cells, 1)
        if column != owned and not is_blank(cell)
    }


def digest_of(sight: Sight) -> str:
    """A digest of what is not the job's in a spreadsheet whose columns are marked."""
    columns = {tab.gid: column for tab in sight.tabs for column in tab.tags.values()}
    content = repr(staff_content(sight, columns)).encode()
    return hashlib.blake2b(content, digest_size=16).hexdigest()
