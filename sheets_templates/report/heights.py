"""How high a report's rows must be to show their texts; LibreOffice does not fit rows by itself."""

from __future__ import annotations

import math
from collections.abc import Sequence

from sheets_templates.drawing.fast_rows import LONGEST_TEXT
from sheets_templates.drawing.wrapping import LETTERS_IN_A_WIDTH, lines_needed
from sheets_templates.report.description import Heading, Link, ReportCell, ReportSheet

LINE_POINTS = 13.0
_LOWEST_HEADING = 32.0
_TITLE_LINE_POINTS = 16.0
_BOLD_WIDENS = 1.35
"""How much wider a title's letters are than the width of a column counts."""
_HIGHEST_POINTS = 405.0
_INDENT_CHARACTERS = 1.5
_BOLD_TAKES = 1.08


def long_title_height(sheet: ReportSheet) -> float:
    """What a title over several lines needs, in points."""
    width = sum(heading.width for heading in sheet.headings)
    lines = math.ceil(len(sheet.title) * _BOLD_WIDENS / width)
    return lines * _TITLE_LINE_POINTS + 6


def line_height(text: str, headings: Sequence[Heading]) -> float:
    """What the line below the title needs; where the table is narrow it runs over several."""
    lines = lines_needed(text, sum(one.width for one in headings))
    return lines * LINE_POINTS + 2


def heading_height(headings: Sequence[Heading]) -> float:
    """What the header row needs, in points."""
    rooms = [(one.text, one.width / _BOLD_TAKES - _INDENT_CHARACTERS) for one in headings]
    lines = max(lines_needed(text, room) for text, room in rooms)
    return max(_LOWEST_HEADING, lines * LINE_POINTS + 6)


def rooms_of(headings: Sequence[Heading]) -> list[float]:
    """How many letters find room in a line of each column."""
    return [one.width * LETTERS_IN_A_WIDTH - _INDENT_CHARACTERS for one in headings]


def row_height(row: Sequence[ReportCell], rooms: Sequence[float]) -> float:
    """What a row of the table needs, in points; `rooms` as `rooms_of` says."""
    lines = 1
    for value, room in zip(row, rooms, strict=False):
        text = value.text if isinstance(value, Link) else value
        if isinstance(text, str) and (len(text) > room or "\n" in text):
            lines = max(lines, lines_needed(text[:LONGEST_TEXT], room))
    return min(lines * LINE_POINTS + 2, _HIGHEST_POINTS)
