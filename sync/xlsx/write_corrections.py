"""Write what a person confirmed into cells that a person typed: one value for one text each.

Only cells that hold the text that was read are written, and nothing around them changes. A cell
keeps its style; only where that could not show the value as what it is (a date as 46387, an amount
in a cell for text) does it take the style of a cell above or below that can.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from rules.model.finding import CorrectedValue, Correction
from sync.xlsx import markup, parts
from sync.xlsx.cells import element_stop, empty_cell, text_cell
from sync.xlsx.corrections import CorrectionOutcome, Left
from sync.xlsx.errors import RefusedError
from sync.xlsx.sheet_scan import Cell, SheetXml, scan
from sync.xlsx.styles import Shows, Styles, read_styles
from sync.xlsx.text import shown
from sync.xlsx.zip_package import Package

_DAY_ZERO, _DAY_ZERO_1904 = date(1899, 12, 30), date(1904, 1, 1)
_AFTER_CALCULATION = {
    "oleSize", "customWorkbookViews", "pivotCaches", "smartTagPr", "smartTagTypes", "webPublishing",
    "fileRecoveryPr", "webPublishObjects", "extLst",
}  # fmt: skip
"""What may stand behind `calcPr` in the workbook part."""


def write_values(package: Package, texts: Sequence[Correction]) -> tuple[bytes, CorrectionOutcome]:
    """Put each value in the place of its text, where that can be done without harm.

    Raises:
        PackageError: a part that is needed is damaged.
        RefusedError: the workbook as a whole, or the sheet, must not be written into.
    """
    book = parts.read_workbook(package)
    strings, styles = parts.SharedStrings(package, book), read_styles(package, book)
    day_zero = _DAY_ZERO_1904 if book.is_1904 else _DAY_ZERO
    changes: dict[str, bytes] = {}
    left: list[tuple[Correction, Left]] = []
    for tab in dict.fromkeys(text.tab for text in texts):
        part = parts.worksheet(book, tab).part
        sheet = _Sheet(package, scan(package.read(part), part, None), strings, styles, day_zero)
        edits = []
        for text in texts:
            if text.tab == tab:
                outcome = sheet.edit(text)
                if isinstance(outcome, Left):
                    left.append((text, outcome))
                else:
                    edits.append(outcome)
        if edits:
            changes[part] = markup.splice(sheet.xml.data, edits)
    if not changes:
        return package.data, CorrectionOutcome(tuple(left), has_old_sums=False)
    parts.refuse_workbook(package, book, changes)
    has_formulas = any(b"<f" in package.read(s.part) for s in book.sheets if s.part in package)
    if has_formulas:
        changes[book.part] = _calculating(package.read(book.part), book.part)
    return package.replaced(changes), CorrectionOutcome(tuple(left), has_formulas)


@dataclass(frozen=True, slots=True)
class _Sheet:
    package: Package
    xml: SheetXml
    strings: parts.SharedStrings
    styles: Styles
    day_zero: date

    def edit(self, wanted: Correction) -> markup.Edit | Left:
        """The edit that puts the value there, or why it must not be."""
        cell = self.xml.cells.get((wanted.row, wanted.column))
        if cell is None or not cell.is_text:
            return Left.FORMULA if cell is not None and cell.has_formula else Left.CHANGED
        if cell.text(self.strings).strip() != wanted.text:
            return Left.CHANGED
        if any(area.holds(cell.row, cell.column) for area in self.xml.formula_areas):
            return Left.FORMULA
        try:
            parts.refuse_fixed_rows(
                parts.tables(self.package, self.xml.part), cell.column, (cell.row,)
            )
        except RefusedError:
            return Left.TABLE
        style = self._style(cell, wanted.value)
        if isinstance(style, Left):
            return style
        prefix = markup.prefix_at(self.xml.data, self.xml.sheet_data.start)
        place = (cell.row, cell.column)
        if isinstance(wanted.value, str):
            new = text_cell(prefix, place, style, shown(wanted.value))
        else:
            if isinstance(wanted.value, Decimal):
                number = f"{wanted.value.normalize():f}"
            else:
                number = str((wanted.value - self.day_zero).days)
            new = empty_cell(prefix, place, style).removesuffix(b"/>")
            new += b"><%sv>%s</%sv></%sc>" % (prefix, number.encode(), prefix, prefix)
        return cell.start, element_stop(self.xml.data, cell.start, cell.stop), new

    def _style(self, cell: Cell, value: CorrectedValue) -> str | Left | None:
        """The cell's own style, or one of its column that shows the value as what it is."""
        if isinstance(value, str):
            return cell.style
        wanted = Shows.DATE if isinstance(value, date) else Shows.NUMBER
        if self.styles.shows_number_as(cell.style) is wanted:
            return cell.style
        for style in self._styles_near(cell):
            if style is not None and self.styles.shows_number_as(style) is wanted:
                return style
        return Left.NO_FORMAT

    def _styles_near(self, cell: Cell) -> Iterable[str | None]:
        yield self.xml.column_style(cell.column)
        others = [one for one in self.xml.cells.values() if one.column == cell.column]
        yield from (one.style for one in sorted(others, key=lambda one: abs(one.row - cell.row)))


def _calculating(data: bytes, part: str) -> bytes:
    """The workbook part, marked so that all formulas are recalculated when it is opened."""
    root, *children = markup.outline(data, part, 1)
    calculation = next((one for one in children if one.name == "calcPr"), None)
    if calculation is None:
        behind = (one.start for one in children if one.name in _AFTER_CALCULATION)
        at = next(behind, root.stop)
        new = b'<%scalcPr fullCalcOnLoad="1"/>' % markup.prefix_at(data, root.start)
        return markup.splice(data, [(at, at, new)])
    if "fullCalcOnLoad" in calculation.attributes:
        return markup.splice(
            data, markup.attribute_edit(data, calculation.start, b"fullCalcOnLoad", b"1")
        )
    stop = markup.tag_end(data, calculation.start)
    at = stop - (2 if markup.is_closed(data, stop) else 1)
    return markup.splice(data, [(at, at, b' fullCalcOnLoad="1"')])
