"""Formulas: kept as text, their references moved along; a few sums are worked out."""

from __future__ import annotations

import re
from collections.abc import Callable

from tests.google_server.areas import A1, Area, column_index, column_name
from tests.google_server.model import Cell, Sheet, Spreadsheet, effective, entered

SUM = re.compile(r"=SUM\(\s*([A-Z]+\d+:[A-Z]+\d+)\s*\)\Z", re.IGNORECASE)
TOKEN = re.compile(
    r"\"(?:[^\"]|\"\")*\""  # a text
    r"|(?P<tab>'(?:[^']|'')+'!|[^\W\d][\w.]*!)?"
    r"(?P<first>\$?[A-Za-z]{1,3}\$?\d+)(?::(?P<last>\$?[A-Za-z]{1,3}\$?\d+))?(?![\w(])"
    r"|[^\W\d][\w.]*"  # a name or a function
)
PARTS = re.compile(r"(\$?)([A-Za-z]{1,3})(\$?)(\d+)\Z")
SpanMap = Callable[[int, int], tuple[int, int] | None]


def evaluated(book: Spreadsheet, sheet: Sheet, place: tuple[int, int]) -> Cell:
    """The cell with its formula's result: what a test gave, a sum that is easily made, or 0."""
    cell = sheet.cells[place]
    match = SUM.match(str(entered(cell).get("formulaValue", "")))
    if "result" in cell or match is None:
        return cell
    return {**cell, "result": {"numberValue": _sum(sheet, match[1])}}


def _sum(sheet: Sheet, text: str) -> float:
    match = A1.match(text)
    assert match is not None
    left, top, right, bottom = match.groups()
    area = Area(sheet.id, int(top) - 1, int(bottom), column_index(left), column_index(right) + 1)
    return sum(
        float(effective(cell).get("numberValue", 0))
        for (row, column), cell in sheet.cells.items()
        if area.holds(row, column)
    )


def rewritten(formula: str, home: str, changed: str, rows: bool, span: SpanMap) -> str:
    """A formula of the tab `home` after rows or columns of the tab `changed` have moved."""

    def replaced(match: re.Match[str]) -> str:
        if match["first"] is None:
            return match[0]
        tab = match["tab"]
        title = tab[:-1].strip("'").replace("''", "'") if tab else home
        if title.casefold() != changed.casefold():
            return match[0]
        return (tab or "") + _moved(match["first"], match["last"], rows, span)

    return TOKEN.sub(replaced, formula)


def displaced(formula: str, down: int, across: int) -> str:
    """A formula copied elsewhere: references without `$` go along."""

    def one(text: str) -> str:
        part = PARTS.match(text)
        assert part is not None
        column = column_index(part[2]) + (0 if part[1] else across)
        row = int(part[4]) + (0 if part[3] else down)
        return f"{part[1]}{column_name(column)}{part[3]}{row}" if column >= 0 < row else "#REF!"

    def replaced(match: re.Match[str]) -> str:
        if match["first"] is None:
            return match[0]
        last = f":{one(match['last'])}" if match["last"] else ""
        return f"{match['tab'] or ''}{one(match['first'])}{last}"

    return TOKEN.sub(replaced, formula)


def _moved(first: str, last: str | None, rows: bool, span: SpanMap) -> str:
    start, end = PARTS.match(first), PARTS.match(last or first)
    assert start is not None
    assert end is not None
    group = 4 if rows else 2
    edges = [int(part[4]) - 1 if rows else column_index(part[group]) for part in (start, end)]
    moved = span(min(edges), max(edges) + 1)
    if moved is None:
        return "#REF!"
    names = [_cell(part, edge, rows) for part, edge in ((start, moved[0]), (end, moved[1] - 1))]
    return names[0] if last is None else ":".join(names)


def _cell(part: re.Match[str], edge: int, rows: bool) -> str:
    column = part[2] if rows else column_name(edge)
    return f"{part[1]}{column}{part[3]}{edge + 1 if rows else part[4]}"
