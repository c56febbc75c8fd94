"""Where the rows and cells of a sheet stand in its bytes, and what owned cells hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from rules.text.cell_names import LAST_COLUMN, LAST_ROW, CellRange, column_number, parse_area
from sync.xlsx import markup
from sync.xlsx.errors import Reason, RefusedError
from sync.xlsx.text import decode
from sync.xlsx.zip_package import Package

_AREA_FORMULAS = ("array", "dataTable", "shared")
_ERROR_AND_PLAIN_KINDS = ("e", "n", "d")


class Strings(Protocol):
    """The shared strings of a workbook."""

    def at(self, index: str) -> str | None:
        """The string that a cell's `v` names; None where there is none."""


@dataclass(slots=True)
class Cell:
    """A cell that was asked for; `start` and `stop` are the offsets of its two tags.

    `raw` is what stands in `v` or in the inline string, None if neither does.
    """

    row: int
    column: int
    start: int
    style: str | None
    kind: str
    stop: int = 0
    raw: str | None = None
    has_formula: bool = False

    @property
    def is_text(self) -> bool:
        """Whether the cell holds text that someone typed or a program wrote."""
        return self.kind in ("s", "inlineStr", "str") and not self.has_formula

    @property
    def is_filled(self) -> bool:
        """Whether the cell holds anything, be it a formula whose result is empty."""
        return self.raw is not None or self.has_formula

    def text(self, strings: Strings) -> str:
        """Return what the cell shows, as far as its bytes tell; a number as it is stored."""
        if self.raw is None:
            return ""
        if self.kind == "s":
            return strings.at(self.raw) or ""
        if self.kind == "b":
            return "TRUE" if self.raw.strip() in ("1", "true") else "FALSE"
        return self.raw if self.kind in _ERROR_AND_PLAIN_KINDS else decode(self.raw)


@dataclass(slots=True)
class Row:
    """A row; `gap` is where a cell of the asked column goes, `stop` where the end tag starts."""

    number: int
    start: int
    style: str | None
    spans: str
    gap: int = 0
    stop: int = 0


@dataclass(slots=True)
class Columns:
    """One `col` element: the columns it covers, from where to where."""

    first: int
    last: int
    style: str | None
    start: int
    attributes: Mapping[str, str] = field(default_factory=dict)

    @property
    def width(self) -> float | None:
        """The width in characters; None where they have the standard one."""
        width = self.attributes.get("width", "")
        return float(width) if width.replace(".", "", 1).isdecimal() else None


@dataclass(slots=True)
class SheetXml:
    """A sheet's bytes, and where things stand in them.

    `last_rows` are the last rows in which the columns hold something, by column;
    `column_styles` are the styles that were asked for.
    """

    data: bytes
    part: str
    children: list[markup.ElementPlace] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    cells: dict[tuple[int, int], Cell] = field(default_factory=dict)
    columns: list[Columns] = field(default_factory=list)
    merged: list[CellRange] = field(default_factory=list)
    formula_areas: list[CellRange] = field(default_factory=list)
    hyperlinks: list[tuple[markup.ElementPlace, bool]] = field(default_factory=list)
    last_rows: dict[int, int] = field(default_factory=dict)
    used: CellRange | None = None
    column_styles: dict[int, str | None] = field(default_factory=dict)

    def child(self, tag: str) -> markup.ElementPlace | None:
        """Return the first element of this name under the root."""
        return next((child for child in self.children if child.name == tag), None)

    @property
    def sheet_data(self) -> markup.ElementPlace:
        """The element that holds the rows."""
        child = self.child("sheetData")
        if child is None:
            raise RefusedError(Reason.UNUSUAL_PACKAGE, f"{self.part!r} has no sheetData")
        return child

    def column_width(self, column: int) -> float | None:
        """Return the column's width in characters; None where it has the standard one."""
        covering = self.covering(column)
        return covering.width if covering else None

    def covering(self, column: int) -> Columns | None:
        """The `col` element that says how a column looks."""
        return next((c for c in self.columns if c.first <= column <= c.last), None)

    def column_style(self, column: int) -> str | None:
        """Return the style that empty cells of the column have."""
        if column not in self.column_styles:
            covering = self.covering(column)
            self.column_styles[column] = covering.style if covering else None
        return self.column_styles[column]


def scan_part(package: Package, part: str, column: int | None) -> SheetXml:
    """Scan a sheet of the package; once, although finding a free column and writing both ask."""
    return package.once((part, column), lambda: scan(package.read(part), part, column))


def scan(data: bytes, part: str, column: int | None) -> SheetXml:
    """Find the rows, and the cells of `column` (of all columns if None)."""
    markup.refuse_utf16(data, part)
    scanner = _Scanner(SheetXml(data, part), column)
    scanner.run()
    return scanner.sheet


class _Scanner:
    """The parser's handlers, by depth: 0 root, 1 its children, 2 rows, 3 cells, 4 contents.

    They are called once for each of the sheet's tags, which is most of a write's time. So the depth
    alone decides what a tag can be, and texts are listened to inside wanted cells only.
    """

    def __init__(self, sheet: SheetXml, column: int | None) -> None:
        self.sheet = sheet
        self._wanted = column
        self._parser = markup.new_parser()
        self._depth = 0
        self._namespace = ""
        self._in_data = False
        self._row = Row(0, 0, None, "")
        self._row_name = ""
        self._column = 0
        self._cell: Cell | None = None
        self._words: list[str] = []
        self._in_phonetic = False
        self._top = 0

    def run(self) -> None:
        parser = self._parser
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        markup.run(parser, self.sheet.data, self.sheet.part)
        if last := self.sheet.last_rows:
            self.sheet.used = CellRange(self._top, min(last), max(last.values()), max(last))

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        depth = self._depth
        self._depth = depth + 1
        if self._in_data:
            if depth == 3:
                self._cell_starts(name, attributes)
            elif depth == 2:
                self._row_starts(name, attributes)
            elif depth == 4 or self._cell is not None:
                self._inside_cell(depth, name, attributes)
        elif depth == 1:
            self._child_starts(name, attributes)
        elif depth == 2:
            self._detail(name, attributes)
        elif depth == 0:
            self._root(name)

    def _end(self, name: str) -> None:
        depth = self._depth = self._depth - 1
        if depth == 1:
            self.sheet.children[-1].stop = self._parser.CurrentByteIndex
            self._in_data = False
        elif self._in_data:
            if depth == 3:
                if self._cell is not None:
                    self._cell_ends(self._cell)
            elif depth == 2:
                row = self._row
                row.stop = self._parser.CurrentByteIndex
                row.gap = row.gap or row.stop
            elif self._cell is not None:
                self._parser.CharacterDataHandler = None
                if depth == 5 and markup.local(name) == "rPh":
                    self._in_phonetic = False

    def _root(self, name: str) -> None:
        self._namespace, _, tag = name.rpartition(" ")
        if tag != "worksheet" or self._namespace not in (markup.TRANSITIONAL, markup.STRICT):
            raise RefusedError(Reason.UNUSUAL_PACKAGE, f"{self.sheet.part!r} is no worksheet")

    def _child_starts(self, name: str, attributes: dict[str, str]) -> None:
        namespace, _, tag = name.rpartition(" ")
        if namespace != self._namespace:
            tag = name
        if tag == "sheetData":
            if self.sheet.child(tag):
                raise RefusedError(Reason.UNUSUAL_PACKAGE, f"{self.sheet.part!r} has two sheetData")
            self._in_data = True
        child = markup.ElementPlace(tag, self._parser.CurrentByteIndex, attributes)
        self.sheet.children.append(child)

    def _detail(self, name: str, attributes: dict[str, str]) -> None:
        tag = markup.local(name)
        parent = self.sheet.children[-1].name
        at = self._parser.CurrentByteIndex
        if parent == "cols" and tag == "col":
            first = markup.whole_number(attributes.get("min"))
            last = markup.whole_number(attributes.get("max"))
            self.sheet.columns.append(Columns(first, last, attributes.get("style"), at, attributes))
        elif parent == "mergeCells" and tag == "mergeCell":
            area = parse_area(attributes.get("ref", ""))
            if area is None:
                raise RefusedError(Reason.UNUSUAL_PACKAGE, "a merged range has no place")
            self.sheet.merged.append(area)
        elif parent == "hyperlinks" and tag == "hyperlink":
            external = any(key.endswith("/relationships id") for key in attributes)
            self.sheet.hyperlinks.append((markup.ElementPlace(tag, at, attributes), external))

    def _row_starts(self, name: str, attributes: dict[str, str]) -> None:
        if markup.local(name) != "row":
            raise RefusedError(Reason.UNUSUAL_PACKAGE, "something else than rows among the rows")
        last = self._row.number
        self._row_name = attributes.get("r", "") or str(last + 1)
        number = markup.whole_number(self._row_name)
        if not last < number <= LAST_ROW:
            raise RefusedError(Reason.UNSORTED_CELLS, f"row {last} is followed by row {number}")
        style = attributes.get("s") if attributes.get("customFormat") in ("1", "true") else None
        spans = attributes.get("spans", "")
        self._row = Row(number, self._parser.CurrentByteIndex, style, spans)
        self._column = 0
        self.sheet.rows.append(self._row)

    def _cell_starts(self, name: str, attributes: dict[str, str]) -> None:
        if not name.endswith(" c"):
            self._row.gap = self._row.gap or self._parser.CurrentByteIndex
            return
        last = self._column
        column = self._column = self._column_of(attributes.get("r"))
        if not last < column <= LAST_COLUMN:
            raise RefusedError(
                Reason.UNSORTED_CELLS, f"column {last} is followed by {column} in {self._row_name}"
            )
        # A new cell goes before the first one right of its column, or before the row's end tag.
        wanted = self._wanted
        if wanted is None or column == wanted:
            at = self._parser.CurrentByteIndex
            style, kind = attributes.get("s"), attributes.get("t", "n")
            self._cell = Cell(self._row.number, column, at, style, kind)
            self.sheet.cells[self._row.number, column] = self._cell
        elif column > wanted and not self._row.gap:
            self._row.gap = self._parser.CurrentByteIndex

    def _column_of(self, name: str | None) -> int:
        if name is None:
            return self._column + 1
        letters = name.rstrip("0123456789")
        column = column_number(letters) if len(letters) <= 3 else 0
        if not column:
            raise RefusedError(Reason.UNUSUAL_PACKAGE, "a cell has no place")
        digits = name[len(letters) :]
        if digits != self._row_name and markup.whole_number(digits) != self._row.number:
            raise RefusedError(
                Reason.UNSORTED_CELLS, f"row {self._row.number} holds another's cell"
            )
        return column

    def _inside_cell(self, depth: int, name: str, attributes: dict[str, str]) -> None:
        tag = markup.local(name)
        if depth == 4:
            self._top = self._top or self._row.number
            self.sheet.last_rows[self._column] = self._row.number
            if tag == "f":
                self._formula(attributes)
        if self._cell is not None:
            if tag == "rPh":
                self._in_phonetic = True
            elif (tag == "v" and depth == 4) or (tag == "t" and not self._in_phonetic):
                self._cell.raw = ""
                self._parser.CharacterDataHandler = self._words.append

    def _formula(self, attributes: dict[str, str]) -> None:
        if self._cell is not None:
            self._cell.has_formula = True
        if attributes.get("t") in _AREA_FORMULAS and "ref" in attributes:
            area = parse_area(attributes["ref"])
            if area is None:
                raise RefusedError(Reason.UNUSUAL_PACKAGE, "a formula's area has no place")
            self.sheet.formula_areas.append(area)

    def _cell_ends(self, cell: Cell) -> None:
        cell.stop = self._parser.CurrentByteIndex
        if cell.raw is not None:
            cell.raw = "".join(self._words)
        self._words.clear()
        self._cell = None
