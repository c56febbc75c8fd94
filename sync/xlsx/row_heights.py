"""How high a row must be to show wrapped text.

Excel fits a row without a height when it opens the file; a row that has one, and every row in
LibreOffice, keeps it, and the text below its edge is hidden. So a row's automatic height is raised
where a text that we write needs it. A height that a person has set is left alone, and no row is
ever made lower: other cells may need what it has.
"""

from __future__ import annotations

import re

from rules.text.wrapping import LETTERS_IN_A_WIDTH, lines_needed
from sync.xlsx.markup import Edit, attribute_edit, prefix_at, tag_end
from sync.xlsx.sheet_scan import Row, SheetXml

LINE_POINTS = 13.5
HIGHEST_POINTS = 409.0
STANDARD_WIDTH = 8.43
_HEIGHT = re.compile(rb"""\sht\s*=\s*["']([\d.]+)["']""")
_NUMBER = re.compile(rb"""\sr\s*=\s*["']\d+["']""")
_SET_BY_PERSON = re.compile(rb"""\scustomHeight\s*=\s*["'](?:1|true)["']""")


def points_needed(text: str, width: float) -> float:
    """The height in points that the text needs in a column of this width, in characters."""
    lines = lines_needed(text, max(1.0, width * LETTERS_IN_A_WIDTH))
    return min(HIGHEST_POINTS, lines * LINE_POINTS + 1.5)


def is_one_line(points: float) -> bool:
    """Whether a row of the usual height is enough."""
    return points < 2 * LINE_POINTS


def height_edits(sheet: SheetXml, row: Row, points: float) -> list[Edit]:
    """Raise the row's automatic height to what is needed; nothing where it is high enough."""
    tag = sheet.data[row.start : tag_end(sheet.data, row.start)]
    stands = _HEIGHT.search(tag)
    if is_one_line(points) or _SET_BY_PERSON.search(tag):
        return []
    value = b"%.7g" % points
    if stands is None:
        number = _NUMBER.search(tag)
        name_stop = len(b"<row") + len(prefix_at(sheet.data, row.start))
        at = row.start + (number.end() if number else name_stop)
        return [(at, at, b' ht="%s"' % value)]
    if float(stands[1]) >= points:
        return []
    edit = attribute_edit(sheet.data, row.start, b"ht", value)
    return [edit] if edit else []


def new_height(points: float) -> bytes:
    """The attribute of a new row; nothing where one line is enough."""
    return b"" if is_one_line(points) else b' ht="%.7g"' % points
