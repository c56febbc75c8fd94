"""What the server keeps of a spreadsheet: JSON as the API speaks it, and the cells beside it."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.google_server.errors import invalid

Json = dict[str, Any]
# What a person or a program put into a cell, in the API's words (`userEnteredValue`, `note`, …),
# and `result`, what a formula comes to. Never changed in place: cells are shared between copies.
Cell = Json
Cells = dict[tuple[int, int], Cell]

ROWS, COLUMNS = 1000, 26
MAX_CELLS = 10_000_000
MAX_COLUMNS = 18_278
LISTS = (
    "merges",
    "conditionalFormats",
    "filterViews",
    "protectedRanges",
    "charts",
    "bandedRanges",
    "tables",
    "rowGroups",
    "columnGroups",
    "slicers",
    "commentAnchors",
)
ROW, COLUMN = "ROWS", "COLUMNS"


@dataclass
class Sheet:
    """A tab. `attached` holds everything with a range in it, under the names of the API.

    `metadata` is the developer metadata of the tab, its rows and its columns; `sizes` what is
    known of single rows and columns (`pixelSize`, `hiddenByUser`), by dimension and index.
    """

    properties: Json
    cells: Cells = field(default_factory=dict)
    attached: dict[str, Any] = field(default_factory=dict)
    metadata: list[Json] = field(default_factory=list)
    sizes: dict[str, dict[int, Json]] = field(default_factory=lambda: {ROW: {}, COLUMN: {}})

    @property
    def id(self) -> int:
        return int(self.properties["sheetId"])

    @property
    def title(self) -> str:
        return str(self.properties["title"])

    @property
    def grid(self) -> Json:
        """Row and column counts and what is frozen."""
        grid: Json = self.properties.setdefault("gridProperties", {})
        return grid

    @property
    def rows(self) -> int:
        return int(self.grid.get("rowCount", 0))

    @property
    def columns(self) -> int:
        return int(self.grid.get("columnCount", 0))

    def count(self, dimension: str) -> int:
        return self.rows if dimension == ROW else self.columns

    def set_count(self, dimension: str, count: int) -> None:
        self.grid["rowCount" if dimension == ROW else "columnCount"] = count

    def list_of(self, name: str) -> list[Json]:
        found: list[Json] = self.attached.setdefault(name, [])
        return found

    def is_covered(self, place: tuple[int, int]) -> bool:
        """Whether a cell is merged into another one."""
        row, column = place
        return any(
            one["startRowIndex"] <= row < one["endRowIndex"]
            and one["startColumnIndex"] <= column < one["endColumnIndex"]
            and place != (one["startRowIndex"], one["startColumnIndex"])
            for one in self.attached.get("merges", ())
        )

    def copied(self) -> Sheet:
        """The same tab, changeable without the first one noticing; cells are shared."""
        return Sheet(
            copy.deepcopy(self.properties),
            dict(self.cells),
            copy.deepcopy(self.attached),
            copy.deepcopy(self.metadata),
            {name: dict(sizes) for name, sizes in self.sizes.items()},
        )


@dataclass
class Spreadsheet:
    """A spreadsheet: its properties, its tabs in order, and what belongs to the whole."""

    id: str
    properties: Json
    owner: str
    sheets: list[Sheet] = field(default_factory=list)
    named_ranges: list[Json] = field(default_factory=list)
    metadata: list[Json] = field(default_factory=list)
    comments: list[Json] = field(default_factory=list)
    ids: random.Random = field(default_factory=lambda: random.Random(1))

    @property
    def locale(self) -> str:
        return str(self.properties.get("locale", "en_US"))

    def copied(self) -> Spreadsheet:
        return Spreadsheet(
            self.id,
            copy.deepcopy(self.properties),
            self.owner,
            [sheet.copied() for sheet in self.sheets],
            copy.deepcopy(self.named_ranges),
            copy.deepcopy(self.metadata),
            list(self.comments),
            self.ids,
        )

    def sheet(self, sheet_id: int) -> Sheet:
        """The tab with this id.

        Raises:
            RefusalError: there is none.
        """
        for sheet in self.sheets:
            if sheet.id == sheet_id:
                return sheet
        raise invalid(f"No grid with id: {sheet_id}")

    def titled(self, title: str) -> Sheet | None:
        """The tab of this name; Google does not tell capitals apart."""
        wanted = title.casefold()
        return next((sheet for sheet in self.sheets if sheet.title.casefold() == wanted), None)

    def all_metadata(self) -> Iterator[Json]:
        yield from self.metadata
        for sheet in self.sheets:
            yield from sheet.metadata

    def new_number(self) -> int:
        """An id for a tab, a protected range, …: positive, 31 bits, as Google gives them."""
        return self.ids.randrange(1, 2**31)

    def renumber(self) -> None:
        for index, sheet in enumerate(self.sheets):
            sheet.properties["index"] = index


def new_sheet(
    sheet_id: int, title: str, index: int, rows: int = ROWS, columns: int = COLUMNS
) -> Sheet:
    grid = {"rowCount": rows, "columnCount": columns}
    return Sheet(
        {
            "sheetId": sheet_id,
            "title": title,
            "index": index,
            "sheetType": "GRID",
            "gridProperties": grid,
        }
    )


def entered(cell: Cell | None) -> Json:
    """The value in a cell as it was entered: `{}` for none."""
    value: Json = (cell or {}).get("userEnteredValue") or {}
    return value


def effective(cell: Cell | None) -> Json:
    """The value that a cell has: what was entered, or what its formula comes to."""
    value = entered(cell)
    if "formulaValue" in value:
        result: Json = (cell or {}).get("result") or {"numberValue": 0}
        return result
    return value


def put(cells: Cells, place: tuple[int, int], cell: Cell) -> None:
    """Set a cell, or forget it when nothing is left in it."""
    kept = {name: value for name, value in cell.items() if value not in (None, {}, [], "")}
    if kept:
        cells[place] = kept
    else:
        cells.pop(place, None)


def with_value(cell: Cell | None, value: Json) -> Cell:
    """The cell with another value; its format, note and drop-down stay."""
    kept = {k: v for k, v in (cell or {}).items() if k not in ("result", "textFormatRuns")}
    return {**kept, "userEnteredValue": value}
