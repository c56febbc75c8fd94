"""Formulas are kept as text; their references go along with the cells that they mean."""

from __future__ import annotations

import re
from collections.abc import Callable

from tests.google_server.areas import column_index, column_name

TOKEN = re.compile(
    r"\"(?:[^\"]|\"\")*\""  # a text
    r"|(?P<tab>'(?:[^']|'')+'!|[^\W\d][\w.]*!)?"
    r"(?P<first>\$?[A-Za-z]{1,3}\$?\d+)(?::(?P<last>\$?[A-Za-z]{1,3}\$?\d+))?(?![\w(])"
    r"|[^\W\d][\w.]*"  # a name or a function
)
PARTS = re.compile(r"(\$?)([A-Za-z]{1,3})(\$?)(\d+)\Z")
SpanMap = Callable[[int, int], tuple[int, int] | None]


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
