"""How wide the columns of a report sheet are: no word is broken, and the rows are low."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from rules.text.letter_widths import POINTS_IN_A_WIDTH, lines_in, points_of
from sheets_templates.report.description import (
    CellKind,
    Heading,
    Link,
    ReportCell,
    ReportSheet,
    has_oere,
)
from sheets_templates.report.placing import MARGIN_WIDTH

_PRINTED_WIDTH = 178.0
"""As wide as a page may be that is printed across on A4 without letters under 8 points."""
_PADDING_POINTS = 6.0
"""What a cell needs beside its text, at most."""
_LONGEST_DAY, _LONGEST_SHARE = "88-88-8888", "100,0 %"
_WIDEST_WORD = 40.0
"""A longer word, or a longer address, is broken."""
_MOST_MEASURED, _STEP, _SMALL_PART = 200, 1.0, 0.01


def room_in(width: float) -> float:
    """How many points of text a line holds of a column, or of several."""
    return width * POINTS_IN_A_WIDTH - _PADDING_POINTS / 2


def text_of(cell: ReportCell) -> str:
    """The text of a cell that may take several lines; of numbers and dates none."""
    return cell.text if isinstance(cell, Link) else cell if isinstance(cell, str) else ""


def fitted(sheet: ReportSheet) -> ReportSheet:
    """The sheet with columns in which no word is broken, narrow enough for the paper if possible.

    Where they wish for more than the paper has, each gets what it needs at least; what is left is
    shared out so that the rows become low. Some hundred rows tell how.
    """
    printed = sheet.printed_columns or len(sheet.headings)
    least = [
        _least_width(one, values, _bold_words(sheet, n))
        for n, (one, values) in enumerate(zip(sheet.headings, sheet.columns, strict=True))
    ]
    widths = [max(one.width, low) for one, low in zip(sheet.headings, least, strict=True)]
    room = _PRINTED_WIDTH - MARGIN_WIDTH - sum(least[:printed])
    if sum(widths[:printed]) > sum(least[:printed]) + max(0.0, room):
        few = sheet.rows[:: len(sheet.rows) // _MOST_MEASURED + 1]
        sample = [[text_of(cell) for cell in row[:printed]] for row in few]
        words = [one.text for one in sheet.headings[:printed]]
        wished, needed = widths[:printed], least[:printed]
        equal = _in_proportion(wished, needed, room)
        saving = _where_it_saves(words, sample, wished, needed, room)
        is_lower = _lines_at(sample, saving) < _lines_at(sample, equal)
        widths[:printed] = saving if is_lower else equal
    headings = [
        replace(one, width=round(width, 2))
        for one, width in zip(sheet.headings, widths, strict=True)
    ]
    return replace(sheet, headings=tuple(headings))


def _in_proportion(wished: Sequence[float], least: Sequence[float], room: float) -> list[float]:
    """Each column gets of the room by what it wishes for."""
    part = min(1.0, max(0.0, room) / (sum(wished) - sum(least)))
    return [low + (width - low) * part for width, low in zip(wished, least, strict=True)]


def _where_it_saves(
    headings: Sequence[str],
    sample: Sequence[Sequence[str]],
    wished: Sequence[float],
    least: Sequence[float],
    room: float,
) -> list[float]:
    """Step by step the room goes where it saves most; what is left, by what they wish."""
    widths = list(least)
    needs = [[points_of(text, bold=True) for text in headings]]
    needs += [[points_of(text) for text in row] for row in sample]
    lines = [
        [_about(need, width) for need, width in zip(row, widths, strict=True)] for row in needs
    ]
    while room >= _STEP:
        saved = [_saved(needs, lines, n, width + _STEP) for n, width in enumerate(widths)]
        column = saved.index(max(saved))
        if saved[column] <= 0:
            break
        room -= _STEP
        widths[column] += _STEP
        for row, need in zip(lines, needs, strict=True):
            row[column] = _about(need[column], widths[column])
    still = [max(one, width) for one, width in zip(wished, widths, strict=True)]
    return _in_proportion(still, widths, room) if still != widths else widths


def _saved(
    needs: Sequence[Sequence[float]], lines: Sequence[Sequence[float]], column: int, width: float
) -> float:
    """How much lower the rows become by another width of a column."""
    saved = 0.0
    for row, need in zip(lines, needs, strict=True):
        if row[column] > 1:
            now = _about(need[column], width)
            others = max((one for n, one in enumerate(row) if n != column), default=1.0)
            saved += max(row[column], others) - max(now, others)
            saved += (row[column] - now) * _SMALL_PART
    return saved


def _about(need: float, width: float) -> float:
    """About how many lines a text takes; what comes nearer to one less counts by half."""
    lines = need / room_in(width)
    return max(1.0, (lines + math.ceil(lines)) / 2)


def _lines_at(sample: Sequence[Sequence[str]], widths: Sequence[float]) -> int:
    """How many lines all these rows take."""
    rooms = [room_in(width) for width in widths]
    return sum(
        max((lines_in(text, room) for text, room in zip(row, rooms, strict=True)), default=1)
        for row in sample
    )


def _bold_words(sheet: ReportSheet, column: int) -> tuple[str, ...]:
    """What texts of the column begin with that are marked in bold letters."""
    return tuple(
        one.word.casefold()
        for one in sheet.highlights
        if one.mark.value.bold and one.word and one.by is None and one.first <= column <= one.last
    )


def _least_width(heading: Heading, values: Sequence[ReportCell], bold: tuple[str, ...]) -> float:
    """The width at which no word and no text in bold letters is broken, and no number hidden."""
    kinds = set(map(type, values))  # most columns hold texts alone, and need one look
    points = max((points_of(word, bold=True) for word in heading.text.split()), default=0.0)
    if any(issubclass(kind, date) for kind in kinds):
        points = max(points, points_of(_LONGEST_DAY))
    elif any(issubclass(kind, int | Decimal) for kind in kinds):
        points = max(points, _numbers_need(heading.kind, values))
    texts: set[str] = set()
    if Link in kinds:
        texts = {one.text for one in values if isinstance(one, Link)}
    if any(issubclass(kind, str) for kind in kinds):
        texts.update(one for one in values if isinstance(one, str))
    words = {max(text.split(), key=len) for text in texts if text and not text.isspace()}
    longest = max(map(points_of, words), default=0.0)
    marked = [points_of(one, bold=True) for one in texts if one.casefold().startswith(bold)]
    longest = max(longest, *marked) if marked else longest
    points = max(points, min(longest, _WIDEST_WORD * POINTS_IN_A_WIDTH))
    return (points + _PADDING_POINTS) / POINTS_IN_A_WIDTH


def _numbers_need(kind: CellKind, values: Sequence[ReportCell]) -> float:
    """The width in points of the longest number as it is shown."""
    if kind is CellKind.PERCENT:
        return points_of(_LONGEST_SHARE)
    decimals = 2 if kind is CellKind.AMOUNT and has_oere(values) else 0
    numbers = [one for one in values if isinstance(one, int | Decimal)]
    longest = max((f"{one:,.{decimals}f}" for one in (max(numbers), min(numbers))), key=len)
    return points_of(f"{longest}-")
